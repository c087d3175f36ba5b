"""The boxes of an image that can be trained on, and what is wrong with the others."""

from pathlib import Path

import numpy as np

from yolo_course.data.box_problems import box_problems
from yolo_course.data.dataset import Dataset
from yolo_course.data.findings import Finding
from yolo_course.data.labels import scan_labels


def sound_labels(dataset: Dataset, image: Path) -> tuple[tuple[int, ...], np.ndarray, list[Finding]]:
    """Read an image's label file; no file means that it shows nothing.

    Returns:
        The line of each sound box, counted from 1; the boxes; a finding for each line with a fault.

    Shape:
        boxes (n, 5) float64: class, centre and size, fractions of the image.
    """
    file = dataset.label_of(image)
    if not file.exists():
        return (), np.zeros((0, 5)), []
    rows, findings = scan_labels(file)
    sound, seen = {}, {}
    for number, row in rows:
        problems = list(box_problems(dataset.names, row))
        if all(severity != "error" for _, severity, _ in problems):
            sound[number] = row
        if (first := seen.setdefault(tuple(row), number)) != number:
            problems.append(("duplicate", "warning", f"the same box as in line {first}"))
        findings += [Finding(kind, severity, message, file, number) for kind, severity, message in problems]
    return tuple(sound), np.array([*sound.values()]).reshape(-1, 5), findings  # (0,) -> (0, 5) of no boxes
