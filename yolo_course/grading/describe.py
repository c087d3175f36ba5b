"""A value in a few words: what a learner sees behind "expected" and "found"."""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

LONGEST = 120  # characters


def describe(value: Any) -> str:
    """Describe a value in one short line.

    Small tensors and arrays are written out, large ones by shape and range, classes and functions by name.

    Example:
        >>> describe(torch.zeros(2))
        '[0, 0]'
        >>> describe(torch.zeros(8, 4))
        'a tensor of shape (8, 4), values from 0 to 0'
    """
    if isinstance(value, (Tensor, np.ndarray, np.generic)):
        return _array(value)
    if isinstance(value, torch.Size):
        return str(tuple(value))
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, nn.Module):
        return f"a {type(value).__name__} module"
    if isinstance(value, (list, tuple)) and any(isinstance(item, (Tensor, np.ndarray)) for item in value):
        return f"a {type(value).__name__} of {len(value)}: " + _cut("; ".join(describe(item) for item in value))
    if isinstance(value, type) or (callable(value) and hasattr(value, "__name__")):
        return value.__name__
    return _cut(" ".join(repr(value).split()))


def _array(value: Any) -> str:
    kind = "a tensor" if isinstance(value, Tensor) else "an array"
    try:
        array = value.detach().cpu().float().numpy() if isinstance(value, Tensor) else np.asarray(value)
        if array.ndim == 0:
            return _number(array.item())
        if array.size <= 8 and array.ndim == 1:
            return "[" + ", ".join(_number(item) for item in array.tolist()) + "]"
        text = f"{kind} of shape {tuple(array.shape)}"
        if array.size == 0:
            return f"{text}, empty"
        if np.isnan(array).any():
            return f"{text}, {int(np.isnan(array).sum())} values are nan"
        return f"{text}, values from {_number(array.min().item())} to {_number(array.max().item())}"
    except (TypeError, ValueError, RuntimeError):
        return f"{kind} of shape {tuple(getattr(value, 'shape', ()))}"


def _number(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
