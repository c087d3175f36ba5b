"""A grainy picture."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from yolo_course.augment.sample import Sample
from yolo_course.augment.transform import Transform, within


def noise(image: np.ndarray, deviation: float, rng: np.random.Generator) -> np.ndarray:
    """Add to each value of each pixel a number of its own from a Gaussian, and cut at black and white.

    Args:
        image: The picture.
        deviation: Standard deviation in levels of 255.
        rng: Where the numbers come from.

    Shape:
        (h, w, 3) uint8 -> (h, w, 3) uint8.
    """
    grain = rng.standard_normal(image.shape, dtype=np.float32)
    grain *= deviation
    return cv2.add(image, grain, dtype=cv2.CV_8U)  # rounds, and saturates at both ends


@dataclass(frozen=True)
class Noise(Transform):
    """Draws how grainy.

    Args:
        deviation: Least and greatest standard deviation in levels of 255.
        p: Probability.
    """

    deviation: tuple[float, float] = (2.0, 12.0)
    p: float = field(default=0.2, kw_only=True)

    def __post_init__(self):
        super().__post_init__()
        within("deviation", self.deviation, 0, 255)

    def apply(self, sample: Sample, rng: np.random.Generator) -> Sample:
        """Add grain; boxes stay where they are."""
        return sample.replace(image=noise(sample.image, float(rng.uniform(*self.deviation)), rng))
