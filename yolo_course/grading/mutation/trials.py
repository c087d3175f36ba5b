"""Grade many mutants, several at once, each in a fork of a process that has imported everything."""

import ast
import contextlib
import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from importlib import import_module

import torch

from yolo_course.errors import UnitError
from yolo_course.grading.clear_solutions import solution_only
from yolo_course.grading.isolation.apart import ApartError, apart
from yolo_course.grading.isolation.grade import grade
from yolo_course.grading.isolation.namespaces import Limits, die_with_parent
from yolo_course.grading.isolation.sandbox import Sandbox
from yolo_course.grading.isolation.warm import LIBRARIES
from yolo_course.grading.mutation.cut import Cut, role
from yolo_course.grading.outcome import Outcome, Status

SLOWER, LEAST = 20, 8.0  # a mutant may take so many times the solution's seconds, and at least so many seconds
_place: "tuple[dict[str, Cut], Sandbox]"  # a worker's own, set when it begins


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
    """A sandbox and worker processes that grade mutants in it.

    Args:
        cuts: The exercises, by name.
        sandbox: Where the mutants' cells run.
        workers: How many are graded at once.
    """

    def __init__(self, cuts: dict[str, Cut], sandbox: Sandbox, workers: int):
        self.cuts = cuts
        _import_what_they_need(cuts)
        self._pool = ProcessPoolExecutor(workers, multiprocessing.get_context("fork"), _begin, (cuts, sandbox))
        self.seconds: dict[str, float] = {}

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

    def _graded(self, jobs: list[tuple[str, str, float]]) -> Iterator[tuple[int, Trial]]:
        futures = {self._pool.submit(_try, *job): place for place, job in enumerate(jobs)}
        for future in as_completed(futures):
            yield futures[future], future.result()

    def close(self) -> None:
        """Let the workers go; what has not begun never will."""
        self._pool.shutdown(cancel_futures=True)

    def __enter__(self) -> "Bench":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _begin(cuts: dict[str, Cut], sandbox: Sandbox) -> None:
    """In a worker, which has these from its fork: they cannot be sent."""
    global _place
    die_with_parent()
    _place = cuts, sandbox


def _try(name: str, answer: str, seconds: float) -> Trial:
    """In a worker: grade one answer in a fork."""
    begun, own, sandbox = time.monotonic(), _place[0][name], _place[1]

    def work() -> list[str]:
        report = grade(own.source, own.submission(answer), sandbox, Limits(cell=seconds, check=seconds))
        found = report.outcomes[own.exercise]
        return [found.status.value, found.message, found.expected, found.found, found.line]

    try:
        status, *told = apart(work, 3 * seconds + 30)
    except ApartError as error:
        return Trial(None, time.monotonic() - begun, str(error.found))
    return Trial(Outcome(Status(status), *told), time.monotonic() - begun)


def _import_what_they_need(cuts: dict[str, Cut]) -> None:
    """Import here, once, what every fork would import: a detector's libraries take seconds."""
    torch.set_num_threads(1)  # a parallel operation would start threads, which no fork has
    names = {*LIBRARIES}
    for cell in [cell for each in cuts.values() for cell in each.source.cells if role(cell) == "setup"]:
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Import):
                names |= {each.name for each in node.names}
            elif isinstance(node, ast.ImportFrom):
                names |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    for name in sorted(names):
        with contextlib.suppress(ImportError):  # `from package import function`: no module of that name
            import_module(name)
