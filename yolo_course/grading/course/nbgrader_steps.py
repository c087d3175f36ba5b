"""nbgrader's steps for isolated grading: a learner's cells run in the sandbox, the checks in a process of the grader's.

`course/nbgrader_config.py` puts `RestoreCells` before nbgrader's own steps and `IsolatedExecute` in the place of its
`Execute`, so `nbgrader autograde`, Formgrader's button and `yolo-course grade` all use them; gradebook, feedback and
export stay nbgrader's.
"""

import functools
import html
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from nbgrader.utils import compute_checksum, determine_grade
from traitlets import Bool, Float, Integer

from yolo_course.errors import UnitError
from yolo_course.grading import render, syllabus
from yolo_course.grading.desks.desks import DeskError, desks_here
from yolo_course.grading.desks.handed_in import DELETED, essence, restore, stamp
from yolo_course.grading.desks.store import Store, Work, work
from yolo_course.grading.isolation.inert import inert_markdown, picture
from yolo_course.grading.isolation.namespaces import Limits
from yolo_course.grading.outcome import Outcome, Status

UNSAFE = "graded without isolation: this verdict can be forged"


class RestoreCells(NbGraderPreprocessor):
    """Give a submission the course's own cells, ids and metadata, before nbgrader looks at them."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Restore a notebook as it was handed in.

        Raises:
            BrokenSubmission: It holds no exercise of the unit.
            UnitError: The unit was not built.
        """
        restore(nb, source_of(CourseDirectory(config=self.config), resources)[0])
        return nb, resources


class IsolatedExecute(NbGraderPreprocessor):
    """Grade a submission in two processes and write what came of it as outputs that are plain data."""

    cell_seconds = Float(120.0, help="Seconds that one cell of a learner may take").tag(config=True)
    check_seconds = Float(60.0, help="Seconds that one check may take").tag(config=True)
    total_seconds = Float(900.0, help="Seconds that one submission may take").tag(config=True)
    memory = Integer(2 << 30, help="Bytes of memory that one submission may take").tag(config=True)

    unsafe = Bool(False, help="Run everything in one kernel, as nbgrader does; code can cheat then").tag(config=True)

    @property
    def limits(self) -> Limits:
        """What a submission may use."""
        return Limits(self.cell_seconds, self.check_seconds, self.total_seconds, self.memory)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Grade a notebook that nbgrader has just cleaned of outputs and metadata, unless its result is in the store.

        Raises:
            SandboxError: Submissions cannot be kept apart on this machine.
            DeskError: It could not be graded.
            UnitError: The unit was not built.
        """
        course = CourseDirectory(config=self.config)
        source, text = source_of(course, resources)
        restore(nb, source)
        _count_deleted_answers(nb)
        cells, store = essence(nb, source), Store(Path(course.root))
        asked = work(cells, source, self.limits, self.unsafe)
        if self.unsafe:
            nb, told = _in_one_kernel(self, nb, source, resources)
            store.put(asked.record(told, told.pop("seconds")))
        else:
            result = store.get(asked.key) or _graded(asked, {"source": text, "cells": cells}, self.limits, store)
            _write(nb, source, result)
        facts = resources["nbgrader"]
        folder = Path(course.format_path(course.submitted_directory, facts["student"], facts["assignment"]))
        graded = {"key": asked.key, "handed_in": stamp(folder, facts["notebook"])}
        nb.metadata["yolo_course"] = {"unit": facts["assignment"], "graded": graded}
        return nb, resources


def source_of(course: CourseDirectory, resources: dict) -> tuple[NotebookNode, str]:
    """The instructor's notebook, the only one whose metadata and checks count, and its text.

    Raises:
        UnitError: The unit was not built.
    """
    facts = resources["nbgrader"]
    file = Path(course.format_path(course.source_directory, ".", facts["assignment"])) / f"{facts['notebook']}.ipynb"
    if not file.is_file():
        raise UnitError("no source notebook to grade with", expected=file, hint="run `yolo-course build`")
    text = file.read_text(encoding="utf-8")
    return _parsed(text), text


@functools.lru_cache(maxsize=8)
def _parsed(text: str) -> NotebookNode:
    return nbformat.reads(text, as_version=4)


def _count_deleted_answers(nb: NotebookNode) -> None:
    """A written answer that came back as a note is no answer: nbgrader gives 0 where the checksum is the cell's own."""
    for cell in nb.cells:
        if cell.source == DELETED and "nbgrader" in cell.metadata:
            cell.metadata.nbgrader["checksum"] = compute_checksum(cell)


