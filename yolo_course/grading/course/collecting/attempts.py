"""What was handed in before: every former attempt is kept, and how many there may be is a setting.

nbgrader keeps the latest submission only. A former one moves to `attempts/STUDENT/UNIT/1`, `2`, … of the course root,
where nbgrader does not look.
"""

import os
from pathlib import Path

from nbgrader.plugins import BasePlugin
from traitlets import Dict, Int, Unicode

from yolo_course.grading.course.root import CourseRoot


class Attempts(BasePlugin):
    """How often a unit may be handed in. In `nbgrader_config.py`:

    c.Attempts.most = 3
    c.Attempts.extra = {"ada": 1}
    """

    most = Int(0, min=0, help="Attempts at a unit; 0 means any number.").tag(config=True)
    extra = Dict(
        key_trait=Unicode(), value_trait=Int(), help="Further attempts by student: {'ada': 1}, for every unit."
    ).tag(config=True)

    def allowed(self, student: str) -> float:
        """How many attempts a student has."""
        return self.most + self.extra.get(student, 0) if self.most else float("inf")


def former(root: CourseRoot, student: str, unit: str) -> list[Path]:
    """The folders of a student's former attempts, oldest first."""
    place = _place(root, student, unit)
    there = [folder for folder in place.iterdir() if folder.name.isdigit()] if place.is_dir() else []
    return sorted(there, key=lambda folder: int(folder.name))


def keep(root: CourseRoot, student: str, unit: str, folder: Path) -> Path:
    """Move the folder of an attempt to the former ones; return where it is now."""
    before = former(root, student, unit)
    place = _place(root, student, unit) / str(int(before[-1].name) + 1 if before else 1)
    place.parent.mkdir(parents=True, exist_ok=True)
    os.rename(folder, place)
    return place


def _place(root: CourseRoot, student: str, unit: str) -> Path:
    return Path(root.directory.format_path("attempts", student, unit))
