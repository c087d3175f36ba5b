"""How a tensor lies in memory: a view crosses as a view, so that what fails on one side fails on the other."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

WASTE = 4  # a layout with more room between the elements than this many times their number does not cross


def strides(tensor: Tensor) -> list[int] | None:
    """The strides that have to cross; None for a tensor that crosses as a contiguous one."""
    told = list(tensor.stride())
    return told if not tensor.is_contiguous() and fits(tensor.shape, told) else None


def each_once(tensor: Tensor) -> Tensor:
    """Leave out what a stride of 0 repeats."""
    for dim, (size, stride) in enumerate(zip(tensor.shape, tensor.stride(), strict=True)):
        if stride == 0 and size > 1:
            tensor = tensor.narrow(dim, 0, 1)
    return tensor


def lay_out(elements: Tensor, shape: Sequence[int], strides: Sequence[int]) -> Tensor:
    """Lay out contiguous elements.

    Args:
        elements: Each element once, in order.
        shape: The shape of the tensor.
        strides: Its strides, which must fit the shape.
    """
    made = torch.zeros(_span(shape, strides), dtype=elements.dtype)
    once = _once(shape, strides)
    made.as_strided(once, strides).copy_(elements.reshape(once))
    return made.as_strided(shape, strides)


def count(shape: Sequence[int], strides: Sequence[int]) -> int:
    """How many elements there are, each counted once."""
    return math.prod(_once(shape, strides))


def fits(shape: Sequence[int], strides: Sequence[int]) -> bool:
    """Whether no two elements share a place, but those that a stride of 0 repeats, and little room is wasted."""
    if len(shape) != len(strides) or 0 in shape or any(stride < 0 for stride in strides):
        return False
    reach = 0
    for stride, size in sorted(zip(strides, _once(shape, strides), strict=True)):
        if size > 1:
            if stride <= reach:
                return False
            reach += stride * (size - 1)
    return reach < WASTE * count(shape, strides)


def _once(shape: Sequence[int], strides: Sequence[int]) -> list[int]:
    return [1 if stride == 0 else size for size, stride in zip(shape, strides, strict=True)]


def _span(shape: Sequence[int], strides: Sequence[int]) -> int:
    return 1 + sum(stride * (size - 1) for size, stride in zip(shape, strides, strict=True))
