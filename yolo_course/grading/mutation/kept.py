"""Verdicts of earlier runs: a mutant is graded again only if its text, its check or this library has changed."""

import json
import os
from dataclasses import astuple
from pathlib import Path

from yolo_course.grading.desks.store import environment, sha
from yolo_course.grading.mutation.cut import Cut
from yolo_course.grading.outcome import Outcome, Status
from yolo_course.grading.whole import write_whole

OFTEN = 20  # outcomes between two writes


class Kept:
    """Outcomes of one exercise's mutants on file.

    Args:
        own: The exercise.
        folder: Where the files are; by default in the user's cache.
    """

    def __init__(self, own: Cut, folder: Path | None = None):
        told = [environment(), own.exercise, *((cell.id, cell.source) for cell in own.source.cells)]
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
        write_whole(self.file, json.dumps(self.outcomes))
        for other in self.file.parent.glob(f"{self.file.stem.rpartition('-')[0]}-*.json"):
            if other != self.file:
                other.unlink(missing_ok=True)


def _folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "yolo-course" / "mutants"


def _hash(text: str) -> str:
    return sha(text.encode())
