"""The three notebooks a unit becomes: nbgrader's source, the learner's copy, the solution."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader import preprocessors as nbgrader
from nbgrader.converters.generate_assignment import GenerateAssignment

from yolo_course.errors import UnitError
from yolo_course.grading.clear_solutions import ClearSolutionsKeepStubs, solution_only
from yolo_course.grading.unit_source import Cell, Unit

_GUESS = re.compile(r"\A(\w+ = )(.+?)(\s+#.*)?$", re.MULTILINE)
_KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}

# what `nbgrader generate_assignment` runs, with our stubs; course/nbgrader_config.py gives it the same list
RELEASE_STEPS = [
    ClearSolutionsKeepStubs if step is nbgrader.ClearSolutions else step
    for step in GenerateAssignment.class_traits()["preprocessors"].default()
]
_NEED_COURSE = (nbgrader.IncludeHeaderFooter, nbgrader.InstantiateTests, nbgrader.SaveCells)


def source_notebook(unit: Unit) -> NotebookNode:
    """Write a unit as nbgrader's instructor version: solutions and hidden checks in place, schema 3."""
    cells = []
    for cell, identity in _identified(unit):
        source = _blank_guess(cell) if cell.role == "predict" else cell.source
        node = _node(cell, identity, source)
        if grading := _grading(cell):
            node.metadata["nbgrader"] = grading
        if cell.role == "check":
            node.metadata["tags"] = ["raises-exception"]
        cells.append(node)
    return _notebook(unit, cells)


def learner_notebook(unit: Unit) -> NotebookNode:
    """Write a unit as learners get it, by the steps that nbgrader's own release takes."""
    notebook, resources = source_notebook(unit), {}
    for step in RELEASE_STEPS:
        if step not in _NEED_COURSE:  # a header, a tests file, the gradebook: none is at hand here
            notebook, resources = step().preprocess(notebook, resources)
    return notebook


def solution_notebook(unit: Unit) -> NotebookNode:
    """Write a unit with its solutions and guesses, without markers; not executed yet."""
    cells = [_node(cell, identity, solution_only(cell.source)) for cell, identity in _identified(unit)]
    return _notebook(unit, cells)


def dumps(notebook: NotebookNode) -> str:
    """Write a notebook as the text of its file, checked against the format."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=4) + "\n"


def _identified(unit: Unit) -> Iterator[tuple[Cell, str]]:
    """Give each cell an id that stays when other kinds of cells come and go."""
    seen: Counter[str] = Counter()
    for cell in unit.cells:
        if cell.role == "hints":
            continue
        stem = f"{cell.role or cell.kind}-{cell.name}".rstrip("-").replace("_", "-")
        seen[stem] += 1
        unique = cell.role and cell.role != "setup"
        yield cell, (stem if unique else f"{stem}-{seen[stem]}")[:64]


def _node(cell: Cell, identity: str, source: str) -> NotebookNode:
    make = new_code_cell if cell.kind == "code" else new_markdown_cell
    node = make(source=source, id=identity)
    if cell.role:
        node.metadata["yolo_course"] = {"role": cell.role, **({"name": cell.name} if cell.name else {})}
    return node


def _grading(cell: Cell) -> dict[str, Any]:
    """nbgrader's metadata, schema 3; it allows no other keys."""
    base = {"schema_version": 3, "task": False}
    if cell.role in ("exercise", "clinic"):
        return {**base, "grade_id": cell.name, "grade": False, "solution": True, "locked": False}
    if cell.role == "check":
        points = cell.keys["points"]
        return {
            **base,
            "grade_id": f"{cell.name}_check",
            "grade": True,
            "solution": False,
            "locked": True,
            "points": points,
        }
    if cell.role == "manual":
        points = cell.keys["points"]
        return {**base, "grade_id": cell.name, "grade": True, "solution": True, "locked": False, "points": points}
    return {}


def _blank_guess(cell: Cell) -> str:
    blanked, count = _GUESS.subn(r"\1None\3", cell.source, count=1)
    if not count or ast.parse(cell.source).body[0].end_lineno != 1:
        raise UnitError("a prediction's first line must be `name = guess  # question`", where=cell.name)
    return blanked


def _notebook(unit: Unit, cells: list[NotebookNode]) -> NotebookNode:
    metadata = {**_KERNEL, "language_info": {"name": "python"}, "yolo_course": {"unit": unit.name}}
    notebook = new_notebook(cells=cells, metadata=metadata)
    notebook.nbformat_minor = 5
    return notebook
