"""The twelve faults of the messy data: what each is, how often it is planted, and the function that plants it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

# a rater's slips; none of them is a class name once blanks and capitals are seen to, but for the first and the last
SPELLINGS = {
    "circle": ("Circle", "circel", "circles", " circle"),
    "square": ("SQUARE", "squar", "squares", "square "),
    "triangle": ("Triangle", "tringle", "triangles", " triangle"),
}
EXCHANGED = {"square": "triangle", "triangle": "square"}


@dataclass
class Shape:
    """One object as its annotation tells it: class name, four numbers (corners in pixels, if sound), crowd or not."""

    name: str
    numbers: list[int]
    crowd: bool = False
    notation: str = "xyxy"


@dataclass
class Photo:
    """One picture (h, w, 3) uint8 and its annotation; `size` is the width and height that the annotation states."""

    file: str
    image: np.ndarray
    size: list[int]
    shapes: list[Shape] = field(default_factory=list)


Spoil = Callable[[Photo, np.random.Generator], list[int] | None]


@dataclass(frozen=True)
class Fault:
    """One kind of fault.

    Args:
        source: `camera` (VOC) or `archive` (COCO).
        told: What it is, as a sentence without a full stop.
        spoil: Plants it into a picture's annotation and returns the places of the objects that it touched, or None if
            the picture holds nothing that it could spoil. A twin needs two pictures and is planted elsewhere.
        share: Of the source's pictures.
        batch: Quarter of the source that has it as a whole, 1 to 4; None where it is scattered.
        shapes: A picture with so many objects is taken first.
    """

    source: str
    told: str
    spoil: Spoil | None
    share: float = 0.0
    batch: int | None = None
    shapes: int = 1


def _spelling(photo: Photo, rng: np.random.Generator) -> list[int]:
    for shape in photo.shapes:
        shape.name = str(rng.choice(SPELLINGS[shape.name]))
    return list(range(len(photo.shapes)))


def _swapped_corners(photo: Photo, rng: np.random.Generator) -> list[int]:
    for shape in photo.shapes:
        x1, y1, x2, y2 = shape.numbers
        shape.numbers = [x2, y2, x1, y1] if rng.random() < 0.5 else [x2, y1, x1, y2]
    return list(range(len(photo.shapes)))


def _zero_size(photo: Photo, rng: np.random.Generator) -> list[int]:
    photo.size = [0, 0]
    return []


def _turned_size(photo: Photo, rng: np.random.Generator) -> list[int]:
    photo.size.reverse()
    return []


def _lost_objects(photo: Photo, rng: np.random.Generator) -> list[int]:
    photo.shapes.clear()
    return []


def _corners_for_sides(photo: Photo, rng: np.random.Generator) -> list[int]:
    for shape in photo.shapes:
        shape.notation = "raw"  # written as they are, where COCO has left, top, width, height
    return list(range(len(photo.shapes)))


def _exchanged_names(photo: Photo, rng: np.random.Generator) -> list[int] | None:
    touched = [index for index, shape in enumerate(photo.shapes) if shape.name in EXCHANGED]
    for index in touched:
        photo.shapes[index].name = EXCHANGED[photo.shapes[index].name]
    return touched or None


def _over_the_edge(photo: Photo, rng: np.random.Generator) -> list[int]:
    """Draw the box nearest to a border on beyond it."""
    height, width = photo.image.shape[:2]
    border, sign = (0, 0, width, height), (-1, -1, 1, 1)
    gaps = [[abs(shape.numbers[side] - border[side]) for side in range(4)] for shape in photo.shapes]
    index, side = divmod(int(np.argmin(gaps)), 4)
    photo.shapes[index].numbers[side] = border[side] + sign[side] * int(rng.integers(12, 40))
    return [index]


def _no_area(photo: Photo, rng: np.random.Generator) -> list[int]:
    """Add what a click leaves that was meant to be a drag."""
    x1, y1, x2, y2 = photo.shapes[0].numbers
    x, y = int(rng.integers(x1, x2)), int(rng.integers(y1, y2))
    flat = [x, y, x, y2] if rng.random() < 0.5 else [x, y, x, y]
    photo.shapes.append(Shape(photo.shapes[0].name, flat))
    return [len(photo.shapes) - 1]


def _labelled_twice(photo: Photo, rng: np.random.Generator) -> list[int]:
    """Let a second person label it all again, a pixel off at most."""
    height, width = photo.image.shape[:2]
    count = len(photo.shapes)
    for shape in photo.shapes[:count]:
        moved = np.add(shape.numbers, rng.integers(-1, 2, 4))
        again = np.clip(moved, 0, (width, height, width, height)).tolist()
        photo.shapes.append(Shape(shape.name, again))
    return list(range(count, 2 * count))


def _crowd(photo: Photo, rng: np.random.Generator) -> list[int]:
    """Add one box around all, marked as a crowd."""
    height, width = photo.image.shape[:2]
    every = np.array([shape.numbers for shape in photo.shapes])
    x1, y1, x2, y2 = [*every[:, :2].min(0) - 3, *every[:, 2:].max(0) + 3]
    around = [int(max(0, x1)), int(max(0, y1)), int(min(width, x2)), int(min(height, y2))]
    photo.shapes.append(Shape(photo.shapes[0].name, around, crowd=True))
    return [len(photo.shapes) - 1]


FAULTS = {
    "spelling": Fault("camera", "class names are spelt in other ways", _spelling, 0.18),
    "swapped-corners": Fault("camera", "the first corner lies right of the second one", _swapped_corners, 0.12),
    "zero-size": Fault("camera", "the size of the picture is given as 0 × 0", _zero_size, 0.08),
    "turned-size": Fault("camera", "width and height of the picture have changed places", _turned_size, batch=3),
    "lost-objects": Fault("camera", "shapes are there, but nobody labelled them", _lost_objects, 0.14),
    "twin": Fault("camera", "the picture is in the archive, too, a little darker", None, 0.1),
    "corners-for-sides": Fault("archive", "corners stand where width and height belong", _corners_for_sides, batch=2),
    "exchanged-names": Fault("archive", "squares are called triangles, and the reverse", _exchanged_names, batch=3),
    "over-the-edge": Fault("archive", "a box reaches beyond the picture", _over_the_edge, 0.1),
    "no-area": Fault("archive", "a box has no width or no height", _no_area, 0.07),
    "labelled-twice": Fault("archive", "every shape has two boxes, a pixel apart", _labelled_twice, 0.08),
    "crowd": Fault("archive", "one box around all shapes, marked as a crowd", _crowd, 0.1, shapes=2),
}
