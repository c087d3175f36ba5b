"""Intersection over union and what was made of it for training.

IoU is flat where two boxes do not meet: no gradient, nothing to learn from. Each of its successors
subtracts a penalty that knows the way:

====  ======================================================  =======================================
giou  the part of the hull that neither box covers            Rezatofighi et al., 2019, arXiv:1902.09630
diou  the distance of the centres                             Zheng et al., 2019, arXiv:1911.08287
ciou  that, and the difference of the aspect ratios           Zheng et al., 2019, arXiv:1911.08287
eiou  the distance, and the differences of width and height   Zhang et al., 2021, arXiv:2101.08158
siou  the distance, cheaper along an axis, and the shape      Gevorgyan, 2022, arXiv:2205.12740
====  ======================================================  =======================================

The hull is the smallest box around both. Every penalty is 0 for equal boxes.
"""

import math

import torch
from torch import Tensor

from yolo_course.boxes import area, convert, pairwise_iou
from yolo_course.errors import CourseError
from yolo_course.losses.weighted import LossModule, at_least_float32, weighted_loss

__all__ = ["KINDS", "IoULoss", "iou", "iou_loss"]


def iou(
    a: Tensor, b: Tensor, kind: str = "iou", fmt: str = "xyxy", pairwise: bool = False, eps: float = 1e-7
) -> Tensor:
    """Score how well boxes `a` match boxes `b`; 1 where they are equal.

    Values and gradients stay finite for boxes without area, equal boxes and swapped corners. Half-precision boxes
    are computed in float32. Shares (`xyxyn`, `xywhn`) are compared as they stand: on an image that is not square, a
    distance of shares is not one of pixels, so only IoU and GIoU are the same in both.

    Args:
        a: Boxes in the format `fmt`.
        b: Boxes in the same format.
        kind: One of `KINDS`.
        fmt: One of `yolo_course.boxes.FORMATS`.
        pairwise: Every box of `a` with every box of `b`, instead of each with its partner.
        eps: A length, squared length or area up to this counts as none when a penalty would divide by it.

    Shape:
        - a: (..., 4); (..., N, 4) where pairwise
        - b: (..., 4), broadcasts with `a`; (..., M, 4) where pairwise
        - returns: (...); (..., N, M) where pairwise

    Raises:
        CourseError: Unknown kind or format, or shapes that do not go together.

    Example:
        >>> a, b = torch.tensor([0.0, 0.0, 2.0, 2.0]), torch.tensor([4.0, 0.0, 6.0, 2.0])
        >>> iou(a, b).item(), round(iou(a, b, "giou").item(), 3), iou(a, b, "diou").item()
        (0.0, -0.333, -0.4000000059604645)
    """
    if kind not in KINDS:
        raise CourseError("unknown kind of IoU", expected=", ".join(KINDS), found=repr(kind))
    dtype = torch.promote_types(a.dtype, b.dtype)
    corners = "xyxyn" if fmt.endswith("n") else "xyxy"
    a, b = (convert(at_least_float32(boxes), fmt, corners) for boxes in (a, b))
    if pairwise:
        a, b = a[..., :, None, :], b[..., None, :, :]  # (..., N, 1, 4) and (..., 1, M, 4)
    _go_together(a, b)
    score = pairwise_iou(a[..., None, :], b[..., None, :])[..., 0, 0]  # tables of one row and column -> (...)
    if kind != "iou":
        score = score - _PENALTIES[kind](a, b, score, eps)
    return score.to(dtype) if dtype.is_floating_point else score


@weighted_loss
def iou_loss(pred: Tensor, target: Tensor, kind: str = "ciou", fmt: str = "xyxy", eps: float = 1e-7) -> Tensor:
    """One less the score of `iou`.

    Shape:
        - pred: (..., 4)
        - target: (..., 4)
        - elementwise: (...)
    """
    return 1 - iou(pred, target, kind, fmt, eps=eps)


