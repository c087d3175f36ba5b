"""What imbalance tells, against Ultralytics' own class weights and a simulated draw."""

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from ultralytics.models.yolo.detect import DetectionTrainer

from yolo_course import data
from yolo_course.data.checking.examined import Examined
from yolo_course.data.checking.imbalance import imbalance
from yolo_course.data.samplers import balanced_weights

NAMES = {0: "red", 1: "white", 2: "platelet"}
YAML = Path("cells.yaml")


def samples(*images):
    rows = [np.array([[cls, 0.5, 0.5, 0.1, 0.1] for cls in image]).reshape(-1, 5) for image in images]
    return [Examined("train", Path("i"), Path("l"), (9, 9), tuple(range(len(each))), each) for each in rows]


CELLS = samples(*[[0] * 12] * 20, *[[0] * 10 + [1]] * 6, *[[0, 2]] * 4, [])


def test_the_factors_are_those_of_cls_pw_and_of_a_draw():
    found = imbalance(YAML, NAMES, CELLS)
    assert [(finding.kind, finding.file) for finding in found] == [("imbalance", YAML)] * 2
    counts = np.array([20 * 12 + 6 * 10 + 4, 6, 4])
    weights = DetectionTrainer.compute_class_weights(SimpleNamespace(args=SimpleNamespace(cls_pw=0.5)), counts)
    drawn = torch.multinomial(
        torch.tensor(balanced_weights([each.rows[:, 0] for each in CELLS])),
        200_000,
        True,
        generator=torch.Generator().manual_seed(0),
    )
    boxes = sum(
        np.bincount(CELLS[index].rows[:, 0].astype(int), minlength=3) * n
        for index, n in enumerate(drawn.bincount().tolist())
    )
    for cls, finding in zip((1, 2), found, strict=True):
        loss, shown = (float(number) for number in re.findall(r"(\d+\.\d) times", finding.message))
        assert loss == pytest.approx(weights[cls] / weights[0], abs=0.06)
        assert shown == pytest.approx(float(boxes[cls] / boxes.sum() / (counts[cls] / counts.sum())), abs=0.1)
        assert f"{NAMES[cls]} has {counts[cls]} boxes in train, red {304 / counts[cls]:.0f} times" in finding.message


def test_a_class_without_boxes_is_told():
    (found,) = imbalance(YAML, NAMES, samples([0, 1], [1, 0, 0]))
    assert (found.kind, found.message) == ("missing-class", "no box of platelet in train: it can't be learnt")


def test_even_classes_and_no_boxes_at_all_are_fine():
    assert imbalance(YAML, NAMES, samples([0, 1, 2], [0] * 8)) == []
    assert imbalance(YAML, NAMES, samples([], [])) == []
    assert imbalance(YAML, NAMES, []) == []


def test_check_looks_at_the_train_split_only(copy):
    for label in (copy.parent / "labels/val").glob("*.txt"):
        label.write_text("0 0.5 0.5 0.25 0.25\n")
    assert data.check(copy).findings == ()
    for label in (copy.parent / "labels/train").glob("*.txt"):
        label.write_text("0 0.5 0.5 0.25 0.25\n")
    assert [finding.kind for finding in data.check(copy).findings] == ["missing-class"] * 2
