"""Bring what was handed in to where nbgrader grades it: `submitted/STUDENT/UNIT/UNIT.ipynb` and `timestamp.txt`.

The latest hand-in of each student counts; what it replaces is kept among their former attempts. A file that is no
notebook, or of another unit, is reported and replaces nothing.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from yolo_course.errors import CourseError
from yolo_course.grading.course.collecting.archives import Entry, Export, Unreadable
from yolo_course.grading.course.collecting.forms import HandIn, Sender, read_form
from yolo_course.grading.course.collecting.recognise import Recogniser
from yolo_course.grading.course.collecting.roster import Person, Roster
from yolo_course.grading.course.collecting.submitted import Outcome, Submitted
from yolo_course.grading.course.root import CourseRoot

_OTHER = "of another unit"  # no fault where the same student handed in this one, too


@dataclass(frozen=True)
class Collected:
    """What became of one file.

    Attributes:
        student: Whose it is; empty where that cannot be told.
        outcome: `new` and `resubmitted` will be graded; `unchanged` is what was there; `earlier` is older than
            what counts, and kept; `over the limit` and `refused` are left out.
        file: Its path in the export.
        received: When, UTC; None where the export does not tell.
        late: Whether the export says that it was late.
        note: Why, where a reason is due.
    """

    student: str
    outcome: Outcome
    file: str
    received: datetime | None = None
    late: bool = False
    note: str = ""


@dataclass(frozen=True)
class Report:
    """What became of an export.

    Attributes:
        unit: The unit collected.
        form: The form of the export.
        files: What became of each file that may be a hand-in, by student.
        missing: Students of the roster of whom there is nothing, now or from before.
        ignored: How many other files there were.
    """

    unit: str
    form: str
    files: tuple[Collected, ...]
    missing: tuple[str, ...]
    ignored: int

    @property
    def ok(self) -> bool:
        """Whether every hand-in found its place."""
        return not any(file.outcome in ("refused", "over the limit") for file in self.files)

    def record(self) -> dict[str, Any]:
        """The report for machines."""
        files = [{**asdict(f), "received": f.received and f.received.isoformat() + "Z"} for f in self.files]
        return {**asdict(self), "ok": self.ok, "files": files}


@dataclass(frozen=True)
class _Version:
    """A hand-in of one student that is a notebook of the unit."""

    hand_in: HandIn
    received: datetime | None
    note: str

    def told(self, student: str, outcome: Outcome, note: str = "") -> Collected:
        note = "; ".join(filter(None, (note, self.note)))
        return Collected(student, outcome, str(self.hand_in.entry.path), self.received, self.hand_in.late, note)


def collect(
    root: CourseRoot,
    unit: str,
    source: Path,
    form: str | None = None,
    roster: Roster | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Collect a unit from an export.

    Args:
        root: The course.
        unit: The unit's full name.
        source: A folder or zip file.
        form: One of `forms.FORMS`; without it the names of the files tell.
        roster: Who is in the course; gives ids, names and addresses. All of them enter the gradebook.
        progress: Called as `progress(done, total)` in files.

    Raises:
        CourseError: The export cannot be read, or nobody in it is in the roster.
    """
    with Export(source) as export:
        form, found = read_form(export.entries, form)
        hand_ins = [each for each in found if _may_be_one(each)]
        taken = _Collection(root, unit, roster)
        for done, each in enumerate(hand_ins, 1):
            taken.add(each)
            progress(done, len(hand_ins))
        if roster and taken.strangers:
            raise CourseError(
                "nobody who handed in is in the roster",
                expected=", ".join([*roster.people][:3]),
                found=", ".join(taken.strangers[:3]),
                hint="Canvas: the gradebook that it exports has its numbers; Moodle: the grading worksheet",
            )
        files = taken.settle()
    missing = set(roster.people if roster else ()) - set(root.students(unit))
    return Report(unit, form, tuple(files), tuple(sorted(missing)), len(found) - len(hand_ins))


def _may_be_one(found: HandIn | Entry) -> bool:
    entry = found.entry if isinstance(found, HandIn) else found
    return entry.path.suffix.lower() in (".ipynb", ".zip") or bool(entry.problem)


