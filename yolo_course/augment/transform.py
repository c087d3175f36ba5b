"""What all transforms have in common: a chance to be applied, and a generator that is passed in."""

from dataclasses import dataclass
from numbers import Real

import numpy as np

from yolo_course.augment.sample import Sample
from yolo_course.errors import CourseError


@dataclass(frozen=True, kw_only=True)
class Transform:
    """Changes a sample with probability `p`. A subclass draws its numbers and does its work in `apply`.

    All chance comes from the generator of the call: the same seed gives the same picture, whatever ran before.

    Args:
        p: Probability that anything is done at all.

    Raises:
        CourseError: A number out of range, or a call without a generator.
    """

    p: float = 1.0

    def __post_init__(self):
        within("p", self.p, 0, 1)

    def __call__(self, sample: Sample, rng: np.random.Generator) -> Sample:
        if not isinstance(rng, np.random.Generator):
            hint = "pass np.random.default_rng(seed)"
            raise CourseError(
                "a transform needs a generator", expected="Generator", found=type(rng).__name__, hint=hint
            )
        return self.apply(sample, rng) if rng.random() < self.p else sample

    def apply(self, sample: Sample, rng: np.random.Generator) -> Sample:
        """Change the sample; `p` has been asked already."""
        raise NotImplementedError(f"{type(self).__name__} has no apply")


def within(name: str, value: object, low: float, high: float) -> None:
    """Raise unless a number, or each number of a pair, lies between two limits, and the pair is in order.

    Raises:
        CourseError: It does not.
    """
    values = value if isinstance(value, tuple) else (value,)
    numbers = all(isinstance(each, Real) and low <= each <= high for each in values)
    if not numbers or list(values) != sorted(values):
        raise CourseError(f"{name} is out of range", expected=f"from {low:g} to {high:g}", found=value)
