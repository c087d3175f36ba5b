"""L1 loss: the distance itself, which pulls as hard near the target as far from it."""

from torch import Tensor

from yolo_course.losses.weighted import LossModule, same_shape, weighted_loss

__all__ = ["L1Loss", "l1_loss"]


@weighted_loss
def l1_loss(pred: Tensor, target: Tensor) -> Tensor:
    """Absolute difference.

    Shape:
        - pred: (...)
        - target: (...)
        - elementwise: (...)

    Raises:
        CourseError: Shapes that differ, as scores and class numbers do.
    """
    same_shape(pred, target, hint="class numbers? torch.nn.functional.one_hot(labels, nc)")
    return (pred - target).abs()


class L1Loss(LossModule):
    """Module of `l1_loss`."""

    def __init__(self, reduction: str = "mean", loss_weight: float = 1.0):
        super().__init__(l1_loss, reduction, loss_weight)
