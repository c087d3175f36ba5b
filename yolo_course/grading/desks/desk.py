"""A desk: a warm process of the grader's that grades one submission after the other. Trusted, with a single thread.

    python -P -m yolo_course.grading.desks.desk

It imports everything once, holds one sandbox and forks for each job, so that nothing of a submission stays. Its first
line says `{"ready": environment}` or `{"refused": why}`. Then a JSON line comes for each job, `{"source": text of the
instructor's notebook, "cells": essence of the submission, "limits": {…}}`, and a JSON line goes back: `{"told": {…},
"seconds": …}` or `{"error": why}`. It ends when its input does, in the middle of a job too.
"""

import json
import os
import sys
import time
from dataclasses import asdict
from functools import lru_cache
from typing import Any

import yolo_course.grading.lean  # isort: skip  # noqa: F401
import nbformat
from nbformat import NotebookNode

from yolo_course.grading.desks.handed_in import from_essence
from yolo_course.grading.desks.store import environment
from yolo_course.grading.isolation.apart import ApartError, apart
from yolo_course.grading.isolation.grade import grade, prepare
from yolo_course.grading.isolation.namespaces import Limits
from yolo_course.grading.isolation.sandbox import Sandbox, SandboxError
from yolo_course.grading.isolation.warm import be_alone, import_what_cells_use


def main() -> None:
    """Serve jobs until there are no more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what an import or a check prints is no answer
    try:
        sandbox = Sandbox(meanwhile=import_what_cells_use)
    except SandboxError as error:
        _tell(answers, {"refused": str(error)})
        return
    with sandbox:
        be_alone("the desk")
        _tell(answers, {"ready": environment()})
        for line in sys.stdin.buffer:
            _tell(answers, _graded(json.loads(line), sandbox))


def _graded(job: dict, sandbox: Sandbox) -> dict[str, Any]:
    limits, started = Limits(**job["limits"]), time.perf_counter()
    source, submitted = _source(job["source"]), from_essence(job["cells"])
    try:
        told = apart(lambda: _told(source, submitted, sandbox, limits), limits.total + limits.check, sys.stdin.fileno())
    except ApartError as error:
        if str(error.found).startswith(SandboxError.__name__):
            raise SystemExit(f"the sandbox is gone: {error.found}") from error  # whoever waits starts another desk
        return {"error": str(error.found)}
    return {"told": told, "seconds": time.perf_counter() - started}


@lru_cache(maxsize=8)
def _source(text: str) -> NotebookNode:
    source = nbformat.reads(text, as_version=4)
    prepare(source)
    return source


def _told(source: NotebookNode, submitted: NotebookNode, sandbox: Sandbox, limits: Limits) -> dict[str, Any]:
    report = grade(source, submitted, sandbox, limits)
    outcomes = {name: {**asdict(each), "status": each.status.value} for name, each in report.outcomes.items()}
    return {"outcomes": outcomes, "shown": {cell: asdict(each) for cell, each in report.shown.items()}}


def _tell(answers: Any, answer: dict) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
