"""Holes against a loop over pixels."""

import numpy as np
import pytest

from yolo_course.augment import Cutout, Sample
from yolo_course.augment.cutout import cutout
from yolo_course.errors import CourseError


def test_against_a_loop_over_pixels(make):
    rng = np.random.default_rng(0)
    for seed in range(12):
        sample = make(seed, boxes=6, more=True)
        first = rng.integers(-20, 80, (5, 2))
        holes = np.hstack((first, first + rng.integers(1, 50, (5, 2))))
        found = cutout(sample, holes)
        hidden = np.zeros(sample.size, bool)
        for y in range(sample.size[0]):
            for x in range(sample.size[1]):
                hidden[y, x] = any(x1 <= x < x2 and y1 <= y < y2 for x1, y1, x2, y2 in holes.tolist())
        np.testing.assert_array_equal(found.image, np.where(hidden[..., None], 114, sample.image))
        left = [(mask & ~hidden).sum() / mask.sum() for mask in sample.masks]
        kept = [number for number, share in enumerate(left) if share >= 0.25]
        np.testing.assert_array_equal(found.boxes, sample.boxes[kept])
        np.testing.assert_array_equal(found.masks, (sample.masks & ~hidden)[kept])


def test_boxes_between_pixels_count_those_they_touch():
    sample = Sample(np.zeros((20, 20, 3), np.uint8), [[2.5, 2.5, 5.5, 5.5]], [0])
    assert len(cutout(sample, np.array([[2, 2, 5, 6]])).boxes) == 1  # 12 of 16 pixels: just 0.75
    assert len(cutout(sample, np.array([[2, 2, 5, 6], [5, 2, 6, 3]])).boxes) == 0


def test_holes_are_as_many_and_as_large_as_asked():
    sample, rng = Sample(np.zeros((100, 200, 3), np.uint8), [], []), np.random.default_rng(0)
    shares = [(Cutout(1, (0.2, 0.4), p=1)(sample, rng).image == 114).mean() for _ in range(300)]
    assert max(shares) <= 0.17
    assert max(shares) > 0.13
    assert min(shares) < 0.04  # a hole may reach beyond the border
    hits = sum((Cutout(3, (0.3, 0.3), p=1)(sample, rng).image[..., 0] == 114).astype(int) for _ in range(300))
    assert hits[0, 0] > 30  # the corners are hidden as often as the middle, or nearly so
    assert hits[50, 100] > 30


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Cutout(0), "holes must be a whole number"),
        (lambda: Cutout(side=(0.5, 0.2)), "side is out of range"),
        (lambda: Cutout(p=2), "p is out of range: expected from 0 to 1, found 2"),
    ],
)
def test_mistakes_are_told_in_words(call, words):
    with pytest.raises(CourseError, match=words):
        call()
