"""Classes that training sees too seldom, with what would help and by how much."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from yolo_course.data.checking.examined import Examined
from yolo_course.data.findings import Finding
from yolo_course.data.samplers import balanced_weights

RARE = 10  # times as many boxes as the commonest class has
POWER = 0.5  # of both remedies


def imbalance(file: Path, names: dict[int, str], samples: Sequence[Examined]) -> list[Finding]:
    """Find classes without any box in the train split, and those that have far fewer than the commonest.

    Two remedies are weighed up: `cls_pw`, which makes the loss of a rare class count more, and balanced sampling, which
    shows its images more often. Where the rare class stands on every second image, sampling can't do much.

    Args:
        file: The data YAML, where the findings are placed.
        names: Class names by class id.
        samples: Images of the train split.
    """
    classes = [sample.rows[:, 0].astype(int) for sample in samples]
    boxes = np.bincount(np.concatenate([*classes, np.zeros(0, int)]), minlength=len(names))
    if not boxes.any():
        return []
    common = int(boxes.argmax())
    findings = []
    for cls, name in names.items():
        if not boxes[cls]:
            message = f"no box of {name} in train: it can't be learnt"
            findings.append(Finding("missing-class", "warning", message, file))
        elif boxes[common] >= RARE * boxes[cls]:
            message = _suggest(name, names[common], boxes[cls], boxes[common], _gain(classes, cls))
            findings.append(Finding("imbalance", "warning", message, file))
    return findings


def _gain(classes: list[np.ndarray], cls: int) -> float:
    """How many times as large a share of the boxes the class has when images are drawn by weight."""
    own, every = np.array([((each == cls).sum(), len(each)) for each in classes]).T  # (images, 2) -> 2 of (images,)
    weights = balanced_weights(classes, POWER)
    return float((weights @ own) / (weights @ every) / (own.sum() / every.sum()))


def _suggest(name: str, common: str, boxes: int, most: int, gain: float) -> str:
    ratio = most / boxes
    return (
        f"{name} has {boxes} boxes in train, {common} {ratio:.0f} times as many; cls_pw={POWER} makes a box of {name} "
        f"count {ratio**POWER:.1f} times as much, balanced sampling shows its boxes {gain:.1f} times as often"
    )
