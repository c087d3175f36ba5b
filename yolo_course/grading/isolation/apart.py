"""Run a function in a fork of this process, take its answer as JSON: what it imports, changes or breaks stays there."""

import contextlib
import gc
import json
import os
import select
import signal
import time
from collections.abc import Callable
from typing import Any

from yolo_course.errors import CourseError
from yolo_course.grading.isolation.namespaces import die_with_parent

LARGEST = 64 << 20  # bytes of an answer


class ApartError(CourseError):
    """The fork ended without an answer."""


def apart(function: Callable[[], Any], seconds: float, line: int | None = None) -> Any:
    """Call a function in a fork; return its answer, which must be JSON. The fork ends with this process.

    Args:
        function: What to call.
        seconds: How long it may take.
        line: A file descriptor from which nothing comes unless whoever waits for the answer has hung up.

    Raises:
        ApartError: It raises, dies, answers too much or not in time, or nobody waits for it any more.
    """
    answers, answer = os.pipe()
    parent, child = os.getpid(), os.fork()
    if child == 0:
        _die_with(parent)
        os.close(answers)
        _answer(function, answer)
    os.close(answer)
    try:
        told = _read(answers, seconds, line)
    finally:
        os.close(answers)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if "error" in told:
        raise ApartError("grading failed", found=told["error"])
    return told["answer"]


def _die_with(parent: int) -> None:
    with contextlib.suppress(OSError, AttributeError):  # the kernel's word for it is Linux's
        die_with_parent()
    if os.getppid() != parent:
        os._exit(1)


def _answer(function: Callable[[], Any], answer: int) -> None:
    gc.freeze()  # a collection would copy all that was imported, half a second long
    try:
        text = json.dumps({"answer": function()})
    except BaseException as error:
        text = json.dumps({"error": f"{type(error).__name__}: {error}"[:2000]})
    try:
        with os.fdopen(answer, "wb") as pipe:
            pipe.write(text.encode())
    finally:
        os._exit(0)


def _read(answers: int, seconds: float, line: int | None) -> dict:
    until, told = time.monotonic() + seconds, b""
    watched = [answers] if line is None else [answers, line]
    while True:
        left = until - time.monotonic()
        ready = select.select(watched, [], [], left)[0] if left > 0 else []
        if not ready:
            return {"error": f"no answer within {seconds:g} s"}
        if answers not in ready:
            return {"error": "nobody waits for it"}
        piece = os.read(answers, 1 << 20)
        if not piece:
            break
        told += piece
        if len(told) > LARGEST:
            return {"error": "the answer is too large"}
    return json.loads(told) if told else {"error": "the process died"}
