"""Dice loss: how little two masks overlap, however small they are.

Cross entropy counts pixels, so an object of ten pixels hardly matters; Dice counts each mask once.

Milletari et al., V-Net, 2016, arXiv:1606.04797.
"""

from torch import Tensor

from yolo_course.losses.weighted import LossModule, same_shape, weighted_loss

__all__ = ["DiceLoss", "dice_loss"]


@weighted_loss
def dice_loss(logits: Tensor, target: Tensor, smooth: float = 1.0, exclusive: bool = False) -> Tensor:
    """One less twice the intersection over the sum of both masks, for each image and class.

    Args:
        logits: Scores before the sigmoid.
        target: Masks of 0 and 1, or shares in between, one for each class.
        smooth: Added to both sides of the fraction, in pixels: an empty mask that is predicted empty costs nothing.
        exclusive: Whether the classes share one softmax instead of a sigmoid each.

    Shape:
        - logits: (B, nc, ...)
        - target: (B, nc, ...)
        - elementwise: (B, nc)

    Raises:
        CourseError: Shapes that differ.
    """
    same_shape(logits, target, hint="class numbers? torch.nn.functional.one_hot(labels, nc).movedim(-1, 1)")
    mask = (logits.softmax(1) if exclusive else logits.sigmoid()).flatten(2)  # (B, nc, ...) -> (B, nc, pixels)
    target = target.to(mask.dtype).flatten(2)  # (B, nc, ...) -> (B, nc, pixels)
    both, sizes = (mask * target).sum(-1), mask.sum(-1) + target.sum(-1)
    return 1 - (2 * both + smooth) / (sizes + smooth)


class DiceLoss(LossModule):
    """Module of `dice_loss`."""

    def __init__(self, smooth: float = 1.0, exclusive: bool = False, reduction: str = "mean", loss_weight: float = 1.0):
        super().__init__(dice_loss, reduction, loss_weight, smooth=smooth, exclusive=exclusive)
