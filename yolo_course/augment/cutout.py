"""Grey patches that hide parts of a picture (DeVries, Taylor, Cutout, 2017, arXiv:1708.04552)."""

from dataclasses import dataclass, field

import numpy as np

from yolo_course.augment.affine import FILL
from yolo_course.augment.sample import Sample
from yolo_course.augment.transform import Transform, within
from yolo_course.errors import CourseError

MOST_HIDDEN = 0.75  # of a box; a label for what can't be seen teaches to guess


def cutout(sample: Sample, holes: np.ndarray, most: float = MOST_HIDDEN) -> Sample:
    """Cover rectangles with grey. Boxes stay as they are; one that is hidden by more than `most` is dropped.

    Masks lose what is covered. Polygons stay as they are.

    Args:
        sample: What to cover.
        holes: Corners of the rectangles in whole pixels; they may overlap and reach beyond the picture.
        most: Share of a box's area that may be hidden.

    Shape:
        holes (k, 4) of whole numbers, as x1 y1 x2 y2.
    """
    image, hidden = sample.image.copy(), np.zeros(sample.size, bool)
    for x1, y1, x2, y2 in np.asarray(holes).clip(0).tolist():
        image[y1:y2, x1:x2], hidden[y1:y2, x1:x2] = FILL, True
    masks = None if sample.masks is None else sample.masks * ~hidden
    keep = np.array([_share(hidden, box) <= most for box in sample.boxes.tolist()], bool)
    return sample.replace(image=image, masks=masks).select(keep)


@dataclass(frozen=True)
class Cutout(Transform):
    """Draws the holes.

    Args:
        holes: How many.
        side: Their shortest and longest side, as shares of the picture's.
        p: Probability.
    """

    holes: int = 3
    side: tuple[float, float] = (0.1, 0.25)
    p: float = field(default=0.5, kw_only=True)

    def __post_init__(self):
        super().__post_init__()
        within("side", self.side, 0, 1)
        if not isinstance(self.holes, int) or self.holes < 1:
            raise CourseError("holes must be a whole number", expected="1 or more", found=self.holes)

    def apply(self, sample: Sample, rng: np.random.Generator) -> Sample:
        """Draw sizes and places; a hole may reach beyond the border, so that the rim is hidden as often."""
        size = np.array((sample.size[1], sample.size[0]))
        sides = rng.uniform(*self.side, (self.holes, 2)) * size
        corner = rng.uniform(0, 1, (self.holes, 2)) * (size + sides) - sides
        return cutout(sample, np.hstack((corner, corner + sides)).round().astype(int))


def _share(hidden: np.ndarray, box: list[float]) -> float:
    """How much of a box is hidden, counted in the pixels it touches."""
    (x1, y1), (x2, y2) = np.floor(box[:2]).astype(int), np.ceil(box[2:]).astype(int)
    seen = hidden[max(y1, 0) : y2, max(x1, 0) : x2]
    return np.count_nonzero(seen) / seen.size if seen.size else 0.0
