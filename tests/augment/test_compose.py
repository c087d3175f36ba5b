"""Several transforms are those transforms, one after the other, from one generator."""

import numpy as np
import pytest

from yolo_course.augment import HSV, Compose, Flip
from yolo_course.augment.flip import flip
from yolo_course.errors import CourseError


def test_the_order_and_the_generator(make):
    sample, transforms = make(), (HSV(), Flip(p=1), lambda sample, rng: flip(sample, "vertical"))
    found = Compose(*transforms)(sample, np.random.default_rng(3))
    expected, rng = sample, np.random.default_rng(3)
    for transform in transforms:
        expected = transform(expected, rng)
    np.testing.assert_array_equal(found.image, expected.image)
    np.testing.assert_array_equal(found.boxes, expected.boxes)


def test_what_cannot_be_called_is_refused():
    with pytest.raises(CourseError, match=r"not a transform: expected something to call, found float"):
        Compose(Flip(), 0.5)


def test_it_says_what_it_holds():
    assert repr(Compose(Flip("vertical"))) == "Compose(Flip(p=0.5, direction='vertical'))"
