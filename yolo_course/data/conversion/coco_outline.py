"""The `segmentation` of a COCO annotation as one polygon."""

import numpy as np

from yolo_course.data.conversion.annotated import ROUNDING
from yolo_course.data.conversion.coco_json import finite
from yolo_course.data.conversion.outline import area, join, trace
from yolo_course.data.conversion.rle import decode_rle
from yolo_course.errors import DataError

SPECK = 1e-6  # square pixels; what rounding leaves of nothing

Told = tuple[str, str]  # the kind of a fault, and what it is


def read_outline(
    segmentation: object, size: tuple[int, int], factors: tuple[float, float]
) -> tuple[np.ndarray | None, list[Told]]:
    """Turn polygons or a run-length mask into one outline.

    Args:
        segmentation: As COCO has it: a list of polygons, or a mask.
        size: Width and height of the picture in pixels.
        factors: What takes annotated x and y to pixels of the picture.

    Returns:
        The outline in pixels, None if there is no usable one, and what was skipped or repaired. Shape: (n, 2).
    """
    if not segmentation:
        return None, [("no-outline", "repaired: no outline given, its box stands in")]
    if factors == (1, 1) and (sound := _sound(segmentation, size)) is not None:
        return sound, []
    if isinstance(segmentation, dict):
        rings, told = _mask(segmentation, (round(size[1] / factors[1]), round(size[0] / factors[0])))
    else:
        rings, told = _polygons(segmentation)
    if not rings:
        return None, [*told, ("no-outline", "repaired: no usable outline, its box stands in")]
    if len(rings) > 1:
        told.append(("joined", f"repaired: {len(rings)} parts or holes joined to one outline"))
    outline = join(rings) * factors
    inside = np.clip(outline, 0, size)
    if (over := float(np.abs(inside - outline).max())) > ROUNDING:
        told.append(("outside", f"repaired: its outline reached {over:g} pixels beyond the picture"))
    if area(inside) < SPECK:
        return None, [*told, ("no-outline", "repaired: its outline encloses nothing, its box stands in")]
    return inside, told


def _sound(segmentation: object, size: tuple[int, int]) -> np.ndarray | None:
    """The outline of what nearly all are, one polygon inside the picture; Python is faster on so few numbers."""
    if not isinstance(segmentation, list) or len(segmentation) != 1 or (points := _points(segmentation[0])) is None:
        return None
    part = segmentation[0]
    inside = min(part) >= 0 and max(part[::2]) <= size[0] and max(part[1::2]) <= size[1]
    return points if inside and area(points) >= SPECK else None


def _mask(segmentation: dict, shape: tuple[int, int]) -> tuple[list[np.ndarray], list[Told]]:
    try:
        mask = decode_rle(segmentation)
    except DataError as error:
        return [], [("malformed", f"mask skipped: {error}")]
    if mask.shape != shape:
        told = f"{mask.shape[1]} × {mask.shape[0]}, but the picture is annotated at {shape[1]} × {shape[0]}"
        return [], [("malformed", f"mask skipped: it is {told}")]
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return [], [("zero-area", "mask skipped: no pixel of it is set")]
    corner = np.array((columns[0], rows[0]))
    return [ring + corner for ring in trace(mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])], []


def _polygons(segmentation: object) -> tuple[list[np.ndarray], list[Told]]:
    rings, told = [], []
    for part in segmentation if isinstance(segmentation, list) else [segmentation]:
        if (points := _points(part)) is not None:
            rings.append(points)
        else:
            told.append(
                ("malformed", f"part of its outline skipped: no list of three or more points: {str(part)[:40]}")
            )
    return rings, told


def _points(part: object) -> np.ndarray | None:
    """The points of a list of x and y in turn, or None if it is something else. Shape: (n, 2)."""
    if not isinstance(part, list) or len(part) < 6 or len(part) % 2 or not finite(part, len(part)):
        return None
    return np.array(part, dtype=np.float64).reshape(-1, 2)  # (2n,) -> (n, 2)
