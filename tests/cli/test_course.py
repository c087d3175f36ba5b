"""The instructor's commands; and the guide, by doing what it says."""

import csv
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from yolo_course.cli import app
from yolo_course.errors import CourseError
from yolo_course.grading.answers import solution
from yolo_course.grading.build import find_course
from yolo_course.grading.course.root import CourseRoot
from yolo_course.grading.isolation.sandbox import Sandbox, SandboxError

COURSE = find_course()
UNIT = COURSE.unit("00")
GUIDE = COURSE.root / "docs" / "instructors.md"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """The command line in a process of its own, in a folder, as an instructor runs it."""
    command = [sys.executable, "-m", "yolo_course", *map(str, arguments)]
    environment = os.environ | {"COLUMNS": "120", "PYTHONPATH": str(COURSE.root)}
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, timeout=280)


@pytest.fixture(scope="module")
def class_folder(tmp_path_factory) -> Path:
    """A course with unit 00 released."""
    folder = tmp_path_factory.mktemp("teaching") / "class"
    for arguments in (("new", folder), ("release", "00", "--course", folder, "--due", "2026-12-01T23:59+01:00")):
        done = run(folder.parent, "course", *arguments)
        assert (done.returncode, done.stderr) == (0, "")
    return folder


def hand_in(folder: Path, solved: int, name: str = UNIT.name) -> bytes:
    """The released notebook with its first exercises solved."""
    file = folder / "release" / UNIT.name / f"{UNIT.name}.ipynb"
    notebook, left = nbformat.read(file, as_version=4), solved
    for cell in notebook.cells:
        facts = cell.metadata.get("yolo_course", {})
        if left and facts.get("role") in ("exercise", "clinic"):
            cell.source, left = solution(UNIT, facts["name"]), left - 1
    return nbformat.writes(notebook).encode()


