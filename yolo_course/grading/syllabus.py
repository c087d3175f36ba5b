"""The exercises of a unit, as the build wrote them down: points, time, difficulty and hints."""

import difflib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from yolo_course.errors import UnitError

FOLDER = Path(__file__).parent / "units"
FOLDER_VARIABLE = "YOLO_COURSE_SYLLABUS"  # a folder that is looked in first: for courses of one's own


@dataclass(frozen=True)
class Exercise:
    """One exercise of a unit.

    Args:
        name: As in `check("name")`.
        kind: "exercise", "clinic" or "manual".
        points: Full marks.
        minutes: Expected time.
        difficulty: 1 (warm-up) to 3 (think first).
        hints: The ladder of `hint()`, gentlest first.
    """

    name: str
    kind: str
    points: float
    minutes: int
    difficulty: int
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Syllabus:
    """What a notebook knows about its unit."""

    unit: str
    title: str
    promise: str
    minutes: int
    exercises: tuple[Exercise, ...]

    @property
    def points(self) -> float:
        """Full marks of the unit."""
        return sum(exercise.points for exercise in self.exercises)

    def dumps(self) -> str:
        """Write as JSON, one key a line, so that a diff shows what changed."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


def load(unit: str) -> Syllabus:
    """Read a unit's syllabus.

    Raises:
        UnitError: If no unit has that name.
    """
    folders = [Path(os.environ.get(FOLDER_VARIABLE, FOLDER)), FOLDER]
    file = next((folder / f"{unit}.json" for folder in folders if (folder / f"{unit}.json").is_file()), None)
    if file is None:
        names = sorted({each.stem for folder in folders for each in folder.glob("*.json")})
        near = difflib.get_close_matches(unit, names, 1)
        raise UnitError(
            "unknown unit", expected=" or ".join(names), found=unit, hint=f"the nearest is {near[0]}" if near else None
        )
    facts = json.loads(file.read_text(encoding="utf-8"))
    exercises = tuple(Exercise(**{**each, "hints": tuple(each["hints"])}) for each in facts.pop("exercises"))
    return Syllabus(**facts, exercises=exercises)
