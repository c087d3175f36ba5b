"""Annotated pictures on their way from one format to another: classes by name, boxes and outlines in pixels."""

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from yolo_course.data.findings import Finding

Box = tuple[float, float, float, float]

ROUNDING = 0.02  # pixels beyond the edge that are no fault: annotation tools round to two decimals
ASPECT = 0.01  # how far two aspect ratios may differ when a picture was resized to whole pixels


class Thing(NamedTuple):
    """One annotated object; a tuple, since a large dataset has a million of them.

    Args:
        name: Its class.
        box: x1 y1 x2 y2 in pixels of the picture, the corner of the first pixel being (0, 0).
        outline: A polygon in the same pixels, or None. Shape: (n, 2).
    """

    name: str
    box: Box
    outline: np.ndarray | None = None


class Picture(NamedTuple):
    """One picture with what is on it.

    Args:
        file: Where it lies.
        split: train, val or test.
        name: Its name inside the split, with folders where it has them.
        size: Width and height in pixels.
        things: What is on it; nothing at all is a background.
    """

    file: Path
    split: str
    name: str
    size: tuple[int, int]
    things: tuple[Thing, ...]


@dataclass(frozen=True)
class Source:
    """A whole dataset in memory, without its pixels.

    Args:
        pictures: In the order in which they will be written.
        names: Class names; their order gives the class ids.
        digest: Fingerprint of the files it was read from.
        ids: Category ids of COCO, one a class, when it had any.
    """

    pictures: tuple[Picture, ...]
    names: tuple[str, ...]
    digest: str
    ids: tuple[int, ...] | None = None


@dataclass
class Log:
    """Collects what a conversion skipped or repaired.

    Args:
        strict: Raise the first error instead of collecting it.
    """

    strict: bool = False
    findings: list[Finding] = field(default_factory=list)

    def error(self, kind: str, message: str, file: Path, line: int | None = None) -> None:
        """Note something that is wrong in the source.

        Raises:
            DataError: In strict mode.
        """
        finding = Finding(kind, "error", message, file, line)
        if self.strict:
            raise finding.error()
        self.findings.append(finding)

    def warning(self, kind: str, message: str, file: Path, line: int | None = None) -> None:
        """Note something that is right, but not kept as it is."""
        self.findings.append(Finding(kind, "warning", message, file, line))


def fit(box: Box, size: tuple[int, int]) -> tuple[Box | None, str, str]:
    """Clip a box to its picture.

    Returns:
        The box, or None if nothing of it is left; the kind of the fault and what it is, both empty if all is well.
    """
    x1, y1, x2, y2 = box
    width, height = size
    if 0 <= x1 < x2 <= width and 0 <= y1 < y2 <= height:
        return box, "", ""
    if not all(map(math.isfinite, box)):
        return None, "malformed", f"skipped: its box has a coordinate that is no finite number: {_corners(box)}"
    if x2 <= x1 or y2 <= y1:
        return None, "zero-area", f"skipped: width {x2 - x1:g} and height {y2 - y1:g} leave no area"
    inside = max(0.0, x1), max(0.0, y1), min(float(width), x2), min(float(height), y2)
    where = f"{_corners(box)} in a picture of {width} × {height}"
    if inside[2] <= inside[0] or inside[3] <= inside[1]:
        return None, "outside", f"skipped: lies outside of the picture: {where}"
    if max(-x1, -y1, x2 - width, y2 - height) <= ROUNDING:
        return inside, "", ""
    return inside, "outside", f"repaired: clipped to the picture: {where}"


def agree(told: tuple[int, int] | None, size: tuple[int, int]) -> tuple[tuple[float, float] | None, str]:
    """Compare the size that an annotation tells with that of its picture.

    Returns:
        Factors that take annotated x and y to pixels of the picture, None when there is no telling; and what is wrong,
        empty if nothing is.
    """
    picture = f"{size[0]} × {size[1]}"
    if told is None:
        return (1.0, 1.0), f"repaired: no size given, taken from the picture: {picture}"
    if told == size:
        return (1.0, 1.0), ""
    factors = size[0] / told[0], size[1] / told[1]
    if abs(factors[0] / factors[1] - 1) <= ASPECT:
        return factors, f"repaired: annotated at {told[0]} × {told[1]}, scaled to the picture's {picture}"
    hint = " (turned by its EXIF tag?)" if told == size[::-1] else ""
    return None, f"skipped: annotated at {told[0]} × {told[1]}, but the picture is {picture}{hint}"


def _corners(box: Box) -> str:
    return "({:g}, {:g}) to ({:g}, {:g})".format(*box)
