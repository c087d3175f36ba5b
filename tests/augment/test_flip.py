"""Flips against torchvision's, and against themselves: twice is the identity."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision import tv_tensors
from torchvision.transforms import v2
from ultralytics.data.augment import RandomFlip

from yolo_course.augment import Flip, Sample
from yolo_course.augment.flip import flip
from yolo_course.errors import CourseError

THEIRS = {"horizontal": v2.functional.horizontal_flip, "vertical": v2.functional.vertical_flip}


@pytest.mark.parametrize("direction", THEIRS)
def test_equal_to_torchvision(make, direction):
    sample, theirs = make(more=True), THEIRS[direction]
    found = flip(sample, direction)
    boxes = tv_tensors.BoundingBoxes(sample.boxes, format="XYXY", canvas_size=sample.size)
    np.testing.assert_array_equal(found.image, theirs(torch.tensor(sample.image).permute(2, 0, 1)).permute(1, 2, 0))
    np.testing.assert_array_equal(found.boxes, theirs(boxes))
    np.testing.assert_array_equal(found.masks, theirs(torch.tensor(sample.masks)))


@pytest.mark.parametrize("direction", THEIRS)
def test_equal_to_ultralytics(make, to_labels, direction):
    sample = make(more=True)
    labels = RandomFlip(p=1.0, direction=direction)(to_labels(sample))
    labels["instances"].convert_bbox("xyxy")
    found = flip(sample, direction)
    np.testing.assert_array_equal(found.image, labels["img"][..., ::-1])
    np.testing.assert_allclose(found.boxes, labels["instances"].bboxes, atol=1e-4)
    np.testing.assert_array_equal(np.stack(found.segments), labels["instances"].segments)


@given(
    size=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    boxes=st.lists(st.tuples(*[st.floats(0, 40, width=16)] * 4), max_size=4),
    direction=st.sampled_from(sorted(THEIRS)),
    seed=st.integers(0, 99),
)
def test_twice_is_the_identity(size, boxes, direction, seed):
    image = np.random.default_rng(seed).integers(0, 256, (*size, 3), dtype=np.uint8)
    sample = Sample(image, [(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in boxes], [0] * len(boxes))
    once = flip(sample, direction)
    twice = flip(once, direction)
    np.testing.assert_array_equal(twice.image, sample.image)
    np.testing.assert_allclose(twice.boxes, sample.boxes, atol=1e-4)
    assert (once.boxes[:, 2:] >= once.boxes[:, :2]).all()


def test_half_of_the_pictures_are_flipped(make):
    sample, rng = make(), np.random.default_rng(0)
    flipped = sum(Flip()(sample, rng) is not sample for _ in range(400))
    assert abs(flipped - 200) < 60  # six standard deviations


def test_another_direction_is_refused():
    with pytest.raises(CourseError, match="horizontal or vertical, found 'sideways'"):
        Flip("sideways")
