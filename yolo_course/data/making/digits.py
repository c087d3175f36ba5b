"""Real handwriting on real photographs: detection data with ten classes.

A box is tight around the ink of its digit. `sources.csv` tells for every digit which image of `load_digits` it was, and
for every image which square of which photograph lies behind it; no source is in two splits.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

import cv2
import numpy as np

from yolo_course.data.making.handwriting import Crop, crop, digits, draw_ink, sources
from yolo_course.data.making.light import photograph
from yolo_course.data.making.recipes import Progress, Recipe
from yolo_course.data.making.writing import make_folders, write_data_yaml, write_image, write_labels

NAMES = tuple("0123456789")
HEADER = ("image", "split", "digit", "source", "photo", "x", "y", "side")
CONTRAST = 60  # grey levels between ink and nearly all that lies under it
TRIES = 12


@dataclass(frozen=True)
class Page:
    """An image (size, size, 3) uint8, the crop behind it, and per digit: source, class and box (n, 4) in pixels."""

    image: np.ndarray
    crop: Crop
    sources: list[int]
    classes: np.ndarray
    boxes: np.ndarray


def write(folder: Path, recipe: Recipe, progress: Progress) -> None:
    """Write the dataset into an empty folder."""
    make_folders(folder, ("images", "labels"))
    with (folder / "sources.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(HEADER)
        for done, (split, index, page) in enumerate(_pages(recipe), 1):
            stem = f"{split}/{index:05d}"
            write_image(folder / f"images/{stem}.jpg", page.image)
            write_labels(folder / f"labels/{stem}.txt", page.classes, page.boxes, recipe.size)
            behind = (page.crop.photo, page.crop.x, page.crop.y, len(page.crop.pixels))
            pairs = zip(page.classes.tolist(), page.sources, strict=True)
            table.writerows((f"{stem}.jpg", split, digit, source, *behind) for digit, source in pairs)
            progress(done, recipe.images)
    title = f"digits: {recipe.images} images of {recipe.size} px, seed {recipe.seed}"
    write_data_yaml(folder / "digits.yaml", NAMES, title)


def _pages(recipe: Recipe) -> Iterator[tuple[str, int, Page]]:
    for number, (split, count) in enumerate(recipe.splits().items()):
        pile = _pile(split, np.random.default_rng((recipe.seed, number)))
        for index in range(count):
            yield split, index, compose(split, pile, np.random.default_rng((recipe.seed, number, index)), recipe.size)


def _pile(split: str, rng: np.random.Generator) -> Iterator[int]:
    """Yield a split's sources shuffled, again and again: each is used once before any is used twice."""
    return chain.from_iterable(rng.permutation(pool).tolist() for pool in repeat(sources(split)))


def compose(split: str, pile: Iterator[int], rng: np.random.Generator, size: int) -> Page:
    """Write one to five digits on a crop of a photograph."""
    behind = crop(split, rng)
    ways = cv2.INTER_AREA if len(behind.pixels) > size else cv2.INTER_CUBIC
    image = cv2.resize(behind.pixels, (size, size), interpolation=ways).astype(np.float32)
    if rng.random() < 0.5:
        image = np.ascontiguousarray(image[:, ::-1])
    used, boxes = [], []
    for _ in range(int(rng.integers(1, 6))):
        source = next(pile)
        ink = draw_ink(source, size * rng.uniform(0.2, 0.42), rng)
        box = _free_place(ink.shape, boxes, size, rng)
        if box is not None:
            _write_ink(image, ink, box, rng)
            used.append(source)
            boxes.append(box)
    classes = digits()[1][used]
    return Page(photograph(image, rng), behind, used, classes, np.array(boxes, dtype=np.float64))


def _free_place(shape: tuple, boxes: list[tuple], size: int, rng: np.random.Generator) -> tuple | None:
    """Find a box for a digit that touches no other; None when the page is full."""
    height, width = shape
    for x, y in rng.random((TRIES, 2)):
        x1, y1 = int(x * (size - width)), int(y * (size - height))
        x2, y2 = x1 + width, y1 + height
        if all(x2 < left or x1 > right or y2 < top or y1 > bottom for left, top, right, bottom in boxes):
            return x1, y1, x2, y2
    return None


def _write_ink(image: np.ndarray, ink: np.ndarray, box: tuple, rng: np.random.Generator) -> None:
    """Blend ink into the image: darker or lighter than what lies under it, tinted, not quite opaque."""
    x1, y1, x2, y2 = box
    under = image[y1:y2, x1:x2]
    dark, light = np.percentile(under.mean(2), (15, 85)).tolist()
    lighter = rng.random() < 0.5 if min(dark, 255 - light) > CONTRAST else 255 - light > dark
    level = rng.uniform(min(light + CONTRAST, 245), 255) if lighter else rng.uniform(0, max(dark - CONTRAST, 10))
    colour = np.clip(level + rng.uniform(-30, 30, 3), 0, 255).astype(np.float32)
    cover = ink[..., None] * np.float32(rng.uniform(0.8, 1))  # (h, w) -> (h, w, 1)
    image[y1:y2, x1:x2] = under + cover * (colour - under)
