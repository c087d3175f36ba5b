"""The similarity report as one HTML page: the table, and for the first pairs their matching passages side by side."""

from dataclasses import dataclass
from itertools import groupby

from yolo_course.grading.course.page import page
from yolo_course.grading.course.similarity.compare import Pair, Similarity
from yolo_course.grading.course.similarity.own_code import OwnCell
from yolo_course.grading.course.similarity.passages import passages

SHOWN = 50  # pairs whose text is shown
AROUND = 2  # lines shown before the first and after the last passage of a cell
LONGEST = 12_000  # characters shown of a cell


@dataclass(frozen=True)
class Side:
    """One cell's text in pieces: each with the number of its passage, 0 for what is not shared."""

    name: str
    pieces: list[tuple[str, int]]


@dataclass(frozen=True)
class Sheet:
    """A pair as the page shows it."""

    pair: Pair
    tokens: int
    longest: int
    blocks: list[tuple[Side, Side]]


def similarity_page(found: Similarity, shown: int = SHOWN) -> str:
    """Write the report as HTML.

    Args:
        found: What came of the comparison.
        shown: How many pairs are shown with their text; the table lists all.
    """
    return page("similarity.html", found=found, sheets=[sheet(pair) for pair in found.pairs[:shown]])


def sheet(pair: Pair) -> Sheet:
    """Put the cells that share passages side by side."""
    found = [(number, passage) for number, passage in enumerate(passages(pair), 1)]
    blocks = []
    by_cells = sorted(found, key=lambda each: (each[1].first_cell, each[1].second_cell))
    for (one, other), group in groupby(by_cells, key=lambda each: (each[1].first_cell, each[1].second_cell)):
        held = list(group)
        first = _side(pair.first.cells[one], [(number, each.first_start, each.length) for number, each in held])
        second = _side(pair.second.cells[other], [(number, each.second_start, each.length) for number, each in held])
        blocks.append((first, second))
    lengths = [passage.length for _, passage in found]
    return Sheet(pair, sum(lengths), max(lengths, default=0), blocks)


def _side(cell: OwnCell, marks: list[tuple[int, int, int]]) -> Side:
    """Cut a cell's text where passages begin and end, and leave out what is far from all of them."""
    marks = sorted(marks, key=lambda mark: mark[1])
    spans = [(n, cell.tokens[at].start, cell.tokens[at + length - 1].end) for n, at, length in marks]
    begin, end = _lines_around(cell.source, spans[0][1], spans[-1][2])
    end = min(end, begin + LONGEST)
    pieces, at = [("…\n", 0)] if begin else [], begin
    for number, start, stop in spans:
        pieces += [(cell.source[at : min(start, end)], 0), (cell.source[start : min(stop, end)], number)]
        at = max(at, min(stop, end))
    pieces += [(cell.source[at:end], 0), ("\n…" if end < len(cell.source.rstrip()) else "", 0)]
    return Side(cell.name, [piece for piece in pieces if piece[0]])


def _lines_around(source: str, start: int, stop: int) -> tuple[int, int]:
    for _ in range(AROUND + 1):
        start = source.rfind("\n", 0, max(0, start))
        stop = source.find("\n", min(len(source), stop + 1)) if stop >= 0 else stop
    return start + 1, stop if stop >= 0 else len(source)
