"""Look at a picture from the side: a projective transform with boxes."""

from dataclasses import dataclass

import numpy as np

from yolo_course.augment.affine import warp
from yolo_course.augment.sample import Sample
from yolo_course.augment.transform import Transform, within


def perspective_matrix(size: tuple[int, int], tilt_x: float, tilt_y: float) -> np.ndarray:
    """The matrix that tilts a picture about its centre.

    Args:
        size: Height and width of the picture.
        tilt_x: How much nearer the left edge comes, from -1 to 1; at 0.2 it grows by a quarter and the right edge
            shrinks by a sixth.
        tilt_y: The same for the upper edge.

    Shape:
        returns (3, 3) float64: it maps (x, y, 1) in pixels to (x', y', w), to be divided by w.
    """
    height, width = size
    to_origin = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1.0]])
    tilt = np.array([[1, 0, 0], [0, 1, 0], [2 * tilt_x / width, 2 * tilt_y / height, 1]])
    return np.linalg.inv(to_origin) @ tilt @ to_origin


@dataclass(frozen=True)
class Perspective(Transform):
    """Draws a tilt to either side.

    Args:
        tilt: The farthest, along x and along y; at most 0.3, so that nothing comes to lie behind the viewer.
        p: Probability.
    """

    tilt: float = 0.1

    def __post_init__(self):
        super().__post_init__()
        within("tilt", self.tilt, 0, 0.3)

    def apply(self, sample: Sample, rng: np.random.Generator) -> Sample:
        """Draw the matrix and move everything by it."""
        return warp(sample, perspective_matrix(sample.size, *rng.uniform(-self.tilt, self.tilt, 2)))
