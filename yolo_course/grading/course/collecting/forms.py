"""Who handed in which file: the forms in which Canvas, Moodle and Gradescope export submissions, and plain folders.

canvas      doejane_LATE_12345_67890_01_modules-2.ipynb
moodle      Jane Doe_12345_assignsubmission_file_/01_modules.ipynb, or the same without the folder
gradescope  submission_metadata.yml, submission_12345/01_modules.ipynb
plain       STUDENT/01_modules.ipynb, STUDENT/01_modules/01_modules.ipynb, with timestamp.txt beside it
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

import yaml

from yolo_course.errors import CourseError
from yolo_course.grading.course.collecting.archives import Entry, Unreadable
from yolo_course.grading.course.times import utc

_CANVAS = re.compile(r"(?P<name>[^_/]*)_(?P<late>LATE_)?(?P<user>\d+)_(?P<file>\d+)_(?P<rest>.+)")
_CANVAS_ANONYMOUS = re.compile(r"(?P<name>anon)_(?P<late>LATE_)?(?P<user>[A-Za-z0-9]+)_(?P<file>\d+)_(?P<rest>.+)")
_CANVAS_VERSION = re.compile(r"-(\d+)\.ipynb$")
_MOODLE = re.compile(r"(?P<name>.+)_(?P<user>\d+)_assignsubmission_(?P<kind>file|onlinetext)(_(?P<rest>.*))?")
_UNSAFE = re.compile(r"[^\w.@+-]+")
METADATA = "submission_metadata.yml"


@dataclass(frozen=True)
class Sender:
    """Who handed something in, as far as the export tells.

    Attributes:
        student: The id to use where no roster says better; a safe name of a folder.
        keys: What a roster may know this person by.
        name: First name first, where the export tells.
        email: Where the export tells.
        lms: The system's own number of this person, where it is the same in every export.
        joined: Last name and first name in one word, as Canvas writes them.
    """

    student: str
    keys: tuple[str, ...]
    name: str = ""
    email: str = ""
    lms: str = ""
    joined: str = ""


@dataclass(frozen=True)
class HandIn:
    """A file, who handed it in and when.

    Attributes:
        entry: The file.
        senders: One, or all of a group.
        name: The file's name as the learner gave it.
        received: UTC without a zone, where the export tells.
        late: Whether the export says that it was late.
        order: Grows with each later hand-in of the same sender.
    """

    entry: Entry
    senders: tuple[Sender, ...]
    name: str
    received: datetime | None = None
    late: bool = False
    order: tuple[int, ...] = (0,)


def safe_id(text: str) -> str:
    """Make a student id that nbgrader can use as the name of a folder."""
    return _UNSAFE.sub("_", text.strip()).strip("._-+@")[:100] or "unknown"


def read_form(entries: list[Entry], form: str | None = None) -> tuple[str, list[HandIn | Entry]]:
    """Say who handed in each file.

    Args:
        entries: The export's files.
        form: One of `FORMS`; without it the files' names tell.

    Returns:
        The form, and for each file who handed it in, or the file itself where that cannot be told.

    Raises:
        CourseError: The form is unknown, or Gradescope's metadata is missing or broken.
    """
    form = form or _detect(entries)
    if form not in FORMS:
        raise CourseError("unknown form of an export", expected=", ".join(FORMS), found=form)
    return form, list(FORMS[form](entries))


def _detect(entries: list[Entry]) -> str:
    """Judge by the topmost names alone: below them is what a learner may have named as they liked."""
    for form, named in (("gradescope", _metadata_name), ("moodle", _MOODLE.fullmatch), ("canvas", _canvas_name)):
        names = {name for name, _ in _topmost(entries, named)}
        matching = sum(bool(named(name)) for name in names)
        if matching > (0 if form == "gradescope" else len(names) / 2):
            return form
    return "plain"


def _topmost(entries: list[Entry], named: Callable[[str], object]) -> Iterator[tuple[str, Entry]]:
    """Each file with the topmost name of its path, not counting one folder around all of them."""
    tops = {entry.path.parts[0] for entry in entries}
    around = int(len(tops) == 1 and not any(map(named, tops)))
    for entry in entries:
        yield (entry.path.parts[around] if len(entry.path.parts) > around else ""), entry


def _canvas_name(name: str) -> re.Match[str] | None:
    return _CANVAS_ANONYMOUS.fullmatch(name) or _CANVAS.fullmatch(name)


def _metadata_name(name: str) -> bool:
    return name == METADATA


def _canvas(entries: list[Entry]) -> Iterator[HandIn | Entry]:
    """Canvas, "How do I download all student submissions for an assignment?": the latest attempt of each, no times."""
    for top, entry in _topmost(entries, _canvas_name):
        found = _canvas_name(top)
        if not found:
            yield entry
            continue
        name = found["rest"] if top == entry.path.name else entry.path.name
        version = _CANVAS_VERSION.search(name)
        user = found["user"]
        lms = user if found.re is _CANVAS else ""
        sender = Sender(user if lms else f"anon-{user}", (user,), lms=lms, joined=found["name"] if lms else "")
        order = (int(found["file"]), int(version[1]) if version else 0)
        yield HandIn(entry, (sender,), name, late=bool(found["late"]), order=order)


def _moodle(entries: list[Entry]) -> Iterator[HandIn | Entry]:
    """Moodle, "Assignment FAQ: downloading all submissions"; the number is a participant's in this assignment only."""
    for top, entry in _topmost(entries, _MOODLE.fullmatch):
        found = _MOODLE.fullmatch(top)
        if not found:
            yield entry
            continue
        number, named = found["user"], found["name"].strip()
        blind = named.lower() == "participant"
        student = f"participant-{number}" if blind else safe_id(named.lower())
        sender = Sender(student, (number, f"participant {number}"), "" if blind else named)
        name = found["rest"] if top == entry.path.name and found["rest"] else entry.path.name
        yield HandIn(entry, (sender,), name)


