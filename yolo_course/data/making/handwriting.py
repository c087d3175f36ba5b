"""Real handwritten digits and real photographs, each split into train and val before anything is made of them.

The digits are scikit-learn's `load_digits` (1797 images of 8 × 8, UCI ML "Optical Recognition of Handwritten Digits");
the photographs are its `load_sample_images`. The split is the same for every seed, so sets made with other seeds can
still serve as held-out data. The source does not say who wrote what: images are kept apart, writers can't be.
"""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from sklearn.datasets import load_digits, load_sample_images

VAL_PER_CLASS = 36  # 360 of 1797, one in five
DIVIDE = 0.7  # of a photograph's width: left of it is train, right of it is val
SIDES = (72, 180)  # of a square crop, in pixels of the photograph


@dataclass(frozen=True)
class Crop:
    """A square of a photograph: which one, where, and its pixels (side, side, 3) uint8."""

    photo: str
    x: int
    y: int
    pixels: np.ndarray


@cache
def digits() -> tuple[np.ndarray, np.ndarray]:
    """Return ink (1797, 8, 8) float32 in [0, 1] and the digit that each image shows (1797,)."""
    bunch = load_digits()
    return bunch.images.astype(np.float32) / 16, bunch.target


@cache
def sources(split: str) -> tuple[int, ...]:
    """Return the indices of a split's images, their classes in turn, so that any beginning of it is balanced."""
    rng, target = np.random.default_rng(0), digits()[1]
    queues = [rng.permutation(np.flatnonzero(target == digit)) for digit in range(10)]
    queues = [queue[:VAL_PER_CLASS] if split == "val" else queue[VAL_PER_CLASS:] for queue in queues]
    ranked = [(rank, digit, int(index)) for digit, queue in enumerate(queues) for rank, index in enumerate(queue)]
    return tuple(index for _, _, index in sorted(ranked))


def crop(split: str, rng: np.random.Generator) -> Crop:
    """Cut a random square out of the part of a photograph that belongs to a split."""
    name, photo = _photographs()[int(rng.integers(2))]
    height, width = photo.shape[:2]
    left, right = (0, round(width * DIVIDE)) if split == "train" else (round(width * DIVIDE), width)
    side = int(rng.integers(*SIDES))
    x, y = int(rng.integers(left, right - side + 1)), int(rng.integers(0, height - side + 1))
    return Crop(name, x, y, photo[y : y + side, x : x + side])


def draw_ink(source: int, side: float, rng: np.random.Generator) -> np.ndarray:
    """Draw a digit at any size, a little turned and slanted, cut out tightly. Shape: (h, w) float32 in [0, 1]."""
    room = int(np.ceil(side * 1.7))
    turn, slant = rng.uniform(-0.2, 0.2), rng.uniform(-0.2, 0.2)
    shape = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ np.array([[1, slant], [0, 1]])
    linear = shape * (side / 8)
    shift = (room - 1) / 2 - linear @ np.array((4.5, 4.5))  # the middle of the padded 10 × 10 image
    matrix = np.hstack((linear, shift[:, None]))  # (2, 2) and (2, 1) -> (2, 3)
    ink = cv2.warpAffine(np.pad(digits()[0][source], 1), matrix, (room, room), flags=cv2.INTER_CUBIC)
    return trim(sharpen(ink))


def sharpen(ink: np.ndarray) -> np.ndarray:
    """Give the soft strokes of an enlarged digit an edge."""
    level = np.clip((ink - 0.32) / 0.4, 0, 1)
    return level * level * (3 - 2 * level)


def trim(ink: np.ndarray) -> np.ndarray:
    """Cut away the rows and columns that hold no more than half ink anywhere."""
    rows, columns = np.flatnonzero((ink > 0.5).any(1)), np.flatnonzero((ink > 0.5).any(0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


@cache
def _photographs() -> tuple[tuple[str, np.ndarray], ...]:
    bunch = load_sample_images()
    return tuple(
        (name.replace("\\", "/").rpartition("/")[2], image)
        for name, image in zip(bunch.filenames, bunch.images, strict=True)
    )
