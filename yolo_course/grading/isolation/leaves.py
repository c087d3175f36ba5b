"""Tensors that learn, wherever they stand in a value of lists, tuples and dicts."""

from collections.abc import Iterator
from typing import Any

from torch import Tensor


def learning(value: Any) -> list[Tensor]:
    """The tensors of a value that want a gradient, in the order in which they cross."""
    return [each for each in tensors(value) if each.requires_grad]


def tensors(value: Any) -> Iterator[Tensor]:
    """All tensors of a value."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from tensors(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from tensors(each)


def refresh(value: Any, new: Iterator[Tensor]) -> Any:
    """The same value with its learning tensors replaced, in order."""
    if isinstance(value, Tensor):
        return next(new) if value.requires_grad else value
    if isinstance(value, (list, tuple)):
        return type(value)(refresh(each, new) for each in value)
    return {key: refresh(each, new) for key, each in value.items()} if isinstance(value, dict) else value
