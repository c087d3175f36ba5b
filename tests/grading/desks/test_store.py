"""A result is found again by what it is a function of, and never seen half written."""

import copy
import json

import pytest

from yolo_course.grading import notebooks
from yolo_course.grading.desks import store
from yolo_course.grading.desks.store import Store, environment, work
from yolo_course.grading.isolation.namespaces import Limits

CELLS = [["double-1", "double", "def double(x):\n    return 2 * x"]]


@pytest.fixture
def source(course):
    return notebooks.source_notebook(course.unit("00"))


def test_each_part_of_the_key_tells_what_has_changed(source):
    first = work(CELLS, source, Limits())
    known = first.record({"outcomes": {}}, 1.0)
    assert first.differs(known) == []

    mended = copy.deepcopy(source)
    next(cell for cell in mended.cells if cell.metadata.get("yolo_course", {}).get("role") == "check").source += "\n"
    others = {
        "submission": work([["double-1", "double", "pass"]], source, Limits()),
        "checks": work(CELLS, mended, Limits()),
        "environment": work(CELLS, source, Limits(cell=1.0)),
    }
    for part, other in others.items():
        assert other.key != first.key
        assert other.differs(known) == [part]
    assert work(CELLS, source, Limits(), unsafe=True).differs(known) == ["environment"]


def test_prose_of_the_lesson_is_no_part_of_the_checks(source):
    other = copy.deepcopy(source)
    other.cells[0].source += " A sentence more."
    assert other.cells[0].cell_type == "markdown"
    assert work(CELLS, other, Limits()) == work(CELLS, source, Limits())


def test_the_environment_names_versions_and_this_library():
    found = environment()
    assert {"python", "torch", "ultralytics", "nbgrader", "yolo_course"} == set(found)
    assert len(found["yolo_course"]) == 16
    json.dumps(found)


def test_what_is_kept_comes_back_and_what_is_damaged_does_not(tmp_path, source):
    kept, result = Store(tmp_path), work(CELLS, source, Limits()).record({"outcomes": {}, "shown": {}}, 2.0)
    assert kept.get(result["key"]) is None
    kept.put(result)
    assert kept.get(result["key"]) == result
    file = tmp_path / store.FOLDER / "results" / f"{result['key']}.json"
    file.write_text(file.read_text()[:-9])
    assert kept.get(result["key"]) is None
    file.write_text(json.dumps({**result, "key": "another"}))
    assert kept.get(result["key"]) is None


def test_git_does_not_see_the_folder(tmp_path):
    assert (store.hidden(tmp_path) / ".gitignore").read_text() == "*\n"