class _Collection:
    """The hand-ins of one export, by student, and what becomes of them."""

    def __init__(self, root: CourseRoot, unit: str, roster: Roster | None):
        self._root, self._unit, self._roster = root, unit, roster
        self._submitted = Submitted(root, unit)
        self._recogniser = Recogniser(root)
        self._versions: dict[str, dict[tuple[str, ...], list[_Version]]] = {}
        self._people: dict[str, Person] = {}
        self._refused: list[Collected] = []
        self._in_roster: dict[str, bool] = {}

    @property
    def strangers(self) -> list[str]:
        """Who handed in, if nobody of them is in the roster; else nobody."""
        return [] if any(self._in_roster.values()) else [*self._in_roster]

    def add(self, found: HandIn | Entry) -> None:
        """Sort a file to the students who handed it in, or refuse it."""
        if isinstance(found, Entry) or not found.senders:
            entry = found if isinstance(found, Entry) else found.entry
            why = entry.problem or "nobody is named as the one who handed it in"
            self._refused.append(Collected("", "refused", str(entry.path), note=why))
            return
        problem = self._problem(found)
        for sender in found.senders:
            student, note, received = self._who(sender)
            version = _Version(found, found.received or received, note)
            if problem:
                self._refused.append(version.told(student, "refused", problem))
            else:
                self._versions.setdefault(student, {}).setdefault(sender.keys, []).append(version)

    def settle(self) -> list[Collected]:
        """Put everybody's latest hand-in in its place; say what became of each file."""
        told = [each for each in self._refused if not (self._versions.get(each.student) and _OTHER in each.note)]
        for student, by_sender in self._versions.items():
            if len(by_sender) > 1:
                why = f"handed in by {len(by_sender)} people of this name; --roster tells them apart"
                told += [each.told(student, "refused", why) for versions in by_sender.values() for each in versions]
            else:
                told += self._settle_one(student, next(iter(by_sender.values())))
        taken = {file.student for file in told if file.outcome in ("new", "resubmitted", "unchanged")}
        everyone = self._roster.people if self._roster else {}
        self._enter(everyone | {student: self._people[student] for student in taken})
        return sorted(told, key=lambda file: (file.student, file.file))

    def _problem(self, found: HandIn) -> str:
        """Why a file is no notebook of the unit; empty if it is one."""
        if found.entry.path.suffix.lower() != ".ipynb":
            return found.entry.problem or "not a notebook"
        try:
            unit = self._recogniser.unit(found.name, found.entry.read())
        except (Unreadable, ValueError) as error:
            return str(error)
        if unit != self._unit:
            return f"{_OTHER}: {unit}" if unit else "of no unit of this course"
        return ""

    def _who(self, sender: Sender) -> tuple[str, str, datetime | None]:
        person = self._roster.find(sender) if self._roster else None
        self._in_roster[sender.student] = person is not None
        note = "not in the roster" if self._roster and person is None else ""
        if person is None:
            first, _, last = sender.name.rpartition(" ")
            person = Person(sender.student, first, last, sender.email, sender.lms, None)
        self._people[person.student] = person
        return person.student, note, person.received

    def _settle_one(self, student: str, versions: list[_Version]) -> list[Collected]:
        versions = sorted(versions, key=lambda v: (v.received or datetime.min, v.hand_in.order))
        told = []
        for number, version in enumerate(versions, 1):
            data, last = version.hand_in.entry.read(), number == len(versions)  # read again: a class may not fit
            told.append(version.told(student, *self._submitted.take(student, version.received, data, last)))
        return told

    def _enter(self, people: dict[str, Person]) -> None:
        """Enter students into nbgrader's gradebook, with what is known of them and nothing taken away."""
        with self._root.gradebook() as gradebook:
            for student, person in sorted(people.items()):
                facts = {
                    "first_name": person.first,
                    "last_name": person.last,
                    "email": person.email,
                    "lms_user_id": person.lms,
                }
                gradebook.update_or_create_student(student, **{key: value for key, value in facts.items() if value})
