"""Affine moves against warped masks, NumPy's turns, torchvision's and Ultralytics' own."""

import random

import numpy as np
import pytest
import torch
from torchvision import tv_tensors
from torchvision.transforms import v2
from ultralytics.data.augment import RandomPerspective

from yolo_course.augment import Affine, Sample
from yolo_course.augment.affine import HALF, affine_matrix, move, warp
from yolo_course.augment.flip import flip
from yolo_course.errors import CourseError

CASES = [
    {"degrees": 30},
    {"degrees": -100, "scale": 0.7},
    {"scale": 1.3, "shift": (0.05, -0.1)},
    {"shear": (12, -7), "scale": 0.8},
    {"degrees": 8, "scale": 0.9, "shear": (5, 5), "shift": (0.1, 0.05)},
]


@pytest.mark.parametrize("settings", CASES)
def test_boxes_are_those_of_warped_masks(make, bounds_of, settings):
    """The moved rectangle, drawn by hand: a pixel is set if its centre, moved back, lies in the box."""
    sample = make(4, boxes=6, size=(120, 160), more=True)
    matrix = affine_matrix(sample.size, **settings)
    found = warp(sample, matrix, share=0)
    back = np.linalg.inv(matrix)
    y, x = np.mgrid[:120, :160] + 0.5
    source = move(np.stack((x, y), -1), back)  # (h, w, 2)
    checked = 0
    for box, moved in zip(sample.boxes, _boxes(sample, matrix), strict=True):
        drawn = ((source >= box[:2]) & (source < box[2:])).all(-1)
        if (moved[:2] > 1).all() and (moved[2:] < (159, 119)).all():
            assert np.abs(bounds_of(drawn) - moved).max() <= 1.5
            checked += 1
    assert checked >= 3
    for mask, box in zip(found.masks, found.boxes, strict=True):
        assert (np.abs(bounds_of(mask) - box) <= 1.5).all() or (bounds_of(mask)[:2] >= box[:2] - 1.5).all()


def _boxes(sample, matrix):
    """Moved, not cut."""
    corners = np.stack([move(np.array(polygon), matrix) for polygon in sample.segments])
    return np.concatenate((corners.min(1), corners.max(1)), 1)


@pytest.mark.parametrize(("degrees", "turns"), [(90, 1), (180, 2), (270, 3), (-90, 3)])
def test_quarter_turns_are_exact(make, degrees, turns):
    sample = make(1, size=(64, 64))
    found = warp(sample, affine_matrix(sample.size, degrees))
    np.testing.assert_array_equal(found.image, np.rot90(sample.image, turns))
    if turns == 2:
        np.testing.assert_allclose(found.boxes, flip(flip(sample), "vertical").boxes, atol=1e-4)


@pytest.mark.parametrize("settings", [case for case in CASES if "shear" not in case])
def test_images_and_boxes_are_those_of_torchvision(make, settings):
    """torchvision turns clockwise for positive angles and gives its shift in pixels; its shear is of another kind."""
    settings = {"degrees": 0, "scale": 1.0, "shift": (0, 0)} | settings
    sample = make(2, size=(90, 90))
    found = warp(sample, affine_matrix(sample.size, **settings), share=0)
    theirs = {
        "angle": -settings["degrees"],
        "translate": [part * 90 for part in settings["shift"]],
        "scale": settings["scale"],
        "shear": [0.0, 0.0],
    }
    boxes = tv_tensors.BoundingBoxes(sample.boxes, format="XYXY", canvas_size=sample.size)
    moved = v2.functional.clamp_bounding_boxes(v2.functional.affine(boxes, **theirs))
    kept = ((moved[:, 2:] - moved[:, :2]) > 2).all(1).numpy()
    np.testing.assert_allclose(found.boxes, moved.numpy()[kept], atol=1e-2)
    image = torch.tensor(sample.image).permute(2, 0, 1)
    image = v2.functional.affine(
        image, **theirs, interpolation=v2.InterpolationMode.BILINEAR, fill=[114.0, 114.0, 114.0]
    )
    assert np.abs(found.image.astype(int) - image.permute(1, 2, 0).numpy()).mean() < 2


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("more", [False, True])
def test_equal_to_ultralytics(make, to_labels, seed, more):
    """The same matrix on boxes; on the image, Ultralytics lets it count pixels where ours measures from their edges."""
    sample = make(seed, boxes=3, size=(128, 128), more=more)
    random.seed(seed)
    theirs = RandomPerspective(degrees=20, translate=0.05, scale=0.2, shear=5, perspective=0.0 if seed < 4 else 1e-4)
    labels = to_labels(sample)
    params = theirs.get_params(labels)
    labels = theirs.apply_instances(theirs.apply_image(labels, params), params)
    matrix = params["M"].astype(np.float64)
    found = warp(sample, matrix)
    close = 0.15 if more else 0.02  # of a polygon that is cut, Ultralytics takes the box of its points inside
    np.testing.assert_allclose(found.boxes, labels["instances"].bboxes, atol=close)
    np.testing.assert_array_equal(found.classes, labels["cls"][:, 0])
    image = warp(sample, HALF @ matrix @ np.linalg.inv(HALF)).image
    gap = np.abs(image.astype(int) - labels["img"][..., ::-1])
    assert (gap <= 1).mean() > 0.999