class IoULoss(LossModule):
    """Module of `iou_loss`."""

    def __init__(
        self,
        kind: str = "ciou",
        fmt: str = "xyxy",
        eps: float = 1e-7,
        reduction: str = "mean",
        loss_weight: float = 1.0,
    ):
        if kind not in KINDS:
            raise CourseError("unknown kind of IoU", expected=", ".join(KINDS), found=repr(kind))
        super().__init__(iou_loss, reduction, loss_weight, kind=kind, fmt=fmt, eps=eps)


def _giou(a: Tensor, b: Tensor, overlap: Tensor, eps: float) -> Tensor:
    hull = area(_hull(a, b))
    union = (area(a) + area(b)) / (1 + overlap)  # both areas are union + intersection, that is union * (1 + IoU)
    return _ratio((hull - union).clamp(min=0), hull, eps)


def _diou(a: Tensor, b: Tensor, overlap: Tensor, eps: float) -> Tensor:
    return _ratio(_offset(a, b).square().sum(-1), _size(_hull(a, b)).square().sum(-1), eps)


def _ciou(a: Tensor, b: Tensor, overlap: Tensor, eps: float) -> Tensor:
    change = 4 / math.pi**2 * (_angle(b, eps) - _angle(a, eps)).square()
    return _diou(a, b, overlap, eps) + _trade_off(change, overlap, eps) * change


@torch.no_grad()  # a constant to the paper's gradient
def _trade_off(change: Tensor, overlap: Tensor, eps: float) -> Tensor:
    """Return how much the aspect ratio counts: the more, the better the boxes overlap already."""
    return _ratio(change, 1 - overlap + change, eps)


def _eiou(a: Tensor, b: Tensor, overlap: Tensor, eps: float) -> Tensor:
    sides = _ratio((_size(a) - _size(b)).square(), _size(_hull(a, b)).square(), eps)
    return _diou(a, b, overlap, eps) + sides.sum(-1)


def _siou(a: Tensor, b: Tensor, overlap: Tensor, eps: float) -> Tensor:
    offset, sizes = _offset(a, b), (_size(a).clamp(min=0), _size(b).clamp(min=0))
    # sin of twice the angle between the line of the centres and an axis; the paper writes it with an arcsine, whose
    # gradient is infinite on the axis
    slant = _ratio(2 * offset.abs().prod(-1), offset.square().sum(-1), eps)
    gaps = _ratio(offset.square(), _size(_hull(a, b)).square(), eps)
    distance = -torch.expm1((slant[..., None] - 2) * gaps)
    shape = -torch.expm1(-_ratio((sizes[0] - sizes[1]).abs(), torch.maximum(*sizes), eps))
    return (distance + shape**4).sum(-1) / 2


_PENALTIES = {"giou": _giou, "diou": _diou, "ciou": _ciou, "eiou": _eiou, "siou": _siou}
KINDS = ("iou", *_PENALTIES)


def _hull(a: Tensor, b: Tensor) -> Tensor:
    return torch.cat((torch.minimum(a[..., :2], b[..., :2]), torch.maximum(a[..., 2:], b[..., 2:])), -1)


def _size(boxes: Tensor) -> Tensor:
    """Return (width, height), below 0 where corners are swapped."""
    return boxes[..., 2:] - boxes[..., :2]


def _offset(a: Tensor, b: Tensor) -> Tensor:
    """Return the way from the centres of `a` to those of `b`."""
    return (b[..., :2] + b[..., 2:] - a[..., :2] - a[..., 2:]) / 2


def _angle(boxes: Tensor, eps: float) -> Tensor:
    """Return the arctangent of width over height; the clamp keeps a box without size from an infinite gradient."""
    return torch.atan2(*_size(boxes).clamp(min=eps).unbind(-1))


def _ratio(part: Tensor, whole: Tensor, eps: float) -> Tensor:
    """Divide, unless there is nothing to divide by: adding eps instead would bias small boxes."""
    return part / whole.where(whole > eps, 1)


def _go_together(a: Tensor, b: Tensor) -> None:
    try:
        torch.broadcast_shapes(a.shape, b.shape)
    except RuntimeError:
        raise CourseError(
            "boxes without partners",
            expected=f"as many as {tuple(a.shape)}",
            found=tuple(b.shape),
            hint="pairwise=True compares each with all",
        ) from None
