"""A course root is made whole, and brought up to date around what its owner changed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import yolo_course
from yolo_course.errors import CourseError
from yolo_course.grading import notebooks
from yolo_course.grading.build import find_course
from yolo_course.grading.course import new
from yolo_course.grading.course.new import lay_course, shipped_course
from yolo_course.grading.course.root import SETTINGS, CourseRoot

COURSE = find_course()


@pytest.fixture
def shipped(course, tmp_path, monkeypatch):
    """A small shipped course: one unit and the settings."""
    settings = tmp_path / "course" / SETTINGS
    settings.write_text("c = get_config()\n")
    monkeypatch.setattr(new, "shipped_course", lambda: settings.parent)
    return settings.parent


def outcomes(laid):
    return {each.name: each.outcome for each in laid}


def test_a_root_of_every_unit_that_nbgrader_can_use(tmp_path):
    laid = lay_course(tmp_path / "deep" / "class")
    assert set(outcomes(laid).values()) == {"new"}
    root = CourseRoot(tmp_path / "deep" / "class")
    assert root.units() == COURSE.names()
    unit = COURSE.unit("01")
    assert root.source(unit.name).read_text() == notebooks.dumps(notebooks.source_notebook(unit))
    assert set(outcomes(lay_course(root.folder)).values()) == {"current"}


def test_an_upgrade_replaces_what_is_untouched_and_keeps_the_rest(shipped, tmp_path):
    folder = tmp_path / "class"
    lay_course(folder)
    (folder / "submitted").mkdir()
    (folder / "gradebook.db").write_text("grades")
    (folder / SETTINGS).write_text("c = get_config()\nmine = 1\n")
    (shipped / SETTINGS).write_text("c = get_config()\nnewer = 1\n")
    unit = shipped / "units" / "00_doubling" / "unit.py"
    unit.write_text(unit.read_text().replace("# # Doubling", "# # Doubling, mended"))
    laid = lay_course(folder)
    source = "source/00_doubling/00_doubling.ipynb"
    assert outcomes(laid) == {SETTINGS: "kept", "README.md": "current", ".gitignore": "current", source: "refreshed"}
    assert "Doubling, mended" in (folder / source).read_text()
    assert "mine" in (folder / SETTINGS).read_text()
    assert "newer" in (folder / "updates" / SETTINGS).read_text()
    assert (folder / "gradebook.db").read_text() == "grades"
    assert outcomes(lay_course(folder))[SETTINGS] == "current"


def test_a_root_whose_memory_is_lost_keeps_what_differs(shipped, tmp_path):
    folder = tmp_path / "class"
    lay_course(folder)
    (folder / ".yolo_course" / "laid.json").write_text("[1")
    (folder / SETTINGS).write_text("c = get_config()\nmine = 1\n")
    assert outcomes(lay_course(folder))[SETTINGS] == "kept"


def test_other_folders_are_left_alone(shipped, tmp_path):
    with pytest.raises(CourseError, match="own sources"):
        lay_course(tmp_path / "course")
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("x")
    with pytest.raises(CourseError, match="something else"):
        lay_course(other)
    with pytest.raises(CourseError, match="something else"):
        lay_course(other / "thesis.txt")
    assert [file.name for file in other.iterdir()] == ["thesis.txt"]


def test_found_in_a_clone():
    assert shipped_course() == COURSE.root / "course"


def test_found_in_a_package_as_the_wheel_lays_it_out(tmp_path):
    """The package alone, with `_course` in it as pyproject.toml says: no clone around it."""
    package = tmp_path / "site" / "yolo_course"
    shutil.copytree(Path(yolo_course.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(
        COURSE.units, package / "_course" / "units", ignore=shutil.ignore_patterns("answers", "__pycache__")
    )
    shutil.copy(COURSE.root / "course" / SETTINGS, package / "_course")
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from yolo_course.cli import main; main()"
    command = [sys.executable, "-c", code, str(package.parent), "course", "new", str(tmp_path / "class"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": ""})
    assert done.returncode == 0, done.stderr
    files = json.loads(done.stdout)["files"]
    assert {file["name"] for file in files} >= {f"source/{name}/{name}.ipynb" for name in COURSE.names()}
