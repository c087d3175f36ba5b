"""Grade one submission: its cells run in the sandbox, its checks here. What comes back is data; no file is touched."""

import contextlib
import functools
import io
import linecache
import signal
import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from yolo_course.grading.blame import judge
from yolo_course.grading.checks import CheckFailed
from yolo_course.grading.elsewhere import look_elsewhere
from yolo_course.grading.isolation import errors, needed, wire
from yolo_course.grading.isolation.grader import Grader
from yolo_course.grading.isolation.namespaces import Limits
from yolo_course.grading.isolation.needed import Step, bound_at_top
from yolo_course.grading.isolation.sandbox import Sandbox, Session
from yolo_course.grading.isolation.wire import NoAnswer, WireError
from yolo_course.grading.outcome import Outcome, Status
from yolo_course.grading.session import leave

RESTARTS = 3  # cells that may hang or kill their process before the rest is given up
WITHOUT_END = "this cell did not end"
SPARE = 5.0  # seconds beyond a check's own that the grader may take over what came


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
    session: Session | None = _run(steps, sandbox, limits, report)
    checks, before = _Checks(source, steps, limits), False  # whether another check has run in this session
    try:
        for cell in source.cells:
            if _role(cell) == "check":
                name = cell.metadata["yolo_course"]["name"]
                for _ in range(2):
                    if session is None:
                        session, before = _run(steps, sandbox, limits, report), False
                    report.outcomes[name], alive = checks.run(cell, session)
                    if alive:
                        break
                    report.end, session = session.end(), None
                    if not before or report.end == "hung up":
                        break  # it alone is to blame; else an earlier one may have left it too little
                before = True
    finally:
        if session is not None:
            report.end = session.end()
    return report


def prepare(source: NotebookNode) -> None:
    """Do once what is the same for all submissions of a unit: forks of this process have it done."""
    needed.steps(source, source)
    for cell in source.cells:
        if _role(cell) in ("setup", "check"):
            _compiled(cell.source, _label(cell))


def _label(cell: NotebookNode) -> str:
    """What a traceback calls a cell."""
    role = _role(cell)
    return f"<{role} {cell.id if role == 'setup' else cell.metadata['yolo_course']['name']}>"


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
        report.shown[fallen.cell] = Shown(error=message or WITHOUT_END)
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


@functools.lru_cache(maxsize=1000)
def _compiled(source: str, label: str) -> types.CodeType:
    return compile(source, label, "exec")


def _set_up(source: NotebookNode) -> dict[str, Any]:
    """Run the setup cells here, for the checks."""
    leave()  # this process may have had another one open
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in source.cells:
            if _role(cell) == "setup":
                exec(_compiled(cell.source, _label(cell)), names)
    return names


class _Checks:
    """Runs check cells here, with the learner's names as things of the sandbox.

    Args:
        source: The instructor's notebook.
        steps: What runs of the submission.
        limits: What a submission may use.
    """

    def __init__(self, source: NotebookNode, steps: list[Step], limits: Limits):
        exercises = [cell.source for cell in source.cells if _role(cell) in ("exercise", "clinic")]
        self.learners = set().union(*map(bound_at_top, exercises))
        self.ours = {name: value for name, value in _set_up(source).items() if name not in self.learners}
        self.codes = _Codes([step.source for step in steps if step.learners])
        self.seconds = limits.check

    def run(self, cell: NotebookNode, session: Session) -> tuple[Outcome, bool]:
        """Run a check cell; return its outcome, and whether the session still answers."""
        text, label = cell.source, _label(cell)
        linecache.cache[label] = (len(text), None, text.splitlines(keepends=True), label)
        code = _compiled(text, label)
        try:
            wire.send(session.socket, {"serve": True}, [], self.seconds)
        except WireError as error:
            return judge(error), False
        grader = Grader(session.socket, self.seconds, self.codes.find)
        outcome = self._outcome(code, grader)
        try:
            grader.end()
        except WireError:
            return outcome, False
        return outcome, True

    def _outcome(self, code: types.CodeType, grader: Grader) -> Outcome:
        try:
            with (
                _deadline(self.seconds + SPARE),
                look_elsewhere(grader.reach),
                contextlib.redirect_stdout(io.StringIO()),
            ):
                theirs = grader.named(sorted(self.learners & _names(code)))
                exec(code, {**self.ours, **theirs})
        except BaseException as error:  # a check cell raises nothing else, unless the learner's side did
            if errors.is_theirs(error) or not isinstance(error, (CheckFailed, KeyboardInterrupt)):
                return judge(error)
            if isinstance(error, KeyboardInterrupt):
                raise
            return error.outcome
        return Outcome(Status.PASSED, "All checks hold.")


@contextlib.contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """Give up what takes longer here: an answer may be small and still take long to read or to compare."""

    def late(*_: object) -> None:
        raise NoAnswer("no end in time")

    usual = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, usual)


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
