"""Make a course root from what this installation brings along, or bring one up to date.

`.yolo_course/laid.json` in the root remembers what was laid down. A file that still says so is replaced by a newer
version; one that somebody changed stays, and the newer version is laid into `updates/`.
"""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yolo_course
from yolo_course.errors import CourseError
from yolo_course.grading import notebooks, unit_source
from yolo_course.grading.course.root import SETTINGS
from yolo_course.grading.whole import write_whole

_MEMORY = Path(".yolo_course", "laid.json")
_IGNORED = "gradebook.db*\n.yolo_course/\nrelease/\nsubmitted/\nattempts/\nautograded/\nfeedback/\nsimilarity/\n*.csv\n"
_README = """\
# {count} units of YOLO Course, to teach

    yolo-course course release 00 --due "2026-12-01 23:59"    release/00_….zip, to hand out
    yolo-course course collect 00 EXPORT.zip                  from Canvas, Moodle, Gradescope, or folders
    yolo-course grade 00
    yolo-course course feedback 00
    yolo-course course export --format canvas

Run them in this folder. `source/` holds solutions and hidden checks: keep it to yourself. Settings, with penalties for
late submissions: `{settings}`. After an upgrade, `yolo-course course new .` brings this folder up to date and leaves
submissions, gradebook and whatever you changed alone.
"""


@dataclass(frozen=True)
class Laid:
    """What became of one file of a course root.

    Attributes:
        name: Its path in the root.
        outcome: `new` was not there, `refreshed` replaced an older version that nobody had touched, `kept` was changed
            by somebody, and the new version is at `path`; `current` needed nothing.
        path: The file that holds the version of today.
    """

    name: str
    outcome: Literal["new", "refreshed", "kept", "current"]
    path: Path


def shipped_course() -> Path:
    """Find the units and settings: inside the installed package, or beside it in a clone.

    Raises:
        CourseError: This installation has none.
    """
    package = Path(yolo_course.__file__).resolve().parent
    for folder in (package / "_course", package.parent / "course"):
        if (folder / SETTINGS).is_file() and any(folder.glob("units/*/unit.py")):
            return folder
    raise CourseError("this installation has no units", where=package, hint="install the wheel again")


def lay_course(folder: Path, progress: Callable[[int, int], None] = lambda done, total: None) -> list[Laid]:
    """Make a course root, or bring one up to date.

    Each file appears whole or not at all. The memory is written last: an interrupted call is mended by the next.

    Args:
        folder: The root; empty, or a root already.
        progress: Called as `progress(done, total)` in files.

    Raises:
        CourseError: The folder holds something else, or cannot be written.
    """
    if (folder / "units").is_dir():
        raise CourseError("this folder holds the course's own sources", where=folder, hint="another folder")
    memory = _recall(folder)
    ours = memory or (folder / SETTINGS).is_file()
    if not ours and (folder.is_file() or (folder.is_dir() and any(folder.iterdir()))):
        raise CourseError("there is something else here", expected="an empty folder or a course root", where=folder)
    files, laid = _files(), []
    try:
        for done, (name, content) in enumerate(files.items(), 1):
            laid.append(_lay(folder, name, content().encode(), memory))
            progress(done, len(files))
        record = {"course": yolo_course.__version__, "files": memory}
        write_whole(folder / _MEMORY, json.dumps(record, indent=1).encode())
    except OSError as error:
        raise CourseError(f"cannot write: {error.strerror or error}", where=error.filename or folder) from error
    return laid


def _files() -> dict[str, Callable[[], str]]:
    """Every file of a root, and what writes it."""
    shipped = shipped_course()
    units = sorted(file.parent for file in shipped.glob("units/*/unit.py"))
    files: dict[str, Callable[[], str]] = {
        SETTINGS: lambda: (shipped / SETTINGS).read_text(encoding="utf-8"),
        "README.md": lambda: _README.format(count=len(units), settings=SETTINGS),
        ".gitignore": lambda: _IGNORED,
    }
    for unit in units:
        name = f"source/{unit.name}/{unit.name}.ipynb"
        files[name] = lambda unit=unit: notebooks.dumps(notebooks.source_notebook(unit_source.read(unit)))
    return files


def _lay(folder: Path, name: str, content: bytes, memory: dict[str, str]) -> Laid:
    place, before = folder / name, memory.get(name)
    memory[name] = _digest(content)
    if not os.path.lexists(place):
        write_whole(place, content)
        return Laid(name, "new", place)
    mine = _digest(place.read_bytes()) if place.is_file() else None
    if mine == memory[name]:
        return Laid(name, "current", place)
    if mine is not None and mine == before:
        write_whole(place, content)
        return Laid(name, "refreshed", place)
    update = folder / "updates" / name
    if before == memory[name]:
        return Laid(name, "current", place)  # changed by somebody, and nothing newer to offer
    write_whole(update, content)
    return Laid(name, "kept", update)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _recall(folder: Path) -> dict[str, str]:
    """Read the memory; one that is lost or damaged is empty, and then every file counts as changed."""
    try:
        return {str(name): str(digest) for name, digest in json.loads((folder / _MEMORY).read_bytes())["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
