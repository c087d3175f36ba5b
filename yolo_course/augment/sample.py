"""A picture and what is on it: what every transform takes, and what it gives."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from yolo_course.boxes import convert
from yolo_course.errors import DataError


@dataclass(frozen=True, eq=False)
class Sample:
    """A picture with boxes, and with polygons or masks where there are any. Transforms give a new one.

    Args:
        image: The picture, RGB.
        boxes: Corners in pixels; an edge of the picture lies at 0 and at its width or height.
        classes: One id a box.
        segments: One polygon a box, in pixels; it may reach beyond the picture. None where there are no polygons.
        masks: One a box. None where there are no masks.

    Shape:
        image (h, w, 3) uint8; boxes (n, 4) float32 as x1 y1 x2 y2; classes (n,) int64; segments n of (k, 2) float32;
        masks (n, h, w) bool or uint8.

    Raises:
        DataError: A shape or a type is another one, or the numbers of boxes, classes, segments and masks differ.

    Example:
        >>> Sample(np.zeros((8, 8, 3), np.uint8), [[1, 2, 5, 6]], [0]).boxes
        array([[1., 2., 5., 6.]], dtype=float32)
    """

    image: np.ndarray
    boxes: np.ndarray
    classes: np.ndarray
    segments: Sequence[np.ndarray] | None = None
    masks: np.ndarray | None = None

    def __post_init__(self):
        boxes = np.asarray(self.boxes, np.float32)
        boxes = boxes.reshape(-1, 4) if boxes.size == 0 else boxes  # (0,) -> (0, 4) of an empty list
        object.__setattr__(self, "boxes", boxes)
        object.__setattr__(self, "classes", np.asarray(self.classes, np.int64))
        image = self.image
        if not isinstance(image, np.ndarray) or image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
            raise DataError("not a picture", expected="(h, w, 3) uint8", found=_told(image))
        if boxes.ndim != 2 or boxes.shape[1] != 4:
            raise DataError("boxes have the wrong shape", expected="(n, 4)", found=boxes.shape)
        for name in ("classes", "segments", "masks"):
            given = getattr(self, name)
            if given is not None and len(given) != len(boxes):
                raise DataError(f"each box needs its own of the {name}", expected=len(boxes), found=len(given))
        if self.masks is not None and self.masks.shape[1:] != image.shape[:2]:
            raise DataError("a mask is as large as its picture", expected=image.shape[:2], found=self.masks.shape[1:])

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the picture."""
        return self.image.shape[:2]

    def replace(self, **changes: object) -> "Sample":
        """The same with other fields."""
        return replace(self, **changes)

    def select(self, keep: np.ndarray) -> "Sample":
        """Leave boxes out, with their classes, polygons and masks.

        Shape:
            keep (n,) bool.
        """
        if keep.all():
            return self
        return replace(
            self,
            boxes=self.boxes[keep],
            classes=self.classes[keep],
            segments=None if self.segments is None else [self.segments[index] for index in np.flatnonzero(keep)],
            masks=None if self.masks is None else self.masks[keep],
        )

    @classmethod
    def from_labels(cls, image: np.ndarray, labels: np.ndarray) -> "Sample":
        """Read YOLO's labels, as `yolo_course.data.read_labelled` gives them.

        Shape:
            image (h, w, 3) uint8; labels (n, 5): class, centre and size as fractions of the picture.
        """
        labels = np.asarray(labels, np.float64).reshape(-1, 5)  # (0,) -> (0, 5) where nothing is there
        return cls(image, convert(labels[:, 1:], "xywhn", "xyxy", image.shape[:2]), labels[:, 0])

    @property
    def labels(self) -> np.ndarray:
        """The boxes as YOLO's labels.

        Shape:
            (n, 5) float64: class, centre and size as fractions of the picture.
        """
        fractions = convert(self.boxes.astype(np.float64), "xyxy", "xywhn", self.size)
        return np.column_stack((self.classes, fractions))


def join(image: np.ndarray, parts: Sequence[Sample]) -> Sample:
    """Put what is on several samples onto one picture; their coordinates and masks must already be those of it.

    Raises:
        DataError: Some have polygons or masks and others have boxes without them.
    """
    return Sample(
        image,
        np.concatenate([part.boxes for part in parts]),
        np.concatenate([part.classes for part in parts]),
        segments=_joined("segments", parts, lambda lists: [polygon for each in lists for polygon in each]),
        masks=_joined("masks", parts, np.concatenate),
    )


def _joined(name: str, parts: Sequence[Sample], concatenate: object) -> object:
    """What all parts have of it; a part without boxes need not have any."""
    present = [getattr(part, name) for part in parts if getattr(part, name) is not None]
    if not present:
        return None
    lacking = sum(len(part.boxes) > 0 and getattr(part, name) is None for part in parts)
    if lacking:
        raise DataError(f"some samples have {name} and others have none", found=f"{lacking} of {len(parts)} without")
    return concatenate(present)


def _told(image: object) -> str:
    return f"{image.shape} {image.dtype}" if isinstance(image, np.ndarray) else type(image).__name__
