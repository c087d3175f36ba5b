"""`yolo-course grade` as an instructor runs it: a real unit, a real gradebook, killed and started again."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from yolo_course.grading import notebooks
from yolo_course.grading.answers import solution
from yolo_course.grading.build import find_course
from yolo_course.grading.course.root import CourseRoot

pytestmark = pytest.mark.slow
COURSE = find_course(Path(__file__))
UNIT = COURSE.unit("00")
EXERCISES = [cell.name for cell in UNIT.with_role("exercise", "clinic")]


def command(root, *arguments):
    return [sys.executable, "-m", "yolo_course", "grade", *map(str, arguments), "--course", str(root)]


def run(root, *arguments, width="200"):
    done = subprocess.run(
        command(root, *arguments), capture_output=True, text=True, env=os.environ | {"COLUMNS": width}
    )
    if "cannot be kept apart" in done.stderr or "does not let a sandbox" in done.stderr:
        pytest.skip(done.stderr)
    return done


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A course root with unit 00, one learner who solved all, one who solved nothing, one whose file is cut off."""
    folder = tmp_path_factory.mktemp("class")
    shutil.copy(COURSE.root / "course" / "nbgrader_config.py", folder)
    source = folder / "source" / UNIT.name / f"{UNIT.name}.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(notebooks.dumps(notebooks.source_notebook(UNIT)), encoding="utf-8")
    hand_in(folder, "ada", {name: solution(UNIT, name) for name in EXERCISES})
    hand_in(folder, "bob [x]", {})
    hand_in(folder, "cy", None)
    return folder


def hand_in(folder, student, answers):
    file = folder / "submitted" / student / UNIT.name / f"{UNIT.name}.ipynb"
    file.parent.mkdir(parents=True)
    made = notebooks.learner_notebook(UNIT)
    for cell in made.cells:
        cell.source = (answers or {}).get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    text = nbformat.writes(made)
    file.write_text(text if answers is not None else text[:1000], encoding="utf-8")


def test_killed_in_the_middle_it_goes_on_and_counts_nothing_twice(root):
    running = subprocess.Popen(
        command(root, "00", "--workers", "1"), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    results, until = root / ".yolo_course" / "results", time.monotonic() + 240
    family = []
    while running.poll() is None and time.monotonic() < until and not [*results.glob("*.json")]:
        family = psutil.Process(running.pid).children(recursive=True) or family
        time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert [each for each in psutil.wait_procs(family, 20)[1] if each.status() != psutil.STATUS_ZOMBIE] == []

    done = run(root, "00", "--json")
    record = json.loads(done.stdout)
    assert done.returncode == 1  # one submission is broken
    by_student = {each["student"]: each for each in record["submissions"]}
    assert (by_student["ada"]["state"], by_student["bob [x]"]["state"]) in (("kept", "graded"), ("graded", "graded"))
    assert by_student["ada"]["verdicts"] == dict.fromkeys(EXERCISES, "passed")
    assert by_student["cy"]["state"] == "broken"
    with CourseRoot(root).gradebook() as gradebook:
        most = gradebook.find_submission(UNIT.name, "ada").max_score
        assert {each.student_id for each in gradebook.assignment_submissions(UNIT.name)} == {"ada", "bob [x]", "cy"}
        manual = sum(cell.keys["points"] for cell in UNIT.with_role("manual"))
        assert gradebook.find_submission(UNIT.name, "ada").score == most - manual


def test_the_table_names_everybody_and_why(root):
    done = run(root, UNIT.name)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0].strip() == UNIT.name
    [ada] = [line for line in lines if line.startswith("ada")]
    [bob] = [line for line in lines if line.startswith("bob [x]")]
    [cy] = [line for line in lines if line.startswith("cy")]
    assert "✓" * len(EXERCISES) in ada
    assert "○" in bob
    assert "broken: not a notebook: the file is cut off or no JSON" in cy
    assert "2 kept, 1 broken" in lines[-1]


def test_bad_input_is_one_line_and_exit_code_2(root, tmp_path):
    for arguments, told in (
        (("09",), "no unit '09'"),
        (("00", "--student", "eve"), "eve has handed in nothing"),
        (("00", "--unsafe", "--workers", "2"), "--unsafe grades one after the other"),
    ):
        done = run(root, *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1
        assert told in done.stderr
    assert "no course root" in run(tmp_path, "00").stderr


def test_where_bubblewrap_is_missing_it_refuses_in_one_line(root):
    hand_in(root, "dee", {EXERCISES[0]: solution(UNIT, EXERCISES[0])})
    nowhere = os.environ | {"PATH": str(Path(sys.executable).parent)}
    done = subprocess.run(command(root, "00"), capture_output=True, text=True, env=nowhere)
    assert (done.returncode, done.stdout) == (2, "")
    assert "submissions cannot be kept apart here" in done.stderr
    assert done.stderr.count("\n") == 1
