"""Mosaics against Ultralytics' and against a loop over pixels."""

import random
from types import SimpleNamespace

import numpy as np
import pytest
from ultralytics.data.augment import Mosaic as Theirs

from yolo_course.augment import Mosaic, Sample
from yolo_course.augment.mosaic import mosaic
from yolo_course.errors import CourseError


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("more", [False, True])
def test_equal_to_ultralytics(make, to_labels, seed, more):
    samples = [make(4 * seed + number, boxes=3, size=(64, 64), more=more) for number in range(4)]
    samples = [sample.replace(classes=3 * place + np.arange(3)) for place, sample in enumerate(samples)]
    labels, *others = (to_labels(sample) for sample in samples)
    random.seed(seed)
    dataset = SimpleNamespace(cache="ram", get_image_and_label=others.__getitem__)
    theirs = Theirs(dataset, imgsz=64)
    theirs.get_indexes = lambda: [0, 1, 2]
    state = random.getstate()
    params = theirs.get_params(labels)
    labels = theirs.apply_instances(theirs.apply_image(labels, params), params)
    random.setstate(state)
    y, x = (int(random.uniform(32, 96)) for _ in range(2))

    found = mosaic(samples, (128, 128), (x, y))
    np.testing.assert_array_equal(found.image, labels["img"][..., ::-1])
    boxes, classes = labels["instances"].bboxes, labels["cls"][:, 0].astype(int)
    sides = boxes[:, 2:] - boxes[:, :2]
    whole = np.concatenate([sample.boxes for sample in samples])
    whole = (whole[:, 2:] - whole[:, :2]).prod(1)[classes]
    stays = (sides > 2).all(1) & (sides.prod(1) >= 0.1 * whole)  # Ultralytics drops the others later, in its affine
    assert stays.sum() > 6
    np.testing.assert_allclose(found.boxes, boxes[stays], atol=1e-4)
    np.testing.assert_array_equal(found.classes, classes[stays])


@pytest.mark.parametrize("centre", [(20, 50), (64, 64), (110, 10), (0, 128)])
def test_each_pixel_comes_from_where_it_should(make, centre):
    samples = [make(number, size=(40 + 10 * number, 70 - 5 * number), more=True) for number in range(4)]
    found = mosaic(samples, (128, 128), centre)
    for y in range(0, 128, 3):
        for x in range(0, 128, 3):
            sample = samples[2 * (y >= centre[1]) + (x >= centre[0])]
            height, width = sample.size
            row = y - centre[1] + (0 if y >= centre[1] else height)
            column = x - centre[0] + (0 if x >= centre[0] else width)
            inside = 0 <= row < height and 0 <= column < width
            assert found.image[y, x].tolist() == (sample.image[row, column].tolist() if inside else [114] * 3)


def test_masks_and_boxes_agree(make, bounds_of):
    samples = [make(number, boxes=3, more=True) for number in range(4)]
    found = mosaic(samples, (128, 160), (70, 60))
    assert len(found.boxes) > 8
    for mask, box in zip(found.masks, found.boxes, strict=True):
        np.testing.assert_array_equal(bounds_of(mask), box)


def test_the_pool_is_drawn_from_and_the_canvas_is_twice_as_large():
    pool = [Sample(np.full((8, 8, 3), level, np.uint8), [[1, 1, 7, 7]], [level]) for level in range(10)]
    first, rng = Sample(np.full((8, 8, 3), 200, np.uint8), [], []), np.random.default_rng(0)
    seen, corners = set(), set()
    for _ in range(60):
        found = Mosaic(pool)(first, rng)
        assert found.size == (16, 16)
        colours = set(found.image[..., 0].ravel().tolist())
        assert 200 in colours
        seen |= colours
        corners.add(tuple(np.argwhere(found.image[..., 0] == 200).max(0).tolist()))
    assert seen == {*range(10), 114, 200}
    ends = np.array(sorted(corners)) + 1
    assert ends.min() == 4
    assert ends.max() == 11  # below three quarters of 16
    assert len(corners) > 30


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda make: mosaic([make()] * 3, (64, 64), (0, 0)), "four pictures: expected 4, found 3"),
        (lambda make: mosaic([make()] * 4, (64, 64), (65, 0)), "outside of the canvas"),
        (lambda make: Mosaic([]), "a pool of one sample or more"),
    ],
)
def test_mistakes_are_told_in_words(make, call, words):
    with pytest.raises(CourseError, match=words):
        call(make)
