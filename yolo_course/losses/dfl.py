"""Distribution focal loss: a distance learnt as a distribution over whole numbers.

The head does not give the distance from an anchor to a side of its box but a score for each of 0, 1, 2, …;
the distance is their mean. The loss pulls the two bins beside the true distance up, the nearer one more.

Li et al., Generalized Focal Loss, 2020, arXiv:2006.04388.
"""

import torch.nn.functional as F
from torch import Tensor

from yolo_course.errors import CourseError
from yolo_course.losses.weighted import LossModule, weighted_loss

__all__ = ["DistributionFocalLoss", "distribution_focal_loss"]


@weighted_loss
def distribution_focal_loss(logits: Tensor, target: Tensor) -> Tensor:
    """Cross entropy with the two bins around the target, each weighted by how near it is.

    Args:
        logits: A score for each distance from 0 to `reg_max - 1`.
        target: The true distance in the same unit, the stride of the level; clamped to what the bins reach.

    Shape:
        - logits: (..., reg_max)
        - target: (...)
        - elementwise: (...)

    Raises:
        CourseError: Fewer than two bins, or a target for each bin.

    Example:
        >>> import torch
        >>> logits = torch.tensor([[0.0, 8.0, 8.0, 0.0]])
        >>> [round(distribution_focal_loss(logits, torch.tensor([d])).item(), 2) for d in (1.5, 2.0, 2.5)]
        [0.69, 0.69, 4.69]
    """
    if logits.shape[-1] < 2 or logits.shape[:-1] != target.shape:
        raise CourseError(
            "logits and target do not go together",
            expected="(..., reg_max) with a reg_max of at least 2, and (...)",
            found=f"{tuple(logits.shape)} and {tuple(target.shape)}",
        )
    last = logits.shape[-1] - 1
    target = target.to(logits.dtype).clamp(0, last)
    left = target.floor().clamp(max=last - 1)
    beyond = target - left  # 0 at the left bin, 1 at the right one
    log_p = F.log_softmax(logits, -1)
    index = left.long()[..., None]  # (...) -> (..., 1)
    log_left, log_right = (log_p.gather(-1, i)[..., 0] for i in (index, index + 1))  # (..., 1) -> (...)
    return -((1 - beyond) * log_left + beyond * log_right)


class DistributionFocalLoss(LossModule):
    """Module of `distribution_focal_loss`."""

    def __init__(self, reduction: str = "mean", loss_weight: float = 1.0):
        super().__init__(distribution_focal_loss, reduction, loss_weight)
