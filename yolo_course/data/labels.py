"""Read YOLO label files: one `class x y w h` line a box, or `class x1 y1 x2 y2 …` with the corners of a polygon."""

import math
from pathlib import Path

import numpy as np

from yolo_course.data.findings import Finding

COLUMNS = 5


def read_labels(path: str | Path) -> np.ndarray:
    """Read a label file. An empty file is an image that shows nothing.

    Shape:
        (n, 5) float64: class, centre x, centre y, width, height, fractions of the image. A polygon gives its box.

    Raises:
        DataError: The file can't be read, or a line is malformed; it names file and line.
    """
    rows, findings = scan_labels(Path(path))
    if findings:
        raise findings[0].error()
    return np.array([row for _, row in rows], dtype=np.float64).reshape(-1, COLUMNS)  # (0,) -> (0, 5) of an empty file


def scan_labels(path: Path) -> tuple[list[tuple[int, list[float]]], list[Finding]]:
    """Return the well-formed rows of a label file with their line numbers, and a finding for each other line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        return [], [Finding("malformed-label", "error", f"can't read the label file: {reason}", path)]
    rows, findings, kinds = [], [], set()
    for number, line in enumerate(lines, 1):
        if fields := line.split():
            try:
                rows.append((number, _parse(fields)))
                kinds.add(len(fields) == COLUMNS)
                if len(kinds) > 1:
                    raise ValueError("boxes and polygons in one file")
            except ValueError as error:
                findings.append(Finding("malformed-label", "error", f"malformed label: {error}", path, number))
    return rows, findings


def _parse(fields: list[str]) -> list[float]:
    values = [_number(field) for field in fields]
    if values[0] < 0 or values[0] != int(values[0]):
        raise ValueError(f"class must be a whole number from 0, found {fields[0]!r}")
    if len(values) == COLUMNS:
        return values
    if len(values) < 7 or len(values) % 2 == 0:
        raise ValueError(f"expected 5 columns (or a polygon: a class and 3 or more points), found {len(values)}")
    xs, ys = values[1::2], values[2::2]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    return [values[0], (left + right) / 2, (top + bottom) / 2, right - left, bottom - top]


def _number(field: str) -> float:
    try:
        value = float(field)
    except ValueError:
        raise ValueError(f"{field!r} is not a number") from None
    if not math.isfinite(value):
        raise ValueError(f"{field!r} is not a finite number")
    return value
