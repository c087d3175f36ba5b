"""nbgrader's execution step, isolated: the learner's cells run in the sandbox, the checks in a process of the grader's.

`course/nbgrader_config.py` puts it in the place of nbgrader's own `Execute`, so `nbgrader autograde` and Formgrader's
button use it; gradebook, feedback and export stay nbgrader's.
"""

import atexit
import copy
import html
from dataclasses import asdict
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from traitlets import Bool, Float, Integer

from yolo_course.errors import UnitError
from yolo_course.grading import render, syllabus
from yolo_course.grading.isolation.apart import apart
from yolo_course.grading.isolation.grade import grade
from yolo_course.grading.isolation.inert import inert_markdown, picture
from yolo_course.grading.isolation.namespaces import Limits
from yolo_course.grading.isolation.sandbox import Sandbox
from yolo_course.grading.outcome import Outcome, Status

UNSAFE = "graded without isolation: this verdict can be forged\n"
_warm: list[Sandbox] = []


class IsolatedExecute(NbGraderPreprocessor):
    """Grade a submission in two processes and write what came of it as outputs that are plain data."""

    cell_seconds = Float(120.0, help="Seconds that one cell of a learner may take").tag(config=True)
    check_seconds = Float(60.0, help="Seconds that one check may take").tag(config=True)
    total_seconds = Float(900.0, help="Seconds that one submission may take").tag(config=True)
    memory = Integer(2 << 30, help="Bytes of memory that one submission may take").tag(config=True)

    unsafe = Bool(False, help="Run everything in one kernel, as nbgrader does; code can cheat then").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Grade a notebook that nbgrader has just cleaned of outputs and metadata.

        Raises:
            SandboxError: Submissions cannot be kept apart on this machine.
            UnitError: The unit was not built.
        """
        if self.unsafe:
            return _in_one_kernel(self, nb, resources)
        source = self._source(resources)
        _restore_checks(nb, source)
        limits = Limits(self.cell_seconds, self.check_seconds, self.total_seconds, self.memory)
        sandbox = _sandbox()
        told = apart(lambda: _told(source, nb, sandbox, limits), limits.total + limits.check)
        _write(nb, source, told)
        return nb, resources

    def _source(self, resources: dict) -> NotebookNode:
        """The instructor's notebook: the only one whose metadata and checks count."""
        facts = resources["nbgrader"]
        name = f"{facts['notebook']}.ipynb"
        course = CourseDirectory(config=self.config)
        folder = Path(course.format_path(course.source_directory, ".", facts["assignment"]))
        if not (folder / name).is_file():
            raise UnitError("no source notebook to grade with", expected=folder / name, hint="run `yolo-course build`")
        return nbformat.read(folder / name, as_version=4)


def _restore_checks(nb: NotebookNode, source: NotebookNode) -> None:
    """A check cell that the learner has deleted or renamed counts all the same."""
    there = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells}
    nb.cells += [copy.deepcopy(cell) for cell in _checks(source) if cell.metadata.nbgrader.grade_id not in there]


def _checks(source: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in source.cells if cell.metadata.get("yolo_course", {}).get("role") == "check"]


def _in_one_kernel(step: NbGraderPreprocessor, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
    """nbgrader's own way, and every verdict says so."""
    nb, resources = Execute(config=step.config).preprocess(nb, resources)
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code":
            cell.outputs.insert(0, new_output("stream", name="stdout", text=UNSAFE))
    return nb, resources


def _sandbox() -> Sandbox:
    """One warm parent for all submissions of this command."""
    if not _warm:
        _warm.append(Sandbox())
        atexit.register(lambda: _warm.pop().close())
    return _warm[0]


def _told(source: NotebookNode, submitted: NotebookNode, sandbox: Sandbox, limits: Limits) -> dict:
    report = grade(source, submitted, sandbox, limits)
    outcomes = {name: {**asdict(each), "status": each.status.value} for name, each in report.outcomes.items()}
    return {"outcomes": outcomes, "shown": {cell: asdict(each) for cell, each in report.shown.items()}}


def _write(nb: NotebookNode, source: NotebookNode, told: dict) -> None:
    """Replace every output: what a learner's cell showed becomes text and pictures, a check's verdict our own box."""
    checks = {cell.metadata.nbgrader.grade_id: cell.metadata.yolo_course.name for cell in _checks(source)}
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
