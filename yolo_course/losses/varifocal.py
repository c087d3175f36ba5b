"""Varifocal loss: a score that also says how well the box fits.

The target of an object's class is not 1 but the IoU of its box, so that good boxes outrank bad ones; only
the background is focused, and an object counts for as much as its box is worth.

Zhang et al., VarifocalNet: An IoU-aware Dense Object Detector, 2020, arXiv:2008.13367.
"""

import torch.nn.functional as F
from torch import Tensor

from yolo_course.losses.focal import focus
from yolo_course.losses.weighted import LossModule, same_shape, weighted_loss

__all__ = ["VarifocalLoss", "varifocal_loss"]


@weighted_loss
def varifocal_loss(logits: Tensor, targets: Tensor, alpha: float = 0.75, gamma: float = 2.0) -> Tensor:
    """Binary cross entropy, times the target where there is one and `alpha * p ** gamma` where there is none.

    Args:
        logits: Scores before the sigmoid.
        targets: The IoU of the box with its object, at the object's class; 0 elsewhere.
        alpha: Weight of the background.
        gamma: How much background that is already quiet is turned down; at least 0.

    Shape:
        - logits: (..., nc)
        - targets: (..., nc)
        - elementwise: (..., nc)

    Raises:
        CourseError: Shapes that differ, or `gamma` below 0.
    """
    same_shape(logits, targets)
    targets = targets.to(logits.dtype)
    weight = targets.where(targets > 0, alpha * focus(logits.sigmoid(), gamma))
    return weight * F.binary_cross_entropy_with_logits(logits, targets, reduction="none")


class VarifocalLoss(LossModule):
    """Module of `varifocal_loss`."""

    def __init__(self, alpha: float = 0.75, gamma: float = 2.0, reduction: str = "mean", loss_weight: float = 1.0):
        super().__init__(varifocal_loss, reduction, loss_weight, alpha=alpha, gamma=gamma)
