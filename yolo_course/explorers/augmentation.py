"""What each transform makes of a picture and of its boxes, at any strength."""

from collections.abc import Callable, Sequence

import ipywidgets as widgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from yolo_course.augment import (
    HSV,
    Affine,
    Blur,
    Compose,
    Cutout,
    Flip,
    MixUp,
    Mosaic,
    Noise,
    Perspective,
    Sample,
    Transform,
)
from yolo_course.errors import CourseError
from yolo_course.explorers.explorer import Explorer
from yolo_course.visual.images import colour_of, draw_boxes

# name -> what makes the transform, from a strength between 0 and 1 and a pool of samples
TRANSFORMS: dict[str, Callable[[float, Sequence[Sample]], Transform | Compose]] = {
    "affine": lambda strength, pool: Affine(180 * strength, 0.4 * strength, 0.5 * strength, 30 * strength),
    "perspective": lambda strength, pool: Perspective(0.3 * strength),
    "mosaic": lambda strength, pool: Mosaic(pool, p=strength),
    "mosaic, then cut": lambda strength, pool: Compose(
        Mosaic(pool), Affine(translate=0.1, scale=0.5 * strength, size=pool[0].size)
    ),
    "mixup": lambda strength, pool: MixUp(pool, alpha=32 ** (1 - strength) / 2, p=min(1, 20 * strength)),
    "colours (HSV)": lambda strength, pool: HSV(0.5 * strength, strength, 0.8 * strength),
    "flip": lambda strength, pool: Flip(p=strength),
    "cutout": lambda strength, pool: Cutout(1 + round(7 * strength), (0.1 * strength, 0.5 * strength), p=1),
    "blur": lambda strength, pool: Blur((0.01 + strength, 0.01 + 3 * strength), p=1),
    "noise": lambda strength, pool: Noise((20 * strength, 60 * strength), p=1),
}


def augmentation(pictures: Sequence[tuple[np.ndarray, np.ndarray]], names: dict[int, str]) -> Explorer:
    """Choose a transform, how strong it is and a seed: see what becomes of the picture and of its boxes.

    Args:
        pictures: The first is shown; mosaic and mixup draw from all of them.
        names: Class names by class id.

    Shape:
        each an image (h, w, 3) uint8 and its labels (n, 5): class, centre and size as fractions.

    Raises:
        CourseError: There is no picture.

    Example:
        >>> augmentation([data.read_labelled(dataset, image) for image in images], dataset.names)  # doctest: +SKIP
    """
    if not pictures:
        raise CourseError("there is nothing to augment", expected="one picture or more", found=0)
    pool = [Sample.from_labels(image, labels) for image, labels in pictures]

    def picture(transform: str, strength: float, seed: int) -> tuple[Figure, str]:
        after = TRANSFORMS[transform](strength, pool)(pool[0], np.random.default_rng(seed))
        return _draw(pool[0], after, names, transform), _tell(pool[0], after, strength)

    return Explorer(
        picture,
        transform=widgets.Dropdown(options=list(TRANSFORMS), description="transform"),
        strength=widgets.FloatSlider(0.3, min=0, max=1, step=0.05, description="strength"),
        seed=widgets.IntSlider(0, min=0, max=30, description="seed"),
    )


def _draw(before: Sample, after: Sample, names: dict[int, str], transform: str) -> Figure:
    figure = Figure(figsize=(7.6, 4.0), layout="constrained")
    left, right = figure.subplots(1, 2)
    _show(left, before, names, "before")
    _show(right, after, names, f"after {transform}: {after.size[1]} × {after.size[0]} px")
    return figure


def _show(axis: Axes, sample: Sample, names: dict[int, str], title: str) -> None:
    axis.imshow(sample.image, interpolation="nearest")
    axis.set_axis_off()
    axis.set_title(title, fontsize=9)
    classes = sample.classes.tolist()
    tags = [names.get(cls, f"class {cls}") for cls in classes]
    draw_boxes(axis, sample.boxes, tags, [colour_of(cls) for cls in classes])


def _tell(before: Sample, after: Sample, strength: float) -> str:
    if after is before:
        return f"At strength {strength:.2f} this seed leaves the picture alone."
    boxes = f"{_many(len(before.boxes))} before, <b>{_many(len(after.boxes))} after</b>"
    area = f"their mean area goes from {_area(before)} to {_area(after)} px²"
    return f"Strength {strength:.2f}: {boxes}; {area}; {_changed(before, after)}."


def _changed(before: Sample, after: Sample) -> str:
    if before.size != after.size:
        return f"the picture grows to {after.size[1]} × {after.size[0]} px"
    share = (before.image != after.image).any(2).mean()
    return f"{share:.0%} of the pixels differ"


def _area(sample: Sample) -> str:
    sides = sample.boxes[:, 2:] - sample.boxes[:, :2]
    return f"{sides.prod(1).mean():.0f}" if len(sides) else "0"


def _many(count: int) -> str:
    return f"{count} box" if count == 1 else f"{count} boxes"
