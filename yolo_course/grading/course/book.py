"""The gradebook as grading needs it: what is in it, and how a result gets there. nbgrader itself does all the writing.

One process writes at a time: it holds the lock of the course root (`alone`). What was recorded is read from nbgrader's
own files: the autograded notebook, which nbgrader writes last, names the result that its points come from.
"""

import contextlib
import functools
import json
import logging
import shutil
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbgrader.api
import sqlalchemy
from filelock import FileLock, Timeout
from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.utils import setenv
from sqlalchemy.exc import SAWarning
from traitlets.log import get_logger

from yolo_course.errors import CourseError
from yolo_course.grading.course.root import CourseRoot
from yolo_course.grading.desks.store import hidden, sha
from yolo_course.grading.whole import write_whole


class RecordError(CourseError):
    """nbgrader could not take a result."""


@dataclass
class Scores:
    """What the gradebook says about one submission.

    Args:
        points: Points with the late penalty taken off.
        most: Full marks.
        exercises: Points of each exercise by its name; None where a person has to give them.
        late: Seconds late.
        penalty: Points taken off for that.
        needs_a_person: Whether something has to be graded by hand.
    """

    points: float = 0.0
    most: float = 0.0
    exercises: dict[str, float | None] = field(default_factory=dict)
    late: float = 0.0
    penalty: float = 0.0
    needs_a_person: bool = False


