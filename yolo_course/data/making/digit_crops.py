"""The handwriting alone, as a classification set: `train/0` … `train/9` and `val/0` … `val/9`.

A file is named after its place in `load_digits`; the splits are those of `digits`.
"""

from pathlib import Path

import cv2
import numpy as np

from yolo_course.data.making.handwriting import digits, sources
from yolo_course.data.making.recipes import Progress, Recipe
from yolo_course.data.making.writing import write_image
from yolo_course.errors import DataError


def write(folder: Path, recipe: Recipe, progress: Progress) -> None:
    """Write the dataset into an empty folder; the seed chooses nothing, every source is used once at most.

    Raises:
        DataError: More images are asked for than were written by hand.
    """
    images, targets = digits()
    if recipe.images > len(images):
        raise DataError("not so many digits", expected=f"{len(images)} at most", found=recipe.images, where="images")
    done = 0
    for split, count in recipe.splits().items():
        for digit in range(10):
            (folder / split / str(digit)).mkdir(parents=True)
        for source in sources(split)[:count]:
            write_image(folder / f"{split}/{targets[source]}/{source:04d}.png", enlarge(images[source], recipe.size))
            done += 1
            progress(done, recipe.images)


def enlarge(ink: np.ndarray, size: int) -> np.ndarray:
    """Draw a digit light on dark with a margin. Shape: (8, 8) in [0, 1] to (size, size, 3) uint8."""
    grey = cv2.resize(np.pad(ink, 1), (size, size), interpolation=cv2.INTER_CUBIC)
    return np.repeat(np.clip(grey * 255, 0, 255).astype(np.uint8)[..., None], 3, axis=2)  # (s, s) -> (s, s, 3)
