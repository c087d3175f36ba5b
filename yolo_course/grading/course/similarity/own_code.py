"""The code of a submission that is the learner's own: cells that do not stand in the lesson word for word."""

import copy
import json
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests

from yolo_course.errors import CourseError
from yolo_course.grading.clear_solutions import ClearSolutionsKeepStubs, solution_only
from yolo_course.grading.course.similarity.fingerprints import Token, fingerprints, grams, tokens

LARGEST = 64 << 20  # bytes of a notebook
LONGEST, MOST = 100_000, 300_000  # characters of a cell, and of all cells, that are compared


@dataclass(frozen=True)
class Lesson:
    """What a course's own notebook holds.

    Args:
        cells: The text of every cell, as learners get it and with the solutions.
        guesses: The text of every prediction behind its first line, which holds the learner's guess.
        stub: Hashes of what learners get.
        reference: Hashes of the solutions, setup cells and lesson.
    """

    cells: frozenset[str]
    guesses: frozenset[str]
    stub: frozenset[int]
    reference: frozenset[int]


@dataclass(frozen=True)
class OwnCell:
    """A cell, what it is called in the report, and its tokens."""

    name: str
    source: str
    tokens: list[Token]


@dataclass(frozen=True)
class OwnCode:
    """The learner's own cells.

    Args:
        student: Who handed them in.
        cells: The cells.
        prints: Each fingerprint, and where it stands: places of the cell and of its first token there.
        gaps: What could not be compared.
    """

    student: str
    cells: list[OwnCell]
    prints: dict[int, list[tuple[int, int]]]
    gaps: list[str]


def read_lesson(source: NotebookNode) -> Lesson:
    """Read the instructor's notebook of a unit."""
    released = copy.deepcopy(source)
    for step in (ClearSolutionsKeepStubs, ClearHiddenTests):
        released, _ = step().preprocess(released, {})
    stubs = [cell.source for cell in released.cells if cell.cell_type == "code"]
    solved = [solution_only(cell.source) for cell in source.cells if cell.cell_type == "code"]
    predicted = [cell.source for cell in source.cells if cell.metadata.get("yolo_course", {}).get("role") == "predict"]
    whole, guesses = (
        frozenset(map(str.strip, stubs + solved)),
        frozenset(filter(None, map(_behind_first_line, predicted))),
    )
    return Lesson(whole, guesses, _hashes(stubs), _hashes(solved))


def read_own_code(file: Path, student: str, lesson: Lesson) -> OwnCode:
    """Read what a learner handed in; nothing in it is believed or run.

    Raises:
        CourseError: It is no notebook.
    """
    cells, gaps, prints, left = [], [], {}, MOST
    for name, source in _code_cells(file):
        if source.strip() in lesson.cells or _behind_first_line(source) in lesson.guesses:
            continue
        kept = source[: min(LONGEST, left)]
        left -= len(kept)
        read, whole = tokens(kept)
        if len(kept) < len(source):
            gaps.append(f"{name}: {len(source) - len(kept):,} characters too many")
        elif not whole:
            gaps.append(f"{name}: does not parse")
        for fingerprint, place in fingerprints([each.kind for each in read]):
            prints.setdefault(fingerprint, []).append((len(cells), place))
        cells.append(OwnCell(name, kept, read))
    return OwnCode(student, cells, prints, gaps)


def _behind_first_line(source: str) -> str:
    return source.partition("\n")[2].strip()


def _hashes(sources: list[str]) -> frozenset[int]:
    return frozenset(each for source in sources for each in grams([token.kind for token in tokens(source)[0]]))


def _code_cells(file: Path) -> list[tuple[str, str]]:
    try:
        if not file.is_file() or file.is_symlink() or file.stat().st_size > LARGEST:
            raise ValueError
        cells = [cell for cell in json.loads(file.read_bytes())["cells"] if cell["cell_type"] == "code"]
        sources = [cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"]) for cell in cells]
        names = [_name(cell, place) for place, cell in enumerate(cells, 1)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CourseError("no notebook that can be read", where=file) from error
    return list(zip(names, map(_plain, sources), strict=True))


def _name(cell: dict, place: int) -> str:
    """The exercise; a cell that the learner added goes by its place among the code cells."""
    name = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id")
    return name[:80] if isinstance(name, str) and name else f"code cell {place}"


def _plain(source: str) -> str:
    """Lines that end in a line feed, and no character that UTF-8 cannot take."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n")
    return lines.encode(errors="replace").decode()
