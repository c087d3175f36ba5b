"""The layer table of a model, row by row: what the file says, and what the constructor gets."""

from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path

import ipywidgets as widgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from yolo_course.explorers.explorer import Explorer
from yolo_course.models.walk import Step, load, walk
from yolo_course.registry.rules import RULES

__all__ = ["layer_table", "rule_of"]

INPUT, WIDTH, DEPTH, FILE, SETTING = "channels it reads", "scaled width", "scaled repeats", "as written", "of the model"
_COLOURS = {INPUT: "#1f77b4", WIDTH: "#ff7f0e", DEPTH: "#2ca02c", FILE: "#9aa0a6", SETTING: "#9467bd"}
_FRONT = {  # rule -> where its first arguments come from
    "scaled": [INPUT, WIDTH],
    "stacked": [INPUT, WIDTH, DEPTH],
    "same": [INPUT],
    "fused": [INPUT, WIDTH],
    "head": [],
    "plain": [],
}
_TELL = {
    "scaled": "The parser puts the channels it reads first and scales the width.",
    "stacked": "The parser puts the channels it reads first, scales the width and hands the repeats over, third.",
    "same": "The parser puts the channels it reads first; as many come out.",
    "fused": "The parser puts the channels of all maps it reads first, as a list, and scales the width.",
    "head": "The parser adds the model's settings and, last, the channels of all maps it reads.",
    "plain": "The arguments go in as they are written.",
}
_MONO = {"fontsize": 8, "family": "monospace", "va": "center"}
_DPI = 90  # of every explorer's picture
_WIDE, _BAND, _LINE = 9.5, 1.5, 0.2  # inches: the picture, the boxes with the arguments, a line of the table


def layer_table(model: Mapping | str | Path) -> Explorer:
    """Walk down a model YAML and choose its scale: see where each argument of a constructor comes from.

    Args:
        model: A model YAML, its path or its content, with registered modules or without.

    Raises:
        ModelError: It cannot be read or built.

    Example:
        >>> layer_table("my-model.yaml")  # doctest: +SKIP
    """
    content = load(model)
    scales = list(content.get("scales") or {})
    steps = cache(lambda scale: walk(content, scale))
    backdrop = cache(lambda scale: _table(steps(scale)))  # thousands of letters: drawn once, not at every move

    def picture(row: int, scale: str | None = None) -> tuple[Figure, str]:
        step = steps(scale)[row]
        return _draw(step, backdrop(scale)), _sentence(step)

    first = content.get("scale") or next(iter(scales), None)
    controls = {"row": widgets.IntSlider(0, 0, len(steps(first)) - 1, description="row")}
    if len(scales) > 1:
        controls["scale"] = widgets.Dropdown(options=scales, value=first, description="scale")
    return Explorer(picture, **controls)


def rule_of(step: Step) -> str:
    """The rule by which a row became a call: the registry's, or for a stock module the one that it looks like."""
    if step.entry:
        return next(name for name, rule in RULES.items() if rule is step.entry.rule)
    if isinstance(step.called, str) or not step.inputs or not step.called:
        return "plain"
    added = len(step.called) - len(step.written)
    if added > 0 and step.called[-1] == step.inputs:
        return "head"
    if added == 0 or step.called[0] != step.inputs[0]:
        return "plain"
    if step.shape and step.called[1:2] == [step.shape[0]]:
        return "stacked" if added > 1 else "scaled"
    return "same"


def _origins(step: Step) -> list[str]:
    """Where each argument of a call comes from; `nc` is of the model, not of the row."""
    if isinstance(step.called, str):
        return []
    rule = rule_of(step)
    front, last = _FRONT[rule], [INPUT] if rule == "head" else []
    middle = step.called[len(front) : len(step.called) - len(last)]
    written = [*step.written[min(len(front), 1) if rule != "same" else 0 :], *[object()] * len(middle)]
    own = [FILE if str(got) == str(asked) else SETTING for got, asked in zip(middle, written, strict=False)]
    return [*front, *own, *last]