def _gradescope(entries: list[Entry]) -> Iterator[HandIn | Entry]:
    """Gradescope, "Exporting submissions": who and when stands in `submission_metadata.yml`."""
    found = list(_topmost(entries, _metadata_name))
    submissions = _metadata(next((entry for top, entry in found if top == METADATA == entry.path.name), None))
    for top, entry in found:
        facts = submissions.get(top)
        if facts:
            yield HandIn(entry, facts[0], entry.path.name, facts[1])
        elif top != METADATA:
            yield entry


def _plain(entries: list[Entry]) -> Iterator[HandIn | Entry]:
    top = _shared_top([entry.path for entry in entries])
    times = {entry.path.parent: entry for entry in entries if entry.path.name == "timestamp.txt"}
    for entry in entries:
        parts = entry.path.parts[top:]
        if len(parts) < 2:
            yield entry
        elif entry.path.name != "timestamp.txt":
            received = _timestamp(times.get(entry.path.parent))
            yield HandIn(entry, (Sender(safe_id(parts[0]), (parts[0],)),), entry.path.name, received)


FORMS: dict[str, Callable[[list[Entry]], Iterable[HandIn | Entry]]] = {
    "canvas": _canvas,
    "moodle": _moodle,
    "gradescope": _gradescope,
    "plain": _plain,
}


def _shared_top(paths: list[PurePosixPath]) -> int:
    """1 if all students' folders lie in one more folder: it is shared, and STUDENT/UNIT/UNIT.ipynb needs it not."""
    notebooks = [path for path in paths if path.suffix == ".ipynb"]
    tops = {path.parts[0] for path in notebooks}
    deep = any(len(path.parts) - (path.parent.name == path.stem) > 2 for path in notebooks)
    return int(len(tops) == 1 and deep)


def _timestamp(entry: Entry | None) -> datetime | None:
    try:
        return utc(entry.read().decode()[:100].strip()) if entry else None
    except (Unreadable, CourseError, UnicodeDecodeError):
        return None


class _Ruby(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML as Ruby on Rails writes it: objects of classes that are not known here are read as plain mappings."""


def _plain_object(loader: yaml.Loader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    return loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else loader.construct_scalar(node)


_Ruby.add_multi_constructor("!ruby/", _plain_object)


def _metadata(entry: Entry | None) -> dict[str, tuple[tuple[Sender, ...], datetime | None]]:
    if entry is None:
        raise CourseError("no export of Gradescope's", expected=f"a file {METADATA}")
    try:
        found = yaml.load(entry.read(), _Ruby)
        return {str(folder): (_submitters(facts), _created(facts)) for folder, facts in found.items() if facts}
    except (Unreadable, yaml.YAMLError, AttributeError, TypeError, ValueError, RecursionError) as error:
        raise CourseError(
            "cannot read the metadata", found=" ".join(str(error).split())[:200], where=METADATA
        ) from error


def _submitters(facts: dict[str, Any]) -> tuple[Sender, ...]:
    senders = []
    for each in facts.get(":submitters") or []:
        sid, email, name = (str(each.get(f":{key}") or "").strip() for key in ("sid", "email", "name"))
        keys = tuple(filter(None, (sid, email)))
        senders.append(Sender(safe_id(sid or email or name.lower()), keys, name, email, sid))
    return tuple(senders)


def _created(facts: dict[str, Any]) -> datetime | None:
    told = facts.get(":created_at")
    told = told.get("utc") or told.get("time") if isinstance(told, dict) else told
    try:
        return utc(told) if told else None
    except CourseError:
        return None