def _graded(asked: Work, job: dict, limits: Limits, store: Store) -> dict[str, Any]:
    answer = desks_here()(job | {"limits": asdict(limits)})
    if "error" in answer:
        raise DeskError("grading failed", found=answer["error"])
    result = asked.record(answer["told"], answer["seconds"])
    store.put(result)
    return result


def _checks(source: NotebookNode) -> dict[str, str]:
    """Names of exercises by the names that nbgrader has for their check cells."""
    roles = ((cell, cell.metadata.get("yolo_course", {})) for cell in source.cells)
    return {cell.metadata.nbgrader.grade_id: facts["name"] for cell, facts in roles if facts.get("role") == "check"}


def _in_one_kernel(
    step: NbGraderPreprocessor, nb: NotebookNode, source: NotebookNode, resources: dict
) -> tuple[NotebookNode, dict[str, Any]]:
    """nbgrader's own way, and every verdict says so."""
    started, checks, outcomes = time.perf_counter(), _checks(source), {}
    nb, _ = Execute(config=step.config).preprocess(nb, resources)
    for cell in nb.cells:
        name = checks.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if name is not None:
            points, most = determine_grade(cell)
            status = Status.PASSED if points == most else _status(cell, name)
            outcomes[name] = {**asdict(Outcome(status, UNSAFE)), "status": status.value}
            cell.outputs.insert(0, new_output("stream", name="stdout", text=f"{UNSAFE}\n"))
    return nb, {"outcomes": outcomes, "shown": {}, "seconds": time.perf_counter() - started}


def _status(cell: NotebookNode, name: str) -> Status:
    """What a check cell's error says."""
    said = "".join(output.get("evalue", "") for output in cell.outputs)
    return next(
        (each for each in Status if each is not Status.PASSED and f"{name}: {each.value}" in said), Status.RAISED
    )


def _write(nb: NotebookNode, source: NotebookNode, told: dict) -> None:
    """Replace every output: what a learner's cell showed becomes text and pictures, a check's verdict our own box."""
    checks = _checks(source)
    unit = syllabus.load(source.metadata.yolo_course.unit)
    exercises = {exercise.name: exercise for exercise in unit.exercises}
    for cell in nb.cells:
        if cell.cell_type != "code":
            cell.source = inert_markdown(cell.source)
            cell.pop("attachments", None)
            continue
        cell.execution_count = None
        cell.metadata.get("tags", []).clear()
        name = checks.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if name is not None:
            facts = told["outcomes"][name]
            outcome = Outcome(**{**facts, "status": Status(facts["status"])})
            cell.outputs = _verdict(name, outcome, exercises.get(name))
        else:
            cell.outputs = _output(told["shown"].get(cell.id, {}))


def _verdict(name: str, outcome: Outcome, exercise: Any) -> list[NotebookNode]:
    box = render.outcome_box(name, outcome, exercise)
    outputs = [new_output("display_data", {"text/html": box.html, "text/plain": box.text})]
    if not outcome.passed:  # what nbgrader takes for "no points"
        line = f"{name}: {outcome.status.value}. {outcome.message}"
        outputs.append(
            new_output("error", ename="CheckFailed", evalue=line, traceback=[html.escape(line, quote=False)])
        )
    return outputs


def _output(shown: dict) -> list[NotebookNode]:
    outputs = []
    if text := shown.get("text"):
        outputs.append(new_output("stream", name="stdout", text=text))
    for each in shown.get("pictures", []):
        if png := picture(each):
            outputs.append(new_output("display_data", {"image/png": png}))
    if error := shown.get("error"):
        outputs.append(new_output("error", ename="Error", evalue=error, traceback=[html.escape(error, quote=False)]))
    return outputs
