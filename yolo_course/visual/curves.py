"""Training curves from the results.csv that a run of Ultralytics writes."""

import csv
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from yolo_course.errors import CourseError

COLOURS = ("#1d7874", "#ee6c4d", "#5b5f97", "#b8336a", "#8d99ae", "#ffb703")


def read_curves(path: str | Path) -> dict[str, np.ndarray]:
    """Read a results.csv: one array a column, by the name in the header.

    Shape:
        (epochs,) float64 each; what isn't a number is NaN.

    Raises:
        CourseError: There is no such file, or it isn't the results of a run.
    """
    try:
        with open(path, newline="", encoding="utf-8") as file:
            header, *rows = [[field.strip() for field in row] for row in csv.reader(file) if row]
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(
            "can't read the results of a run", found=getattr(error, "strerror", error), where=path
        ) from error
    except ValueError:
        header, rows = [], []
    if "epoch" not in header or not rows:
        raise CourseError("not the results of a run", expected="a column epoch and a row an epoch", where=path)
    if ragged := next((number for number, row in enumerate(rows, 2) if len(row) != len(header)), None):
        raise CourseError("a row differs in length from the header", expected=len(header), where=f"{path}:{ragged}")
    columns = zip(*([_number(field) for field in row] for row in rows), strict=True)
    return {name: np.array(column) for name, column in zip(header, columns, strict=True)}


def training_curves(path: str | Path, title: str = "") -> Figure:
    """Draw the losses, the accuracy and the learning rate of a run over its epochs.

    Args:
        path: The results.csv of the run.
        title: Of the figure.

    Raises:
        CourseError: There is no such file, or it isn't the results of a run.
    """
    curves = read_curves(path)
    figure = Figure(figsize=(11, 3.4), layout="constrained")
    losses, accuracy, rate = figure.subplots(1, 3, width_ratios=(1.2, 1.2, 0.8))
    _draw_losses(losses, curves)
    _draw_accuracy(accuracy, curves)
    _draw_rate(rate, curves)
    for axis in (losses, accuracy, rate):
        axis.set_xlabel("epoch")
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.grid(alpha=0.25)
        axis.spines[["top", "right"]].set_visible(False)
    if title:
        figure.suptitle(title, fontsize=12)
    return figure


def _draw_losses(axis: Axes, curves: dict[str, np.ndarray]) -> None:
    names = [name.removeprefix("train/") for name in curves if name.startswith("train/")]
    for name, colour in zip(names, COLOURS, strict=False):
        _line(axis, curves, f"train/{name}", colour, name.removesuffix("_loss"))
        _line(axis, curves, f"val/{name}", colour, None, ls=(0, (3, 2)), alpha=0.8)
    styles = [Line2D([], [], color="0.3", label="train"), Line2D([], [], color="0.3", ls=(0, (3, 2)), label="val")]
    axis.legend(handles=[*axis.get_legend_handles_labels()[0], *styles], fontsize=8, frameon=False, ncols=2)
    axis.set_title("losses", fontsize=10)
    axis.set_yscale("log")  # their weights differ by a factor of a hundred
    axis.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))


def _draw_accuracy(axis: Axes, curves: dict[str, np.ndarray]) -> None:
    for name, colour, label, width in (
        ("metrics/precision(B)", COLOURS[4], "precision", 1.0),
        ("metrics/recall(B)", COLOURS[5], "recall", 1.0),
        ("metrics/mAP50-95(B)", COLOURS[2], "mAP50-95", 2.0),
        ("metrics/mAP50(B)", COLOURS[0], "mAP50", 2.0),
    ):
        _line(axis, curves, name, colour, label, lw=width)
    axis.set_title("accuracy on the val split", fontsize=10)
    axis.set_ylim(0, 1.02)
    if axis.lines:
        axis.legend(fontsize=8, frameon=False, loc="lower right")


def _draw_rate(axis: Axes, curves: dict[str, np.ndarray]) -> None:
    groups = {curve.tobytes(): name for name, curve in curves.items() if name.startswith("lr/")}
    for name, colour in zip(groups.values(), COLOURS, strict=False):  # most groups share theirs
        _line(axis, curves, name, colour, None)
    axis.set_title("learning rate", fontsize=10)
    axis.set_ylim(bottom=0)


def _line(
    axis: Axes, curves: dict[str, np.ndarray], name: str, colour: str, label: str | None, **style: object
) -> None:
    if name in curves:
        marker = "o" if len(curves["epoch"]) == 1 else None
        axis.plot(curves["epoch"], curves[name], color=colour, label=label, marker=marker, **style)


def _number(field: str) -> float:
    try:
        return float(field)
    except ValueError:
        return float("nan")
