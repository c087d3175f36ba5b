"""A list of students as CSV: one's own, Canvas's gradebook, Moodle's participants or worksheet, Gradescope's roster.

Columns are known by their names. The student's id is the first of `ID_COLUMNS` that a row has; every one of them, the
e-mail address and the full name may tell whose hand-in it is.
"""

import csv
import io
import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from yolo_course.errors import CourseError
from yolo_course.grading.course.collecting.forms import Sender, safe_id
from yolo_course.grading.course.times import utc

ID_COLUMNS = (
    *("student_id", "sis login id", "username", "id number", "sid", "student id", "sis user id", "id"),
    *("email", "email address", "identifier"),
)
_EMAIL = ("email", "email address", "e-mail")
_NAME = ("name", "full name", "student", "student name")
_FIRST, _LAST = ("first_name", "first name", "firstname"), ("last_name", "last name", "lastname", "surname")
_RECEIVED = ("last modified (submission)",)
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Person:
    """A row of the roster; `lms` is the number that Canvas uses, `received` Moodle's time of the submission, UTC."""

    student: str
    first: str
    last: str
    email: str
    lms: str
    received: datetime | None


class Roster:
    """Who is in the course.

    Args:
        file: A CSV file with a row of headings.

    Raises:
        CourseError: It cannot be read, has no column with ids, or the same id twice.
    """

    def __init__(self, file: Path):
        self.people: dict[str, Person] = {}
        self._by_key: dict[str, set[str]] = {}
        for row in _rows(file):
            ids = [row[column] for column in ID_COLUMNS if row.get(column)]
            if not ids:
                continue  # Canvas has a row of points under the headings
            person = _person(row, ids[0])
            if person.student in self.people:
                raise CourseError("the same student twice", found=person.student, where=file)
            self.people[person.student] = person
            names = {f"{person.first} {person.last}", f"{person.last} {person.first}"}
            for key in {*ids, person.email, *names, _joined(f"{person.last}{person.first}")}:
                if key.strip():
                    self._by_key.setdefault(key.strip().lower(), set()).add(person.student)
        if not self.people:
            raise CourseError("no students", expected=f"a column {' or '.join(ID_COLUMNS)}", where=file)

    def find(self, sender: Sender) -> Person | None:
        """Find whom the roster has for a sender: by number, then e-mail address, then a name that only one has."""
        for key in (*sender.keys, sender.email, sender.name, _joined(sender.joined)):
            found = self._by_key.get(key.strip().lower(), set())
            if len(found) == 1:
                person = self.people[next(iter(found))]
                return replace(person, lms=sender.lms) if sender.joined and not person.lms else person
        return None


def _joined(name: str) -> str:
    return _NO_LETTER.sub("", name).lower()


def _rows(file: Path) -> list[dict[str, str]]:
    try:
        text = file.read_bytes().decode("utf-8-sig")
        head = text.partition("\n")[0]
        delimiter = max(",;\t", key=head.count)
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        found = (isinstance(error, OSError) and error.strerror) or error
        raise CourseError("cannot read the roster", expected="CSV in UTF-8", found=found, where=file) from error
    return [{str(k).strip().lower(): str(v or "").strip() for k, v in row.items() if k} for row in rows]


def _person(row: dict[str, str], identity: str) -> Person:
    whole = _first_of(row, _NAME)
    last, comma, first = whole.partition(",")  # Canvas writes the last name first
    if not comma:
        first, _, last = whole.rpartition(" ")
    return Person(
        student=safe_id(identity),
        first=_first_of(row, _FIRST) or first.strip(),
        last=_first_of(row, _LAST) or last.strip(),
        email=_first_of(row, _EMAIL),
        lms=row.get("id", "") if "sis user id" in row or "sis login id" in row else "",
        received=_received(_first_of(row, _RECEIVED)),
    )


def _received(told: str) -> datetime | None:
    try:
        return utc(told, local=True) if told.strip("- ") else None
    except CourseError:
        return None  # Moodle writes dates in the language and time zone of whoever downloads them


def _first_of(row: dict[str, str], columns: tuple[str, ...]) -> str:
    return next((row[column] for column in columns if row.get(column)), "")
