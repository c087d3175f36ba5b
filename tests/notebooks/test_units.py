"""What is committed is what the sources give, and every unit runs cold within its budget."""

import io
import re
import resource
import tokenize

import nbformat
import pytest

from yolo_course.grading import notebooks
from yolo_course.grading.build import find_course, orphans, stale
from yolo_course.grading.execute import execute
from yolo_course.grading.isolation.needed import bound

COURSE = find_course()
UNITS = [COURSE.unit(name) for name in COURSE.names()]


def named(unit):
    return unit.name


@pytest.mark.parametrize("unit", UNITS, ids=named)
def test_what_is_committed_is_what_the_source_gives(unit):
    assert stale(COURSE, unit) == []


def test_no_generated_file_has_lost_its_unit():
    assert orphans(COURSE) == []


@pytest.mark.parametrize("unit", UNITS, ids=named)
def test_learner_notebooks_have_no_outputs(unit):
    for cell in nbformat.read(COURSE.learner_file(unit), as_version=4).cells:
        assert not cell.get("outputs")
        assert not cell.get("execution_count")


@pytest.mark.parametrize("unit", UNITS, ids=named)
def test_what_is_to_be_read_in_code_fits_a_small_screen(unit):
    """JupyterLab shows 100 characters of a code cell beside its file browser on a screen 1280 pixels wide."""
    for cell in nbformat.read(COURSE.learner_file(unit), as_version=4).cells:
        if cell.cell_type == "code":
            lines = cell.source.splitlines()
            for token in tokenize.generate_tokens(io.StringIO(cell.source).readline):
                docstring = token.string.startswith('"""') and not token.line[: token.start[1]].strip()
                if docstring or token.type == tokenize.COMMENT:
                    read = lines[token.start[0] - 1 : token.end[0]]
                    assert [line for line in read if len(line) > 100 and not line.endswith("# fmt: skip")] == []


@pytest.mark.parametrize("unit", UNITS, ids=named)
def test_solutions_show_no_path_of_a_machine(unit):
    text = COURSE.solution_file(unit).read_text(encoding="utf-8")
    for trace in ("/home/", "/root/", "/tmp/", "/Users/", "site-packages", str(COURSE.root)):
        assert trace not in text, trace


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_no_cell_takes_the_name_of_a_function_of_the_course(unit):
    """`there = …` in one cell would break the checks of all later ones."""
    code = [cell.source for cell in unit.cells if cell.kind == "code"]
    (first,) = [source for source in code if "from yolo_course.grading import" in source]
    ours = set(re.search(r"from yolo_course.grading import (.*)", first)[1].split(", "))
    assert ours >= {"check", "start"}
    assert [name for source in code if source != first for name in bound(source) & ours] == []


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("unit", UNITS, ids=named)
def test_a_cold_run_stays_within_the_budget(unit):
    """In seconds on the clock; where other tests share the cores, in seconds of CPU, which they disturb least."""
    before = cpu_seconds()
    _, seconds = execute(notebooks.solution_notebook(unit), timeout=300, syllabus=COURSE.syllabus_file(unit).parent)
    assert seconds > 1
    assert min(seconds, cpu_seconds() - before) <= unit.facts["budget"]


def cpu_seconds() -> float:
    """CPU time of the children that have ended: kernels, and what these have started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
