"""Pages are whole or not there, need no network, and hold nothing of a learner's as markup."""

import os

import pytest

from yolo_course.errors import CourseError
from yolo_course.grading.course.page import code_in_backticks, comment, highlighted, write_whole


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
    with pytest.raises(CourseError, match="can't write the page"):
        write_whole(tmp_path / "page.html", "text")
    assert os.listdir(tmp_path) == ["page.html"]
    with pytest.raises(CourseError, match="can't write the page"):
        write_whole(tmp_path / "page.html" / "inside" / "page.html", "text")


def test_a_remark_is_markdown_without_html_scripts_and_pictures():
    told = comment(
        "**Read** `a < b` <b>this</b>: [page](https://a.example) [bad](javascript:alert) ![x](https://b.example)"
    )
    assert "<strong>Read</strong> <code>a &lt; b</code> &lt;b&gt;this&lt;/b&gt;" in told
    assert '<a href="https://a.example">page</a>' in told
    assert 'href="javascript' not in told
    assert "<img" not in told


def test_code_and_sentences_are_escaped():
    assert code_in_backticks("`a<b>` & <i>") == "<code>a&lt;b&gt;</code> &amp; &lt;i&gt;"
    shown = highlighted("x = '</pre><script>'  # </style>\n")
    assert "<script" not in shown
    assert "</style" not in shown
