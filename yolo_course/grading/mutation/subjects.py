"""The units of a course whose solutions can be mutated: from their sources, or from the instructor's notebooks."""

from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from yolo_course.errors import UnitError
from yolo_course.grading.build import Course
from yolo_course.grading.course.root import find_root
from yolo_course.grading.mutation import judged
from yolo_course.grading.notebooks import source_notebook


@dataclass(frozen=True)
class Subject:
    """One unit.

    Args:
        name: Its name.
        source: The instructor's notebook.
        judged: Where its reviewed list is, if it has one.
    """

    name: str
    source: NotebookNode
    judged: Path


def find_subjects(folder: Path | None, names: list[str]) -> list[Subject]:
    """Find units by name or number; all if no name is given.

    Args:
        folder: The course root; None for the current folder or `course/` below it.
        names: The units that are wanted.

    Raises:
        CourseError: There is no course root, or it lacks a unit.
    """
    root = find_root(folder)
    if (root.folder / "units").is_dir() and root.folder.name == "course":
        course = Course(root.folder.parent)
        units = [course.unit(name) for name in names or course.names()]
        return [Subject(unit.name, source_notebook(unit), unit.folder / judged.FILE) for unit in units]
    units = [root.unit(name) for name in names] or root.units()
    if not units:
        raise UnitError("no unit to mutate", expected="instructor's notebooks in source/", where=root.folder)
    files = [root.source(unit) for unit in units]
    return [Subject(file.stem, nbformat.read(file, 4), file.with_name(judged.FILE)) for file in files]
