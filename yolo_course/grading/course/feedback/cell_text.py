"""A cell of a submission as plain data for a page: its source and what it showed, shortened, with nothing that runs."""

from dataclasses import dataclass

from nbformat import NotebookNode

from yolo_course.grading.isolation.inert import picture

LONGEST = 20_000  # characters of a cell, or of one thing that it showed
MOST = 40  # things that a cell showed
PICTURES = 8  # of them


@dataclass(frozen=True)
class Shown:
    """One thing a cell showed: `kind` is text, error or picture (a PNG in base64, drawn anew)."""

    kind: str
    text: str


@dataclass(frozen=True)
class CellText:
    """A cell's source, how many characters of it are left out, and what it showed."""

    source: str
    cut: int
    shown: list[Shown]


def read_cell(cell: NotebookNode) -> CellText:
    """Take from a cell what can be shown to anyone."""
    return CellText(cell.source[:LONGEST], max(0, len(cell.source) - LONGEST), _shown(cell))


def _shown(cell: NotebookNode) -> list[Shown]:
    """Text and pictures; HTML, scripts and anything else is left out."""
    found, pictures = [], 0
    for output in cell.get("outputs", [])[:MOST]:
        data = output.get("data", {})
        if output.output_type == "error":
            told = f"{output.get('ename')}: {output.get('evalue')}".removeprefix(
                "Error: "
            )  # the sandbox's name for all
            found.append(Shown("error", told[:LONGEST]))
        elif pictures < PICTURES and (png := picture("".join(data.get("image/png", "").split()))):
            found.append(Shown("picture", png))
            pictures += 1
        elif text := output.get("text", "") or data.get("text/plain", ""):
            found.append(Shown("text", text[:LONGEST]))
    return found
