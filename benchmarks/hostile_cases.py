"""The attacks of tests/hostile/ as notebooks: where the suite puts each of them, and nbgrader's metadata around it."""

import importlib.util
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from nbformat import NotebookNode

SUITE = Path(__file__).resolve().parents[1] / "tests" / "hostile"
FAMILIES = {  # folder of attacks -> family, and the exercise whose answer is the attack
    "lying_values": ("lying objects", "double"),
    "lying_modules": ("lying objects", "Scale"),
    "reads": ("files and network", "Scale"),
    "writes": ("files and network", "Scale"),
    "greedy_functions": ("resources", "double"),
    "greedy_cells": ("resources", "Scale"),
    "channel": ("channel", "double"),
}
RIGHT = ("fork_and_answer_twice",)  # both processes give the right answer: its point is deserved
_HIDDEN = re.compile(r"^ *### BEGIN HIDDEN TESTS\n.*?^ *### END HIDDEN TESTS\n?", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Case:
    """One attack in one place.

    Args:
        name: Folder, file, and where the attack stands if there are several places.
        family: One of the five of the suite.
        honest: The exercises that are answered rightly.
        build: Makes the submitted notebook, given the attack's text with the course's place filled in.
        text: The attack.
    """

    name: str
    family: str
    honest: tuple[str, ...]
    build: Callable[[str], NotebookNode]
    text: str = ""


def load(name: str) -> ModuleType:
    """A file of the suite as a module; it belongs to no package."""
    spec = importlib.util.spec_from_file_location(f"hostile_{name}", SUITE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SET = load("conftest")


def cases() -> Iterator[Case]:
    """Every attack where the suite puts it: among right answers, or as the only one, before all checks and behind some.

    The suite also adds it behind all cells; at stock nbgrader every verdict has been spoken by then.
    """
    right = SET.SOLUTIONS
    yield Case("honest", "honest", tuple(right), lambda text: SET.notebook(right))
    yield Case("nothing answered", "honest", (), lambda text: SET.notebook({}))
    for file in sorted((SUITE / "attacks" / "forging").glob("*.py")):
        for where, build in (
            ("first answer", lambda text: SET.notebook({"double": text})),
            ("last answer", lambda text: SET.notebook({"lengths": text})),
        ):
            yield Case(f"forging/{file.stem}, {where}", "verdict forging", (), build, file.read_text())
    for change in _changes():
        yield Case(f"metadata/{change.__name__}", "verdict forging", (), lambda text, change=change: _changed(change))
    for folder, (family, place) in FAMILIES.items():
        rest = tuple(name for name in right if name != place)
        for file in sorted((SUITE / "attacks" / folder).glob("*.py")):
            build = lambda text, place=place: SET.notebook({**right, place: text})  # noqa: E731
            deserved = tuple(right) if file.stem in RIGHT else rest
            yield Case(f"{folder}/{file.stem}", family, deserved, build, file.read_text())


def _changes() -> list[Callable]:
    """The functions of test_forging.py that forge what a notebook says about itself."""
    forging = load("test_forging")
    test = forging.test_what_the_notebook_says_about_itself_has_no_say
    return next(mark.args[1] for mark in test.pytestmark if mark.name == "parametrize")


def _changed(change: Callable[[NotebookNode], None]) -> NotebookNode:
    made = for_nbgrader(SET.notebook({}))
    change(made)
    return made


def for_nbgrader(notebook: NotebookNode, hidden: bool = False) -> NotebookNode:
    """Complete the metadata that nbgrader wants; without `hidden`, drop the checks' hidden part, as a release does."""
    for cell in notebook.cells:
        if "grade_id" in cell.metadata.get("nbgrader", {}) and "schema_version" not in cell.metadata.nbgrader:
            check = cell.metadata.yolo_course.role == "check"
            cell.metadata.nbgrader.update(schema_version=3, grade=check, solution=not check, locked=check, task=False)
            cell.metadata.nbgrader.update({"points": 1, "cell_type": "code"} if check else {})
            cell.metadata.tags = ["raises-exception"] if check else []
            cell.source = cell.source if hidden else _HIDDEN.sub("", cell.source)
    notebook.metadata.setdefault("kernelspec", {"name": "python3", "display_name": "Python 3", "language": "python"})
    return notebook


def source() -> NotebookNode:
    """The instructor's notebook, for nbgrader: solutions between its markers, hidden checks in place."""
    made = for_nbgrader(SET.notebook(SET.SOLUTIONS), hidden=True)
    for cell in made.cells:
        if cell.metadata.yolo_course.role == "exercise":
            cell.source = f"### BEGIN SOLUTION\n{cell.source}\n### END SOLUTION"
    return made
