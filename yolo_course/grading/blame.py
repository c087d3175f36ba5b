"""Whose exception is it? Tells a stub from a mistake and finds the learner's line in a traceback."""

import linecache
import os
import traceback

from yolo_course.grading.outcome import Outcome, Status


def judge(error: BaseException) -> Outcome:
    """Turn an exception that left a check cell into an outcome.

    A name that the check cell itself lacks, or the stub's `NotImplementedError`, is "not attempted";
    everything else is "raised", told with the learner's own line.
    """
    frames = traceback.extract_tb(error.__traceback__)
    cells = [frame for frame in frames if _is_cell(frame.filename)]
    learners = cells[1:]  # the first is the check cell
    if isinstance(error, NameError) and not learners:
        return Outcome(Status.NOT_ATTEMPTED, f"`{error.name}` is not defined yet: run the cell that defines it first.")
    if isinstance(error, NotImplementedError) and learners and frames[-1] is learners[-1]:
        return Outcome(Status.NOT_ATTEMPTED, "Write your solution in the cell above, run it, then run this check.")
    if isinstance(error, SystemExit):
        return Outcome(Status.RAISED, "your code ends Python: remove the call of exit or quit", line=_line(learners))
    text = " ".join(str(error).split())
    message = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return Outcome(Status.RAISED, message, line=_line(learners or cells))


def _is_cell(filename: str) -> bool:
    """A notebook cell's code comes from no file on disk."""
    return not os.path.exists(filename) and not filename.startswith("<frozen") and bool(linecache.getlines(filename))


def _line(frames: list[traceback.FrameSummary]) -> str:
    if not frames:
        return ""
    last = frames[-1]
    place = f"line {last.lineno}" + (f" of {last.name}" if last.name != "<module>" else "")
    return f"{place}: {(last.line or '').strip()}"
