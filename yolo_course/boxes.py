"""Box formats, clipping and intersection over union.

A box is four numbers in the last dimension, whatever stands before it.

======  ================================  ==========================
xyxy    left, top, right, bottom          torchvision, Ultralytics' results
xywh    centre x, centre y, width, height Ultralytics' losses
ltwh    left, top, width, height          COCO's JSON
xyxyn   xyxy as a share of the image
xywhn   xywh as a share of the image      YOLO's label files
======  ================================  ==========================

Every function takes tensors and returns one on the same device, or takes NumPy arrays and returns
one. Floating types are kept; integer boxes become floats where a format has
halves or shares. Gradients flow through all of them. An image size is `(height, width)` in pixels.
"""

from collections.abc import Callable
from functools import wraps
from inspect import signature

import numpy as np
import torch
from torch import Tensor

from yolo_course.errors import CourseError

__all__ = ["FORMATS", "area", "clip", "convert", "pairwise_iou", "xywh_to_xyxy", "xyxy_to_xywh"]

FORMATS = ("xyxy", "xywh", "ltwh", "xyxyn", "xywhn")


def _takes_boxes(function: Callable) -> Callable:
    """Let arrays and lists in wherever `function` is annotated with `Tensor`, and check that they are boxes."""
    names = [name for name, kind in function.__annotations__.items() if kind is Tensor and name != "return"]
    parameters = signature(function)

    @wraps(function)
    def wrapper(*args, **kwargs):
        bound = parameters.bind(*args, **kwargs)
        arrays = any(isinstance(bound.arguments[name], np.ndarray) for name in names)
        for name in names:
            bound.arguments[name] = _as_boxes(bound.arguments[name])
        result = function(*bound.args, **bound.kwargs)
        return result.numpy() if arrays else result

    return wrapper


def _as_boxes(values: Tensor | np.ndarray | list) -> Tensor:
    if isinstance(values, np.ndarray):
        values = values.copy()  # torch takes no array whose strides are negative, such as a reversed one
    boxes = values if isinstance(values, Tensor) else torch.tensor(values)
    if boxes.ndim == 0 or boxes.shape[-1] != 4:
        raise CourseError("not boxes", expected="a last dimension of 4", found=f"shape {tuple(boxes.shape)}")
    return boxes


@_takes_boxes
def xywh_to_xyxy(boxes: Tensor) -> Tensor:
    """Turn centre and size into corners.

    Shape:
        - boxes: (..., 4)
        - returns: (..., 4)

    Example:
        >>> xywh_to_xyxy(torch.tensor([50.0, 40.0, 20.0, 10.0])).tolist()
        [40.0, 35.0, 60.0, 45.0]
    """
    centre, half = boxes[..., :2], boxes[..., 2:] / 2
    return torch.cat((centre - half, centre + half), -1)


@_takes_boxes
def xyxy_to_xywh(boxes: Tensor) -> Tensor:
    """Turn corners into centre and size.

    Shape:
        - boxes: (..., 4)
        - returns: (..., 4)
    """
    first, last = boxes[..., :2], boxes[..., 2:]
    return torch.cat(((first + last) / 2, last - first), -1)


def _ltwh_to_xyxy(boxes: Tensor) -> Tensor:
    return torch.cat((boxes[..., :2], boxes[..., :2] + boxes[..., 2:]), -1)


def _xyxy_to_ltwh(boxes: Tensor) -> Tensor:
    return torch.cat((boxes[..., :2], boxes[..., 2:] - boxes[..., :2]), -1)


_TO_CORNERS = {"xyxy": lambda boxes: boxes, "xywh": xywh_to_xyxy, "ltwh": _ltwh_to_xyxy}
_FROM_CORNERS = {"xyxy": lambda boxes: boxes, "xywh": xyxy_to_xywh, "ltwh": _xyxy_to_ltwh}


@_takes_boxes
def convert(boxes: Tensor, source: str, target: str, size: tuple[float, float] | None = None) -> Tensor:
    """Turn boxes from one format into another.

    Args:
        boxes: Boxes in the format `source`.
        source: One of `FORMATS`.
        target: One of `FORMATS`.
        size: Height and width of the image; needed only between pixels and shares of the image.

    Shape:
        - boxes: (..., 4)
        - returns: (..., 4)

    Raises:
        CourseError: Unknown format, or a size that is missing or not positive.

    Example:
        >>> convert(torch.tensor([0.0, 16.0, 64.0, 48.0]), "xyxy", "xywhn", size=(64, 128)).tolist()
        [0.25, 0.5, 0.5, 0.5]
    """
    for name in (source, target):
        if name not in FORMATS:
            raise CourseError("unknown box format", expected=", ".join(FORMATS), found=repr(name))
    if source == target:
        return boxes
    corners = _TO_CORNERS[source.removesuffix("n")](boxes)
    if source.endswith("n") and not target.endswith("n"):
        corners = corners * _limits(corners, size)
    elif target.endswith("n") and not source.endswith("n"):
        corners = corners / _limits(corners, size)
    return _FROM_CORNERS[target.removesuffix("n")](corners)


@_takes_boxes
def clip(boxes: Tensor, size: tuple[float, float]) -> Tensor:
    """Move the corners that lie outside the image onto its border.

    Args:
        boxes: Boxes as xyxy in pixels. One that lies outside altogether ends with an area of 0.
        size: Height and width of the image.

    Shape:
        - boxes: (..., 4)
        - returns: (..., 4)

    Raises:
        CourseError: A size that is not positive.
    """
    return boxes.clamp(boxes.new_zeros(4), _limits(boxes, size))


@_takes_boxes
def area(boxes: Tensor) -> Tensor:
    """Area of xyxy boxes; 0 for a box whose corners are swapped.

    Shape:
        - boxes: (..., 4)
        - returns: (...)
    """
    width, height = (boxes[..., 2:] - boxes[..., :2]).clamp(min=0).unbind(-1)
    return width * height


@_takes_boxes
def pairwise_iou(a: Tensor, b: Tensor) -> Tensor:
    """Intersection over union of every box of `a` with every box of `b`, as xyxy.

    Two boxes without area score 0, not NaN. Half-precision boxes are computed in float32: an area above
    65,504 does not fit into float16.

    Shape:
        - a: (..., N, 4)
        - b: (..., M, 4), leading dimensions that broadcast with those of `a`
        - returns: (..., N, M)
    """
    dtype = torch.promote_types(a.dtype, b.dtype)
    a, b = (boxes.to(torch.promote_types(dtype, torch.float32)) for boxes in (a, b))
    rows, columns = a[..., :, None, :], b[..., None, :, :]  # (..., N, 1, 4) and (..., 1, M, 4)
    first = torch.maximum(rows[..., :2], columns[..., :2])  # (..., N, M, 2)
    last = torch.minimum(rows[..., 2:], columns[..., 2:])  # (..., N, M, 2)
    overlap = area(torch.cat((first, last), -1))
    union = area(rows) + area(columns) - overlap
    iou = overlap / union.where(union > 0, 1)
    return iou.to(dtype) if dtype.is_floating_point else iou


def _limits(boxes: Tensor, size: tuple[float, float] | None) -> Tensor:
    """Return (width, height, width, height), beside the boxes."""
    if size is None or len(size) != 2 or min(size) <= 0:
        raise CourseError("the image's size is needed", expected="size=(height, width)", found=repr(size))
    height, width = size
    return boxes.new_tensor((width, height, width, height))
