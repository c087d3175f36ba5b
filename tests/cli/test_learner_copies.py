"""Whatever happens to the course, what a learner wrote is still there afterwards."""

import json
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yolo_course.cli.learner_copies import lay_copies
from yolo_course.errors import CourseError

NAME = "00_first.ipynb"


def notebook(*sources: str, **metadata: object) -> str:
    cells = [nbformat.v4.new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(sources)]
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells, metadata=metadata))


def ship(course: Path, *sources: str, **metadata: object) -> None:
    (course / NAME).write_text(notebook(*sources, **metadata))


def outcomes(course: Path, folder: Path) -> list[str]:
    return [copy.outcome for copy in lay_copies(course, folder)]


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (folder / "notebooks").iterdir()}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = tmp_path / "course"
    folder.mkdir()
    ship(folder, "x = 1")
    return folder


@pytest.fixture
def mine(tmp_path: Path, course: Path) -> Path:
    """A learner's folder with version 1 laid down."""
    lay_copies(course, tmp_path / "mine")
    return tmp_path / "mine"


def answer(mine: Path, source: str = "x = 42") -> str:
    text = notebook(source)
    (mine / "notebooks" / NAME).write_text(text)
    return text


def test_first_call_lays_everything_and_the_second_changes_nothing(course: Path, tmp_path: Path):
    mine = tmp_path / "deep" / "mine"
    assert outcomes(course, mine) == ["new"]
    before = {path: path.stat().st_mtime_ns for path in (mine / "notebooks").iterdir()}
    assert texts(mine) == {NAME: (course / NAME).read_text()}
    assert outcomes(course, mine) == ["current"]
    assert before == {path: path.stat().st_mtime_ns for path in (mine / "notebooks").iterdir()}


def test_untouched_copy_is_refreshed(course: Path, mine: Path):
    ship(course, "x = 2")
    assert outcomes(course, mine) == ["refreshed"]
    assert texts(mine) == {NAME: (course / NAME).read_text()}


def test_a_save_in_jupyterlab_is_no_answer(course: Path, mine: Path):
    path = mine / "notebooks" / NAME
    saved = nbformat.read(path, as_version=4)
    saved.metadata["language_info"] = {"name": "python", "version": "3.11.7"}
    saved.cells[0].metadata["execution"] = {"iopub.status.busy": "now"}
    saved.cells[0].execution_count = 3
    path.write_text(json.dumps(saved, indent=2))
    ship(course, "x = 2")
    assert outcomes(course, mine) == ["refreshed"]


def test_answered_copy_stays_and_the_new_version_lies_beside_it_once(course: Path, mine: Path):
    answered = answer(mine)
    assert outcomes(course, mine) == ["current"]
    ship(course, "x = 2")
    (copy,) = lay_copies(course, mine)
    assert copy.outcome == "beside"
    assert copy.path.name.startswith("00_first.update-")
    assert texts(mine) == {NAME: answered, copy.path.name: (course / NAME).read_text()}
    copy.path.unlink()
    assert outcomes(course, mine) == ["current"], "an update that was thrown away must not come back"


def test_outputs_and_attachments_count_as_work(course: Path, mine: Path):
    path = mine / "notebooks" / NAME
    for key, value in (
        ("outputs", [nbformat.v4.new_output("stream", text="1")]),
        ("attachments", {"a.png": {"image/png": ""}}),
    ):
        worked = nbformat.read(path, as_version=4)
        worked.cells[0][key] = value
        path.write_text(json.dumps(worked))
        ship(course, f"version after {key}")
        assert outcomes(course, mine) == ["beside"]
        assert json.loads(path.read_text())["cells"][0][key]


def test_work_in_the_new_version_beside_is_kept_too(course: Path, mine: Path):
    answer(mine)
    ship(course, "x = 2")
    (copy,) = lay_copies(course, mine)
    copy.path.write_text("my own notes")
    (mine / ".yolo-course.json").unlink()
    lay_copies(course, mine)
    assert copy.path.read_text() == "my own notes"


def test_taking_the_new_version_over_makes_it_untouched_again(course: Path, mine: Path):
    answer(mine)
    ship(course, "x = 2")
    (copy,) = lay_copies(course, mine)
    copy.path.replace(mine / "notebooks" / NAME)
    ship(course, "x = 3")
    assert outcomes(course, mine) == ["refreshed"]


def test_deleted_copy_is_laid_again(course: Path, mine: Path):
    (mine / "notebooks" / NAME).unlink()
    assert outcomes(course, mine) == ["new"]