def zipped(file: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file


@pytest.mark.slow
def test_collect_tells_in_a_table_and_in_json(class_folder, tmp_path):
    files = {
        f"lovelaceada_12_100_{UNIT.name}.ipynb": hand_in(class_folder, 1),
        f"nollbob_LATE_13_101_{UNIT.name}.ipynb": b"",
    }
    source = zipped(tmp_path / "[class].zip", files)
    done = run(class_folder, "course", "collect", "00", source)
    assert (done.returncode, done.stderr) == (1, "")
    assert "it is empty" in done.stdout
    assert done.stdout.splitlines()[-1] == f"{UNIT.name}, canvas: 1 new, 1 refused"
    done = run(class_folder.parent, "course", "collect", UNIT.name, source, "--course", class_folder, "--json")
    record = json.loads(done.stdout)
    assert [(file["student"], file["outcome"]) for file in record["files"]] == [("12", "unchanged"), ("13", "refused")]
    assert (class_folder / "submitted" / "12" / UNIT.name / f"{UNIT.name}.ipynb").is_file()


@pytest.mark.slow
def test_release_says_where_and_due_when(class_folder):
    done = run(class_folder, "course", "release", "00", "--json")
    (made,) = json.loads(done.stdout)
    assert Path(made["zip"]).is_file()
    assert Path(made["folder"]).is_dir()
    done = run(class_folder, "course", "due", "00", "2026-12-05 12:00", "--student", "12")
    assert done.stdout == f"{UNIT.name} for 12: due 2026-12-05 12:00 UTC\n"
    done = run(class_folder, "course", "due", "00", "2026-12-05T12:00+02:00", "--json")
    assert json.loads(done.stdout) == {"unit": UNIT.name, "student": None, "due": "2026-12-05T10:00:00Z"}
    done = run(class_folder, "course", "due", "00", "none", "--json")
    assert json.loads(done.stdout)["due"] is None


@pytest.mark.slow
def test_it_starts_without_what_it_does_not_need(tmp_path):
    """Measured on two cores: torch takes two seconds, a grammar of addresses that nbformat would load more than one."""
    code = "import sys, yolo_course.cli\ntry: yolo_course.cli.main()\nfinally: print(*sys.modules)"
    command = [sys.executable, "-c", code, "course", "new", tmp_path / "class"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    loaded = done.stdout.split()
    assert "nbformat" in loaded
    assert not {"torch", "ultralytics", "lark"} & {*loaded}


def test_a_mistake_is_one_line_and_exit_code_2(class_folder, tmp_path, monkeypatch):
    mistakes = [
        (tmp_path, "release", "00"),
        (class_folder, "release", "77"),
        (class_folder, "release", "00", "--due", "soon"),
        (class_folder, "due", "00", "2026-12-05 12:00", "--student", "nobody"),
        (class_folder, "feedback", "00", "--student", "nobody"),
        (class_folder, "collect", "00", "nowhere.zip"),
        (class_folder, "export", "--format", "excel"),
        (class_folder.parent, "new", "."),
    ]
    for folder, *arguments in mistakes:
        monkeypatch.chdir(folder)
        done = CliRunner().invoke(app, ["course", *arguments])
        assert isinstance(done.exception, CourseError), arguments
        assert done.stdout == ""
    done = run(class_folder, "course", "release", "77")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1, done.stderr


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_guide_works_by_following_only_its_text(tmp_path):
    try:
        Sandbox().close()
    except SandboxError as error:
        pytest.skip(f"no sandbox here: {error}")
    here, done = tmp_path, []
    for line in re.findall(r"```bash\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL):
        for command in line.strip().splitlines():
            if command.startswith("cd "):
                here = here / command.removeprefix("cd ")
                continue
            if "submissions.zip" in command:
                _as_canvas_exports(here)
            _follow(here, command)
            done.append(command.split()[1:3])
    assert [each for each in done if each[0] == "grade"]
    _check_grades(here)
    for command in re.findall(r"`(nbgrader db [^`]*)`", GUIDE.read_text(encoding="utf-8")):
        _follow(here, command.replace("STUDENT", "cy").replace(" add ada", " add dee"))
    with CourseRoot(here).gradebook() as gradebook:
        assert {each.id for each in gradebook.students} == {"ada", "bob", "dee"}


def _as_canvas_exports(folder: Path) -> None:
    """What a Canvas of three learners gives: all solved, half of it, and nothing."""
    every = len(UNIT.with_role("exercise", "clinic"))
    names = [
        f"lovelaceada_12_100_{UNIT.name}.ipynb",
        f"nollbob_LATE_13_101_{UNIT.name}-2.ipynb",
        "youngcy_14_102_a.ipynb",
    ]
    files = {name: hand_in(folder, solved) for name, solved in zip(names, (every, every // 2, 0), strict=True)}
    zipped(folder / "submissions.zip", files)
    roster = 'Student,ID,SIS Login ID\n"Lovelace, Ada",12,ada\n"Noll, Bob",13,bob\n"Young, Cy",14,cy\n'
    (folder / "students.csv").write_text(roster)


def _follow(folder: Path, command: str) -> None:
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": os.pathsep.join((scripts, os.environ["PATH"]))}
    ran = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)
    assert ran.returncode == 0, f"{command}\n{ran.stdout}\n{ran.stderr}"


def _check_grades(folder: Path) -> None:
    """The points in Canvas's file are what each learner solved; everybody has a page."""
    with (folder / "grades-canvas.csv").open(newline="") as file:
        rows = {row["ID"]: row for row in csv.DictReader(file)}
    points = [cell.keys["points"] for cell in UNIT.with_role("check")]
    earned = {"12": sum(points), "13": sum(points[: len(points) // 2]), "14": 0}
    assert {number: float(rows[number][UNIT.name]) for number in earned} == earned
    assert rows["12"]["Student"] == "Lovelace, Ada"
    for student in ("ada", "bob", "cy"):
        assert (folder / "feedback" / student / UNIT.name / f"{UNIT.name}.html").is_file()
