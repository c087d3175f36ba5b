"""Grades for elsewhere, by nbgrader's exporter plug-ins.

Each also works as `nbgrader export --exporter yolo_course.grading.course.export.CanvasExport --to grades.csv`. Points
are those of nbgrader's gradebook, less the penalty for being late. Who has handed in nothing has an empty field, which
the systems read as "no grade", and 0 in the plain form, as in nbgrader's own.
"""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student, SubmittedAssignment
from nbgrader.plugins import ExportPlugin

from yolo_course.errors import CourseError
from yolo_course.grading.course.root import CourseRoot


class _Export(ExportPlugin):
    """An exporter that writes a table; `default` is where to."""

    default = "grades.csv"

    def export(self, gradebook: Gradebook) -> None:
        """Write the file that `to` names, whole or not at all."""
        target = Path(self.to or self.default)
        partial = target.with_name(f".{target.name}.partial")
        try:
            with partial.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([[_inert(cell) for cell in row] for row in self.rows(gradebook)])
            os.replace(partial, target)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise CourseError("cannot write the grades", found=error.strerror, where=target) from error

    def rows(self, gradebook: Gradebook) -> Iterator[list[object]]:
        """Give the table, headings first."""
        raise NotImplementedError

    def units(self, gradebook: Gradebook) -> list[Assignment]:
        """The units asked for, or all, by name."""
        wanted = sorted(gradebook.assignments, key=lambda unit: unit.name)
        return [unit for unit in wanted if not self.assignment or unit.name in self.assignment]

    def students(self, gradebook: Gradebook) -> list[Student]:
        """The students asked for, or all."""
        return [each for each in gradebook.students if not self.student or each.id in self.student]


class CsvExport(_Export):
    """nbgrader's own columns, a row a student and unit; unlike nbgrader's exporter it quotes what holds a comma."""

    def rows(self, gradebook: Gradebook) -> Iterator[list[object]]:
        """Give the table, headings first."""
        who = ("student_id", "last_name", "first_name", "email")
        yield ["assignment", "duedate", "timestamp", *who, "raw_score", "late_submission_penalty", "score", "max_score"]
        for unit in self.units(gradebook):
            for student in self.students(gradebook):
                found = submission(gradebook, unit, student)
                numbers = [found.score, found.late_submission_penalty, points(found)] if found else [0.0, 0.0, 0.0]
                who = [student.id, student.last_name, student.first_name, student.email]
                yield [unit.name, unit.duedate, found and found.timestamp, *who, *numbers, unit.max_score]


class CanvasExport(_Export):
    """What Canvas imports as grades: "How do I import grades in the Gradebook?".

    Canvas knows a student by `ID`, its own number, which its exports of submissions carry, else by `SIS Login ID`. A
    column whose assignment it does not have becomes a new one; it asks before.
    """

    default = "grades-canvas.csv"

    def rows(self, gradebook: Gradebook) -> Iterator[list[object]]:
        """Give the table, headings first."""
        units = self.units(gradebook)
        yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *(unit.name for unit in units)]
        yield ["    Points Possible", "", "", "", "", *(unit.max_score for unit in units)]
        for student in self.students(gradebook):
            name = ", ".join(filter(None, (student.last_name, student.first_name))) or student.id
            scores = [_rounded(gradebook, unit, student) for unit in units]
            login = "" if student.id == student.lms_user_id else student.id
            yield [name, student.lms_user_id, "", login, "", *scores]


class MoodleExport(_Export):
    """What Moodle imports as grades: "Grade import", CSV file.

    The columns are those of Moodle's own export of grades, with a grade item for each unit; the import asks which of
    `ID number`, `Username` and `Email address` tells the user.
    """

    default = "grades-moodle.csv"

    def rows(self, gradebook: Gradebook) -> Iterator[list[object]]:
        """Give the table, headings first."""
        units = self.units(gradebook)
        items = (f"Assignment: {unit.name} (Real)" for unit in units)
        yield ["First name", "Last name", "ID number", "Username", "Email address", *items]
        for student in self.students(gradebook):
            who = [student.first_name, student.last_name, student.id, student.id, student.email]
            yield [*who, *(_rounded(gradebook, unit, student) for unit in units)]


