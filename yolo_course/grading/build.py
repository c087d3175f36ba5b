"""`yolo-course build`: from `course/units` to `notebooks/`, `solutions/`, nbgrader's source and the syllabus.

What is generated is never edited; `stale` says what is not what the sources give.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from yolo_course.errors import UnitError
from yolo_course.grading import notebooks, unit_source
from yolo_course.grading.execute import execute
from yolo_course.grading.unit_source import Unit
from yolo_course.grading.whole import write_whole


@dataclass(frozen=True)
class Course:
    """Where a course's files stand.

    Args:
        root: The folder that holds `course/`, `notebooks/` and `solutions/`.
    """

    root: Path

    @property
    def units(self) -> Path:
        """The sources."""
        return self.root / "course" / "units"

    def names(self) -> list[str]:
        """The units there are, in order."""
        return sorted(file.parent.name for file in self.units.glob("*/unit.py"))

    def unit(self, name: str) -> Unit:
        """Read one unit, by its full name or its number.

        Raises:
            UnitError: If there is no such unit, or its source breaks the format.
        """
        found = [each for each in self.names() if each == name or each.split("_")[0] == name]
        if not found:
            raise UnitError("unknown unit", expected=" or ".join(self.names()) or "a unit", found=name)
        return unit_source.read(self.units / found[0])

    def learner_file(self, unit: Unit) -> Path:
        """The learner's notebook."""
        return self.root / "notebooks" / f"{unit.name}.ipynb"

    def solution_file(self, unit: Unit) -> Path:
        """The executed solution."""
        return self.root / "solutions" / f"{unit.name}.ipynb"

    def source_file(self, unit: Unit) -> Path:
        """nbgrader's instructor version."""
        return self.root / "course" / "source" / unit.name / f"{unit.name}.ipynb"

    def syllabus_file(self, unit: Unit) -> Path:
        """What `hint()` and `progress()` read."""
        return self.root / "yolo_course" / "grading" / "units" / f"{unit.name}.json"


def find_course(start: Path | None = None) -> Course:
    """Find the course that a folder is in.

    Raises:
        UnitError: If neither the folder nor a parent of it has `course/units`.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "course" / "units").is_dir():
            return Course(folder)
    raise UnitError("no course here", expected="a folder with course/units in it", found=here)


def build(
    course: Course, unit: Unit, rerun: bool = False, tell: Callable[[str], None] = lambda line: None
) -> float | None:
    """Write all that comes from one unit; run its solution if its code changed or `rerun` asks for it.

    Args:
        course: Where to write.
        unit: What to build.
        rerun: Execute the solution even if nothing changed.
        tell: Called with a line before each step.

    Returns:
        Seconds the cold run took, or None if it was not needed.

    Raises:
        UnitError: If a cell of the solution raises, or the run exceeds the unit's budget.
    """
    tell(f"{unit.name}: write")
    syllabus_text = unit.syllabus().dumps()
    write_whole(course.syllabus_file(unit), syllabus_text)
    write_whole(course.source_file(unit), notebooks.dumps(notebooks.source_notebook(unit)))
    write_whole(course.learner_file(unit), notebooks.dumps(notebooks.learner_notebook(unit)))
    if not rerun and not list(_solution_problems(course, unit)):
        return None
    tell(f"{unit.name}: run (budget {unit.facts['budget']} s)")
    plain, syllabus_folder = notebooks.solution_notebook(unit), course.syllabus_file(unit).parent
    executed, seconds = execute(plain, timeout=2 * unit.facts["budget"], syllabus=syllabus_folder)
    if seconds > unit.facts["budget"]:
        raise UnitError("the cold run is over budget", expected=f"{unit.facts['budget']} s", found=f"{seconds:.0f} s")
    write_whole(course.solution_file(unit), notebooks.dumps(executed))
    _write_measured(unit, seconds)
    return seconds


def stale(course: Course, unit: Unit) -> list[str]:
    """Say which committed files are not what the unit's source gives; empty if all are."""
    problems = [
        f"{file.relative_to(course.root)} is not what {unit.name}/unit.py gives"
        for file, text in (
            (course.syllabus_file(unit), unit.syllabus().dumps()),
            (course.learner_file(unit), notebooks.dumps(notebooks.learner_notebook(unit))),
        )
        if not file.is_file() or file.read_text(encoding="utf-8") != text
    ]
    return [*problems, *_solution_problems(course, unit), *_measured_problems(unit)]


def orphans(course: Course) -> list[str]:
    """Generated files whose unit is gone."""
    names = set(course.names())
    files = [
        *(course.root / "notebooks").glob("*.ipynb"),
        *(course.root / "solutions").glob("*.ipynb"),
        *(course.root / "yolo_course" / "grading" / "units").glob("*.json"),
    ]
    return [f"{file.relative_to(course.root)} has no unit" for file in sorted(files) if file.stem not in names]


def _solution_problems(course: Course, unit: Unit) -> Iterator[str]:
    file = course.solution_file(unit)
    label = file.relative_to(course.root)
    if not file.is_file():
        yield f"{label} is missing"
        return
    committed, fresh = nbformat.read(file, as_version=4), notebooks.solution_notebook(unit)
    if [_identity(cell) for cell in committed.cells] != [_identity(cell) for cell in fresh.cells]:
        yield f"{label} is not what {unit.name}/unit.py gives"
    code = [cell for cell in committed.cells if cell.cell_type == "code"]
    if any(not cell.execution_count for cell in code):
        yield f"{label} has cells that were not run"
    if any(output.output_type == "error" for cell in code for output in cell.outputs):
        yield f"{label} shows an error"


def _identity(cell: NotebookNode) -> tuple[str, str, str]:
    return cell.id, cell.cell_type, cell.source


def _measured_problems(unit: Unit) -> Iterator[str]:
    measured, budget = unit.facts.get("measured", 0), unit.facts["budget"]
    if not 0 < measured <= budget:
        yield f"{unit.name}/unit.py: measured {measured} s, expected between 0 and the budget of {budget} s"


def _write_measured(unit: Unit, seconds: float) -> None:
    """Put the measured seconds into the unit's header, the one line of a source that the build writes."""
    text = unit.file.read_text(encoding="utf-8")
    line = f"#     measured: {max(1, round(seconds))}"
    if re.search(r"^#     measured:.*$", text, flags=re.MULTILINE):
        text = re.sub(r"^#     measured:.*$", line, text, count=1, flags=re.MULTILINE)
    else:
        text = re.sub(r"^(#     budget:.*)$", rf"\1\n{line}", text, count=1, flags=re.MULTILINE)
    write_whole(unit.file, text)
