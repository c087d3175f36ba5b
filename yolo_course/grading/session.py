"""What has happened in this notebook so far: the unit, the outcome of each check, the hints already shown."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from yolo_course.errors import UnitError
from yolo_course.grading import render, syllabus
from yolo_course.grading.outcome import Outcome, Status
from yolo_course.grading.syllabus import Exercise, Syllabus


@dataclass
class Session:
    """The state of one kernel: one notebook, one unit."""

    unit: Syllabus | None = None
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    hints_shown: dict[str, int] = field(default_factory=dict)

    def exercise(self, name: str) -> Exercise | None:
        """Look an exercise up; without a unit every name is allowed.

        Raises:
            UnitError: If the unit has no exercise of that name.
        """
        if self.unit is None:
            return None
        known = {exercise.name: exercise for exercise in self.unit.exercises}
        if name not in known:
            raise UnitError(f"unit {self.unit.unit} has no exercise {name!r}", expected=", ".join(known))
        return known[name]


_session = Session()


def start(unit: str) -> None:
    """Open a unit: call it in the first cell of the notebook.

    Ultralytics is kept from installing packages by itself (a missing module's name is not a package to trust).

    Raises:
        UnitError: If no unit has that name.
    """
    os.environ.setdefault("YOLO_AUTOINSTALL", "false")
    render.enable_figures()
    opened = syllabus.load(unit)
    _session.unit = opened
    _session.outcomes.clear()
    _session.hints_shown.clear()
    render.show(render.unit_card(opened))


def leave() -> None:
    """Close the unit, if one is open: checks of any name are allowed again."""
    _session.unit = None
    _session.outcomes.clear()
    _session.hints_shown.clear()


def record(name: str, outcome: Outcome) -> None:
    """Keep a check's outcome for `progress()` and show its box."""
    exercise = _session.exercise(name)
    _session.outcomes[name] = outcome
    render.show(render.outcome_box(name, outcome, exercise))


def hint(name: str | Callable) -> None:
    """Show the next step of an exercise's ladder of hints; after the last one, all of them again.

    Args:
        name: Name of the exercise, or what the learner has written under that name.

    Raises:
        UnitError: If no unit was started or it has no such exercise.
    """
    name = name if isinstance(name, str) else getattr(name, "__name__", repr(name))
    exercise = _session.exercise(name)
    if exercise is None:
        raise UnitError("no unit is open", hint="run the first cell of the notebook")
    shown = min(_session.hints_shown.get(name, 0) + 1, len(exercise.hints))
    _session.hints_shown[name] = shown
    render.show(render.hint_box(exercise, shown))


def progress() -> None:
    """Show a table of the unit's exercises and where each stands.

    Raises:
        UnitError: If no unit was started.
    """
    if _session.unit is None:
        raise UnitError("no unit is open", hint="run the first cell of the notebook")
    untouched = Outcome(Status.NOT_ATTEMPTED, "")
    rows = [(each, _session.outcomes.get(each.name, untouched)) for each in _session.unit.exercises]
    render.show(render.progress_table(_session.unit, rows))
