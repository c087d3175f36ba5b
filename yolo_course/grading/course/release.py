"""Make what is handed out: nbgrader's release of a unit, and a zip file of it for a learning management system."""

import os
import warnings
import zipfile
from datetime import datetime
from pathlib import Path

from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.exc import SAWarning

from yolo_course.errors import CourseError
from yolo_course.grading.course.root import CourseRoot

_EPOCH = (1980, 1, 1, 0, 0, 0)  # zip's own beginning of time: the same release gives the same bytes


def release(root: CourseRoot, unit: str, due: datetime | None = None) -> Path:
    """Release a unit by nbgrader's own `generate_assignment`; an earlier release is replaced.

    Args:
        root: The course.
        unit: The unit's full name.
        due: When it is due, UTC; without it the gradebook's date stays.

    Returns:
        The zip file beside the release folder.

    Raises:
        CourseError: nbgrader refuses.
    """
    result = root.api().generate_assignment(unit)
    if not result["success"]:
        lines = [line for line in result.get("log", "").splitlines() if line.startswith("[ERROR]")]
        found = lines[-1].removeprefix("[ERROR] ") if lines else result.get("error", "").strip().splitlines()[-1]
        raise CourseError("nbgrader does not release the unit", found=found, where=unit)
    if due is not None:
        set_due(root, unit, due)
    return _zip(root.place("release", ".", unit))


def set_due(root: CourseRoot, unit: str, due: datetime | None, student: str | None = None) -> None:
    """Write a due date into the gradebook, and what being late costs for what is graded already.

    Args:
        root: The course.
        unit: The unit's full name.
        due: When it is due, UTC; None takes the date, or the student's extension, away.
        student: For this student only, by nbgrader's extension of the unit's own date.

    Raises:
        CourseError: The unit has no date to extend, the student's would be before it, or there is no such student.
    """
    with root.gradebook() as gradebook:
        if student is None:
            assignment = gradebook.update_or_create_assignment(unit, duedate=due)
            for each in assignment.submissions if due is None else ():  # nbgrader would add them to no date
                gradebook.grant_extension(unit, each.student.id)
        else:
            _extend(gradebook, unit, due, student)
        graded = [
            (each.name, sub.student.id) for sub in gradebook.find_assignment(unit).submissions for each in sub.notebooks
        ]
    for notebook, whose in graded:
        if student in (None, whose):
            facts = {"notebook": notebook, "assignment": unit, "student": whose, "db_url": root.directory.db_url}
            AssignLatePenalties(config=root.config).preprocess(new_notebook(), {"nbgrader": facts})


def _extend(gradebook: Gradebook, unit: str, due: datetime | None, student: str) -> None:
    assignment = gradebook.update_or_create_assignment(unit)
    if assignment.duedate is None:
        raise CourseError("the unit has no due date that could be extended", where=unit)
    minutes = (due - assignment.duedate).total_seconds() / 60 if due else 0
    if minutes < 0:
        raise CourseError("before the unit's own date", expected=f"after {assignment.duedate}", found=due)
    if student not in (known := [each.id for each in gradebook.students]):
        hint = f"collect with --roster enters all; one only: nbgrader db student add {student}"
        raise CourseError(f"no student {student!r} in the gradebook", expected=_some(known), hint=hint)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's queries while it adds a submission
        gradebook.update_or_create_submission(unit, student)
    gradebook.grant_extension(unit, student, minutes=minutes)


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return (", ".join(sorted(names)[:8]) or "nobody is in it yet") + more


def _zip(folder: Path) -> Path:
    target = folder.with_name(f"{folder.name}.zip")
    partial = target.with_name(f".{target.name}.partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(file for file in folder.rglob("*") if file.is_file()):
            info = zipfile.ZipInfo(f"{folder.name}/{file.relative_to(folder).as_posix()}", _EPOCH)
            info.external_attr = 0o644 << 16
            archive.writestr(info, file.read_bytes(), zipfile.ZIP_DEFLATED)
    os.replace(partial, target)
    return target
