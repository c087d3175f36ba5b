"""Pictures with their boxes: on an axis, alone, or many on a contact sheet."""

from collections.abc import Sequence

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from yolo_course.errors import CourseError

PALETTE = ("#4cc9f0", "#ffb703", "#ff5d8f", "#80ed99", "#c77dff", "#f4f1de", "#3a86ff", "#2ec4b6", "#e5383b", "#b08968")
CELL = 2.1  # inches of a picture on a contact sheet


def colour_of(cls: int) -> str:
    """Return the colour that a class has in every picture of the course."""
    return PALETTE[cls % len(PALETTE)]


def draw_boxes(
    axis: Axes,
    boxes: np.ndarray,
    labels: Sequence[str] | None = None,
    colours: str | Sequence[str] = PALETTE[0],
    line: str = "-",
    width: float = 1.6,
    size: float = 7,
) -> None:
    """Draw boxes, each with its label above it, or inside where the picture ends.

    Args:
        axis: Shows the picture already.
        boxes: Corners in pixels.
        labels: One text a box; None or an empty text draws no label.
        colours: One for all boxes, or one a box.
        line: Matplotlib line style.
        width: Of the line, in points.
        size: Of the text, in points.

    Shape:
        boxes (n, 4) as x1 y1 x2 y2.

    Raises:
        CourseError: Boxes, labels and colours differ in number, or boxes have another shape.
    """
    boxes = np.asarray(boxes, dtype=np.float64).reshape(-1, 4) if np.size(boxes) == 0 else np.asarray(boxes, np.float64)
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise CourseError("boxes have the wrong shape", expected="(n, 4)", found=boxes.shape)
    labels = [""] * len(boxes) if labels is None else list(labels)
    colours = [colours] * len(boxes) if isinstance(colours, str) else list(colours)
    if not len(boxes) == len(labels) == len(colours):
        found = f"{len(boxes)} boxes, {len(labels)} labels, {len(colours)} colours"
        raise CourseError("each box needs its label and its colour", found=found)
    top = min(axis.get_ylim())
    for (x1, y1, x2, y2), label, colour in zip(boxes.tolist(), labels, colours, strict=True):
        # pixel centres lie at whole numbers, so the picture begins half a pixel before 0
        corner = x1 - 0.5, y1 - 0.5
        axis.add_patch(Rectangle(corner, x2 - x1, y2 - y1, fill=False, edgecolor=colour, lw=width, ls=line))
        if label:
            _tag(axis, corner, label, colour, size, inside=y1 - top < 0.08 * abs(np.subtract(*axis.get_ylim())))


def labelled_image(image: np.ndarray, labels: np.ndarray, names: dict[int, str], title: str = "") -> Figure:
    """Show one picture with its labels.

    Shape:
        image (h, w, 3) or (h, w) uint8; labels (n, 5): class, centre and size as fractions.
    """
    height, width = np.shape(image)[:2]
    figure = Figure(figsize=(4.5, 4.5 * height / width + (0.3 if title else 0)), layout="constrained")
    draw_labelled(figure.add_subplot(), image, labels, names, title, size=9)
    return figure


def contact_sheet(
    pictures: Sequence[tuple[np.ndarray, np.ndarray]],
    names: dict[int, str],
    titles: Sequence[str] | None = None,
    columns: int = 4,
) -> Figure:
    """Show many pictures with their labels.

    Args:
        pictures: Image and labels of each, as `labelled_image` takes them.
        names: Class names by class id.
        titles: One a picture.
        columns: Pictures in a row.

    Raises:
        CourseError: There is no picture.
    """
    if not pictures:
        raise CourseError("a contact sheet needs a picture", expected="one or more", found=0)
    columns = min(columns, len(pictures))
    rows = -(-len(pictures) // columns)
    figure = Figure(figsize=(columns * CELL, rows * (CELL + 0.15)), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02, wspace=0.01, hspace=0.01)
    axes = figure.subplots(rows, columns, squeeze=False).ravel()  # (rows, columns) -> (rows * columns,)
    for axis in axes[len(pictures) :]:
        axis.set_axis_off()
    titles = titles or [""] * len(pictures)
    for axis, (image, labels), title in zip(axes, pictures, titles, strict=False):
        draw_labelled(axis, image, labels, names, title)
    return figure


def draw_labelled(
    axis: Axes,
    image: np.ndarray,
    labels: np.ndarray,
    names: dict[int, str],
    title: str = "",
    size: float = 7,
) -> None:
    """Show a picture on an axis with its labels as boxes in the colours of their classes.

    Shape:
        image (h, w, 3) or (h, w) uint8; labels (n, 5): class, centre and size as fractions.
    """
    height, width = np.shape(image)[:2]
    axis.imshow(image, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    axis.set_axis_off()
    if title:
        axis.set_title(title, fontsize=size, pad=3)
    classes, (x, y, w, h) = labels[:, 0].astype(int).tolist(), labels[:, 1:].T  # (n, 4) -> 4 of (n,)
    boxes = np.stack((x - w / 2, y - h / 2, x + w / 2, y + h / 2), axis=1) * (width, height, width, height)
    tags = [names.get(cls, f"class {cls}") for cls in classes]
    draw_boxes(axis, boxes, tags, [colour_of(cls) for cls in classes], size=size)


def _tag(axis: Axes, corner: tuple[float, float], label: str, colour: str, size: float, inside: bool) -> None:
    red, green, blue = matplotlib.colors.to_rgb(colour)
    ink = "black" if 0.3 * red + 0.59 * green + 0.11 * blue > 0.5 else "white"
    axis.annotate(
        label,
        corner,
        xytext=(1, -1 if inside else 1),
        textcoords="offset points",
        va="top" if inside else "bottom",
        fontsize=size,
        color=ink,
        bbox={"facecolor": colour, "edgecolor": "none", "pad": 1},
        annotation_clip=True,
    )
