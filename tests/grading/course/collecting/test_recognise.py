"""A notebook is known by its cells and by what it says of itself, whatever its file is called."""

import json

import pytest

from yolo_course.grading import notebooks
from yolo_course.grading.course.collecting.recognise import Recogniser
from yolo_course.grading.course.root import CourseRoot


@pytest.fixture
def handed_in(course):
    """The learner's notebook of the one unit, as a dictionary."""
    return json.loads(notebooks.dumps(notebooks.learner_notebook(course.unit("00"))))


@pytest.fixture
def recogniser(course, tmp_path):
    unit = course.unit("00")
    (tmp_path / "root" / "source" / unit.name).mkdir(parents=True)
    (tmp_path / "root" / "nbgrader_config.py").write_text("")
    source = tmp_path / "root" / "source" / unit.name / f"{unit.name}.ipynb"
    source.write_text(notebooks.dumps(notebooks.source_notebook(unit)), encoding="utf-8")
    return Recogniser(CourseRoot(tmp_path / "root"))


def test_by_what_it_says(recogniser, handed_in):
    assert recogniser.unit("homework.ipynb", json.dumps(handed_in).encode()) == "00_doubling"


def test_by_its_graded_cells(recogniser, handed_in):
    del handed_in["metadata"]["yolo_course"]
    assert recogniser.unit("homework.ipynb", json.dumps(handed_in).encode()) == "00_doubling"


@pytest.mark.parametrize(
    "name", ["00_doubling", "00_doubling (1)", "00_doubling-3", "00_doubling-Copy1", "00_doubling - copy"]
)
def test_by_its_name_where_nothing_else_is_left(recogniser, name):
    assert recogniser.unit(f"{name}.ipynb", b'{"cells": [{"source": "x"}, 5]}') == "00_doubling"


def test_another_one_is_of_no_unit(recogniser):
    assert recogniser.unit("essay.ipynb", b'{"cells": [], "metadata": {"yolo_course": {"unit": "99"}}}') is None


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"hello", b"[]", b"{}", b'{"cells": 5}', b"[" * 100_000, b'{"a": ' * 50_000]
)
def test_what_is_no_notebook_is_said(recogniser, data):
    with pytest.raises(ValueError, match="not a notebook"):
        recogniser.unit("00_doubling.ipynb", data)
