"""Click through the images of a dataset with their labels, all of them or those that `check` found something about."""

from collections import Counter
from html import escape
from pathlib import Path

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from yolo_course.boxes import convert
from yolo_course.data import by_image, check, read_image
from yolo_course.data.dataset import Dataset, survey
from yolo_course.data.findings import Finding, Report
from yolo_course.data.sound_labels import sound_labels
from yolo_course.errors import DataError
from yolo_course.explorers.explorer import Explorer
from yolo_course.visual.images import draw_boxes, draw_labelled

ALL, ANY = "all images", "any finding"
SUSPECT = "#ff2d55"
MOST = 6  # findings told about one image


class LabelBrowser(Explorer):
    """An image with its labels, a filter, and arrows to the image before and after.

    Args:
        data_yaml: Data YAML of the dataset.
        report: What `check` found; without it, the dataset is checked now.

    Raises:
        DataError: The data YAML is missing or broken, or no split has an image.
    """

    def __init__(self, data_yaml: str | Path, report: Report | None = None):
        self.dataset = survey(data_yaml)[0]
        self.found = by_image(self.dataset, (report or check(data_yaml)).findings)
        if not self.found:
            raise DataError("the dataset has no images", where=data_yaml)
        self.split_of = {image: split for split, images in self.dataset.splits.items() for image in images}
        self.drawn: tuple | None = None
        shown = widgets.Dropdown(options=_filters(self.found), description="show")
        number = widgets.IntSlider(1, min=1, max=len(self.found), description="image")
        step = widgets.ToggleButtons(options=(("◀", -1), ("▶", 1)), value=None, tooltips=("before", "next"))
        step.style.button_width = "2.5em"
        shown.observe(self._refill, names="value")
        step.observe(self._step, names="value")
        self.filter, self.number = shown, number
        super().__init__(self._picture, shown=shown, number=number, step=step)

    def _draw(self, change: object = None) -> None:
        """A click moves two controls, and each asks for a picture; one is enough."""
        place = self.filter.value, self.number.value
        if place != self.drawn:
            self.drawn = place
            super()._draw(change)

    def _step(self, change: dict) -> None:
        if change["new"] is not None:
            self.number.value = min(max(self.number.value + change["new"], 1), self.number.max)
            change["owner"].value = None  # so that the same arrow can be clicked again

    def _refill(self, change: dict) -> None:
        self.drawn = None
        self.number.max = len(self._chosen(change["new"]))
        self.number.value = 1

    def _chosen(self, shown: str) -> list[Path]:
        return [image for image, found in self.found.items() if _belongs(found, shown)]

    def _picture(self, shown: str, number: int, step: int | None) -> tuple[Figure, str]:
        images = self._chosen(shown)
        image = images[number - 1]
        found = self.found[image]
        lines, rows, _ = sound_labels(self.dataset, image)
        told = f"image {number} of {len(images)}: <b>{escape(self.split_of[image])}/{escape(image.name)}</b>, "
        told += "1 box" if len(rows) == 1 else f"{len(rows)} boxes"
        return _draw(self.dataset, image, lines, rows, found), told + _tell(found, self.dataset.yaml.parent)


def label_browser(data_yaml: str | Path, report: Report | None = None) -> LabelBrowser:
    """Browse the labels of a dataset, with what is wrong with them.

    Args:
        data_yaml: Data YAML of the dataset.
        report: What `check` found; without it, the dataset is checked now.

    Raises:
        DataError: The data YAML is missing or broken, or no split has an image.

    Example:
        >>> label_browser("shapes.yaml")  # doctest: +SKIP
    """
    return LabelBrowser(data_yaml, report)


def _filters(found: dict[Path, tuple[Finding, ...]]) -> list[tuple[str, str]]:
    """What can be shown, with how many images each choice has; a choice without any is left out."""
    kinds = Counter(kind for some in found.values() for kind in {finding.kind for finding in some})
    counts = {ALL: len(found), ANY: sum(map(bool, found.values())), **dict(sorted(kinds.items()))}
    return [(f"{name} ({count})", name) for name, count in counts.items() if count]


def _belongs(found: tuple[Finding, ...], shown: str) -> bool:
    return shown == ALL or (shown == ANY and bool(found)) or any(finding.kind == shown for finding in found)


def _draw(
    dataset: Dataset, image: Path, lines: tuple[int, ...], rows: np.ndarray, found: tuple[Finding, ...]
) -> Figure:
    """The picture with its boxes; those in doubt have a thick dashed outline on top."""
    figure = Figure(figsize=(5.2, 4.2), layout="constrained")
    axis = figure.add_subplot()
    try:
        pixels = read_image(image)
    except DataError as error:
        axis.set_axis_off()
        axis.text(0.5, 0.5, f"can't be read:\n{error.found}", ha="center", va="center")
        return figure
    draw_labelled(axis, pixels, rows, dataset.names, size=8)
    doubted = {finding.line for finding in found if finding.line}
    suspects = rows[[number in doubted for number in lines], 1:] if lines else np.zeros((0, 4))
    draw_boxes(axis, convert(suspects, "xywhn", "xyxy", pixels.shape[:2]), colours=SUSPECT, line="--", width=3)
    return figure


def _tell(found: tuple[Finding, ...], home: Path) -> str:
    if not found:
        return "; nothing found."
    folder = f"{home.resolve()}/"
    told = [
        f"<b>{finding.kind}</b>{f' in line {finding.line}' if finding.line else ''}: "
        + escape(finding.message.replace(folder, ""))
        for finding in found[:MOST]
    ]
    more = f"<br>and {len(found) - MOST} more" if len(found) > MOST else ""
    return "<br>" + "<br>".join(told) + more
