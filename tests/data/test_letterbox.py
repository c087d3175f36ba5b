"""The letterbox against Ultralytics' own, on pixels and boxes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ultralytics.data.augment import LetterBox
from ultralytics.utils.instance import Instances

from yolo_course.data import Letterbox, letterbox
from yolo_course.errors import DataError

SIDE = st.integers(1, 90)


def theirs(image, boxes, target, enlarge):
    instances = Instances(boxes.astype(np.float32), bbox_format="xyxy", normalized=False)
    done = LetterBox(target, scaleup=enlarge)(
        {"img": image.copy(), "instances": instances, "cls": np.zeros(len(boxes))}
    )
    return done["img"], done["instances"].bboxes


@settings(max_examples=150, deadline=None)
@given(SIDE, SIDE, SIDE, SIDE, st.booleans(), st.integers(0, 2**16))
def test_pixels_and_boxes_are_those_of_ultralytics(height, width, rows, columns, enlarge, seed):
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    boxes = np.sort(rng.uniform(0, 1, (3, 2, 2)), axis=1).reshape(3, 4) * (width, height, width, height)
    found, moved = letterbox(image, boxes, (rows, columns), enlarge)
    expected, expected_boxes = theirs(image, boxes, (rows, columns), enlarge)
    assert np.array_equal(found, expected)
    assert np.allclose(moved, expected_boxes, atol=1e-3)
    assert np.allclose(Letterbox.fit(image.shape[:2], (rows, columns), enlarge).undo(moved), boxes)


def test_boxes_stay_around_their_pixels():
    """A white rectangle is found again where its box went."""
    image = np.zeros((60, 100, 3), np.uint8)
    image[15:45, 20:70] = 255
    canvas, moved = letterbox(image, np.array([[20, 15, 70, 45]]), 200)
    white = (canvas == 255).all(2)
    rows, columns = np.flatnonzero(white.any(1)), np.flatnonzero(white.any(0))
    assert np.allclose(moved[0], [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], atol=1)
    assert canvas[0, 0].tolist() == [114] * 3


def test_masks_and_no_boxes():
    canvas, moved = letterbox(np.ones((10, 20), np.uint8), np.zeros((0, 4)), 40)
    assert canvas.shape == (40, 40)
    assert moved.shape == (0, 4)


@pytest.mark.parametrize(("source", "target"), [((0, 4), 8), ((4, 4), 0), ((4, 4), (8,)), ((4, 4), (8, 8.5))])
def test_shapes_that_are_none_are_refused(source, target):
    with pytest.raises(DataError, match="not the shape of a picture"):
        Letterbox.fit(source, target)


def test_a_picture_of_another_shape_is_refused():
    with pytest.raises(DataError, match=r"expected \(4, 4\), found \(4, 5\)"):
        Letterbox.fit((4, 4), 8).image(np.zeros((4, 5, 3), np.uint8))
