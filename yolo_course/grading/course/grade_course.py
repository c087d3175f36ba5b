"""Grade what was handed in: choose what there is to do, have it graded, record it, say what came of it.

A result is a function of bytes (`store`), whoever computes it (`pool`); one process records (`book`). So a run may be
killed at any moment: the next one finds what is done and does the rest.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from yolo_course.errors import CourseError
from yolo_course.grading.course import book
from yolo_course.grading.course.book import RecordError, Scores
from yolo_course.grading.course.moved import Move, moves
from yolo_course.grading.course.nbgrader_steps import IsolatedExecute
from yolo_course.grading.course.root import CourseRoot
from yolo_course.grading.course.summary import Row, Summary
from yolo_course.grading.desks import pool
from yolo_course.grading.desks.handed_in import BrokenSubmission, Essence, essence, parse, read_bytes, restore, stamp
from yolo_course.grading.desks.store import Store, Work, work
from yolo_course.grading.isolation.namespaces import Limits

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Options:
    """What to grade, and how.

    Args:
        student: Only this one.
        workers: Processes on this machine; None chooses, see `grade_here`.
        dask: Address of a Dask scheduler, instead of processes here.
        regrade: Grade again what was graded with another notebook, other checks or another environment.
        unsafe: Grade without isolation.
    """

    student: str | None = None
    workers: int | None = None
    dask: str | None = None
    regrade: bool = False
    unsafe: bool = False


@dataclass
class _Unit:
    name: str
    text: str
    source: NotebookNode
    before: dict[str, Scores] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """Exercises by the cells that hold their points."""
        named = (
            (cell.metadata.get("nbgrader", {}), cell.metadata.get("yolo_course", {})) for cell in self.source.cells
        )
        return {facts["grade_id"]: ours.get("name", facts["grade_id"]) for facts, ours in named if facts.get("grade")}


@dataclass
class _Task:
    """A row on its way: what it holds, and what was recorded for it before."""

    row: Row
    unit: _Unit
    cells: Essence = field(default_factory=list)
    work: Work | None = None
    known: dict = field(default_factory=dict)


def grade_course(
    root: CourseRoot,
    units: list[str],
    options: Options,
    tell: Callable[[str], None] = lambda line: None,
    progress: Progress = lambda done, total: None,
) -> Summary:
    """Grade submissions and record their points in the gradebook.

    Args:
        root: The course root.
        units: Names or numbers of units.
        options: What to grade, and how.
        tell: Takes a line that somebody who waits should read.
        progress: Called with the number of submissions done, and of all that there is to do.

    Raises:
        CourseError: There is no such unit, or nothing was handed in for it; nbgrader refuses the unit.
        SandboxError: Submissions cannot be kept apart on this machine.
    """
    names = dict.fromkeys(root.unit(each) for each in units)
    if IsolatedExecute(config=root.config).unsafe:
        options = replace(options, unsafe=True)
    with book.alone(root, tell):
        tasks = _plan(root, [_unit(root, name) for name in names], options)
        _do(root, [task for task in tasks if task.row.state != "kept"], options, progress)
        return _summary(root, tasks)


def _unit(root: CourseRoot, name: str) -> _Unit:
    text = root.source(name).read_text(encoding="utf-8")
    return _Unit(name, text, nbformat.reads(text, as_version=4))


def _plan(root: CourseRoot, units: list[_Unit], options: Options) -> list[_Task]:
    store, limits = Store(root.folder), IsolatedExecute(config=root.config).limits
    excluded = root.directory.student_id_exclude.split(",")
    tasks = []
    for unit in units:
        for student in root.students(unit.name):
            if student not in excluded and options.student in (None, student):
                task = _Task(Row(student, unit.name), unit)
                _look(task, root, store, limits, options)
                tasks.append(task)
    if not tasks:
        where = root.place("submitted", options.student or "STUDENT", units[0].name)
        for_what = ", ".join(unit.name for unit in units)
        who = f"{options.student} has handed in nothing" if options.student else "nobody has handed in anything"
        raise CourseError(f"{who} for {for_what}", expected=where)
    return tasks


def _look(task: _Task, root: CourseRoot, store: Store, limits: Limits, options: Options) -> None:
    """Read a submission and see whether there is anything to do."""
    row, folder = task.row, root.place("submitted", task.row.student, task.row.unit)
    try:
        nb = parse(read_bytes(folder, row.unit))
        restore(nb, task.unit.source)
        _check_time(root, folder)
    except BrokenSubmission as error:
        row.state, row.reason, row.why = "broken", str(error), ["submission"]
        return
    task.cells = essence(nb, task.unit.source)
    task.work = work(task.cells, task.unit.source, limits, options.unsafe)
    recorded = book.recorded(root, row.student, row.unit)
    if recorded is None:
        row.why = ["new"]
        return
    task.known = store.get(recorded["key"]) or {}
    row.why = task.work.differs(task.known)
    if recorded["handed_in"] != stamp(folder, row.unit):
        row.why = row.why or ["hand-in"]
    elif not (options.regrade and row.why):
        row.state = "kept"
        _take(row, task.known)


def _check_time(root: CourseRoot, folder: Path) -> None:
    try:
        root.directory.get_existing_timestamp(str(folder))
    except Exception as error:  # nbgrader does not say what it raises
        raise BrokenSubmission("timestamp.txt holds no time") from error


def _do(root: CourseRoot, tasks: list[_Task], options: Options, progress: Progress) -> None:
    """Have everything graded and recorded, each as soon as it can be."""
    for unit in {id(task.unit): task.unit for task in tasks}.values():
        unit.before = book.scores(root, unit.name, unit.names)
        book.update(root, unit.name)
    store, done = Store(root.folder), 0
    progress(0, len(tasks))
    with contextlib.closing(_in_order(tasks, store, options)) as ready:
        for task, error in ready:
            _record(root, task, error, store, options)
            done += 1
            progress(done, len(tasks))


def _in_order(tasks: list[_Task], store: Store, options: Options) -> Iterator[tuple[_Task, str]]:
    """Tasks that can be recorded, with what went wrong: first those whose result is there, the others once it is."""
    waiting: dict[str, list[_Task]] = {}
    jobs = {}
    for task in tasks:
        if task.work is None or options.unsafe or store.get(task.work.key) is not None:
            yield task, ""
            continue
        key, limits = task.work.key, task.work.environment["limits"]
        waiting.setdefault(key, []).append(task)
        jobs[key] = {"source": task.unit.text, "cells": task.cells, "limits": limits}
    if not jobs:
        return
    answers = pool.grade_on_cluster(jobs, options.dask) if options.dask else pool.grade_here(jobs, options.workers)
    with contextlib.closing(answers):
        for key, answer in answers:
            if "told" in answer:
                store.put(waiting[key][0].work.record(answer["told"], answer["seconds"]))
            yield from ((task, answer.get("error", "")) for task in waiting[key])


def _record(root: CourseRoot, task: _Task, error: str, store: Store, options: Options) -> None:
    row = task.row
    if row.state == "broken":
        book.record_zero(root, row.student, row.unit)
        return
    try:
        if error:
            raise RecordError("it could not be graded", found=error)
        book.record(root, row.student, row.unit, options.unsafe)
    except RecordError as failed:
        row.state, row.reason = "failed", str(failed)
        return
    _take(row, store.get(task.work.key) or {})


def _take(row: Row, result: dict) -> None:
    row.verdicts = {name: outcome["status"] for name, outcome in result.get("outcomes", {}).items()}
    row.seconds = result.get("seconds", 0.0)
    row.unsafe = result.get("environment", {}).get("unsafe", False)


def _summary(root: CourseRoot, tasks: list[_Task]) -> Summary:
    found: list[Move] = []
    for unit in {id(task.unit): task.unit for task in tasks}.values():
        after = book.scores(root, unit.name, unit.names)
        for task in (task for task in tasks if task.unit is unit):
            row = task.row
            row.scores = after.get(row.student)
            if row.state in ("graded", "broken") and row.why != ["new"] and row.student in unit.before:
                before = {name: each["status"] for name, each in task.known.get("outcomes", {}).items()}
                found += moves(
                    row.student, row.unit, row.why, unit.before.get(row.student), row.scores, before, row.verdicts
                )
    return Summary([task.row for task in tasks], found)
