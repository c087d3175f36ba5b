"""Try the mutants of many exercises: how many their checks notice, which ones live, what messages give away."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from yolo_course.errors import UnitError
from yolo_course.grading.mutation import judged
from yolo_course.grading.mutation.cut import Cut, cut, exercises
from yolo_course.grading.mutation.giveaway import Secrets
from yolo_course.grading.mutation.kept import Kept
from yolo_course.grading.mutation.mutants import Mutant, mutants
from yolo_course.grading.mutation.subjects import Subject
from yolo_course.grading.mutation.trials import Bench, Trial

KILLED, JUDGED, SURVIVED, BROKEN = "killed", "judged", "survived", "broken"
_SLOW = "no answer within"  # how a fork that hangs is told: the mutant does not end, which a learner notices, too


@dataclass(frozen=True)
class Choice:
    """Which mutants of an exercise are tried.

    Args:
        sample: At most so many, drawn at random; None for all.
        limit: At most so many, from the first line on; None for all.
        seed: Of the draw.
    """

    sample: int | None = None
    limit: int | None = None
    seed: int = 0

    def of(self, exercise: str, found: list[Mutant]) -> list[Mutant]:
        """Choose, in the order of the lines."""
        found = found[: self.limit]
        if self.sample is None or self.sample >= len(found):
            return found
        drawn = random.Random(f"{self.seed} {exercise}").sample(range(len(found)), self.sample)
        return [found[place] for place in sorted(drawn)]


@dataclass
class Tried:
    """A mutant and its fate.

    Args:
        mutant: The mutant.
        fate: `KILLED`, `JUDGED` (it lives, and rightly), `SURVIVED`, or `BROKEN`: the grader itself failed.
        why: The reason of a judgement, or the grader's trouble.
        given_away: What the message to the learner gives away.
    """

    mutant: Mutant
    fate: str
    why: str = ""
    given_away: list[str] = field(default_factory=list)

    def record(self) -> dict[str, Any]:
        """Plain values, as `mutants.yaml` names them."""
        one = self.mutant
        told = {"fate": self.fate, "what": one.what, "line": one.line, "becomes": one.becomes, "diff": one.diff}
        return {**told, "why": self.why, "given_away": self.given_away}


@dataclass
class Exercise:
    """One exercise: its cut, what is tried of it, and what came of that."""

    own: Cut
    chosen: list[Mutant]
    entries: list[judged.Entry]
    stale: list[judged.Entry]
    tried: list[Tried] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Unit and exercise."""
        return f"{self.own.unit}/{self.own.exercise}"

    def counts(self) -> Counter[str]:
        """How many met which fate."""
        return Counter(each.fate for each in self.tried)

    def add(self, mutant: Mutant, trial: Trial, secrets: Secrets) -> None:
        """Take in what came of a mutant."""
        outcome, why = trial.outcome, ""
        if outcome is None:
            fate, why = (KILLED if trial.trouble.startswith(_SLOW) else BROKEN), trial.trouble
        elif outcome.passed:
            why = judged.reason(self.entries, mutant)
            fate = JUDGED if why else SURVIVED
        else:
            fate = KILLED
        told = secrets.given_away(outcome, mutant.source) if outcome and not outcome.passed else []
        self.tried.append(Tried(mutant, fate, why, told))

    def record(self) -> dict[str, Any]:
        """Plain values: counts, and all but the killed."""
        kept = [each.record() for each in self.tried if each.fate != KILLED or each.given_away]
        counts = {fate: self.counts()[fate] for fate in (KILLED, JUDGED, SURVIVED, BROKEN)}
        head = {"unit": self.own.unit, "exercise": self.own.exercise, "mutants": len(self.tried), **counts}
        return {**head, "rate": rate([self]), "stale": [str(each) for each in self.stale], "kept": kept}


def rate(exercises: list[Exercise]) -> float:
    """Killed mutants among those that should be, from 0 to 1."""
    counts = sum((each.counts() for each in exercises), Counter())
    return counts[KILLED] / max(1, counts[KILLED] + counts[SURVIVED]) if exercises else 1.0


def plan(subjects: list[Subject], only: list[str], choice: Choice) -> list[Exercise]:
    """Make the mutants, without trying them.

    Args:
        subjects: The units.
        only: Names of exercises; all if empty.
        choice: Which mutants.

    Raises:
        UnitError: No unit has such an exercise.
    """
    names = [name for subject in subjects for name in exercises(subject.source)]
    if unknown := [name for name in only if name not in names]:
        raise UnitError("unknown exercise", expected=", ".join(names), found=unknown[0])
    planned = []
    for subject in subjects:
        entries = judged.read(subject.judged)
        for name in exercises(subject.source):
            if not only or name in only:
                own = cut(subject.name, name, subject.source)
                found = mutants(name, own.cell)
                mine = [each for each in entries if each.exercise == name]
                planned.append(Exercise(own, choice.of(name, found), mine, judged.stale(mine, found)))
    return planned


def carry_out(
    planned: list[Exercise],
    workers: int | None = None,
    fresh: bool = False,
    tell: Callable[[str, int], None] = lambda what, done: None,
) -> None:
    """Try what was planned; verdicts of earlier runs are used where nothing has changed.

    Args:
        planned: The exercises; each takes in what comes of its mutants.
        workers: How many at once; see `grade_here`.
        fresh: Try all anew.
        tell: Called with what is done now, and how many mutants have been.

    Raises:
        UnitError: A solution does not pass.
        SandboxError: Mutants cannot be kept apart on this machine.
    """
    kept = {each.name: Kept(each.own) for each in planned}
    found: dict[tuple[str, int], Trial] = {}
    for each in planned:
        for place, mutant in enumerate(each.chosen):
            outcome = None if fresh else kept[each.name].find(mutant.source)
            if outcome is not None:
                found[each.name, place] = Trial(outcome, 0.0)
    left = [(each, place) for each in planned for place in range(len(each.chosen)) if (each.name, place) not in found]
    try:
        if left:
            _grade(left, workers, found, kept, tell)
    finally:
        for each in kept.values():
            each.write()
    for each in planned:
        secrets = Secrets(each.own.cell, each.own.check)
        for place, mutant in enumerate(each.chosen):
            each.add(mutant, found[each.name, place], secrets)


def _grade(
    left: list[tuple[Exercise, int]],
    workers: int | None,
    found: dict[tuple[str, int], Trial],
    kept: dict[str, Kept],
    tell: Callable[[str, int], None],
) -> None:
    done = len(found)
    bench = Bench({each.name: each.own for each, _ in left}, workers)
    for name in bench.prove():
        tell(f"solution of {name}", done)
    jobs = [(each.name, each.chosen[place].source) for each, place in left]
    for job, trial in bench.grade(jobs):
        each, place = left[job]
        found[each.name, place] = trial
        if trial.outcome is not None and trial.seconds < bench.allowed(each.name):
            kept[each.name].add(jobs[job][1], trial.outcome)
        done += 1
        tell(each.name, done)


def lives(planned: list[Exercise], fate: str) -> list[tuple[Exercise, Tried]]:
    """The mutants that met a fate."""
    return [(each, one) for each in planned for one in each.tried if one.fate == fate]
