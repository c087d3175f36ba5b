"""What the confidence threshold and NMS's IoU threshold let through, on one picture."""

from collections import Counter

import ipywidgets as widgets
import numpy as np
import torch
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from torch import Tensor
from torchvision.ops import batched_nms

from yolo_course.boxes import convert
from yolo_course.errors import CourseError
from yolo_course.explorers.explorer import Explorer
from yolo_course.visual.images import draw_boxes
from yolo_course.visual.predictions import COLOURS, FALSE_ALARM, HIT, LINES, MISSED, WRONG_CLASS, judge

MOST_TAGS = 12  # more than these hide the picture


def thresholds(image: np.ndarray, raw: Tensor, labels: np.ndarray, names: dict[int, str]) -> Explorer:
    """Move the two thresholds: see which boxes stay, and what they are worth.

    Args:
        image: The picture.
        raw: Every box that a detector proposes for it, before any threshold.
        labels: What is really there.
        names: Class names by class id.

    Shape:
        image (h, w, 3) uint8; raw (n, 6): x1, y1, x2, y2 in pixels, score, class; labels (m, 5): class, centre and
        size as fractions.

    Raises:
        CourseError: `raw` is no table of six columns.

    Example:
        >>> raw = model.predict(image, conf=0.001, iou=1.0, max_det=1000)[0].boxes.data  # doctest: +SKIP
        >>> thresholds(image, raw, labels, {0: "circle"})  # doctest: +SKIP
    """
    raw = torch.as_tensor(raw).detach().cpu().float()
    if raw.ndim != 2 or raw.shape[1] != 6:
        raise CourseError("raw boxes have the wrong shape", expected="(n, 6)", found=tuple(raw.shape))
    labels = np.asarray(labels, dtype=np.float64).reshape(-1, 5)  # (0,) -> (0, 5) where nothing is there
    truth = np.hstack((labels[:, :1], convert(labels[:, 1:], "xywhn", "xyxy", image.shape[:2])))

    def picture(confidence: float, overlap: float) -> tuple[Figure, str]:
        sure = raw[raw[:, 4] >= confidence]
        kept = sure[batched_nms(sure[:, :4], sure[:, 4], sure[:, 5], overlap)].numpy()
        of_found, of_truth = judge(truth, kept)
        told = f"{len(raw)} boxes proposed, {len(sure)} certain enough, <b>{len(kept)} left by NMS</b>: "
        return _draw(image, kept, of_found, truth, of_truth, names), told + _tell(of_found, of_truth)

    return Explorer(picture, confidence=_slider("confidence", 0.25, 0.01), overlap=_slider("NMS IoU", 0.7, 0.05))


def _draw(
    image: np.ndarray, kept: np.ndarray, of_found: list[str], truth: np.ndarray, of_truth: list[str], names: dict
) -> Figure:
    figure = Figure(figsize=(4.6, 4.9))
    axis = figure.add_axes((0.01, 0.08, 0.98, 0.91))
    axis.imshow(image, interpolation="nearest")
    axis.set_axis_off()
    missed = truth[[verdict == MISSED for verdict in of_truth], 1:]
    draw_boxes(axis, missed, colours=COLOURS[MISSED], line=LINES[MISSED], width=2.2)
    tags = [f"{names.get(int(kind), int(kind))} {score:.2f}" for score, kind in kept[:, 4:].tolist()]
    colours = [COLOURS[verdict] for verdict in of_found]
    draw_boxes(axis, kept[:, :4], tags if len(tags) <= MOST_TAGS else None, colours)
    lines = [Line2D([], [], color=colour, ls=LINES.get(verdict, "-"), lw=2) for verdict, colour in COLOURS.items()]
    figure.legend(
        lines,
        COLOURS,
        loc="lower center",
        ncols=4,
        fontsize=8,
        facecolor="#30343b",
        labelcolor="white",
        columnspacing=1,
    )
    return figure


def _tell(of_found: list[str], of_truth: list[str]) -> str:
    found, lost = Counter(of_found), Counter(of_truth)[MISSED]
    hits = found[HIT]
    precision = f"precision {hits / len(of_found):.2f}" if of_found else "no precision, for nothing is predicted"
    recall = f"recall {hits / len(of_truth):.2f}" if of_truth else "no recall, for nothing is there"
    counts = (_many(hits, "hit"), f"{found[WRONG_CLASS]} of a wrong class", _many(found[FALSE_ALARM], "false alarm"))
    return f"{', '.join(counts)}, {lost} missed; {precision}, {recall}."


def _slider(name: str, value: float, least: float) -> widgets.FloatSlider:
    return widgets.FloatSlider(value, min=least, max=1, step=0.01, description=name)


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