@pytest.mark.parametrize(
    "damage", [None, "", "{", "[]", '{"notebooks": 3}', '{"notebooks": {"00_first.ipynb": 3}}', "\0"]
)
def test_without_memory_nothing_is_overwritten(course: Path, mine: Path, damage: str | None):
    memory = mine / ".yolo-course.json"
    memory.unlink() if damage is None else memory.write_text(damage)
    untouched = (mine / "notebooks" / NAME).read_text()
    ship(course, "x = 2")
    assert outcomes(course, mine) == ["beside"]
    assert (mine / "notebooks" / NAME).read_text() == untouched
    assert outcomes(course, mine) == ["current"]


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"cells": [{}]}', "half a noteb"])
def test_a_damaged_copy_counts_as_work(course: Path, mine: Path, text: str):
    (mine / "notebooks" / NAME).write_text(text)
    ship(course, "x = 2")
    assert outcomes(course, mine) == ["beside"]
    assert (mine / "notebooks" / NAME).read_text() == text


def test_a_new_version_that_differs_in_metadata_reaches_untouched_copies(course: Path, mine: Path):
    ship(course, "x = 1", points=5)
    assert outcomes(course, mine) == ["refreshed"]
    assert texts(mine) == {NAME: (course / NAME).read_text()}


def test_an_interrupted_update_is_finished_by_the_next(course: Path, mine: Path):
    remembered = (mine / ".yolo-course.json").read_text()
    ship(course, "x = 2")
    lay_copies(course, mine)
    (mine / ".yolo-course.json").write_text(remembered)  # stopped before the memory was written
    ship(course, "x = 2", points=5)
    assert outcomes(course, mine) == ["refreshed"]
    assert texts(mine) == {NAME: (course / NAME).read_text()}


def test_files_of_the_learner_stay(course: Path, tmp_path: Path):
    mine = tmp_path / "mine"
    (mine / "notebooks").mkdir(parents=True)
    (mine / "notebooks" / NAME).write_text("mine, from before")
    (mine / "notes.txt").write_text("notes")
    assert outcomes(course, mine) == ["beside"]
    assert (mine / "notebooks" / NAME).read_text() == "mine, from before"
    assert (mine / "notes.txt").read_text() == "notes"


def test_a_link_to_nowhere_is_not_followed(course: Path, mine: Path):
    path = mine / "notebooks" / NAME
    path.unlink()
    path.symlink_to(mine / "nowhere")
    ship(course, "x = 2")
    assert outcomes(course, mine) == ["beside"]
    assert path.is_symlink()


def test_the_course_is_not_its_own_copy(course: Path, tmp_path: Path):
    course.rename(tmp_path / "notebooks")
    with pytest.raises(CourseError, match="own notebooks"):
        lay_copies(tmp_path / "notebooks", tmp_path)
    assert not (tmp_path / ".yolo-course.json").exists()


@pytest.mark.parametrize("taken", ["mine", "mine/notebooks"])
def test_a_file_in_the_way_is_a_course_error(course: Path, tmp_path: Path, taken: str):
    (tmp_path / taken).parent.mkdir(exist_ok=True)
    (tmp_path / taken).write_text("a file")
    with pytest.raises(CourseError, match="cannot put the notebooks here"):
        lay_copies(course, tmp_path / "mine")
    assert (tmp_path / taken).read_text() == "a file"


@settings(max_examples=50, deadline=None)
@given(steps=st.lists(st.sampled_from(["update", "metadata", "answer", "delete", "forget", "nothing"]), max_size=12))
def test_law_an_answer_survives_every_history(tmp_path_factory: pytest.TempPathFactory, steps: list[str]):
    root = tmp_path_factory.mktemp("history")
    (root / "course").mkdir()
    ship(root / "course", "version 0")
    lay_copies(root / "course", root / "mine")
    path, answers = root / "mine" / "notebooks" / NAME, None
    for number, step in enumerate(steps, 1):
        match step:
            case "update":
                ship(root / "course", f"version {number}")
            case "metadata":
                ship(root / "course", "version 0", number=number)
            case "answer":
                answers = answer(root / "mine", f"answer {number}")
            case "delete":
                path.unlink()
                answers = None
            case "forget":
                (root / "mine" / ".yolo-course.json").unlink()
        lay_copies(root / "course", root / "mine")
        assert answers is None or path.read_text() == answers
        shipped = (root / "course" / NAME).read_text()
        assert answers is None or step not in ("update", "metadata") or shipped in texts(root / "mine").values()
    assert not [path for path in (root / "mine").rglob(".*") if path.name != ".yolo-course.json"]
