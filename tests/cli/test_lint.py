import json
import os
import subprocess
import sys

import pytest

TEXT = """\
nc: 3
backbone:
  - [-1, 1, Conv, [16, 3, 2]]
  - [-1, 1, Covn, [32, 3, 2]]
head:
  - [[1], 1, Detect, [nc]]
"""


def run(*arguments):
    """The command line in a process of its own, as a learner runs it."""
    command = [sys.executable, "-m", "yolo_course", "lint", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | {"COLUMNS": "60"})


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "[draft].yaml"  # brackets, which rich takes for markup
    path.write_text(TEXT)
    return path


def test_a_mistake_is_told_with_file_line_row_and_fix(model):
    done = run(model)
    assert (done.returncode, done.stderr) == (1, "")
    assert "[draft].yaml:4: error [module] row 1: no module has this name" in done.stdout
    assert "expected Conv; found Covn; try check the spelling" in done.stdout
    table = done.stdout.splitlines()
    columns = "row line from n module arguments c in c out shape stride params MFLOPs"
    assert " ".join(table[0].split()) == columns
    assert table[1].split()[:5] == ["0", "3", "-1", "1", "Conv"]
    assert "16×320×320" in table[1]


def test_json_is_the_report(model):
    done = run(model, "--json", "--imgsz", 64)
    record = json.loads(done.stdout)
    assert (done.returncode, record["ok"], record["imgsz"]) == (1, False, 64)
    assert [(f["line"], f["row"], f["rule"]) for f in record["findings"]] == [(4, 1, "module")]
    assert record["rows"][1]["shape"] == [32, 16, 16]


def test_a_sound_model_of_the_zoo_and_its_scale():
    done = run("pico", "--scale", "s")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("pico.yaml at scale s, 640 px: 14 rows, 1,509,973 parameters")


def test_what_cannot_be_linted_is_one_line_and_exit_code_2(model, tmp_path):
    for arguments in ([tmp_path / "none.yaml"], [model, "--scale", "z"]):
        done = run(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("error: ")
        assert done.stderr.count("\n") == 1
