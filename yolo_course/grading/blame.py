"""Whose exception is it? Tells a stub from a mistake and finds the learner's line in a traceback."""

import linecache
import os
import traceback

from yolo_course.grading.outcome import Outcome, Status

_TO_DO = (
    "Write your solution in the cell above, in place of its `raise NotImplementedError()`, run it, then this check."
)


def judge(error: BaseException) -> Outcome:
    """Turn an exception that left a check cell into an outcome.

    A name that the check cell itself lacks, or the stub's `NotImplementedError`, is "not attempted";
    everything else is "raised", told with the learner's own line.
    """
    cells = _cells(error)
    learners = cells[1:]  # the first is the check cell
    # an error that crossed from the process of an isolated learner carries what was seen there
    stub, line = getattr(error, "learners", None) or (_is_stub(error, learners), _line(learners))
    line = line or _asked(cells)
    if isinstance(error, NameError) and not learners and not hasattr(error, "learners"):
        return Outcome(Status.NOT_ATTEMPTED, f"`{error.name}` is not defined yet: run the cell that defines it first.")
    if stub:
        return Outcome(Status.NOT_ATTEMPTED, _TO_DO)
    if isinstance(error, SystemExit):
        return Outcome(Status.RAISED, "your code ends Python: remove the call of exit or quit", line=line)
    text = " ".join(str(error).split())
    message = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return Outcome(Status.RAISED, message, line=line)


def learners_part(error: BaseException) -> tuple[bool, str]:
    """Where the learner's code runs alone: whether the error is the stub's, and the learner's line it came from."""
    cells = _cells(error)
    return _is_stub(error, cells), _line(cells)


def _is_stub(error: BaseException, learners: list[traceback.FrameSummary]) -> bool:
    last = traceback.extract_tb(error.__traceback__)[-1:]
    return isinstance(error, NotImplementedError) and bool(learners) and last == learners[-1:]


def _cells(error: BaseException) -> list[traceback.FrameSummary]:
    return [frame for frame in traceback.extract_tb(error.__traceback__) if _is_cell(frame.filename)]


def _is_cell(filename: str) -> bool:
    """A notebook cell's code comes from no file on disk."""
    return not os.path.exists(filename) and not filename.startswith("<frozen") and bool(linecache.getlines(filename))


def _is_hidden(frame: traceback.FrameSummary) -> bool:
    """Whether a line stands in the hidden part of a check, which only the grader may see."""
    before = [line.strip() for line in linecache.getlines(frame.filename)[: frame.lineno]]
    marks = [line for line in before if line in ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")]
    return marks[-1:] == ["### BEGIN HIDDEN TESTS"]


def _asked(frames: list[traceback.FrameSummary]) -> str:
    """What the check asked, where no line of the learner's is known to have raised."""
    if not frames or _is_hidden(last := frames[-1]):
        return ""
    lines = [linecache.getline(last.filename, number).encode() for number in range(last.lineno, last.end_lineno + 1)]
    lines[-1] = lines[-1][: last.end_colno]
    lines[0] = lines[0][last.colno :]
    asked = " ".join(line.decode().strip() for line in lines).replace("( ", "(").replace(", )", ")")
    return f"the check asked: {asked}"


def _line(frames: list[traceback.FrameSummary]) -> str:
    frames = [frame for frame in frames if not _is_hidden(frame)]
    if not frames:
        return ""
    last = frames[-1]
    place = f"line {last.lineno}" + (f" of {last.name}" if last.name != "<module>" else "")
    return f"{place}: {(last.line or '').strip()}"
