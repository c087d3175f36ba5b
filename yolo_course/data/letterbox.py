"""Letterbox: a picture on a canvas of another shape, nothing distorted, the rest grey, and its boxes moved along.

The numbers are those of Ultralytics' `LetterBox`: sides are rounded; an odd row or column of grey goes below or right.
"""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np

from yolo_course.errors import DataError

GREY = 114  # Ultralytics pads with it; near the mean of ImageNet's pixels


@dataclass(frozen=True)
class Letterbox:
    """Where a picture comes to lie on a canvas. Shapes are (height, width) in pixels.

    Args:
        source: Shape of the picture.
        inner: Its shape on the canvas.
        target: Shape of the canvas.
        ratio: Pixels of the canvas a pixel of the picture, the same along both sides.
        top: Rows of grey above it.
        left: Columns of grey to the left of it.

    Example:
        >>> placed = Letterbox.fit((480, 640), (320, 320))
        >>> placed.inner, placed.top, placed.left
        ((240, 320), 40, 0)
        >>> placed.boxes(np.array([[0, 0, 640, 480]])).tolist()
        [[0.0, 40.0, 320.0, 280.0]]
    """

    source: tuple[int, int]
    inner: tuple[int, int]
    target: tuple[int, int]
    ratio: float
    top: int
    left: int

    @classmethod
    def fit(cls, source: tuple[int, int], target: int | tuple[int, int], enlarge: bool = True) -> Self:
        """Place a picture in the middle of a canvas, as large as it fits.

        Args:
            source: Shape of the picture.
            target: Shape of the canvas; a number is a square's side.
            enlarge: Whether a picture smaller than the canvas grows.

        Raises:
            DataError: A side is no positive whole number.
        """
        source, target = _sides(source), _sides((target, target) if isinstance(target, int) else target)
        ratio = min(new / old for new, old in zip(target, source, strict=True))
        ratio = ratio if enlarge else min(ratio, 1.0)
        inner = tuple(max(round(side * ratio), 1) for side in source)  # a thin picture keeps a pixel
        top, left = ((side - used) // 2 for side, used in zip(target, inner, strict=True))
        return cls(source, inner, target, ratio, top, left)

    def image(self, image: np.ndarray) -> np.ndarray:
        """Put the picture on the canvas.

        Shape:
            - image: (h, w) or (h, w, c) uint8, `source` high and wide
            - returns: the same number of dimensions, `target` high and wide

        Raises:
            DataError: The picture has another shape.
        """
        if image.shape[:2] != self.source:
            raise DataError("the picture has another shape", expected=self.source, found=image.shape[:2])
        if self.inner != self.source:
            image = cv2.resize(image, self.inner[::-1], interpolation=cv2.INTER_LINEAR)
        below = self.target[0] - self.inner[0] - self.top
        right = self.target[1] - self.inner[1] - self.left
        # one number would fill the first channel only, the others would be black
        return cv2.copyMakeBorder(image, self.top, below, self.left, right, cv2.BORDER_CONSTANT, value=(GREY,) * 4)

    def boxes(self, boxes: np.ndarray) -> np.ndarray:
        """Move boxes from the picture to the canvas.

        Shape:
            - boxes: (..., 4) as x1 y1 x2 y2 in pixels of the picture
            - returns: (..., 4) in pixels of the canvas
        """
        return np.asarray(boxes, np.float64) * self.ratio + self._offset

    def undo(self, boxes: np.ndarray) -> np.ndarray:
        """Move boxes from the canvas back to the picture, where a detector's boxes are wanted.

        Shape:
            - boxes: (..., 4) as x1 y1 x2 y2 in pixels of the canvas
            - returns: (..., 4) in pixels of the picture
        """
        return (np.asarray(boxes, np.float64) - self._offset) / self.ratio

    @property
    def _offset(self) -> np.ndarray:
        return np.array((self.left, self.top, self.left, self.top))


def letterbox(
    image: np.ndarray, boxes: np.ndarray, target: int | tuple[int, int], enlarge: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """Letterbox a picture and its boxes.

    Shape:
        - image: (h, w) or (h, w, c) uint8
        - boxes: (n, 4) as x1 y1 x2 y2 in pixels
        - returns: the picture, `target` high and wide, and (n, 4)

    Raises:
        DataError: A side of the target is no positive whole number.
    """
    placed = Letterbox.fit(image.shape[:2], target, enlarge)
    return placed.image(image), placed.boxes(boxes)


def _sides(shape: tuple[int, int]) -> tuple[int, int]:
    if len(shape) != 2 or any(int(side) != side or side < 1 for side in shape):
        raise DataError("not the shape of a picture", expected="(height, width), 1 or more", found=shape)
    return int(shape[0]), int(shape[1])
