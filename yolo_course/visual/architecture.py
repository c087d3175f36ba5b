"""A model YAML as a graph: each row on a line of its own, in the column of its stride."""

from collections.abc import Sequence
from math import log2
from textwrap import shorten

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.path import Path

from yolo_course.models.lint.finding import Report, Row
from yolo_course.registry.register import registered

COLOURS = {
    "halves": "#1f77b4",
    "keeps": "#8fa3b5",
    "doubles": "#2a9d8f",
    "joins": "#e09f3e",
    "detects": "#9d4edd",
    "unknown": "white",
}
RED = "#c1121f"
LINE = 0.235  # inches a row
TEXT = 3.35  # inches of the row as written
COLUMN = 0.85  # inches a stride
NOTE = 4.3  # inches for what is wrong with a row
TOP = 0.62  # inches for the legend and the names of the columns
LONGEST = 46  # characters of a row as written

_BOX = np.array([(-1.0, -0.36), (1.0, -0.36), (1.0, 0.36), (-1.0, 0.36), (-1.0, -0.36)])


def draw_architecture(report: Report) -> Figure:
    """Draw a linted model: from top to bottom the order of its rows, from left to right the stride of what they give.

    A row with a finding is framed in red and says what it is. A bend is a row that reads further back than the one
    before it.

    Example:
        >>> draw_architecture(yolo_course.lint("pico.yaml"))  # doctest: +SKIP
    """
    rows = report.rows
    wrong = {found.row: found.message for found in reversed(report.findings) if found.row is not None}
    columns, kinds = _columns(rows), [_kind(row, rows) for row in rows]
    last = int(max(columns, default=0))
    width = TEXT + COLUMN * (last + 0.7) + (NOTE if wrong else 0)
    figure = Figure(figsize=(max(width, 7.5), TOP + LINE * len(rows) + 0.05))
    axis = figure.add_axes((0, 0, 1, 1))
    axis.set(xlim=(0, figure.get_figwidth()), ylim=(len(rows) - 0.4, -TOP / LINE - 0.4))
    axis.set_axis_off()
    _draw_frame(axis, last, len(rows))
    _draw_edges(axis, rows, columns, kinds)
    _draw_nodes(axis, rows, columns, kinds, set(wrong))
    _draw_text(axis, rows, set(wrong))
    for number, message in wrong.items():
        note = _as_written(shorten(message, 70, placeholder="…"))
        axis.text(width - NOTE + 0.1, number, note, va="center", fontsize=7.5, color=RED, parse_math=False)
    return figure


def _reads(row: Row) -> list[int]:
    """Numbers of the rows that a row reads; those that are not there, the image among them, are left out."""
    sources = row.source if isinstance(row.source, list) else [row.source]
    absolute = [source if source >= 0 else row.row + source for source in sources if isinstance(source, int)]
    return [number for number in absolute if 0 <= number < row.row]


def _columns(rows: Sequence[Row]) -> list[float]:
    """log2 of the strides; a row without one stands where the row it reads stands."""
    columns: list[float] = []
    for row in rows:
        known = [columns[number] for number in _reads(row)]
        columns.append(log2(row.stride) if row.stride else max(known, default=0))
    return [min(max(column, 0), 9) for column in columns]


def _kind(row: Row, rows: Sequence[Row]) -> str:
    read = [rows[number].stride for number in _reads(row)]
    if row.stride is None:
        return "detects" if row.row == len(rows) - 1 and read and all(read) else "unknown"
    if isinstance(row.source, list) and len(row.source) > 1:
        return "joins"
    before = (read[0] if read else 1) or row.stride
    return "halves" if row.stride > before else "doubles" if row.stride < before else "keeps"


def _x(column: float) -> float:
    return TEXT + COLUMN * (column - 0.25)


def _draw_frame(axis: Axes, last: int, rows: int) -> None:
    """The columns with their names, and the legend above them."""
    for column in range(1, last + 1):
        axis.plot([_x(column)] * 2, [-0.6, rows - 0.5], color="0.9", lw=1, zorder=0)
        axis.text(_x(column), -1.0, f"P{column}/{2**column}", ha="center", va="center", fontsize=8, color="0.35")
    axis.text(0.1, -1.0, "row, module × repeats, arguments", va="center", fontsize=8, color="0.35")
    axis.text(0.1, -2.3, "in the boxes: channels; bold: registered", va="center", fontsize=8, color="0.35")
    for place, kind in enumerate(kind for kind in COLOURS if kind != "unknown"):
        x = TEXT + place * COLUMN
        axis.plot(x, -2.3, "s", color=COLOURS[kind], ms=6)
        axis.text(x + 0.1, -2.3, kind, va="center", fontsize=8, color="0.35")


def _draw_edges(axis: Axes, rows: Sequence[Row], columns: list[float], kinds: list[str]) -> None:
    """Who reads whom; a row that reads further back than the one before it, in a bend."""
    near, far = [], []
    for row, column, kind in zip(rows, columns, kinds, strict=True):
        for number in _reads(row):
            begin = _x(columns[number])
            end = begin if kind == "detects" else _x(column)
            if row.row - number == 1:
                near.append(Path([(begin, number), (end, row.row)]))
                continue
            bend = max(begin, end) + min(0.3 + 0.02 * (row.row - number), 0.6)
            points = [(begin, number), (bend, number + 0.6), (bend, row.row - 0.6), (end, row.row)]
            far.append(Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]))
    for paths, colour in ((near, "0.55"), (far, COLOURS["joins"])):
        axis.add_collection(PathCollection(paths, facecolors="none", edgecolors=colour, linewidths=1.2, zorder=1))


def _draw_nodes(axis: Axes, rows: Sequence[Row], columns: list[float], kinds: list[str], wrong: set[int]) -> None:
    """A box in the row's column, with its channels; a head has one at each stride that it reads."""
    boxes = [
        (row.row, _x(column), kind)
        for row, kind, own in zip(rows, kinds, columns, strict=True)
        for column in (sorted({columns[number] for number in _reads(row)}) if kind == "detects" else [own])
    ]
    axis.scatter(
        [x for _, x, _ in boxes],
        [number for number, *_ in boxes],
        s=560,
        marker=_BOX,
        c=[COLOURS[kind] for *_, kind in boxes],
        edgecolors=[RED if number in wrong else "0.35" if kind == "unknown" else "none" for number, _, kind in boxes],
        linewidths=[2 if number in wrong else 1 for number, *_ in boxes],
        zorder=2,
    )
    for number, x, kind in boxes:
        if kind != "detects" and rows[number].c_out:
            colour = "0.35" if kind == "unknown" else "white"
            look = {"fontsize": 7.5, "color": colour, "zorder": 3}
            axis.text(x, number, rows[number].c_out, ha="center", va="center_baseline", **look)


def _draw_text(axis: Axes, rows: Sequence[Row], wrong: set[int]) -> None:
    ours = registered()
    for row in rows:
        times = f" ×{row.repeats}" if row.repeats != 1 else ""
        number = f"{row.row}".rjust(2, "\u2007")  # as wide as a figure; SVG drops spaces
        text = number + _as_written(f" {row.module}{times} [{', '.join(map(str, row.args))}]")
        text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
        weight, colour = "bold" if row.module in ours else "normal", RED if row.row in wrong else "0.15"
        look = {"family": "monospace", "fontsize": 7, "color": colour, "weight": weight}
        axis.text(0.1, row.row, text, va="center", parse_math=False, **look)


def _as_written(text: str) -> str:
    """On one line, and without what no picture can show."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)
