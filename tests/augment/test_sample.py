"""A sample refuses what no transform could work with, and keeps what belongs together together."""

import numpy as np
import pytest
import torch
from torchvision.ops import box_convert

from yolo_course.augment import Sample
from yolo_course.augment.sample import join
from yolo_course.errors import DataError

IMAGE = np.zeros((8, 12, 3), np.uint8)


def test_lists_become_arrays():
    sample = Sample(IMAGE, [[1, 2, 3, 4]], [2])
    assert (sample.boxes.dtype, sample.classes.dtype) == (np.float32, np.int64)
    assert Sample(IMAGE, [], []).boxes.shape == (0, 4)
    assert sample.size == (8, 12)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([[0] * 4], [0], [[0] * 4]), "not a picture.*found list"),
        ((np.zeros((8, 12, 3)), [], []), "found .*float64"),
        ((np.zeros((8, 12), np.uint8), [], []), "not a picture"),
        ((IMAGE, [[1, 2, 3]], [0]), "expected .n, 4."),
        ((IMAGE, [[1, 2, 3, 4]], [0, 1]), "of the classes: expected 1, found 2"),
        ((IMAGE, [[1, 2, 3, 4]], [0], []), "of the segments: expected 1, found 0"),
        ((IMAGE, [[1, 2, 3, 4]], [0], None, np.zeros((1, 8, 8))), "as large as its picture"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, words):
    with pytest.raises(DataError, match=words):
        Sample(*arguments)


def test_select_takes_everything_along(make):
    sample = make(boxes=4, more=True)
    left = sample.select(np.array([True, False, False, True]))
    for name in ("boxes", "classes", "masks", "segments"):
        np.testing.assert_array_equal(np.array(getattr(left, name)), np.array(getattr(sample, name))[[0, 3]])


def test_labels_there_and_back(make):
    sample = make()
    labels = sample.labels
    oracle = box_convert(torch.tensor(sample.boxes), "xyxy", "cxcywh").numpy() / (96, 64, 96, 64)
    np.testing.assert_allclose(labels[:, 1:], oracle, atol=1e-6)
    again = Sample.from_labels(sample.image, labels)
    np.testing.assert_allclose(again.boxes, sample.boxes, atol=1e-4)
    np.testing.assert_array_equal(again.classes, sample.classes)
    assert Sample.from_labels(IMAGE, np.zeros((0, 5))).labels.shape == (0, 5)


def test_join_lays_side_by_side(make):
    first, second, empty = make(0, more=True), make(1, more=True), make(2, boxes=0)
    both = join(first.image, [first, empty, second])
    np.testing.assert_array_equal(both.boxes, np.concatenate((first.boxes, second.boxes)))
    np.testing.assert_array_equal(both.masks, np.concatenate((first.masks, second.masks)))
    assert len(both.segments) == 10
    with pytest.raises(DataError, match=r"some samples have segments.*1 of 2 without"):
        join(first.image, [first, make(1)])
