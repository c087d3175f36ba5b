"""Perspective against OpenCV's own solution for four corners, and boxes against warped masks."""

import cv2
import numpy as np
import pytest
import torch
from torchvision import tv_tensors
from torchvision.transforms import v2

from yolo_course.augment import Perspective
from yolo_course.augment.affine import move, warp
from yolo_course.augment.perspective import perspective_matrix


@pytest.mark.parametrize("tilt", [(0.2, 0.0), (0.0, -0.15), (-0.1, 0.25)])
def test_the_matrix_is_the_one_through_its_four_corners(tilt):
    corners = np.float32([[0, 0], [96, 0], [96, 64], [0, 64]])
    matrix = perspective_matrix((64, 96), *tilt)
    theirs = cv2.getPerspectiveTransform(corners, move(corners, matrix))
    np.testing.assert_allclose(matrix / matrix[2, 2], theirs, atol=1e-4)


def test_the_near_edge_grows_and_the_centre_stays():
    moved = move(np.float32([[0, 0], [0, 64], [96, 0], [96, 64], [48, 32]]), perspective_matrix((64, 96), 0.2, 0))
    np.testing.assert_allclose(moved[1, 1] - moved[0, 1], 64 * 1.25, atol=1e-3)
    np.testing.assert_allclose(moved[3, 1] - moved[2, 1], 64 / 1.2, atol=1e-3)
    np.testing.assert_allclose(moved[4], (48, 32), atol=1e-4)


def test_boxes_and_image_are_those_of_torchvision(make):
    sample = make(3, boxes=6, size=(90, 120))
    matrix = perspective_matrix(sample.size, 0.1, -0.08)
    found = warp(sample, matrix, share=0)
    start = [[0, 0], [120, 0], [120, 90], [0, 90]]
    end = move(np.float32(start), matrix).tolist()
    start, end = ([[x - 0.5, y - 0.5] for x, y in points] for points in (start, end))  # torchvision counts pixels
    boxes = tv_tensors.BoundingBoxes(sample.boxes, format="XYXY", canvas_size=sample.size)
    moved = v2.functional.clamp_bounding_boxes(v2.functional.perspective(boxes, start, end))
    np.testing.assert_allclose(found.boxes, moved.numpy(), atol=0.6)
    image = torch.tensor(sample.image).permute(2, 0, 1)
    image = v2.functional.perspective(image, start, end, fill=[114.0] * 3).permute(1, 2, 0).numpy()
    assert np.abs(found.image.astype(int) - image).mean() < 2


def test_boxes_hold_their_masks(make, bounds_of):
    sample, rng = make(5, boxes=6, size=(120, 160), more=True), np.random.default_rng(0)
    for _ in range(20):
        found = Perspective(0.2)(sample, rng)
        for mask, box in zip(found.masks, found.boxes, strict=True):
            drawn = bounds_of(mask)
            assert (drawn[:2] >= box[:2] - 1.5).all()
            assert (drawn[2:] <= box[2:] + 1.5).all()