class GradescopeExport(_Export):
    """The columns of Gradescope's own "Download Grades" of a course.

    Gradescope takes no scores from a file; this is for whoever merges them with its other assignments.
    """

    default = "grades-gradescope.csv"

    def rows(self, gradebook: Gradebook) -> Iterator[list[object]]:
        """Give the table, headings first."""
        units = self.units(gradebook)
        parts = ("", " - Max Points", " - Submission Time", " - Lateness (H:M:S)")
        yield ["First Name", "Last Name", "SID", "Email", *(f"{unit.name}{part}" for unit in units for part in parts)]
        for student in self.students(gradebook):
            row: list[object] = [student.first_name, student.last_name, student.id, student.email]
            for unit in units:
                found = submission(gradebook, unit, student)
                time = found.timestamp and f"{found.timestamp:%Y-%m-%d %H:%M:%S} +0000" if found else ""
                late = _hours(found.total_seconds_late) if found else ""
                row += [_rounded(gradebook, unit, student), unit.max_score, time, late]
            yield row


EXPORTERS: dict[str, type[_Export]] = {
    "csv": CsvExport,
    "canvas": CanvasExport,
    "moodle": MoodleExport,
    "gradescope": GradescopeExport,
}


def write_grades(
    root: CourseRoot, form: str, units: list[str], out: Path | None = None
) -> tuple[Path, list[str], list[str]]:
    """Write the grades of a course.

    Args:
        root: The course.
        form: One of `EXPORTERS`.
        units: Full names; all if there is none.
        out: The file; without it the exporter's own name, in the course root.

    Returns:
        The file; "student unit" for each submission that waits for a manual grade, and for each not graded yet.

    Raises:
        CourseError: The form is unknown, nothing has been released, or the file cannot be written.
    """
    if form not in EXPORTERS:
        raise CourseError("unknown form of grades", expected=", ".join(EXPORTERS), found=form)
    exporter = EXPORTERS[form](config=root.config)
    exporter.to, exporter.assignment = str(out or root.folder / exporter.default), units
    with root.gradebook() as gradebook:
        chosen = exporter.units(gradebook)
        if not chosen:
            raise CourseError("there is nothing to export", where=root.folder, hint="release, collect and grade first")
        exporter.export(gradebook)
        graded = [each for unit in chosen for each in unit.submissions if _graded(each)]
        waiting = sorted(f"{each.student.id} {each.name}" for each in graded if each.needs_manual_grade)
        handed_in = {f"{student} {unit.name}" for unit in chosen for student in root.students(unit.name)}
        ungraded = sorted(handed_in - {f"{each.student.id} {each.name}" for each in graded})
    return Path(exporter.to), waiting, ungraded


def submission(gradebook: Gradebook, unit: Assignment, student: Student) -> SubmittedAssignment | None:
    """A student's graded submission; None where there is none, or only an extension of its date."""
    try:
        found = gradebook.find_submission(unit.name, student.id)
    except MissingEntry:
        return None
    return found if _graded(found) else None


def points(found: SubmittedAssignment) -> float:
    """Points after the penalty for being late."""
    return max(0.0, found.score - (found.late_submission_penalty or 0.0))


def _graded(found: SubmittedAssignment) -> bool:
    grades = (grade for notebook in found.notebooks for grade in notebook.grades)
    return any(grade.auto_score is not None or grade.manual_score is not None for grade in grades)


def _rounded(gradebook: Gradebook, unit: Assignment, student: Student) -> float | None:
    found = submission(gradebook, unit, student)
    return None if found is None else round(points(found), 4)


def _hours(seconds: float) -> str:
    minutes, second = divmod(round(seconds), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}"


def _inert(cell: object) -> object:
    """A text that a spreadsheet would take for a formula is marked as text; learners choose their own names."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
