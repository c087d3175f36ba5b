"""Turn, scale, shear and move a picture; its boxes follow the corners."""

from dataclasses import dataclass
from math import radians, tan

import cv2
import numpy as np

from yolo_course.augment.cutting import LEAST_SHARE, cut
from yolo_course.augment.sample import Sample
from yolo_course.augment.transform import Transform, within

FILL = 114  # the grey that Ultralytics puts where no picture is
HALF = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])  # from the numbers of pixels to their centres


def affine_matrix(
    size: tuple[int, int],
    degrees: float = 0.0,
    scale: float = 1.0,
    shear: tuple[float, float] = (0.0, 0.0),
    shift: tuple[float, float] = (0.0, 0.0),
) -> np.ndarray:
    """The matrix that turns and scales a picture about its centre, shears it, and moves it.

    Args:
        size: Height and width of the picture.
        degrees: Turn, counter-clockwise as seen on the screen.
        scale: Factor.
        shear: Degrees along x and along y.
        shift: Share of the width and of the height to move by.

    Shape:
        returns (3, 3) float64: it maps (x, y, 1), in pixels, x to the right and y downwards.
    """
    height, width = size
    to_origin = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1.0]])
    turn = np.vstack((cv2.getRotationMatrix2D((0, 0), degrees, scale), (0, 0, 1)))
    slant = np.array([[1, tan(radians(shear[0])), 0], [tan(radians(shear[1])), 1, 0], [0, 0, 1]])
    back = np.array([[1, 0, (0.5 + shift[0]) * width], [0, 1, (0.5 + shift[1]) * height], [0, 0, 1]])
    return back @ slant @ turn @ to_origin  # read from right to left


def warp(sample: Sample, matrix: np.ndarray, size: tuple[int, int] | None = None, share: float = LEAST_SHARE) -> Sample:
    """Move a picture and what is on it by a matrix, affine or projective.

    A box becomes the smallest upright box around its four moved corners, or around its moved polygon where there is
    one. A turned box is therefore larger than the thing in it, unless there is a polygon. What leaves the picture is
    cut or dropped by the rule of `cutting.cut`. The image is sampled so that the edges of boxes and those of pixels
    agree: a half turn is the same as two flips.

    Args:
        sample: What to move.
        matrix: Maps (x, y, 1) in pixels.
        size: Height and width of the new picture; that of the old one by default.
        share: Of a box's area that must stay inside.

    Shape:
        matrix (3, 3).
    """
    height, width = size or sample.size
    moved = np.linalg.inv(HALF) @ matrix @ HALF  # OpenCV counts pixels, boxes measure from the edge of the first
    segments, masks = sample.segments, sample.masks
    if masks is not None:
        masks = np.array([_drawn(np.uint8(mask), moved, (width, height), cv2.INTER_NEAREST, 0) for mask in masks])
        masks = masks.reshape(-1, height, width).astype(sample.masks.dtype)  # (0,) -> (0, h, w) without any
    if segments is not None:
        segments = [move(polygon, matrix) for polygon in segments]
        boxes = np.array([(*polygon.min(0), *polygon.max(0)) for polygon in segments], np.float32)
    else:
        boxes = move_boxes(sample.boxes, matrix)
    image = _drawn(sample.image, moved, (width, height), cv2.INTER_LINEAR, FILL)
    return cut(Sample(image, boxes, sample.classes, segments, masks), share)


def move(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Where points go.

    Shape:
        points (..., 2); matrix (3, 3); returns (..., 2) float32.
    """
    moved = points @ matrix[:, :2].T + matrix[:, 2]  # (..., 2) -> (..., 3)
    return (moved[..., :2] / moved[..., 2:]).astype(np.float32)


def move_boxes(boxes: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """The smallest upright boxes around the moved corners.

    Shape:
        boxes (n, 4) as x1 y1 x2 y2; matrix (3, 3); returns (n, 4) float32.
    """
    corners = move(boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2), matrix)  # (n, 8) -> (n, 4, 2)
    return np.concatenate((corners.min(1), corners.max(1)), 1)  # 2 of (n, 2) -> (n, 4)


@dataclass(frozen=True)
class Affine(Transform):
    """Draws a turn, a scale, a shear and a shift; the defaults are those of Ultralytics' training.

    Args:
        degrees: Farthest turn to either side.
        translate: Farthest shift to either side, as a share of the picture.
        scale: How far the factor may be from 1.
        shear: Farthest shear to either side, in degrees.
        size: Height and width of the new picture, cut from the middle of the old one; the old one's by default. A
            mosaic is twice as large as what is trained on: this is where it is cut.
        p: Probability.
    """

    degrees: float = 0.0
    translate: float = 0.1
    scale: float = 0.5
    shear: float = 0.0
    size: tuple[int, int] | None = None

    def __post_init__(self):
        super().__post_init__()
        for name, high in (("degrees", 180), ("translate", 1), ("scale", 0.99), ("shear", 89)):
            within(name, getattr(self, name), 0, high)

    def apply(self, sample: Sample, rng: np.random.Generator) -> Sample:
        """Draw the matrix and move everything by it."""
        degrees, scale, shear_x, shear_y, shift_x, shift_y = rng.uniform(-1, 1, 6) * (
            self.degrees,
            self.scale,
            self.shear,
            self.shear,
            self.translate,
            self.translate,
        )
        size = self.size or sample.size
        matrix = affine_matrix(sample.size, degrees, 1 + scale, (shear_x, shear_y))
        (height, width), (new_height, new_width) = sample.size, size
        matrix[:2, 2] += ((0.5 + shift_x) * new_width - width / 2, (0.5 + shift_y) * new_height - height / 2)
        return warp(sample, matrix, size)


def _drawn(image: np.ndarray, matrix: np.ndarray, size: tuple[int, int], flags: int, fill: int) -> np.ndarray:
    """The image, moved; `size` is width and height, as OpenCV wants it."""
    border = (fill,) * 4
    if np.array_equal(matrix[2], (0, 0, 1)):
        return cv2.warpAffine(image, matrix[:2], size, flags=flags, borderValue=border)
    return cv2.warpPerspective(image, matrix, size, flags=flags, borderValue=border)
