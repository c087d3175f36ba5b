"""Cut a unit down to what one exercise's check needs, and fill in solutions: what a mutant is graded in."""

import copy
from dataclasses import dataclass

from nbformat import NotebookNode

from yolo_course.errors import UnitError
from yolo_course.grading.clear_solutions import solution_only

_ANSWERED = ("exercise", "clinic")


@dataclass(frozen=True)
class Cut:
    """One exercise with what stands before its check.

    Args:
        unit: Name of the unit.
        exercise: Name of the exercise.
        source: The instructor's notebook: setup cells, exercises, this one's check. No other check.
    """

    unit: str
    exercise: str
    source: NotebookNode

    @property
    def cell(self) -> str:
        """The exercise's cell with its markers."""
        return self._one(*_ANSWERED).source

    @property
    def check(self) -> str:
        """The check's cell with its markers."""
        return self._one("check").source

    def submission(self, answer: str) -> NotebookNode:
        """A notebook where this exercise has an answer and the others their solutions."""
        made = copy.deepcopy(self.source)
        for cell in made.cells:
            if role(cell) in _ANSWERED:
                cell.source = answer if named(cell) == self.exercise else solution_only(cell.source)
        return made

    def _one(self, *roles: str) -> NotebookNode:
        return next(cell for cell in self.source.cells if role(cell) in roles and named(cell) == self.exercise)


def exercises(source: NotebookNode) -> list[str]:
    """Names of the exercises and clinics of an instructor's notebook, in order."""
    return [named(cell) for cell in source.cells if role(cell) in _ANSWERED]


def cut(unit: str, exercise: str, source: NotebookNode) -> Cut:
    """Cut an instructor's notebook down to one exercise.

    Raises:
        UnitError: It has no such exercise.
    """
    kept = []
    for cell in source.cells:
        own_check = role(cell) == "check" and named(cell) == exercise
        if role(cell) in ("setup", *_ANSWERED) or own_check:
            kept.append(cell)
        if own_check:
            smaller = copy.copy(source)
            smaller.cells = kept
            return Cut(unit, exercise, smaller)
    raise UnitError("unknown exercise", expected=" or ".join(exercises(source)), found=exercise, where=unit)


def role(cell: NotebookNode) -> str:
    """What a cell is for."""
    return cell.metadata.get("yolo_course", {}).get("role", "")


def named(cell: NotebookNode) -> str:
    """The exercise that a cell belongs to."""
    return cell.metadata.get("yolo_course", {}).get("name", "")
