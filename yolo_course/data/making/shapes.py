"""Circles, squares and triangles among clutter, under uneven light, partly hidden: detection data with masks.

A box is tight around the *visible* part of its shape; at least three fifths of what the picture would hold of the
shape are visible, else it is not drawn.
A mask is one 8-bit PNG an image: 0, 1, 2 are the classes and 3 the background, as Ultralytics numbers it.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from yolo_course.data.making.clutter import draw_clutter, draw_ground, draw_sticks, plan_sticks
from yolo_course.data.making.light import photograph
from yolo_course.data.making.recipes import Progress, Recipe
from yolo_course.data.making.writing import make_folders, write_data_yaml, write_image, write_labels

NAMES = ("circle", "square", "triangle")
BACKGROUND = len(NAMES)
VISIBLE = 0.6
FRACTION = 4  # bits of a pixel that OpenCV's drawing takes


@dataclass(frozen=True)
class Shape:
    """One shape: its class, its outline in pixels (n, 2) and its radius."""

    cls: int
    outline: np.ndarray
    centre: np.ndarray
    radius: float


@dataclass(frozen=True)
class Scene:
    """An image (size, size, 3) uint8, its mask (size, size) uint8, classes (n,) and boxes (n, 4) in pixels."""

    image: np.ndarray
    mask: np.ndarray
    classes: np.ndarray
    boxes: np.ndarray


def write(folder: Path, recipe: Recipe, progress: Progress) -> None:
    """Write the dataset into an empty folder."""
    make_folders(folder, ("images", "labels", "masks"))
    done = 0
    for number, (split, count) in enumerate(recipe.splits().items()):
        for index in range(count):
            scene = compose(np.random.default_rng((recipe.seed, number, index)), recipe.size)
            stem = f"{split}/{index:05d}"
            write_image(folder / f"images/{stem}.jpg", scene.image)
            write_image(folder / f"masks/{stem}.png", scene.mask)
            write_labels(folder / f"labels/{stem}.txt", scene.classes, scene.boxes, recipe.size)
            done += 1
            progress(done, recipe.images)
    title = f"shapes: {recipe.images} images of {recipe.size} px, seed {recipe.seed}"
    write_data_yaml(folder / "shapes.yaml", NAMES, title)
    title = f"{title}, its masks for task=semantic"
    write_data_yaml(folder / "semantic.yaml", (*NAMES, "background"), title, masks_dir="masks")


def compose(rng: np.random.Generator, size: int) -> Scene:
    """Draw one scene."""
    sticks = plan_sticks(rng, size)
    shapes, owners = _visible(_plan(rng, size), sticks, size)
    image = draw_ground(rng, size)
    draw_clutter(image, rng)
    for shape in shapes:
        _paint(image, shape, rng)
    draw_sticks(image, sticks)
    classes = np.array([shape.cls for shape in shapes], dtype=np.int64)
    mask = np.append(classes, BACKGROUND).astype(np.uint8)[owners]  # (size, size), owner -1 is the background
    boxes = np.array([_extent(owners == index) for index in range(len(shapes))], dtype=np.float64)
    picture = photograph(image.astype(np.float32), rng)
    return Scene(picture, mask, classes, boxes.reshape(-1, 4))  # (0,) -> (0, 4) when nothing is there


def _plan(rng: np.random.Generator, size: int) -> list[Shape]:
    """Choose shapes that may touch and overlap a little, later ones lying above earlier ones."""
    shapes: list[Shape] = []
    for _ in range(int(rng.integers(1, 6))):
        radius = size * float(np.exp(rng.uniform(np.log(0.13), np.log(0.26))))
        centre = rng.uniform(0.8 * radius, size - 0.8 * radius, 2)
        cls, turn, skew = int(rng.integers(len(NAMES))), rng.uniform(-0.4, 0.4), rng.uniform(-0.2, 0.2, 3)
        if all(np.hypot(*(centre - other.centre)) > 0.82 * (radius + other.radius) for other in shapes):
            shapes.append(Shape(cls, centre + radius * _outline(cls, turn, skew), centre, radius))
    return shapes


def _outline(cls: int, turn: float, skew: np.ndarray) -> np.ndarray:
    """The outline on the unit circle. Shape: (n, 2)."""
    corners = (40, 4, 3)[cls]
    angles = turn - np.pi / 2 + (np.arange(corners) + (corners == 4) / 2) * (2 * np.pi / corners)
    if NAMES[cls] == "triangle":
        angles = angles + skew
    return np.stack((np.cos(angles), np.sin(angles)), axis=1)


def _visible(shapes: list[Shape], sticks: list, size: int) -> tuple[list[Shape], np.ndarray]:
    """Leave out what is hidden too far; also return which shape owns each pixel, -1 for none."""
    whole = [int(_fill(np.zeros((size, size), np.uint8), shape.outline, 1).sum()) for shape in shapes]
    while True:
        owners = np.full((size, size), -1, np.int16)
        for index, shape in enumerate(shapes):
            _fill(owners, shape.outline, index)
        draw_sticks(owners, sticks, -1)
        seen = np.bincount(owners.ravel() + 1, minlength=len(shapes) + 1)[1:]
        kept = [index for index, area in enumerate(whole) if seen[index] >= VISIBLE * area]
        if len(kept) == len(shapes):
            return shapes, owners
        shapes, whole = [shapes[index] for index in kept], [whole[index] for index in kept]


def _fill(canvas: np.ndarray, outline: np.ndarray, value: int, line: int = cv2.LINE_8) -> np.ndarray:
    points = np.round(outline * (1 << FRACTION)).astype(np.int32)
    return cv2.fillPoly(canvas, [points], value, line, FRACTION)


def _extent(pixels: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(pixels.any(1)), np.flatnonzero(pixels.any(0))
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


def _paint(image: np.ndarray, shape: Shape, rng: np.random.Generator) -> None:
    """Blend a shape into the image: smooth edge, a colour unlike what lies under it, shading, sometimes stripes."""
    size = len(image)
    alpha = _fill(np.zeros((size, size), np.uint8), shape.outline, 255, cv2.LINE_AA)
    x1, y1, x2, y2 = _extent(alpha > 0)
    under = image[y1:y2, x1:x2]
    cover = alpha[y1:y2, x1:x2, None].astype(np.float32) / 255  # (h, w) -> (h, w, 1)
    y, x = np.mgrid[y1:y2, x1:x2].astype(np.float32)
    turn = rng.uniform(0, 2 * np.pi)
    along = ((x - shape.centre[0]) * np.cos(turn) + (y - shape.centre[1]) * np.sin(turn)) / np.float32(shape.radius)
    tone = 1 + np.float32(rng.uniform(0, 0.3)) * along
    if rng.random() < 0.2:
        tone = tone * np.where(np.sin(along * rng.uniform(4, 9)) > 0.2, np.float32(0.78), np.float32(1))
    colour = _unlike(under.mean((0, 1)), rng)
    image[y1:y2, x1:x2] = np.clip(under + cover * (colour * tone[..., None] - under), 0, 255)


def _unlike(under: np.ndarray, rng: np.random.Generator, least: float = 80) -> np.ndarray:
    """A colour at least that far from the one beneath it in some channel, so that a shape can be seen at all."""
    colours = rng.uniform(25, 245, (8, 3)).astype(np.float32)
    distance = np.abs(colours - under).max(1)
    return colours[int(np.minimum(distance, least).argmax())]  # the first that is far enough, else the farthest
