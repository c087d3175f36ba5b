"""Grade many mutants at desks, several at once: a mutant is a submission of one exercise."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import nbformat

from yolo_course.errors import UnitError
from yolo_course.grading.clear_solutions import solution_only
from yolo_course.grading.desks.handed_in import essence
from yolo_course.grading.desks.pool import Answer, Job, grade_here
from yolo_course.grading.isolation.namespaces import Limits
from yolo_course.grading.mutation.cut import Cut
from yolo_course.grading.outcome import Outcome, Status

SLOWER, LEAST = 20, 8.0  # a mutant may take so many times the solution's seconds, and at least so many seconds


@dataclass(frozen=True)
class Trial:
    """What came of a mutant.

    Args:
        outcome: What its check said; None if the grader itself failed.
        seconds: How long it took.
        trouble: Why the grader failed.
    """

    outcome: Outcome | None
    seconds: float
    trouble: str = ""


class Bench:
    """Grades mutants, each as fast as its solution suggests.

    Args:
        cuts: The exercises, by name.
        workers: How many mutants are graded at once; see `grade_here`.
    """

    def __init__(self, cuts: dict[str, Cut], workers: int | None = None):
        self.cuts, self.workers = cuts, workers
        self.seconds: dict[str, float] = {}
        self._sources = {name: nbformat.writes(each.source) for name, each in cuts.items()}

    def prove(self) -> Iterator[str]:
        """Grade the solutions, which tells how long each takes; give the names as they are done.

        Raises:
            UnitError: A solution does not pass, so that no mutant of it would prove anything.
        """
        solutions = [(name, solution_only(each.cell)) for name, each in self.cuts.items()]
        for place, trial in self._graded([(*each, 120.0) for each in solutions]):
            name = solutions[place][0]
            if trial.outcome is None or not trial.outcome.passed:
                found = trial.trouble or trial.outcome.message
                raise UnitError("the solution does not pass its own check", found=found, where=name)
            self.seconds[name] = trial.seconds
            yield name

    def grade(self, mutants: list[tuple[str, str]]) -> Iterator[tuple[int, Trial]]:
        """Grade mutants, pairs of an exercise and a source; give place and trial of each as it is done."""
        return self._graded([(name, text, self.allowed(name)) for name, text in mutants])

    def allowed(self, name: str) -> float:
        """Seconds that a mutant of an exercise may take."""
        return max(LEAST, SLOWER * self.seconds[name])

    def _graded(self, wanted: list[tuple[str, str, float]]) -> Iterator[tuple[int, Trial]]:
        jobs = {str(place): self._job(*each) for place, each in enumerate(wanted)}
        for place, answer in grade_here(jobs, self.workers):
            yield int(place), _trial(answer, self.cuts[wanted[int(place)][0]].exercise)

    def _job(self, name: str, answer: str, seconds: float) -> Job:
        own, limits = self.cuts[name], Limits(cell=seconds, check=seconds, total=3 * seconds + 30)
        return {
            "source": self._sources[name],
            "cells": essence(own.submission(answer), own.source),
            "limits": asdict(limits),
        }


def _trial(answer: Answer, exercise: str) -> Trial:
    if "error" in answer:
        return Trial(None, 0.0, answer["error"])
    found = answer["told"]["outcomes"][exercise]
    return Trial(Outcome(**found | {"status": Status(found["status"])}), answer["seconds"])
