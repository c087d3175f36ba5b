"""Two pictures in one, each half transparent (Zhang et al., mixup, 2017, arXiv:1710.09412)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from yolo_course.augment.mosaic import not_empty
from yolo_course.augment.sample import Sample, join
from yolo_course.augment.transform import Transform
from yolo_course.errors import CourseError


def mixup(first: Sample, second: Sample, share: float) -> Sample:
    """Add two pictures, weighted; the boxes of both are there.

    In classification the labels are weighted, too. A detector's boxes are not: each is fully there, however faint.

    Args:
        first: One picture.
        second: Another, of the same size.
        share: Weight of the first; the second has what is left of 1.

    Raises:
        CourseError: The sizes differ, or `share` is not between 0 and 1.
    """
    if first.size != second.size:
        raise CourseError("pictures of different sizes can't be mixed", expected=first.size, found=second.size)
    if not 0 <= share <= 1:
        raise CourseError("a share lies between 0 and 1", found=share)
    return join(cv2.addWeighted(first.image, share, second.image, 1 - share, 0), [first, second])


@dataclass(frozen=True)
class MixUp(Transform):
    """Mixes a sample of a pool into each picture.

    Args:
        pool: Samples to draw from, as large as those that are mixed.
        alpha: Of the beta distribution that the share comes from; 32 keeps it near a half, 1 makes all shares alike.
        p: Probability.

    Raises:
        CourseError: An empty pool, or an `alpha` that is not positive.
    """

    pool: Sequence[Sample] = field(repr=False)
    alpha: float = 32.0

    def __post_init__(self):
        super().__post_init__()
        not_empty(self.pool)
        if not self.alpha > 0:
            raise CourseError("alpha must be positive", found=self.alpha)

    def apply(self, sample: Sample, rng: np.random.Generator) -> Sample:
        """Draw the other picture and the share."""
        other = self.pool[int(rng.integers(len(self.pool)))]
        return mixup(sample, other, float(rng.beta(self.alpha, self.alpha)))
