"""Mirror a picture."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from yolo_course.augment.sample import Sample
from yolo_course.augment.transform import Transform
from yolo_course.errors import CourseError

DIRECTIONS = {"horizontal": 0, "vertical": 1}  # the coordinate that is turned round: x or y


def flip(sample: Sample, direction: str = "horizontal") -> Sample:
    """Mirror left and right, or top and bottom. Twice is the identity.

    A pixel at x goes to w - x. So the left edge of a box becomes the right one: the two change places.

    Args:
        sample: What to mirror.
        direction: "horizontal" or "vertical".

    Raises:
        CourseError: Another direction.
    """
    axis = _axis(direction)
    length = sample.size[1 - axis]
    boxes = sample.boxes.copy()
    boxes[:, [axis, axis + 2]] = length - sample.boxes[:, [axis + 2, axis]]
    segments, masks = sample.segments, sample.masks
    if segments is not None:
        offset, sign = np.zeros(2, np.float32), np.ones(2, np.float32)
        offset[axis], sign[axis] = length, -1
        segments = [offset + sign * polygon for polygon in segments]
    if masks is not None:
        masks = np.flip(masks, 2 - axis)
    return sample.replace(image=cv2.flip(sample.image, 1 - axis), boxes=boxes, segments=segments, masks=masks)


@dataclass(frozen=True)
class Flip(Transform):
    """Mirrors every other picture.

    Not for things that mean something else in the mirror: digits, letters, traffic signs.

    Args:
        direction: "horizontal" or "vertical".
        p: Probability.
    """

    direction: str = "horizontal"
    p: float = field(default=0.5, kw_only=True)

    def __post_init__(self):
        super().__post_init__()
        _axis(self.direction)

    def apply(self, sample: Sample, rng: np.random.Generator) -> Sample:
        """Mirror."""
        return flip(sample, self.direction)


def _axis(direction: str) -> int:
    if direction not in DIRECTIONS:
        raise CourseError("no such direction", expected=" or ".join(DIRECTIONS), found=repr(direction))
    return DIRECTIONS[direction]
