"""Four pictures on one (Bochkovskiy, Wang, Liao, YOLOv4, 2020, arXiv:2004.10934)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from yolo_course.augment.affine import FILL
from yolo_course.augment.cutting import cut
from yolo_course.augment.sample import Sample, join
from yolo_course.augment.transform import Transform
from yolo_course.errors import CourseError


def mosaic(samples: Sequence[Sample], size: tuple[int, int], centre: tuple[int, int]) -> Sample:
    """Lay four pictures around a point, each with a corner on it. What reaches beyond the canvas is cut.

    Args:
        samples: Top left, top right, bottom left, bottom right.
        size: Height and width of the canvas.
        centre: x and y of the point at which the four meet.

    Raises:
        CourseError: Not four samples, or a point outside of the canvas.
    """
    height, width = size
    if len(samples) != 4:
        raise CourseError("a mosaic has four pictures", expected=4, found=len(samples))
    if not (0 <= centre[0] <= width and 0 <= centre[1] <= height):
        raise CourseError("the four meet outside of the canvas", expected=f"within {width} x {height}", found=centre)
    canvas, parts = np.full((height, width, 3), FILL, np.uint8), []
    for place, sample in enumerate(samples):
        below, right = divmod(place, 2)
        left = centre[0] - (0 if right else sample.size[1])
        top = centre[1] - (0 if below else sample.size[0])
        paste(canvas, sample.image, left, top)
        parts.append(_moved(sample, left, top, size))
    return cut(join(canvas, parts))


def paste(canvas: np.ndarray, image: np.ndarray, left: int, top: int) -> None:
    """Write an image into a canvas, as far as it lies on it. `left` and `top` may be negative.

    Shape:
        canvas (h, w, ...), changed in place; image (h', w', ...).
    """
    (height, width), (rows, columns) = canvas.shape[:2], image.shape[:2]
    x1, y1, x2, y2 = max(left, 0), max(top, 0), min(left + columns, width), min(top + rows, height)
    if x1 < x2 and y1 < y2:
        canvas[y1:y2, x1:x2] = image[y1 - top : y2 - top, x1 - left : x2 - left]


@dataclass(frozen=True)
class Mosaic(Transform):
    """Lays three pictures of a pool beside the sample; the four meet in the middle half of the canvas.

    Args:
        pool: Samples to draw from.
        size: Height and width of the canvas; by default twice those of the sample. `Affine(size=…)` cuts it down.
        p: Probability.

    Raises:
        CourseError: An empty pool.
    """

    pool: Sequence[Sample] = field(repr=False)
    size: tuple[int, int] | None = None

    def __post_init__(self):
        super().__post_init__()
        not_empty(self.pool)

    def apply(self, sample: Sample, rng: np.random.Generator) -> Sample:
        """Draw three others and the point at which the four meet."""
        height, width = self.size or (2 * sample.size[0], 2 * sample.size[1])
        others = [self.pool[int(index)] for index in rng.integers(len(self.pool), size=3)]
        x, y = (int(length * share) for length, share in zip((width, height), rng.uniform(0.25, 0.75, 2), strict=True))
        return mosaic([sample, *others], (height, width), (x, y))


def not_empty(pool: Sequence[Sample]) -> None:
    """Raise unless there is something to draw from.

    Raises:
        CourseError: There is not.
    """
    if len(pool) == 0:
        raise CourseError("there is nothing to mix with", expected="a pool of one sample or more", found=0)


def _moved(sample: Sample, left: int, top: int, size: tuple[int, int]) -> Sample:
    """The sample with its coordinates on the canvas; its picture stays behind."""
    masks = sample.masks
    if masks is not None:
        masks = np.zeros((len(masks), *size), masks.dtype)
        for canvas, mask in zip(masks, sample.masks, strict=True):
            paste(canvas, mask, left, top)
    offset = np.array((left, top), np.float32)
    segments = None if sample.segments is None else [polygon + offset for polygon in sample.segments]
    canvas = np.broadcast_to(np.uint8(FILL), (*size, 3))  # a picture of that size which takes no memory
    return Sample(canvas, sample.boxes + np.tile(offset, 2), sample.classes, segments, masks)
