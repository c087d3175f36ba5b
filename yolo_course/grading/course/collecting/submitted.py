"""One unit's submissions in their places, where nbgrader grades them; a hand-in is put there whole or not at all."""

import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Literal

from yolo_course.grading.course.collecting import attempts
from yolo_course.grading.course.root import CourseRoot
from yolo_course.grading.course.times import utc, written

Outcome = Literal["new", "resubmitted", "unchanged", "earlier", "over the limit", "refused"]


class Submitted:
    """The submissions of a unit.

    Args:
        root: The course.
        unit: The unit's full name.
    """

    def __init__(self, root: CourseRoot, unit: str):
        self._root, self._unit = root, unit
        self._attempts = attempts.Attempts(config=root.config)

    def take(self, student: str, received: datetime | None, data: bytes, last: bool) -> tuple[Outcome, str]:
        """Put a hand-in where it belongs, unless it is there already.

        Args:
            student: Whose it is.
            received: When it was handed in, UTC.
            data: The notebook.
            last: Whether it is the last of this student in its export.

        Returns:
            What became of it, and a note.
        """
        place = self._root.place("submitted", student, self._unit)
        former = attempts.former(self._root, student, self._unit)
        if self._holds(place, data):
            return "unchanged", ""
        before = self._received(place)
        older = before is not None and received is not None and received < before
        if (older or not last) and any(self._holds(folder, data) for folder in former):
            return "earlier", "kept before"
        allowed = self._attempts.allowed(student)
        if not older and len(former) + place.is_dir() >= allowed:
            return "over the limit", f"{allowed:g} attempts are allowed"
        folder = self._written(place, received, data)
        if older:
            return "earlier", self._keep(student, folder)
        note = self._keep(student, place) if place.is_dir() else ""
        os.rename(folder, place)
        return ("resubmitted", f"the former {note}") if note else ("new", "")

    def _keep(self, student: str, folder: Path) -> str:
        kept = attempts.keep(self._root, student, self._unit, folder)
        return f"kept in {kept.relative_to(self._root.folder)}"

    def _written(self, place: Path, received: datetime | None, data: bytes) -> Path:
        """Write a submission into a folder beside its place that nbgrader does not see."""
        place.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".collecting-", dir=place.parent))
        try:
            (folder / f"{self._unit}.ipynb").write_bytes(data)
            if received:
                (folder / "timestamp.txt").write_text(written(received), encoding="utf-8")
            folder.chmod(0o755)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return folder

    def _holds(self, folder: Path, data: bytes) -> bool:
        file = folder / f"{self._unit}.ipynb"
        return file.is_file() and file.stat().st_size == len(data) and file.read_bytes() == data

    def _received(self, place: Path) -> datetime | None:
        try:
            found = self._root.directory.get_existing_timestamp(str(place))
        except (ValueError, OSError):  # whatever somebody wrote into the file
            return None
        return utc(found) if found else None
