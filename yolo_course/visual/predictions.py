"""What a detector found beside what is there, each box with its verdict: hit, wrong class, false alarm or missed."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from yolo_course.boxes import pairwise_iou
from yolo_course.errors import CourseError
from yolo_course.visual.images import CELL, draw_boxes, draw_labelled

HIT, WRONG_CLASS, FALSE_ALARM, MISSED = "hit", "wrong class", "false alarm", "missed"
COLOURS = {HIT: "#52d273", WRONG_CLASS: "#ffb703", FALSE_ALARM: "#ff5d8f", MISSED: "#f4f1de"}
LINES = {MISSED: (0, (2.5, 1.5))}
PER_BAND = 6  # pictures side by side before a new band begins

Picture = tuple[np.ndarray, np.ndarray, np.ndarray]


def judge(truth: np.ndarray, found: np.ndarray, iou: float = 0.5) -> tuple[list[str], list[str]]:
    """Say of each found box what it is, and of each true box what became of it.

    Found boxes choose in the order of their confidence, each the free true box that it overlaps most. Those of the
    right class choose first; what is left may still pair up across classes. A true box is taken once, so the second
    detection of an object is a false alarm.

    Args:
        truth: True boxes with their class.
        found: Found boxes with confidence and class, as `Results.boxes.data` of Ultralytics.
        iou: Smallest overlap of a pair.

    Shape:
        truth (n, 5) as class x1 y1 x2 y2; found (m, 6) as x1 y1 x2 y2 confidence class; both in the same unit.

    Returns:
        m verdicts out of hit, wrong class and false alarm; n verdicts out of hit, wrong class and missed.

    Raises:
        CourseError: An array has another shape.
    """
    truth, found = _table(truth, 5, "truth"), _table(found, 6, "found")
    overlap = pairwise_iou(found[:, :4], truth[:, 1:])  # (m, n)
    same = found[:, 5:] == truth[:, 0]  # (m, 1) == (n,) -> (m, n)
    of_found, of_truth = [FALSE_ALARM] * len(found), [MISSED] * len(truth)
    for verdict, allowed in ((HIT, same), (WRONG_CLASS, ~same)):
        for row in np.argsort(-found[:, 4], kind="stable").tolist():
            free = np.array([state == MISSED for state in of_truth], dtype=bool)
            scores = np.where(allowed[row] & free, overlap[row], 0.0)
            if of_found[row] == FALSE_ALARM and len(scores) and scores.max() >= iou:
                of_found[row] = of_truth[scores.argmax()] = verdict
    return of_found, of_truth


def predictions_beside_truth(
    pictures: Sequence[Picture],
    names: dict[int, str],
    titles: Sequence[str] | None = None,
    iou: float = 0.5,
    confidence: float = 0.25,
) -> Figure:
    """Show pictures with their truth above and what was found below, coloured by verdict.

    Args:
        pictures: Image, labels and found boxes of each.
        names: Class names by class id.
        titles: One a picture.
        iou: Smallest overlap of a hit.
        confidence: Found boxes below it are left out.

    Shape:
        image (h, w, 3) or (h, w) uint8; labels (n, 5): class, centre and size as fractions; found (m, 6):
        x1 y1 x2 y2 in pixels, confidence, class.

    Raises:
        CourseError: There is no picture, or an array has another shape.
    """
    if not pictures:
        raise CourseError("there is no picture to show", expected="one or more", found=0)
    bands = -(-len(pictures) // PER_BAND)
    columns = -(-len(pictures) // bands)  # as many in each band as can be
    figure = Figure(figsize=(columns * CELL + 0.3, bands * (2 * CELL + 0.25) + 0.4), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.02, h_pad=0.05, wspace=0.01, hspace=0.0)
    axes = figure.subplots(2 * bands, columns, squeeze=False)
    for axis in axes.flat:
        axis.set_axis_off()
    titles = titles or [""] * len(pictures)
    counts = Counter()
    for index, ((image, labels, found), title) in enumerate(zip(pictures, titles, strict=False)):
        band, column = divmod(index, columns)
        above, below = axes[2 * band, column], axes[2 * band + 1, column]
        draw_labelled(above, image, _table(labels, 5, "labels"), names, title)
        counts += draw_judged(below, image, labels, found, names, iou, confidence)
    for row, axis in enumerate(axes[:, 0]):
        caption = ("truth", "found")[row % 2]
        axis.text(-0.03, 0.5, caption, rotation=90, ha="right", va="center", transform=axis.transAxes, fontsize=9)
    _legend(figure, counts)
    return figure


def draw_judged(
    axis: Axes,
    image: np.ndarray,
    labels: np.ndarray,
    found: np.ndarray,
    names: dict[int, str],
    iou: float = 0.5,
    confidence: float = 0.25,
) -> Counter:
    """Draw what was found in a picture on an axis, coloured by verdict, and return how many there are of each.

    Shape:
        As `predictions_beside_truth`.
    """
    height, width = np.shape(image)[:2]
    truth, found = _corners(_table(labels, 5, "labels"), width, height), _table(found, 6, "found")
    found = found[found[:, 4] >= confidence]
    of_found, of_truth = judge(truth, found, iou)
    axis.imshow(image, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    axis.set_axis_off()
    lost = truth[[state == MISSED for state in of_truth]]
    draw_boxes(axis, lost[:, 1:], None, COLOURS[MISSED], line=LINES[MISSED])
    order = np.argsort(found[:, 4], kind="stable")  # the surest is drawn last, so it can be read
    found, of_found = found[order], [of_found[index] for index in order]
    tags = [f"{names.get(int(cls), f'class {int(cls)}')} {score:.2f}" for score, cls in found[:, 4:].tolist()]
    draw_boxes(axis, found[:, :4], tags, [COLOURS[verdict] for verdict in of_found], size=6.5)
    return Counter(of_found) + Counter({MISSED: len(lost)})


def _legend(figure: Figure, counts: Counter) -> None:
    lines = [Line2D([], [], color=colour, ls=LINES.get(verdict, "-"), lw=2) for verdict, colour in COLOURS.items()]
    texts = [f"{verdict} {counts[verdict]}" for verdict in COLOURS]
    legend = figure.legend(lines, texts, loc="outside lower center", ncols=4, fontsize=9, facecolor="#30343b")
    for text in legend.get_texts():
        text.set_color("white")


def _corners(labels: np.ndarray, width: int, height: int) -> np.ndarray:
    centre, half = labels[:, 1:3], labels[:, 3:] / 2  # (n, 2) each
    return np.hstack((labels[:, :1], (centre - half) * (width, height), (centre + half) * (width, height)))


def _table(values: np.ndarray, columns: int, what: str) -> np.ndarray:
    table = np.asarray(values, dtype=np.float64)
    if table.size == 0:
        return np.zeros((0, columns))
    if table.ndim != 2 or table.shape[1] != columns:
        raise CourseError(f"{what} has the wrong shape", expected=f"(n, {columns})", found=table.shape)
    return table
