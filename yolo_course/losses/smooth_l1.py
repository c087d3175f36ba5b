"""Smooth L1 loss: L1 with a round tip, so that a box which nearly fits is no longer pushed about.

Girshick, Fast R-CNN, 2015, arXiv:1504.08083.
"""

from torch import Tensor

from yolo_course.errors import CourseError
from yolo_course.losses.weighted import LossModule, same_shape, weighted_loss

__all__ = ["SmoothL1Loss", "smooth_l1_loss"]


@weighted_loss
def smooth_l1_loss(pred: Tensor, target: Tensor, beta: float = 1.0) -> Tensor:
    """Squared difference over `2 * beta` up to `beta`, from there on the difference less `beta / 2`.

    Args:
        pred: What was predicted.
        target: What it should be, in the same unit.
        beta: Where the curve becomes a line, in that unit; 0 is L1.

    Shape:
        - pred: (...)
        - target: (...)
        - elementwise: (...)

    Raises:
        CourseError: Shapes that differ, or `beta` below 0.
    """
    same_shape(pred, target)
    if beta < 0:
        raise CourseError("beta is a distance", expected="0 or more", found=beta)
    distance = (pred - target).abs()
    if beta == 0:
        return distance
    curved = distance.clamp(max=beta)
    return curved * (distance - curved / 2) / beta


class SmoothL1Loss(LossModule):
    """Module of `smooth_l1_loss`."""

    def __init__(self, beta: float = 1.0, reduction: str = "mean", loss_weight: float = 1.0):
        super().__init__(smooth_l1_loss, reduction, loss_weight, beta=beta)
