"""Grade one submission: its cells run in the sandbox, its checks here. What comes back is data; no file is touched."""

import contextlib
import io
import linecache
import re
import types
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from yolo_course.grading.blame import judge
from yolo_course.grading.checks import CheckFailed
from yolo_course.grading.clear_solutions import solution_only
from yolo_course.grading.isolation import needed, wire
from yolo_course.grading.isolation.namespaces import Limits
from yolo_course.grading.isolation.needed import Step, bound_at_top
from yolo_course.grading.isolation.proxies import Grader
from yolo_course.grading.isolation.sandbox import Sandbox, Session
from yolo_course.grading.isolation.wire import WireError
from yolo_course.grading.outcome import Outcome, Status
from yolo_course.grading.session import leave
from yolo_course.grading.there import look_elsewhere

# Checks that watch what the learner's code does to objects of a library: they cannot ask for values alone yet. They run
# in the sandbox, beside the learner's code and without their hidden part, and their verdict says so.
TOGETHER = frozenset({"own_dataset", "add_to", "corner_criterion", "distilled"})
TOLD = "checked in the learner's own process, where a verdict can be forged"
RESTARTS = 3  # cells that may hang or kill their process before the rest is given up
ASKED_AGAIN = "this cell did not end"
_HIDDEN = re.compile(
    r"^[ \t]*### BEGIN HIDDEN TESTS\n.*?^[ \t]*### END HIDDEN TESTS(?:\n|\Z)", re.MULTILINE | re.DOTALL
)


@dataclass
class Shown:
    """What a cell of the learner's showed; all of it is untrusted text or base64."""

    text: str = ""
    error: str = ""
    pictures: list[str] = field(default_factory=list)


@dataclass
class Report:
    """What came of a submission.

    Args:
        outcomes: The outcome of each exercise's check, by the name of the exercise.
        shown: What each cell showed, by cell id.
        end: How the last session ended, in the keeper's words.
    """

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    shown: dict[str, Shown] = field(default_factory=dict)
    end: str = ""


def grade(source: NotebookNode, submitted: NotebookNode, sandbox: Sandbox, limits: Limits | None = None) -> Report:
    """Grade a submission. The process that calls this should be one of its own: setup cells run in it.

    Args:
        source: The instructor's notebook, hidden checks in place.
        submitted: What was handed in.
        sandbox: Where the learner's cells run.
        limits: What a submission may use.
    """
    limits, report = limits or Limits(), Report()
    steps = needed.steps(source, submitted)
    session = _run(steps, sandbox, limits, report)
    names = _set_up(source)
    learners = set().union(
        *(bound_at_top(cell.source) for cell in source.cells if _role(cell) in ("exercise", "clinic"))
    )
    codes = _Codes([step.source for step in steps if step.learners])
    try:
        for cell in source.cells:
            if _role(cell) == "check":
                name = cell.metadata["yolo_course"]["name"]
                if session is None:
                    session = _run(steps, sandbox, limits, report)
                if name in TOGETHER:
                    report.outcomes[name], alive = _check_there(name, cell.source, session, limits)
                else:
                    report.outcomes[name], alive = _check(name, cell.source, names, learners, session, limits, codes)
                if not alive:
                    session = session.end() and None
    finally:
        if session is not None:
            report.end = session.end()
    return report


def _run(steps: list[Step], sandbox: Sandbox, limits: Limits, report: Report) -> Session:
    """Run the cells; one that hangs or ends its process is left out, and the others run again."""
    left_out: set[str] = set()
    while True:
        session = sandbox.open(limits)
        fallen = _run_all([step for step in steps if step.cell not in left_out], session, limits, report)
        if fallen is None:
            return session
        why = session.end()
        message = {"memory": "it takes more memory than there is", "processes": "it starts too many processes"}.get(why)
        report.shown[fallen.cell] = Shown(error=message or ASKED_AGAIN)
        left_out |= {fallen.cell} if len(left_out) < RESTARTS else {step.cell for step in steps if step.learners}


