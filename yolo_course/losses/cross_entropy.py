"""Cross entropy over pixels: each belongs to one class, or is not to be counted.

PyTorch's, but a batch in which nothing counts costs 0 instead of NaN.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from yolo_course.errors import CourseError
from yolo_course.losses.weighted import LossModule, weighted_loss

__all__ = ["CrossEntropyLoss", "class_per_place", "counted", "cross_entropy_loss"]


def cross_entropy_loss(
    logits: Tensor,
    target: Tensor,
    /,
    weight: Tensor | None = None,
    reduction: str = "mean",
    avg_factor: float | Tensor | None = None,
    *,
    class_weight: Sequence[float] | Tensor | None = None,
    ignore: int = 255,
    smoothing: float = 0.0,
) -> Tensor:
    """Minus the log of the softmax at the true class.

    `weight`, `reduction` and `avg_factor` are those of `weighted_loss`. The mean is over the places that count, each
    by the weight of its class.

    Args:
        logits: Scores before the softmax. The classes stand second, so a detector's (B, anchors, nc), whose
            classes are no softmax either, belongs to `sigmoid_focal_loss`.
        target: The number of the class of each place.
        weight: Multiplies the loss of each place.
        reduction: `"none"`, `"mean"` or `"sum"`.
        avg_factor: Takes the place of the number of places in the mean.
        class_weight: A weight for each class, such as `inverse_frequency(labels, nc)`.
        ignore: Places of this class number are not counted.
        smoothing: The share of the target that is spread over all classes.

    Shape:
        - logits: (B, nc, ...)
        - target: (B, ...)
        - elementwise: (B, ...)

    Raises:
        CourseError: Shapes that do not go together.
    """
    class_per_place(logits, target)
    if class_weight is not None:
        class_weight = torch.as_tensor(class_weight, dtype=torch.float32, device=logits.device)
    if avg_factor is None and reduction == "mean":
        avg_factor = counted(target, ignore, class_weight)
    options = {"class_weight": class_weight, "ignore": ignore, "smoothing": smoothing}
    return _per_place(logits, target, weight, reduction, avg_factor, **options)


class CrossEntropyLoss(LossModule):
    """Module of `cross_entropy_loss`."""

    def __init__(
        self,
        class_weight: Sequence[float] | Tensor | None = None,
        ignore: int = 255,
        smoothing: float = 0.0,
        reduction: str = "mean",
        loss_weight: float = 1.0,
    ):
        options = {"class_weight": class_weight, "ignore": ignore, "smoothing": smoothing}
        super().__init__(cross_entropy_loss, reduction, loss_weight, **options)


def class_per_place(logits: Tensor, target: Tensor) -> None:
    """Refuse targets that are not one class number for each place.

    Raises:
        CourseError: Shapes that do not go together.
    """
    expected = (*logits.shape[:1], *logits.shape[2:])
    if tuple(target.shape) != expected or target.is_floating_point():
        raise CourseError(
            "the target is a class number for each place",
            expected=f"{expected} of whole numbers",
            found=f"{tuple(target.shape)} of {str(target.dtype).removeprefix('torch.')}",
            hint="a column for each class? target.argmax(1)" if target.shape == logits.shape else None,
        )


def counted(target: Tensor, ignore: int, class_weight: Tensor | None = None) -> Tensor:
    """Return how many places count, each by the weight of its class.

    Shape:
        - target: (...)
        - returns: ()
    """
    known = target != ignore
    if class_weight is None:
        return known.sum()
    return (class_weight[target.where(known, 0).long()] * known).sum()


@weighted_loss
def _per_place(logits: Tensor, target: Tensor, class_weight: Tensor | None, ignore: int, smoothing: float) -> Tensor:
    if class_weight is not None:
        class_weight = class_weight.to(logits.dtype)
    return F.cross_entropy(
        logits, target.long(), class_weight, ignore_index=ignore, reduction="none", label_smoothing=smoothing
    )
