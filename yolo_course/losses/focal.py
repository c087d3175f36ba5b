"""Focal loss on logits of independent classes.

Most of what a detector looks at is background that it already gets right; a hundred thousand small
losses then drown a few large ones. The focal loss turns each down by how right the answer is.

Lin et al., Focal Loss for Dense Object Detection, 2017, arXiv:1708.02002.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from yolo_course.errors import CourseError
from yolo_course.losses.weighted import LossModule, same_shape, weighted_loss

__all__ = ["FocalLoss", "focus", "sigmoid_focal_loss"]


@weighted_loss
def sigmoid_focal_loss(
    logits: Tensor, targets: Tensor, alpha: float | Sequence[float] | Tensor | None = 0.25, gamma: float = 2.0
) -> Tensor:
    """Binary cross entropy, times `(1 - p) ** gamma` for the probability p given to the truth.

    Each class is a question of its own, as in YOLO's heads: background is a row of zeros, and it is
    learnt. With `alpha=None, gamma=0` this is binary cross entropy.

    Args:
        logits: Scores before the sigmoid.
        targets: 0 and 1, or shares in between.
        alpha: Weight of the ones, in [0, 1]; the zeros weigh `1 - alpha`. One number, one for each class in
            the last dimension, or `None` for neither.
        gamma: How much an easy example is turned down; at least 0.

    Shape:
        - logits: (..., nc)
        - targets: (..., nc)
        - elementwise: (..., nc)

    Raises:
        CourseError: Shapes that differ, `alpha` outside [0, 1] or `gamma` below 0.
    """
    same_shape(logits, targets, hint="class numbers? torch.nn.functional.one_hot(labels, nc)")
    targets = targets.to(logits.dtype)
    miss = targets * (-logits).sigmoid() + (1 - targets) * logits.sigmoid()
    loss = F.binary_cross_entropy_with_logits(logits, targets, reduction="none") * focus(miss, gamma)
    if alpha is None:
        return loss
    alpha = _shares(alpha, logits)
    return loss * (alpha * targets + (1 - alpha) * (1 - targets))


class FocalLoss(LossModule):
    """Module of `sigmoid_focal_loss`."""

    def __init__(
        self,
        alpha: float | Sequence[float] | Tensor | None = 0.25,
        gamma: float = 2.0,
        reduction: str = "mean",
        loss_weight: float = 1.0,
    ):
        super().__init__(sigmoid_focal_loss, reduction, loss_weight, alpha=alpha, gamma=gamma)


def focus(miss: Tensor, gamma: float) -> Tensor:
    """Raise a probability of being wrong to the power of `gamma`, with a finite gradient at 0.

    Raises:
        CourseError: `gamma` below 0.
    """
    if gamma < 0:
        raise CourseError("gamma would turn the easy examples up", expected="0 or more", found=gamma)
    return miss.clamp(min=torch.finfo(miss.dtype).tiny) ** gamma


def _shares(alpha: float | Sequence[float] | Tensor, logits: Tensor) -> Tensor:
    """Return alpha, one or one for each class; a tensor's values are not looked at, which would make a GPU wait."""
    single = isinstance(alpha, int | float)
    fits = single or tuple(torch.as_tensor(alpha).shape) in ((), logits.shape[-1:])
    shares = () if isinstance(alpha, Tensor) else (alpha,) if single else alpha
    if not fits or not all(0 <= share <= 1 for share in shares):
        raise CourseError(
            "alpha is a share, or one for each class", expected=f"[0, 1] or {logits.shape[-1]} of them", found=alpha
        )
    return alpha if single else torch.as_tensor(alpha, dtype=logits.dtype, device=logits.device)