def _run_all(steps: list[Step], session: Session, limits: Limits, report: Report) -> Step | None:
    for step in steps:
        try:
            wire.send(session.socket, {"run": step.source}, [], limits.cell)
            told, _ = wire.receive(session.socket, limits.cell)
            report.shown[step.cell] = _shown(told)
        except WireError:
            return step
    return None


def _shown(told: Any) -> Shown:
    """Take what a cell showed for what it is: text."""
    if not isinstance(told, dict):
        return Shown(error="nonsense came instead of output")
    error, pictures = told.get("error"), told.get("pictures")
    return Shown(
        "\n".join([str(told.get("text", "")), *map(str, told.get("shown") or [])]).strip()[: 1 << 17],
        ": ".join(map(str, error))[:4000] if isinstance(error, list) else "",
        [each for each in pictures if isinstance(each, str)][:8] if isinstance(pictures, list) else [],
    )


def _set_up(source: NotebookNode) -> dict[str, Any]:
    """Run the setup cells here, for the checks."""
    leave()  # this process may have had another one open
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in source.cells:
            if _role(cell) == "setup":
                exec(compile(cell.source, f"<setup {cell.id}>", "exec"), names)
    return names


def _check(
    name: str, text: str, names: dict, learners: set[str], session: Session, limits: Limits, codes: "_Codes"
) -> tuple[Outcome, bool]:
    """Run a check cell; return its outcome, and whether the session still answers."""
    label, text = f"<check {name}>", solution_only(text)
    linecache.cache[label] = (len(text), None, text.splitlines(keepends=True), label)
    code = compile(text, label, "exec")
    alive = True
    try:
        wire.send(session.socket, {"serve": True}, [], limits.check)
        grader = Grader(session.socket, limits.check, codes.find)
        found = grader.named(sorted(learners & _names(code)))
        look_elsewhere(grader.reach)
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code, {**{each: value for each, value in names.items() if each not in learners}, **found})
        outcome = Outcome(Status.PASSED, "All checks hold.")
    except CheckFailed as failed:
        outcome = failed.outcome
    except BaseException as error:  # a check cell lets nothing else through, unless the learner's side raised it
        outcome = judge(error)
        outcome = outcome if not outcome.passed else Outcome(Status.RAISED, type(error).__name__)
    try:
        grader.end()
    except (WireError, UnboundLocalError):
        alive = False
    return outcome, alive


def _check_there(name: str, text: str, session: Session, limits: Limits) -> tuple[Outcome, bool]:
    """Run the visible part of a check cell in the sandbox; what it says is taken from its box and its error."""
    try:
        wire.send(session.socket, {"run": _HIDDEN.sub("", text)}, [], limits.check)
        told = _shown(wire.receive(session.socket, limits.check)[0])
    except WireError as error:
        return Outcome(Status.RAISED, f"{error} ({TOLD})"), False
    said = " ".join(told.text.split())[:500]
    if not told.error:
        return Outcome(Status.PASSED, f"All checks hold ({TOLD})."), True
    status = next((each for each in Status if told.error.endswith(f"{name}: {each.value}")), Status.RAISED)
    status = Status.WRONG if status is Status.PASSED else status
    return Outcome(status, f"{said.partition(status.value)[2].strip(' ·') or told.error} ({TOLD})"), True


def _names(code: types.CodeType) -> set[str]:
    inner = (_names(each) for each in code.co_consts if isinstance(each, types.CodeType))
    return set(code.co_names).union(*inner)


def _role(cell: NotebookNode) -> str:
    return cell.metadata.get("yolo_course", {}).get("role", "")


class _Codes:
    """The compiled functions and classes of the learner's cells, by name; compiled, never run."""

    def __init__(self, sources: list[str]):
        self.found: dict[str, types.CodeType] = {}
        for source in sources:
            with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
                self._gather(compile(source, "<learner>", "exec"))

    def _gather(self, code: types.CodeType) -> None:
        for each in code.co_consts:
            if isinstance(each, types.CodeType):
                self._gather(each)
                self.found[each.co_name] = each

    def find(self, name: str) -> types.CodeType | None:
        """The code of a function or a class body."""
        return self.found.get(name)
