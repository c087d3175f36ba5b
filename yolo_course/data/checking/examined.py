"""One image of a dataset as `check` and `stats` see it: its size, its thumbnail and the boxes that are sound."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Examined:
    """One image with the boxes that have no error of their own.

    Args:
        split: train, val or test.
        image: The picture.
        label: Its label file, there or not.
        size: Height and width in pixels; None if it can't be read.
        lines: The line of each box in the label file, counted from 1.
        rows: Class, centre and size of each box, fractions of the image.
        thumbnail: What `near_duplicates` compares.

    Shape:
        rows (n, 5) float64; thumbnail (32, 32) uint8.
    """

    split: str
    image: Path
    label: Path
    size: tuple[int, int] | None
    lines: tuple[int, ...]
    rows: np.ndarray
    thumbnail: np.ndarray | None = None

    def sides(self, imgsz: int | None = None) -> np.ndarray:
        """Width and height of each box in pixels, of the image or of the image with its longer side resized to imgsz.

        Shape:
            (n, 2) float64; nothing for an image that can't be read.
        """
        if self.size is None:
            return np.zeros((0, 2))
        height, width = self.size
        scale = 1 if imgsz is None else imgsz / max(self.size)
        return self.rows[:, 3:] * (width * scale, height * scale)
