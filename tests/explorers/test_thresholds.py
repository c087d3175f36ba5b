"""The thresholds explorer against a count by hand, and its speed."""

import time

import numpy as np
import pytest
import torch
from torchvision.ops import batched_nms

from yolo_course.errors import CourseError
from yolo_course.explorers.thresholds import thresholds

NAMES = {0: "circle", 1: "square"}
LABELS = np.array([[0, 0.25, 0.25, 0.25, 0.25], [1, 0.75, 0.75, 0.25, 0.25]])  # 128 px: 16-48 and 80-112
RAW = torch.tensor(
    [
        [16.0, 16.0, 48.0, 48.0, 0.9, 0.0],  # a hit
        [20.0, 16.0, 52.0, 48.0, 0.8, 0.0],  # its neighbour: IoU 0.78
        [80.0, 80.0, 112.0, 112.0, 0.6, 0.0],  # the right place, the wrong class
        [80.0, 80.0, 112.0, 110.0, 0.3, 1.0],  # a hit, less certain
    ]
)


@pytest.fixture
def explorer():
    return thresholds(np.full((128, 128, 3), 90, np.uint8), RAW, LABELS, NAMES)


def move(explorer, **values):
    for name, value in values.items():
        explorer.controls[name].value = value
    return explorer.sentence.value


@pytest.mark.parametrize(
    ("confidence", "overlap", "told"),
    [
        (0.25, 0.7, "4 certain enough, <b>3 left by NMS</b>: 2 hits, 0 of a wrong class, 1 false alarm, 0 missed"),
        (0.25, 0.8, "<b>4 left by NMS</b>: 2 hits, 0 of a wrong class, 2 false alarms, 0 missed; precision 0.50"),
        (
            0.5,
            0.7,
            "<b>2 left by NMS</b>: 1 hit, 1 of a wrong class, 0 false alarms, 0 missed; precision 0.50, recall 0.50",
        ),
        (0.95, 0.7, "0 certain enough, <b>0 left by NMS</b>: 0 hits"),
    ],
)
def test_the_sentence_counts_what_stays(explorer, confidence, overlap, told):
    assert told in move(explorer, confidence=confidence, overlap=overlap)


def test_the_picture_follows_the_controls(explorer):
    before = bytes(explorer.image.value)
    assert before.startswith(b"\x89PNG")
    move(explorer, confidence=0.95)
    assert explorer.image.value != before


def test_a_picture_without_shapes_and_one_without_boxes():
    image = np.zeros((64, 96, 3), np.uint8)
    assert "no recall" in thresholds(image, RAW, np.zeros((0, 5)), NAMES).sentence.value
    assert "2 missed" in thresholds(image, torch.zeros(0, 6), LABELS, NAMES).sentence.value


def test_raw_boxes_of_another_shape_are_refused():
    with pytest.raises(CourseError, match="raw boxes"):
        thresholds(np.zeros((8, 8, 3), np.uint8), torch.zeros(3, 5), LABELS, NAMES)


def test_a_move_is_quick():
    generator = torch.Generator().manual_seed(0)
    corner = torch.rand(336, 2, generator=generator) * 90
    raw = torch.cat((corner, corner + 30, torch.rand(336, 1, generator=generator), torch.zeros(336, 1)), 1)
    explorer = thresholds(np.zeros((128, 128, 3), np.uint8), raw, LABELS, NAMES)
    took = []
    for step in range(7):
        begun = time.process_time()
        move(explorer, confidence=0.3 + step / 100)
        took.append(time.process_time() - begun)
    assert min(took) < 0.15
    assert len(batched_nms(raw[:, :4], raw[:, 4], raw[:, 5], 0.7)) > 20
