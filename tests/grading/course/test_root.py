"""The course root finds what nbgrader would find."""

import pytest

from yolo_course.errors import CourseError
from yolo_course.grading.course.root import CourseRoot, find_root


@pytest.fixture
def root(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'mine'\n")
    for unit in ("00_first", "01_second"):
        (tmp_path / "source" / unit).mkdir(parents=True)
        (tmp_path / "source" / unit / f"{unit}.ipynb").write_text("{}")
    for student in ("ada", "bob", ".trash"):
        (tmp_path / "submitted" / student / "00_first").mkdir(parents=True)
    return CourseRoot(tmp_path)


def test_places_are_nbgraders(root, tmp_path):
    assert root.units() == ["00_first", "01_second"]
    assert root.students("00_first") == ["ada", "bob"]
    assert root.students("01_second") == []
    assert root.source("00_first") == tmp_path / "source" / "00_first" / "00_first.ipynb"
    assert root.place("feedback", "ada", "00_first") == tmp_path / "feedback" / "ada" / "00_first"
    assert root.directory.course_id == "mine"


def test_a_unit_goes_by_its_name_or_its_number(root):
    assert root.unit("00") == root.unit("00_first") == "00_first"
    assert root.unit("1") == root.unit("01") == "01_second"
    with pytest.raises(CourseError, match="00_first, 01_second"):
        root.unit("07")


def test_the_gradebook_is_in_the_folder(root, tmp_path):
    with root.gradebook() as gradebook:
        assert gradebook.assignments == []
    assert (tmp_path / "gradebook.db").is_file()


def test_finds_the_folder_or_its_course(root, tmp_path, monkeypatch):
    assert find_root(tmp_path).folder == tmp_path.resolve()
    monkeypatch.chdir(tmp_path)
    assert find_root().folder == tmp_path.resolve()
    below = tmp_path / "elsewhere"
    below.mkdir()
    monkeypatch.chdir(below)
    with pytest.raises(CourseError, match=r"nbgrader_config\.py"):
        find_root()
