"""A file is replaced whole, or stays as it was."""

import os

import pytest

from yolo_course.errors import CourseError
from yolo_course.grading.whole import write_whole


def test_a_file_is_replaced_whole_and_leaves_nothing_beside_it(tmp_path):
    file = tmp_path / "made" / "page.html"
    assert write_whole(file, "old") == file
    write_whole(file, "new \udcff ü")  # a file name that is no UTF-8 may stand in the text
    assert file.read_text(encoding="utf-8") == "new ? ü"
    assert os.listdir(file.parent) == ["page.html"]
    assert file.stat().st_mode & 0o777 == 0o644


def test_what_cannot_be_written_is_told_and_nothing_is_left(tmp_path):
    (tmp_path / "page.html").mkdir()
    (tmp_path / "page.html" / "inside").touch()
    with pytest.raises(CourseError, match="can't write a file"):
        write_whole(tmp_path / "page.html", "text")
    assert os.listdir(tmp_path) == ["page.html"]
    with pytest.raises(CourseError, match="can't write a file"):
        write_whole(tmp_path / "page.html" / "inside" / "page.html", "text")


def test_a_write_that_fails_leaves_what_was_there(tmp_path):
    write_whole(tmp_path / "a", b"first")
    with pytest.raises(TypeError):
        write_whole(tmp_path / "a", None)
    assert (tmp_path / "a").read_text() == "first"
    assert os.listdir(tmp_path) == ["a"]
