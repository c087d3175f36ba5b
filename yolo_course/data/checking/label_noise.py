"""Suspects of label noise: boxes that are right in form, but that a person probably did not mean.

An object that was drawn twice, one that has two classes, and a box whose shape or size no other of its class has.
"""

from collections.abc import Sequence

import numpy as np

from yolo_course.data.checking.examined import Examined
from yolo_course.data.findings import Finding

TWICE = 0.7  # the IoU above which NMS takes two boxes of a class for one, in Ultralytics' defaults
BOTH = 0.9  # two classes may share a place (a rider, a horse), but hardly a box
FEWEST = 30  # boxes of a class before one of them can be called unusual
TIMES = 3.0  # times as long, or as flat, as the class usually is
SPREADS = 8.0  # and that many times further from its median than half of its boxes are
SAYS = {
    "odd-shape": "{:.2f} times as wide as high, where {} is usually {:.2f}",
    "odd-size": "{:.1%} of the image's longer side across, where {} is usually {:.1%}",
}


def overlaps(sample: Examined, names: dict[int, str]) -> list[Finding]:
    """Find boxes of one image that lie on top of each other, of one class or of two. Exact copies are left out."""
    from yolo_course.boxes import convert, pairwise_iou  # torch takes seconds to import, and making data needs none

    if sample.size is None or len(sample.rows) < 2:
        return []
    shared = pairwise_iou(*[convert(sample.rows[:, 1:], "xywh", "xyxy")] * 2)  # (n, n); shares of the image will do
    findings = []
    for later, earlier in np.argwhere(np.tril(shared, -1) > TWICE).tolist():
        ours, theirs = sample.rows[later], sample.rows[earlier]
        same = ours[0] == theirs[0]
        if (same and not np.array_equal(ours, theirs)) or (not same and shared[later, earlier] > BOTH):
            message = _told(shared[later, earlier], sample.lines[earlier], names, int(ours[0]), int(theirs[0]))
            findings.append(Finding("overlap", "warning", message, sample.label, sample.lines[later]))
    return findings


def oddities(samples: Sequence[Examined], names: dict[int, str]) -> list[Finding]:
    """Find boxes that are far flatter, taller, larger or smaller than those of their class usually are.

    How far is usual is measured in each class by the median absolute deviation of the logarithm, which a few outliers
    can't move. Shapes are measured in pixels, sizes as shares of the image's longer side.
    """
    readable = [sample for sample in samples if sample.size is not None and len(sample.rows)]
    if not readable:
        return []
    sides = np.log(np.concatenate([sample.sides(imgsz=1) for sample in readable]))  # (boxes, 2): width, height
    classes = np.concatenate([sample.rows[:, 0] for sample in readable]).astype(int)
    places = [(sample.label, line) for sample in readable for line in sample.lines]
    measures = {"odd-shape": sides[:, 0] - sides[:, 1], "odd-size": sides.mean(1)}
    findings = []
    for kind, values in measures.items():
        for cls in np.unique(classes).tolist():
            own = np.flatnonzero(classes == cls)
            usual = np.median(values[own])
            for index in own[_far(values[own])].tolist():
                message = SAYS[kind].format(np.exp(values[index]), names[cls], np.exp(usual))
                findings.append(Finding(kind, "warning", message, *places[index]))
    return findings


def _far(values: np.ndarray) -> np.ndarray:
    """Which values are far from the median of them all. Shape: (n,) to (n,) bool."""
    away = np.abs(values - np.median(values))
    return (away > max(np.log(TIMES), SPREADS * np.median(away))) & (len(values) >= FEWEST)


def _told(iou: float, line: int, names: dict[int, str], ours: int, theirs: int) -> str:
    if ours == theirs:
        return f"shares {iou:.0%} with the {names[ours]} of line {line}; NMS would keep one of them"
    return f"{names[ours]} shares {iou:.0%} with the {names[theirs]} of line {line}; is it one object?"
