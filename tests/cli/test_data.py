import json
import os
import subprocess
import sys

import pytest
from PIL import Image

from yolo_course import data


def run(*arguments, cwd=None):
    """The command line in a process of its own, as a learner runs it."""
    command = [sys.executable, "-c", "from yolo_course.cli import main; main()", "data", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, env={**os.environ, "COLUMNS": "200"})


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    return data.make("shapes", tmp_path_factory.mktemp("cli") / "shapes", images=10, size=64)


def test_make_makes_then_reuses_then_refuses_then_replaces(tmp_path):
    first = run("make", "shapes", "--out", "here", "--images", 4, "--size", 48, cwd=tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == "made here/shapes.yaml\n"
    again = run("make", "shapes", "--out", "here", "--images", 4, "--size", 48, cwd=tmp_path)
    assert again.stdout == "already there, reused: here/shapes.yaml\n"
    other = run("make", "shapes", "--out", "here", "--images", 5, "--size", 48, cwd=tmp_path)
    assert other.returncode == 2
    assert "--force" in other.stderr
    forced = run("make", "shapes", "--out", "here", "--images", 5, "--size", 48, "--force", cwd=tmp_path)
    assert forced.returncode == 0
    assert len(list(tmp_path.glob("here/images/*/*.jpg"))) == 5


def test_check_says_what_is_wrong_and_where(shapes, tmp_path):
    clean = run("check", shapes)
    assert clean.returncode == 0
    assert "nothing found" in clean.stdout
    label = shapes.parent / "labels/val/00001.txt"
    before = label.read_text()
    label.write_text("0 0.5 0.5 0 0.2\n7 0.5 0.5 0.2 0.2\n")
    try:
        spoilt, machine = run("check", shapes), run("check", shapes, "--json")
    finally:
        label.write_text(before)
    assert spoilt.returncode == machine.returncode == 1
    assert "2 errors, 0 warnings" in spoilt.stdout
    report = json.loads(machine.stdout)
    assert not report["ok"]
    assert {(found["kind"], found["file"], found["line"]) for found in report["findings"]} == {
        ("zero-area", str(label), 1),
        ("unknown-class", str(label), 2),
    }


def test_show_writes_a_picture(shapes, tmp_path):
    done = run("show", shapes, "--out", tmp_path / "sheet.png", "--split", "train", "--count", 5)
    assert (done.returncode, done.stderr) == (0, "")
    assert min(Image.open(tmp_path / "sheet.png").size) > 300


@pytest.mark.parametrize(
    "arguments",
    [
        ("make", "shape"),
        ("make", "shapes", "--images", "0"),
        ("make", "shapes", "--size", "4"),
        ("make", "shapes", "--out", "file/below"),
        ("make", "shapes", "--out", "file"),
        ("check", "none.yaml"),
        ("check", "broken.yaml"),
        ("check", "file"),
        ("show", "broken.yaml"),
        ("show", "YAML", "--count", "0"),
        ("show", "YAML", "--split", "test"),
        ("show", "YAML", "--out", "no/where.png"),
        ("show", "YAML", "--out", "sheet.docx"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments, shapes, tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "broken.yaml").write_text("train: [unclosed\nval: x\n")
    done = run(*(shapes if argument == "YAML" else argument for argument in arguments), cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert {file.name for file in tmp_path.iterdir()} == {"file", "broken.yaml"}
