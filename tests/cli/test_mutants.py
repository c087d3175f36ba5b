import json
import os
import subprocess
import sys

import matplotlib
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from yolo_course.grading.build import find_course

CLIP = """\
def clip(x):
    ### BEGIN SOLUTION
    return max(0, min(x, 10))
    ### END SOLUTION
"""
CHECK = """\
with check("clip") as c:
    c.equal(clip(5), 5, "what is inside must stay")
    c.equal(clip(-5), 0, "what is below must rise")
    ### BEGIN HIDDEN TESTS
    c.equal(clip(9), 9, "what is inside must stay as it is")
    ### END HIDDEN TESTS
"""
JUDGED = """\
clip:
  - why: nobody asks for numbers above 10
    line: return max(0, min(x, 10))
    becomes:
      - return max(0, x)
      - return max(0, min(x, 11))
"""


@pytest.fixture
def root(tmp_path):
    """A course root of one exercise, whose check never looks above 10."""
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    cells = [
        new_code_cell("from yolo_course.grading import check", metadata=told("setup")),
        new_code_cell(CLIP, metadata=told("exercise", "clip") | {"nbgrader": {"grade_id": "clip"}}),
        new_code_cell(CHECK, metadata=told("check", "clip") | {"nbgrader": {"grade_id": "clip_check"}}),
    ]
    file = tmp_path / "source" / "00_clip" / "00_clip.ipynb"
    file.parent.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells), file)
    return tmp_path


def told(role, name=""):
    return {"yolo_course": {"role": role, "name": name}}


def run(folder, *arguments):
    command = [sys.executable, "-m", "yolo_course", "mutants", *map(str, arguments)]
    fonts = matplotlib.get_cachedir()  # it would look for the system's fonts again
    environment = os.environ | {"COLUMNS": "60", "XDG_CACHE_HOME": str(folder / "cache"), "MPLCONFIGDIR": fonts}
    return subprocess.run(command, capture_output=True, text=True, env=environment)


@pytest.mark.slow
@pytest.mark.usefixtures("sandbox")
def test_survivors_are_shown_judged_and_counted(root):
    done = run(root, "--course", root)
    assert (done.returncode, done.stderr) == (1, "")
    assert "-    return max(0, min(x, 10))\n+    return max(0, min(x, 11))\n" in done.stdout
    before = json.loads(run(root, "--course", root, "--json").stdout)["exercises"][0]
    assert before["survived"] >= 2
    assert (before["judged"], before["broken"]) == (0, 0)
    assert before["killed"] > 10

    (root / "source" / "00_clip" / "mutants.yaml").write_text(JUDGED)
    after = json.loads(run(root, "--course", root, "--json").stdout)["exercises"][0]
    assert (after["judged"], after["survived"], after["killed"]) == (2, before["survived"] - 2, before["killed"])
    assert {each["why"] for each in after["kept"] if each["fate"] == "judged"} == {"nobody asks for numbers above 10"}
    assert after["rate"] == pytest.approx(after["killed"] / (after["killed"] + after["survived"]))


@pytest.mark.slow
@pytest.mark.usefixtures("sandbox")
def test_a_sample_of_the_courses_own_mutants_is_killed(tmp_path):
    course = find_course().root / "course"
    chosen = ("--exercise", "box_formats", "--exercise", "eca_kernel", "--sample", 12)
    done = run(tmp_path, "00", "01", "--course", course, *chosen, "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["ok"]) == (0, True), report
    assert {each["exercise"]: each["mutants"] for each in report["exercises"]} == {"box_formats": 12, "eca_kernel": 12}
    assert not [told for each in report["exercises"] for one in each["kept"] for told in one["given_away"]]


def test_what_is_not_there_is_one_line_and_exit_code_2(root):
    for arguments in (("--exercise", "clap"), ("01",), ("--course", root / "none")):
        done = run(root, *(() if "--course" in arguments else ("--course", root)), *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("error: ")
        assert done.stderr.count("\n") == 1
