"""A picture out of focus."""

from dataclasses import dataclass, field
from math import ceil

import cv2
import numpy as np

from yolo_course.augment.sample import Sample
from yolo_course.augment.transform import Transform, within
from yolo_course.errors import CourseError


def blur(image: np.ndarray, sigma: float) -> np.ndarray:
    """Blur by a Gaussian, to three times its width on either side.

    Args:
        image: The picture.
        sigma: Standard deviation in pixels.

    Shape:
        (h, w, 3) uint8 -> (h, w, 3) uint8.

    Raises:
        CourseError: `sigma` is not positive.
    """
    if not sigma > 0:
        raise CourseError("sigma must be positive", found=sigma)
    side = 2 * ceil(3 * sigma) + 1
    return cv2.GaussianBlur(image, (side, side), sigma, borderType=cv2.BORDER_REFLECT_101)


@dataclass(frozen=True)
class Blur(Transform):
    """Draws how far out of focus.

    Args:
        sigma: Least and greatest standard deviation in pixels.
        p: Probability.
    """

    sigma: tuple[float, float] = (0.3, 1.5)
    p: float = field(default=0.2, kw_only=True)

    def __post_init__(self):
        super().__post_init__()
        within("sigma", self.sigma, 0.01, 100)

    def apply(self, sample: Sample, rng: np.random.Generator) -> Sample:
        """Blur the picture; boxes stay where they are."""
        return sample.replace(image=blur(sample.image, float(rng.uniform(*self.sigma))))
