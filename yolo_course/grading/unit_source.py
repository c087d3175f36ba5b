"""Read `unit.py`, the one source of a unit, and refuse what breaks the format.

The format is described in docs/architecture.md, "How a unit becomes notebooks".
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jupytext
from nbformat import NotebookNode

from yolo_course.errors import UnitError
from yolo_course.grading.syllabus import Exercise, Syllabus

ROLES = ("exercise", "clinic", "check", "manual", "hints", "predict", "setup")
_KEYS = {
    "exercise": {"minutes", "difficulty"},
    "clinic": {"minutes", "difficulty"},
    "manual": {"minutes", "difficulty", "points"},
    "check": {"points"},
    "hints": set(),
    "predict": set(),
    "setup": set(),
}
_FACTS = ("title", "promise", "goals", "minutes", "budget", "prerequisites")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Cell:
    """One cell of a unit.

    Args:
        kind: "code" or "markdown".
        role: One of `ROLES`, or "" for plain text and code.
        name: The exercise or prediction it belongs to.
        keys: `minutes`, `difficulty` and `points`, where the role has them.
        source: Its text.
    """

    kind: str
    role: str
    name: str
    keys: dict[str, Any]
    source: str


@dataclass(frozen=True)
class Unit:
    """A unit as written: its facts and cells."""

    name: str
    folder: Path
    facts: dict[str, Any]
    cells: tuple[Cell, ...]

    @property
    def file(self) -> Path:
        """The source itself."""
        return self.folder / "unit.py"

    def with_role(self, *roles: str) -> list[Cell]:
        """The cells that have one of these roles, in order."""
        return [cell for cell in self.cells if cell.role in roles]

    def syllabus(self) -> Syllabus:
        """What `hint()` and `progress()` need to know."""
        points = {cell.name: cell.keys["points"] for cell in self.with_role("check", "manual")}
        ladders = {cell.name: _ladder(cell.source) for cell in self.with_role("hints")}
        exercises = [
            Exercise(
                cell.name,
                cell.role,
                points[cell.name],
                cell.keys["minutes"],
                cell.keys["difficulty"],
                ladders.get(cell.name, ()),
            )
            for cell in self.with_role("exercise", "clinic", "manual")
        ]
        facts = self.facts
        return Syllabus(self.name, facts["title"], facts["promise"], facts["minutes"], tuple(exercises))


def read(folder: Path) -> Unit:
    """Read a unit's folder.

    Raises:
        UnitError: If the source is missing or breaks the format.
    """
    file = folder / "unit.py"
    if not file.is_file():
        raise UnitError("no such unit", expected=f"a file {file.name}", where=folder)
    facts, cells = _parsed(file.read_text(encoding="utf-8"))
    unit = Unit(folder.name, folder, dict(facts), cells)
    problems = [*_fact_problems(unit), *_cell_problems(unit), *_pair_problems(unit)]
    if problems:
        raise UnitError("; ".join(problems), where=f"{unit.name}/unit.py")
    return unit


@lru_cache(maxsize=32)
def _parsed(text: str) -> tuple[dict[str, Any], tuple[Cell, ...]]:
    """The header's facts and the cells; jupytext takes 0.1 s for a unit."""
    notebook = jupytext.reads(text, fmt="py:percent")
    return notebook.metadata.get("yolo_course", {}), tuple(map(_cell, notebook.cells))


def _cell(node: NotebookNode) -> Cell:
    metadata = {key: value for key, value in node.metadata.items() if key != "lines_to_next_cell"}  # jupytext's own
    role = next((role for role in ROLES if role in metadata), "")
    name = metadata.pop(role, "") if role else ""
    return Cell(node.cell_type, role, "" if name is True else str(name), metadata, node.source)


def _ladder(source: str) -> tuple[str, ...]:
    steps = re.split(r"^\d+\.\s+", source.strip(), flags=re.MULTILINE)[1:]
    return tuple(" ".join(step.split()) for step in steps)


def _fact_problems(unit: Unit) -> list[str]:
    missing = [fact for fact in _FACTS if fact not in unit.facts]
    problems = [f"the header lacks {', '.join(missing)}"] if missing else []
    if not missing and not 3 <= len(unit.facts["goals"]) <= 6:
        problems.append(f"the header has {len(unit.facts['goals'])} goals, three to six are asked for")
    return problems


def _cell_problems(unit: Unit) -> list[str]:
    problems = []
    for cell in unit.cells:
        label = f'{cell.role}="{cell.name}"' if cell.role else f"the cell {cell.source[:30]!r}"
        wanted = _KEYS.get(cell.role, set())
        if set(cell.keys) != wanted:
            problems.append(f"{label} has the keys {sorted(cell.keys)}, expected {sorted(wanted)}")
        if cell.role and cell.role != "setup" and not _NAME.fullmatch(cell.name):
            problems.append(f"{label} needs a name in lower case with underscores")
        if cell.role in ("exercise", "clinic", "manual") and "### BEGIN SOLUTION" not in cell.source:
            problems.append(f"{label} has no ### BEGIN SOLUTION")
        if cell.role == "clinic" and "### STUB" not in cell.source:
            problems.append(f"{label} has no ### STUB: a clinic starts from code with a bug")
        if cell.role == "check" and f'check("{cell.name}")' not in cell.source:
            problems.append(f'{label} does not call check("{cell.name}")')
        if cell.role == "hints" and not 2 <= len(_ladder(cell.source)) <= 3:
            problems.append(f"{label} has {len(_ladder(cell.source))} steps, two or three are asked for")
    return problems


def _pair_problems(unit: Unit) -> list[str]:
    solved = [cell.name for cell in unit.with_role("exercise", "clinic")]
    checked = [cell.name for cell in unit.with_role("check")]
    hinted = [cell.name for cell in unit.with_role("hints")]
    problems = []
    if solved != checked:
        problems.append(f"exercises {solved} and checks {checked} differ")
    if sorted(hinted) != sorted(solved):
        problems.append(f"exercises {sorted(solved)} and ladders of hints {sorted(hinted)} differ")
    every = solved + [cell.name for cell in unit.with_role("manual")]
    if len(set(every)) != len(every):
        problems.append("two exercises share a name")
    return problems
