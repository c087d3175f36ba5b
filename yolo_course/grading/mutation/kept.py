"""Verdicts of earlier runs: a mutant is graded again only if its text, its check or this library has changed."""

import hashlib
import json
import os
from dataclasses import astuple
from functools import cache
from importlib.metadata import version
from pathlib import Path

import yolo_course
from yolo_course.grading.mutation.cut import Cut
from yolo_course.grading.outcome import Outcome, Status

_NO_MATTER = ("cli/", "grading/mutation/", "grading/course/", "visual/", "explorers/")  # no verdict depends on these

OFTEN = 20  # outcomes between two writes


class Kept:
    """Outcomes of one exercise's mutants on file.

    Args:
        own: The exercise.
        folder: Where the files are; by default in the user's cache.
    """

    def __init__(self, own: Cut, folder: Path | None = None):
        told = [_library(), own.exercise, *((cell.id, cell.source) for cell in own.source.cells)]
        self.file = (folder or _folder()) / f"{own.unit}-{own.exercise}-{_hash(json.dumps(told))[:16]}.json"
        try:
            self.outcomes: dict[str, list[str]] = json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self.outcomes = {}

    def find(self, source: str) -> Outcome | None:
        """What was found of a mutant."""
        told = self.outcomes.get(_hash(source))
        return Outcome(Status(told[0]), *told[1:]) if told else None

    def add(self, source: str, outcome: Outcome) -> None:
        """Keep an outcome; now and then it is written down, so that a run that is killed is not for nothing."""
        self.outcomes[_hash(source)] = [outcome.status.value, *astuple(outcome)[1:]]
        if len(self.outcomes) % OFTEN == 0:
            self.write()

    def write(self) -> None:
        """Put the file in place at once; older ones of the exercise go."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        partial = self.file.with_suffix(f".{os.getpid()}.partial")
        partial.write_text(json.dumps(self.outcomes), encoding="utf-8")
        os.replace(partial, self.file)
        for other in self.file.parent.glob(f"{self.file.stem.rpartition('-')[0]}-*.json"):
            if other != self.file:
                other.unlink(missing_ok=True)


def _folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "yolo-course" / "mutants"


@cache
def _library() -> str:
    """A hash of everything that a verdict may depend on beside the unit."""
    root = Path(yolo_course.__file__).parent
    files = sorted(file for file in root.rglob("*") if file.suffix in (".py", ".yaml", ".json"))
    kept = [file for file in files if not file.relative_to(root).as_posix().startswith(_NO_MATTER)]
    texts = [f"{file.relative_to(root)} {_hash(file.read_text(encoding='utf-8'))}" for file in kept]
    return _hash("\n".join([*(version(name) for name in ("torch", "ultralytics", "numpy", "ipython")), *texts]))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