@pytest.mark.parametrize(
    "settings", [{}, {"degrees": 33}, {"degrees": -70, "scale": 1.4}, {"shear": (10, -4), "scale": 0.6}]
)
def test_the_matrix_is_that_of_ultralytics(monkeypatch, settings):
    settings = {"degrees": 0.0, "scale": 1.0, "shear": (0.0, 0.0)} | settings
    drawn = iter([0, 0, settings["degrees"], settings["scale"], *settings["shear"], 0.5 + 0.1, 0.5 - 0.2])
    monkeypatch.setattr("ultralytics.data.augment.random.uniform", lambda low, high: next(drawn))
    theirs, _ = RandomPerspective()._compute_affine_matrix(np.zeros((48, 80, 3), np.uint8), (80, 48))
    np.testing.assert_allclose(affine_matrix((48, 80), **settings, shift=(0.1, -0.2)), theirs, atol=1e-4)


def test_a_polygon_gives_a_tighter_box_than_the_corners_of_its_box():
    diamond = np.float32([[40, 20], [60, 40], [40, 60], [20, 40]])
    image, box = np.zeros((80, 80, 3), np.uint8), [[20, 20, 60, 60]]
    matrix = affine_matrix((80, 80), 45)
    half = 10 * np.sqrt(2)
    np.testing.assert_allclose(
        warp(Sample(image, box, [0], [diamond]), matrix).boxes,
        [[40 - half, 40 - half, 40 + half, 40 + half]],
        atol=1e-3,
    )
    np.testing.assert_allclose(
        warp(Sample(image, box, [0]), matrix).boxes,
        [[40 - 2 * half, 40 - 2 * half, 40 + 2 * half, 40 + 2 * half]],
        atol=1e-3,
    )


def test_what_is_cut_from_a_mosaic_is_its_middle(make):
    sample = make(0, size=(128, 128))
    found = Affine(translate=0, scale=0, size=(64, 64))(sample, np.random.default_rng(0))
    np.testing.assert_array_equal(found.image, sample.image[32:96, 32:96])


def test_the_draw_stays_within_its_limits(make):
    image = np.zeros((100, 100, 3), np.uint8)
    sample, rng = Sample(image, [[40, 40, 60, 60]], [0]), np.random.default_rng(0)
    boxes = np.concatenate([Affine(translate=0.1, scale=0.5)(sample, rng).boxes for _ in range(300)])
    sides, centres = boxes[:, 2:] - boxes[:, :2], (boxes[:, :2] + boxes[:, 2:]) / 2
    assert 10 <= sides.min() < 11
    assert 29 < sides.max() <= 30
    assert 40 <= centres.min() < 41
    assert 59 < centres.max() <= 60


def test_a_scale_that_could_be_zero_is_refused():
    with pytest.raises(CourseError, match="scale is out of range"):
        Affine(scale=1.0)
