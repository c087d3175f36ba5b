"""Focal loss over pixels that leaves out the seams between classes.

Which class the pixel on an edge belongs to is the annotator's guess, and a focal loss, which looks for
what is hard, would look there most of all. So pixels near another class are not counted.

The focal part: Lin et al., Focal Loss for Dense Object Detection, 2017, arXiv:1708.02002, with a softmax.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from yolo_course.errors import CourseError
from yolo_course.losses.cross_entropy import class_per_place, counted, cross_entropy_loss
from yolo_course.losses.focal import focus
from yolo_course.losses.weighted import LossModule, weighted_loss

__all__ = ["BoundaryFreeFocalLoss", "boundary_free_focal_loss", "without_borders"]


def boundary_free_focal_loss(
    logits: Tensor,
    target: Tensor,
    /,
    weight: Tensor | None = None,
    reduction: str = "mean",
    avg_factor: float | Tensor | None = None,
    *,
    gamma: float = 2.0,
    border: int = 1,
    class_weight: Sequence[float] | Tensor | None = None,
    ignore: int = 255,
) -> Tensor:
    """Cross entropy, times `(1 - p) ** gamma` for the probability p given to the true class, away from borders.

    `weight`, `reduction` and `avg_factor` are those of `weighted_loss`. The mean is over the pixels that count,
    each by the weight of its class.

    Args:
        logits: Scores before the softmax.
        target: The number of the class of each pixel.
        weight: Multiplies the loss of each pixel.
        reduction: `"none"`, `"mean"` or `"sum"`.
        avg_factor: Takes the place of the number of pixels in the mean.
        gamma: How much an easy pixel is turned down; at least 0.
        border: How near, in pixels, another class must be for a pixel not to be counted; 0 counts all.
        class_weight: A weight for each class.
        ignore: Pixels of this class number are not counted.

    Shape:
        - logits: (B, nc, H, W)
        - target: (B, H, W)
        - elementwise: (B, H, W)

    Raises:
        CourseError: Shapes that do not go together, `gamma` or `border` below 0.
    """
    class_per_place(logits, target)
    target = without_borders(target, border, ignore)
    if class_weight is not None:
        class_weight = torch.as_tensor(class_weight, dtype=torch.float32, device=logits.device)
    if avg_factor is None and reduction == "mean":
        avg_factor = counted(target, ignore, class_weight)
    options = {"gamma": gamma, "class_weight": class_weight, "ignore": ignore}
    return _per_pixel(logits, target, weight, reduction, avg_factor, **options)


class BoundaryFreeFocalLoss(LossModule):
    """Module of `boundary_free_focal_loss`."""

    def __init__(
        self,
        gamma: float = 2.0,
        border: int = 1,
        class_weight: Sequence[float] | Tensor | None = None,
        ignore: int = 255,
        reduction: str = "mean",
        loss_weight: float = 1.0,
    ):
        options = {"gamma": gamma, "border": border, "class_weight": class_weight, "ignore": ignore}
        super().__init__(boundary_free_focal_loss, reduction, loss_weight, **options)


def without_borders(target: Tensor, border: int = 1, ignore: int = 255) -> Tensor:
    """Set the pixels that have another class within `border` rows and columns to `ignore`.

    Shape:
        - target: (B, H, W)
        - returns: (B, H, W)

    Raises:
        CourseError: `border` below 0.

    Example:
        >>> without_borders(torch.tensor([[[1, 1, 1, 2, 2, 2]]])).tolist()
        [[[1, 1, 255, 255, 2, 2]]]
    """
    if border < 0:
        raise CourseError("a border has a width", expected="0 or more pixels", found=border)
    if border == 0:
        return target
    highest, lowest = (
        sign * F.max_pool2d(_or_nothing(sign * target.float(), target == ignore), 2 * border + 1, 1, border)[:, 0]
        for sign in (1, -1)
    )
    return target.masked_fill(highest != lowest, ignore)


def _or_nothing(labels: Tensor, unknown: Tensor) -> Tensor:
    """Return a map whose unknown pixels are no match for any neighbour."""
    return labels.masked_fill(unknown, -torch.inf)[:, None]  # (B, H, W) -> (B, 1, H, W)


@weighted_loss
def _per_pixel(logits: Tensor, target: Tensor, gamma: float, class_weight: Tensor | None, ignore: int) -> Tensor:
    cost = cross_entropy_loss(logits, target, reduction="none", ignore=ignore)
    loss = cost * focus(-torch.expm1(-cost), gamma)  # the cost is -log p
    return loss if class_weight is None else loss * class_weight[target.where(target != ignore, 0).long()]
