"""Run a function in a fork of this process, take its answer as JSON: what it imports, changes or breaks stays there."""

import json
import os
import select
import signal
import time
from collections.abc import Callable
from typing import Any

from yolo_course.errors import CourseError

LARGEST = 64 << 20  # bytes of an answer


class ApartError(CourseError):
    """The fork ended without an answer."""


def apart(function: Callable[[], Any], seconds: float) -> Any:
    """Call a function in a fork; return its answer, which must be JSON.

    Args:
        function: What to call.
        seconds: How long it may take.

    Raises:
        ApartError: It raises, dies, answers too much or not in time.
    """
    answers, answer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(answers)
        _answer(function, answer)
    os.close(answer)
    try:
        told = _read(answers, seconds)
    finally:
        os.close(answers)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if "error" in told:
        raise ApartError("grading failed", found=told["error"])
    return told["answer"]


def _answer(function: Callable[[], Any], answer: int) -> None:
    try:
        text = json.dumps({"answer": function()})
    except BaseException as error:
        text = json.dumps({"error": f"{type(error).__name__}: {error}"[:2000]})
    try:
        with os.fdopen(answer, "wb") as pipe:
            pipe.write(text.encode())
    finally:
        os._exit(0)


def _read(answers: int, seconds: float) -> dict:
    until, told = time.monotonic() + seconds, b""
    while True:
        left = until - time.monotonic()
        if left <= 0 or not select.select([answers], [], [], left)[0]:
            return {"error": f"no answer within {seconds:g} s"}
        piece = os.read(answers, 1 << 20)
        if not piece:
            break
        told += piece
        if len(told) > LARGEST:
            return {"error": "the answer is too large"}
    return json.loads(told) if told else {"error": "the process died"}
