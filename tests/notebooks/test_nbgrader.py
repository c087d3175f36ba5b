"""nbgrader's own commands on the built course: release, autograde, feedback, export, validate."""

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from yolo_course.grading import notebooks
from yolo_course.grading.answers import solution
from yolo_course.grading.build import find_course
from yolo_course.grading.isolation.sandbox import Sandbox, SandboxError

COURSE = find_course()
UNITS = [COURSE.unit(name) for name in COURSE.names()]
GRADED = COURSE.unit("03")  # the unit that trains least; every unit is released here and executed elsewhere


def nbgrader(folder: Path, *arguments: str) -> str:
    environment = {
        **os.environ,
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),  # it calls alembic by name
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_CONFIG_DIR": str(folder / "jupyter"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """A course root with every unit released."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copy(COURSE.root / "course" / "nbgrader_config.py", folder)
    for unit in UNITS:
        file = folder / "source" / unit.name / f"{unit.name}.ipynb"
        file.parent.mkdir(parents=True)
        file.write_text(notebooks.dumps(notebooks.source_notebook(unit)), encoding="utf-8")
        nbgrader(folder, "generate_assignment", unit.name)
    return folder


def submit(root: Path, learner: str, solved: list[str], explained: bool) -> None:
    """Hand in the released notebook with some exercises solved."""
    notebook = nbformat.read(root / "release" / GRADED.name / f"{GRADED.name}.ipynb", as_version=4)
    for cell in notebook.cells:
        facts = cell.metadata.get("yolo_course", {})
        if facts.get("role") in ("exercise", "clinic") and facts["name"] in solved:
            cell.source = solution(GRADED, facts["name"])
        if facts.get("role") == "manual" and explained:
            cell.source = "A P5 head alone sees no small object."
    file = root / "submitted" / learner / GRADED.name / f"{GRADED.name}.ipynb"
    file.parent.mkdir(parents=True)
    nbformat.write(notebook, file)


@pytest.fixture(scope="module")
def graded(root) -> Path:
    """Three learners, graded: one perfect, one empty, one half-right."""
    try:
        Sandbox().close()
    except SandboxError as error:
        pytest.skip(f"no sandbox here: {error}")
    every = [cell.name for cell in GRADED.with_role("exercise", "clinic")]
    submit(root, "perfect", every, explained=True)
    submit(root, "empty", [], explained=False)
    submit(root, "half", every[: len(every) // 2], explained=True)
    nbgrader(root, "autograde", GRADED.name)
    return root


@pytest.mark.slow
def test_release_is_the_learners_notebook_cell_for_cell(root):
    for unit in UNITS:
        released = nbformat.read(root / "release" / unit.name / f"{unit.name}.ipynb", as_version=4)
        ours = nbformat.read(COURSE.learner_file(unit), as_version=4)
        assert released.cells == ours.cells


@pytest.mark.slow
def test_grades_are_what_each_learner_earned(graded):
    nbgrader(graded, "export")
    with (graded / "grades.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["assignment"] == GRADED.name]
    scores = {row["student_id"]: float(row["score"]) for row in rows}
    points = {exercise.name: exercise.points for exercise in GRADED.syllabus().exercises if exercise.kind != "manual"}
    half = list(points)[: len(points) // 2]
    assert scores == {"perfect": sum(points.values()), "empty": 0, "half": sum(points[name] for name in half)}


@pytest.mark.slow
def test_an_empty_notebook_runs_to_its_end_and_only_checks_fail(graded):
    file = graded / "autograded" / "empty" / GRADED.name / f"{GRADED.name}.ipynb"
    for cell in nbformat.read(file, as_version=4).cells:
        if cell.cell_type == "code":
            failed = any(output.output_type == "error" for output in cell.outputs)
            role = cell.metadata.get("yolo_course", {}).get("role", "")
            assert failed is (role == "check"), cell.source
            assert not any(output.get("name") == "stderr" for output in cell.outputs if role == "check")


@pytest.mark.slow
def test_feedback_shows_the_verdicts(graded):
    nbgrader(graded, "generate_feedback", GRADED.name)
    page = (graded / "feedback" / "half" / GRADED.name / f"{GRADED.name}.html").read_text(encoding="utf-8")
    every = [cell.name for cell in GRADED.with_role("exercise", "clinic")]
    verdicts = dict(re.findall(r'<a href="#(\w+)">.*?<small>(.*?)</small>', page))
    assert verdicts[every[0]] == "passed"
    clinics = [cell.name for cell in GRADED.with_role("clinic")]
    assert verdicts[every[-1]] == ("wrong" if every[-1] in clinics else "not attempted")  # a clinic has a bug to mend
    assert "HIDDEN TESTS" not in page


@pytest.mark.slow
def test_validate_tells_each_failure_in_words(graded):
    file = graded / "submitted" / "half" / GRADED.name / f"{GRADED.name}.ipynb"
    told = nbgrader(graded, "validate", str(file))
    every = [cell.name for cell in GRADED.with_role("exercise", "clinic")]
    assert f"FAILED ON {len(every) - len(every) // 2} CELL(S)" in told
    assert f"{every[-1]}: wrong. " in told or f"{every[-1]}: not attempted. " in told
