"""Weights, an average factor and reductions for any elementwise loss.

A loss is written once, as a function of prediction and target that reduces nothing; `weighted_loss`
gives it the rest. The decorator goes back to Chen et al., MMDetection: Open MMLab Detection Toolbox and
Benchmark, 2019, arXiv:1906.07155.
"""

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature

import torch
from torch import Tensor, nn

from yolo_course.errors import CourseError

__all__ = ["REDUCTIONS", "LossModule", "at_least_float32", "reduce_loss", "same_shape", "weighted_loss"]

REDUCTIONS = ("none", "mean", "sum")


def weighted_loss(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Give an elementwise loss `function(pred, target, **options)` weights, an average factor and reductions.

    The new function is called `(pred, target, weight=None, reduction="mean", avg_factor=None, **options)`; what
    the three in the middle do stands at `reduce_loss`. Prediction and target are passed by position. Half-precision
    input is computed, and its loss returned, in float32: a sum above 65,504 does not fit into float16.

    Example:
        >>> @weighted_loss
        ... def squared(pred, target, scale=1.0):
        ...     return scale * (pred - target) ** 2
        >>> pred, target = torch.tensor([1.0, 3.0]), torch.zeros(2)
        >>> squared(pred, target), squared(pred, target, torch.tensor([1.0, 0.0]), "sum", scale=2)
        (tensor(5.), tensor(2.))
    """

    @wraps(function)
    def wrapper(pred, target, /, weight=None, reduction="mean", avg_factor=None, **options):
        loss = function(at_least_float32(pred), at_least_float32(target), **options)
        return reduce_loss(loss, weight, reduction, avg_factor)

    wrapper.__signature__ = _signature(function, wrapper)
    return wrapper


def reduce_loss(
    loss: Tensor, weight: Tensor | None = None, reduction: str = "mean", avg_factor: float | Tensor | None = None
) -> Tensor:
    """Weigh a loss and reduce it.

    Args:
        loss: A loss per element.
        weight: Multiplies the loss and broadcasts to it as in all of PyTorch: for a loss of shape (N, C), a
            weight per class is (C,) and a weight per row (N, 1).
        reduction: `"none"`, `"mean"` or `"sum"`. The mean of no elements is 0, so that a batch without
            objects trains on.
        avg_factor: Takes the place of the number of elements in the mean, such as the number of
            objects; 0 counts as 1.

    Shape:
        - loss: (...)
        - weight: broadcasts to (...)
        - avg_factor: a number or ()
        - returns: (...) for `"none"`, else ()

    Raises:
        CourseError: An unknown reduction, a weight that does not fit, or an `avg_factor` that has no mean to average.
    """
    if reduction not in REDUCTIONS:
        raise CourseError("unknown reduction", expected=", ".join(REDUCTIONS), found=repr(reduction))
    if avg_factor is not None and reduction != "mean":
        raise CourseError("avg_factor divides a mean", expected="reduction='mean'", found=repr(reduction))
    if weight is not None:
        loss = loss * _fitting(weight, loss)
    if reduction == "none":
        return loss
    if reduction == "sum" or loss.numel() == 0:
        return loss.sum()
    return loss.mean() if avg_factor is None else loss.sum() / _not_zero(avg_factor)


class LossModule(nn.Module):
    """A weighted loss whose options are given once: a place in a model for a function of this room.

    Args:
        function: A loss made by `weighted_loss`.
        reduction: `"none"`, `"mean"` or `"sum"`.
        loss_weight: Multiplies the result.
        options: Passed on to `function`.
    """

    def __init__(self, function: Callable[..., Tensor], reduction: str = "mean", loss_weight: float = 1.0, **options):
        super().__init__()
        if reduction not in REDUCTIONS:
            raise CourseError("unknown reduction", expected=", ".join(REDUCTIONS), found=repr(reduction))
        self.function, self.reduction, self.loss_weight, self.options = function, reduction, loss_weight, options

    def forward(
        self, pred: Tensor, target: Tensor, weight: Tensor | None = None, avg_factor: float | Tensor | None = None
    ) -> Tensor:
        return self.loss_weight * self.function(pred, target, weight, self.reduction, avg_factor, **self.options)

    def extra_repr(self) -> str:
        shown = {**self.options, "reduction": self.reduction, "loss_weight": self.loss_weight}
        return ", ".join(f"{name}={value!r}" for name, value in shown.items())


def at_least_float32(values: Tensor) -> Tensor:
    """Turn half-precision values into float32 and leave all others alone."""
    return values.to(torch.promote_types(values.dtype, torch.float32)) if values.is_floating_point() else values


def same_shape(pred: Tensor, target: Tensor, hint: str | None = None) -> None:
    """Refuse a target that PyTorch would broadcast: (N, 1) against (N,) gives N times N differences.

    Raises:
        CourseError: The shapes differ.
    """
    if pred.shape != target.shape:
        raise CourseError(
            "the target has another shape than the prediction",
            expected=tuple(pred.shape),
            found=tuple(target.shape),
            hint=hint,
        )


def _signature(function: Callable, wrapper: Callable):
    """Return what help should show: the names of `function` with those of `wrapper` in between."""
    first, second, *options = signature(function).parameters.values()
    middle = [p for p in signature(wrapper, follow_wrapped=False).parameters.values() if p.default is not p.empty]
    return signature(function).replace(
        parameters=[
            *(p.replace(kind=Parameter.POSITIONAL_ONLY) for p in (first, second)),
            *middle,
            *(p.replace(kind=Parameter.KEYWORD_ONLY) for p in options),
        ]
    )


def _fitting(weight: Tensor, loss: Tensor) -> Tensor:
    found = tuple(weight.shape) if isinstance(weight, Tensor) else repr(weight)
    if not isinstance(weight, Tensor) or not _broadcasts(weight.shape, loss.shape):
        raise CourseError(
            "the weight does not fit the loss",
            expected=f"a tensor that broadcasts to {tuple(loss.shape)}",
            found=found,
            hint="a weight per row wants a last dimension of 1; pass options such as alpha by name",
        )
    return weight


def _broadcasts(shape: torch.Size, to: torch.Size) -> bool:
    """Tell whether `shape` broadcasts to `to` without making it larger."""
    sides = zip(reversed(shape), reversed(to), strict=False)
    return len(shape) <= len(to) and all(side in (1, goal) for side, goal in sides)


def _not_zero(factor: float | Tensor) -> float | Tensor:
    if isinstance(factor, Tensor):
        if factor.ndim:
            raise CourseError("avg_factor is one number", expected="shape ()", found=tuple(factor.shape))
        return factor.where(factor != 0, 1)
    return factor or 1
