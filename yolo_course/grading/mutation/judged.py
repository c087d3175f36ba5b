"""The reviewed list: mutants that no check should kill, each with the reason, in `mutants.yaml` beside the unit.

    pairwise_iou:
      - why: 0 divided by anything is 0, so the divisor of an empty union does not matter
        line: return shared / union.where(union > 0, 1)
        becomes:
          - return shared / union.where(union > 0, 2)
      - why: indices have no gradient
        what: cut off from the gradient

An entry names mutants by their lines, as `Mutant.key` has them, or a whole kind of bug of the exercise by `what`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from yolo_course.errors import UnitError
from yolo_course.grading.mutation.mutants import Mutant

FILE = "mutants.yaml"


@dataclass(frozen=True)
class Entry:
    """One line of the list.

    Args:
        exercise: The exercise.
        why: The reason.
        key: What went and what came, as a mutant has them; None for a whole kind.
        what: The kind of bug; "" for a single mutant.
    """

    exercise: str
    why: str
    key: tuple[str, str] | None
    what: str = ""

    def covers(self, mutant: Mutant) -> bool:
        """Whether this mutant was judged by it."""
        same = mutant.key == self.key if self.key else mutant.what == self.what
        return same and mutant.exercise == self.exercise

    def __str__(self) -> str:
        return f"{self.exercise}: " + (f"{self.key[0]}  →  {self.key[1]}" if self.key else self.what)


def read(file: Path) -> list[Entry]:
    """Read a list; a unit without one has none judged.

    Raises:
        UnitError: It is malformed.
    """
    if not file.is_file():
        return []
    try:
        told = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        return [entry for name, items in told.items() for item in items for entry in _entries(name, item)]
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnitError("the list of judged mutants is malformed", found=error, where=file) from error


def reason(entries: list[Entry], mutant: Mutant) -> str:
    """Why a mutant was judged; empty if it was not."""
    return next((entry.why for entry in entries if entry.covers(mutant)), "")


def stale(entries: list[Entry], mutants: list[Mutant]) -> list[Entry]:
    """Entries that no mutant of these exercises answers to: the solution has changed since."""
    there = {mutant.exercise for mutant in mutants}
    return [each for each in entries if each.exercise in there and not any(each.covers(one) for one in mutants)]


def _entries(exercise: str, item: dict[str, Any]) -> list[Entry]:
    why = str(item["why"])
    if "what" in item:
        return [Entry(exercise, why, None, str(item["what"]))]
    return [Entry(exercise, why, (_flat(item["line"]), _flat(each))) for each in item["becomes"]]


def _flat(text: Any) -> str:
    return " ".join(str(text or "").split())
