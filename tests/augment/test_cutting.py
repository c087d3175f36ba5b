"""The rule for boxes that leave the picture, counted pixel by pixel."""

import numpy as np
import pytest
import torch
from torchvision.ops import clip_boxes_to_image

from yolo_course.augment import Sample
from yolo_course.augment.cutting import cut

IMAGE = np.zeros((50, 100, 3), np.uint8)


def sample(boxes):
    return Sample(IMAGE, boxes, np.arange(len(boxes)))


@pytest.mark.parametrize(
    ("box", "stays"),
    [
        ((10, 10, 30, 30), True),
        ((-17, 10, 3, 30), True),  # 15 % of it is left
        ((-18.5, 10, 1.5, 30), False),  # less than a tenth, and narrow
        ((-40, 10, 3, 30), False),  # 7 %
        ((97.9, 0, 110, 50), True),
        ((98, 0, 110, 50), False),  # 2 px, not more
        ((10, 49, 30, 70), False),
        ((-20, -20, -5, -5), False),
        ((120, 10, 140, 30), False),
        ((-50, -25, 150, 75), True),  # larger than the picture: a quarter of it is left
        ((-200, -100, 300, 150), False),  # 4 %
    ],
)
def test_the_rule(box, stays):
    assert len(cut(sample([box])).boxes) == stays


def test_against_a_count_of_pixels():
    rng = np.random.default_rng(0)
    first = rng.integers(-60, 110, (400, 2))
    boxes = np.hstack((first, first + rng.integers(1, 60, (400, 2))))
    found = cut(sample(boxes))
    kept = []
    for number, (x1, y1, x2, y2) in enumerate(boxes.tolist()):
        columns, rows = range(max(x1, 0), min(x2, 100)), range(max(y1, 0), min(y2, 50))
        if len(columns) > 2 and len(rows) > 2 and len(columns) * len(rows) >= 0.1 * (x2 - x1) * (y2 - y1):
            kept.append(number)
    assert found.classes.tolist() == kept
    np.testing.assert_array_equal(found.boxes, clip_boxes_to_image(torch.tensor(boxes[kept]), (50, 100)))
    assert 50 < len(kept) < 350
