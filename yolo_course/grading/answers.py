"""Prove an exercise: run an answer against its check, with setup cells and earlier solutions alone.

`answers/<exercise>.py` holds other right answers and plausible wrong ones, one cell each, in percent format:

    # %% right="broadcasts instead of looping"
    # %% wrong="forgets the clamp" hint="do not overlap"
    # %% wrong="adds an axis too many" hint="IndexError" outcome="raised"
"""

import contextlib
import io
import linecache
from dataclasses import dataclass
from typing import Any

import jupytext

import yolo_course.blocks  # noqa: F401  registered here and not inside `isolated`, which would forget them
from yolo_course.errors import UnitError
from yolo_course.grading.checks import CheckFailed
from yolo_course.grading.clear_solutions import solution_only
from yolo_course.grading.notebooks import learner_notebook
from yolo_course.grading.outcome import Outcome, Status
from yolo_course.grading.unit_source import Unit
from yolo_course.registry.register import isolated


@dataclass(frozen=True)
class Answer:
    """One answer to an exercise, and what its check must say.

    Args:
        exercise: The exercise it answers.
        why: What is special about it, in a few words.
        status: The outcome it must get.
        hint: Text that the check's message must contain; empty for a right answer.
        source: The whole exercise cell as this learner wrote it.
    """

    exercise: str
    why: str
    status: Status
    hint: str
    source: str


def read_answers(unit: Unit, exercise: str) -> list[Answer]:
    """Read `answers/<exercise>.py`.

    Raises:
        UnitError: If the file is missing, or a cell is neither right nor wrong.
    """
    file = unit.folder / "answers" / f"{exercise}.py"
    if not file.is_file():
        raise UnitError("the exercise has no answers to prove it", expected=f"answers/{file.name}", where=unit.name)
    cells = jupytext.reads(file.read_text(encoding="utf-8"), fmt="py:percent").cells
    return [_answer(exercise, cell.metadata, cell.source) for cell in cells if cell.cell_type == "code"]


def solution(unit: Unit, exercise: str) -> str:
    """The reference solution of an exercise."""
    return solution_only(_cell(unit, exercise))


def stub(unit: Unit, exercise: str) -> str:
    """What a learner starts from."""
    identity = {("exercise", exercise), ("clinic", exercise)}
    for cell in learner_notebook(unit).cells:
        facts = cell.metadata.get("yolo_course", {})
        if (facts.get("role"), facts.get("name")) in identity:
            return cell.source
    raise UnitError("unknown exercise", found=exercise, where=unit.name)


def verdict(unit: Unit, exercise: str, source: str) -> Outcome:
    """Run an answer's check as the notebook would, without the rest of the notebook; what it registers is forgotten.

    Args:
        unit: The unit.
        exercise: The exercise that is answered.
        source: The exercise cell as the learner left it.

    Returns:
        What the check said.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()), isolated():
        for cell in unit.cells:
            if cell.role == "setup" or (cell.role in ("exercise", "clinic") and cell.name != exercise):
                _run(solution_only(cell.source), f"<{cell.role} {cell.name}>", names)
            elif cell.role in ("exercise", "clinic"):
                _run(source, f"<answer {exercise}>", names)
            elif cell.role == "check" and cell.name == exercise:
                return _asked(cell.source, exercise, names)
    raise UnitError("unknown exercise", found=exercise, where=unit.name)


def _asked(check_source: str, exercise: str, names: dict[str, Any]) -> Outcome:
    try:
        _run(check_source, f"<check {exercise}>", names)
    except CheckFailed as failed:
        return failed.outcome
    return Outcome(Status.PASSED, "All checks hold.")


def _run(source: str, label: str, names: dict[str, Any]) -> None:
    """Execute a cell so that a traceback can show its lines."""
    linecache.cache[label] = (len(source), None, source.splitlines(keepends=True), label)
    exec(compile(source, label, "exec"), names)


def _cell(unit: Unit, exercise: str) -> str:
    for cell in unit.with_role("exercise", "clinic"):
        if cell.name == exercise:
            return cell.source
    raise UnitError("unknown exercise", found=exercise, where=unit.name)


def _answer(exercise: str, keys: dict[str, Any], source: str) -> Answer:
    if "right" in keys:
        return Answer(exercise, keys["right"], Status.PASSED, "", source)
    if "wrong" in keys and keys.get("hint"):
        return Answer(exercise, keys["wrong"], Status(keys.get("outcome", "wrong")), keys["hint"], source)
    raise UnitError('an answer needs right="…", or wrong="…" and hint="…"', where=f"{exercise}: {source[:40]!r}")