@contextlib.contextmanager
def alone(root: CourseRoot, tell: Callable[[str], None]) -> Iterator[None]:
    """Hold the course root's lock; wait for whoever else holds it, and say so. The system lets go if we are killed."""
    lock = FileLock(hidden(root.folder) / "lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        tell(f"another run is grading in {root.folder}; waiting for it to end")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def update(root: CourseRoot, unit: str) -> None:
    """Bring the gradebook's copy of a unit up to its source notebook, by nbgrader's `generate_assignment`.

    Raises:
        CourseError: nbgrader refuses.
    """
    mark, now = hidden(root.folder) / f"released-{unit}", sha(root.source(unit).read_bytes())
    with root.gradebook() as gradebook:
        known = mark.is_file() and mark.read_text(encoding="utf-8") == now
        with contextlib.suppress(MissingEntry):
            if known and gradebook.find_notebook(unit, unit):
                return
    with _quiet() as said:
        done = root.api().generate_assignment(unit, force=True, create=True)
    if not done["success"]:
        raise CourseError(
            f"nbgrader cannot bring {unit} up to date in the gradebook",
            found=_reason(said, done.get("error", "")),
            hint="exercises cannot come or go once submissions were graded; remove the assignment from the gradebook",
        )
    write_whole(mark, now)


def recorded(root: CourseRoot, student: str, unit: str) -> dict[str, str] | None:
    """Which result was recorded for a submission: its `key`, and the hash of what was `handed_in`."""
    try:
        text = (root.place("autograded", student, unit) / f"{unit}.ipynb").read_text(encoding="utf-8")
        graded = json.loads(text)["metadata"]["yolo_course"]["graded"]
        return {name: str(graded[name]) for name in ("key", "handed_in")}
    except (OSError, ValueError, KeyError, TypeError):
        return None


class _OnePass(Autograde):
    """nbgrader's autograde step, its two passes over a notebook in one: half the reading, writing and checking."""

    def init_notebooks(self) -> None:
        """Take the one submission; nbgrader would look for a pattern, and names of students may hold `[` and `*`."""
        folder = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        self.assignments, self.notebooks = {folder: sorted(map(str, Path(folder).glob("*.ipynb")))}, []

    def _init_preprocessors(self) -> None:
        steps = [*self.sanitize_preprocessors, *self.autograde_preprocessors]
        self.exporter._preprocessors = []
        for index, step in enumerate(steps):
            if step not in steps[index + 1 :]:  # the check of metadata stands in both; the last one sees all
                self.exporter.register_preprocessor(step)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Clean, grade and record one notebook."""
        self._init_preprocessors()
        with setenv(NBGRADER_EXECUTION="autograde"):
            BaseConverter.convert_single_notebook(self, notebook_filename)


def record(root: CourseRoot, student: str, unit: str, unsafe: bool = False) -> None:
    """Take a submission through nbgrader's autograde step; its result comes from the store.

    Raises:
        RecordError: nbgrader cannot; the submission counts as not graded.
    """
    directory, config = root.directory, root.config.copy()
    config.IsolatedExecute.unsafe = unsafe
    before = directory.student_id, directory.assignment_id
    directory.student_id, directory.assignment_id = student, unit
    config.Exporter.optimistic_validation = True
    converter = _OnePass(coursedir=directory, config=config)
    converter.force = True
    try:
        with _quiet() as said, _one_engine():
            converter.start()
    except (NbGraderException, SystemExit) as error:
        raise RecordError("nbgrader could not record it", found=_reason(said, str(error))) from error
    finally:
        directory.student_id, directory.assignment_id = before


def record_zero(root: CourseRoot, student: str, unit: str) -> None:
    """Record zero points, as nbgrader does for a notebook that is missing."""
    shutil.rmtree(root.place("autograded", student, unit), ignore_errors=True)
    with root.gradebook() as gradebook:
        gradebook.update_or_create_student(student)
        gradebook.update_or_create_submission(unit, student)
        for notebook in gradebook.find_submission(unit, student).notebooks:
            notebook.late_submission_penalty = None
            for grade in notebook.grades:
                grade.auto_score, grade.needs_manual_grade = 0, False
        gradebook.db.commit()


def scores(root: CourseRoot, unit: str, names: dict[str, str]) -> dict[str, Scores]:
    """What the gradebook says about each submission of a unit, by student.

    Args:
        root: The course root.
        unit: The unit.
        names: The exercises' names by the names of the cells that hold their points.
    """
    with root.gradebook() as gradebook:
        found = {
            each.student_id: Scores(late=each.total_seconds_late) for each in gradebook.assignment_submissions(unit)
        }
        for student, name, auto, manual, score, most, needs in _grades(gradebook, unit):
            scores = found[student]
            scores.points += score
            scores.most += most
            scores.exercises[names.get(name, name)] = auto if manual is None else manual
            scores.needs_a_person |= needs
        penalties = gradebook.db.query(SubmittedAssignment.student_id, SubmittedNotebook.late_submission_penalty)
        penalties = penalties.select_from(SubmittedNotebook).join(SubmittedNotebook.assignment)
        for student, penalty in penalties.join(SubmittedAssignment.assignment).filter(Assignment.name == unit):
            found[student].penalty += penalty or 0
            found[student].points -= penalty or 0
        return found


def _grades(gradebook: Gradebook, unit: str) -> Iterable:
    """Every grade of a unit in one query; nbgrader's objects would ask once for each."""
    columns = (Grade.auto_score, Grade.manual_score, Grade.score, Grade.max_score, Grade.needs_manual_grade)
    query = gradebook.db.query(SubmittedAssignment.student_id, BaseCell.name, *columns).select_from(Grade)
    query = query.join(Grade.cell).join(Grade.notebook).join(SubmittedNotebook.assignment)
    return query.join(SubmittedAssignment.assignment).filter(Assignment.name == unit).order_by(BaseCell.name)


@contextlib.contextmanager
def _one_engine() -> Iterator[None]:
    """Let nbgrader, which opens its gradebook ten times for a submission, keep the queries that SQLAlchemy compiled."""
    real = nbgrader.api.create_engine
    nbgrader.api.create_engine = _engine
    try:
        yield
    finally:
        nbgrader.api.create_engine = real


_engine = functools.lru_cache(maxsize=4)(sqlalchemy.create_engine)


@contextlib.contextmanager
def _quiet() -> Iterator[list[str]]:
    """Keep what nbgrader says for ourselves."""
    said: list[str] = []
    logger, handler = get_logger(), logging.Handler()
    handler.emit = lambda entry: said.append(entry.getMessage()) if entry.levelno >= logging.ERROR else None
    kept = logger.handlers, logger.propagate
    logger.handlers, logger.propagate = [handler], False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)  # nbgrader's queries while it adds a submission
            yield said
    finally:
        logger.handlers, logger.propagate = kept


def _reason(said: list[str], fallback: str) -> str:
    """The line that says what went wrong: the last one of a traceback."""
    tracebacks = [text for text in said if text.startswith("Traceback")] or [fallback]
    return (tracebacks[0].strip().splitlines() or ["no reason given"])[-1][:300]