def _sentence(step: Step) -> str:
    here = f"<b>row {step.number}</b> <code>{escape(step.written_row)}</code> runs <code>{escape(step.call)}</code>."
    by = f"{step.name} is registered as <code>{rule_of(step)}</code>. " if step.entry else ""
    copies = f" {step.n} of them stand one after the other." if step.n > 1 and DEPTH not in _origins(step) else ""
    out = f"It gives {step.shape[0]} channels" if step.shape else "It ends the model"
    return f"{here} {by}{_TELL[rule_of(step)]}{copies} {out} and learns {step.parameters:,} parameters."


def _draw(step: Step, backdrop: np.ndarray) -> Figure:
    height = _BAND + backdrop.shape[0] / _DPI
    figure = Figure(figsize=(_WIDE, height), dpi=_DPI)
    figure.figimage(backdrop, zorder=-1)
    row = _table_axes(figure, backdrop.shape[0] / _DPI / height)
    row.axhspan(step.number - 0.5, step.number + 0.5, color="#ffb000", alpha=0.25)
    row.set_ylim(backdrop.shape[0] / _DPI / _LINE - 1.5, -1.5)
    _draw_call(figure.add_axes((0, 1 - _BAND / height, 1, _BAND / height)), step)
    return figure


def _draw_call(axes: Axes, step: Step) -> None:
    """The chosen row as it is written, and below it the call, a box for each argument."""
    axes.set(xlim=(0, 100), ylim=(0, 3))
    axes.axis("off")
    _boxes(
        axes,
        2.3,
        "written",
        step.name,
        step.written,
        [FILE] * len(step.written),
        f"from {step.source}, repeats {step.repeats}",
    )
    called = [step.called] if isinstance(step.called, str) else step.called
    gives = "×".join(map(str, step.shape)) if step.shape else "predictions"
    _boxes(axes, 1.3, "called", step.name, called, _origins(step) or [FILE], f"→ {gives}")
    for place, (origin, colour) in enumerate(_COLOURS.items()):
        axes.add_patch(Rectangle((14 + 17 * place, 0.42), 1.4, 0.26, color=colour))
        axes.text(16 + 17 * place, 0.55, origin, va="center", fontsize=8)


def _boxes(axes: Axes, y: float, title: str, name: str, arguments: list, origins: list[str], tail: str) -> None:
    axes.text(1.5, y, title, va="center", fontsize=9, color="#5f6368")
    axes.text(14, y, name, va="center", fontsize=10, family="monospace", weight="bold")
    x = 15.5 + 1.15 * len(name)
    for argument, origin in zip(arguments, origins, strict=True):
        width = 1.6 + 1.0 * len(str(argument))
        axes.add_patch(Rectangle((x, y - 0.32), width, 0.64, color=_COLOURS[origin]))
        axes.text(
            x + width / 2, y, str(argument), va="center", ha="center", fontsize=9, color="white", family="monospace"
        )
        x += width + 0.8
    axes.text(x + 1, y, tail, va="center", fontsize=9, color="#5f6368")


def _table(steps: list[Step]) -> np.ndarray:
    """Every row with its call, and a bar for its parameters. Shape: (height, width, 4), the pixels."""
    figure = Figure(figsize=(_WIDE, _LINE * (len(steps) + 1)), dpi=_DPI)
    canvas, axes = FigureCanvasAgg(figure), _table_axes(figure, 1)
    axes.set_ylim(len(steps) - 0.5, -1.5)
    line = "{:>3} {!s:<14} {:>2}  {:<42.42} {:<14} {:>10}".format
    axes.text(1.5, -1, line("row", "from", "n", "call", "gives", "parameters"), color="#5f6368", **_MONO)
    most = max(step.parameters for step in steps) or 1
    for step in steps:
        shape = "×".join(map(str, step.shape)) if step.shape else ""
        told = line(step.number, step.source, step.n, step.call, shape, f"{step.parameters:,}")
        axes.text(1.5, step.number, told, **_MONO)
        axes.add_patch(Rectangle((68, step.number - 0.3), 30 * step.parameters / most, 0.6, color="#1f77b4"))
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


def _table_axes(figure: Figure, share: float) -> Axes:
    axes = figure.add_axes((0, 0, 1, share))
    axes.set_xlim(0, 100)
    axes.axis("off")
    return axes
