"""Several transforms, one after the other."""

from collections.abc import Callable

import numpy as np

from yolo_course.augment.sample import Sample
from yolo_course.errors import CourseError


class Compose:
    """Applies transforms in their order, all from one generator.

    Args:
        *transforms: Called with a sample and a generator; functions of your own will do.

    Raises:
        CourseError: One of them cannot be called.

    Example:
        >>> augment = Compose(Flip(p=0.5), HSV())  # doctest: +SKIP
        >>> augment(sample, np.random.default_rng(0))  # doctest: +SKIP
    """

    def __init__(self, *transforms: Callable[[Sample, np.random.Generator], Sample]):
        for transform in transforms:
            if not callable(transform):
                raise CourseError("not a transform", expected="something to call", found=type(transform).__name__)
        self.transforms = transforms

    def __call__(self, sample: Sample, rng: np.random.Generator) -> Sample:
        for transform in self.transforms:
            sample = transform(sample, rng)
        return sample

    def __repr__(self) -> str:
        return f"Compose({', '.join(map(repr, self.transforms))})"
