"""Two that make the same folder at once: whoever comes second finds it made, whenever the first one is done."""

import json
from pathlib import Path

import pytest

from yolo_course.data import folder
from yolo_course.errors import DataError

RECORD = {"name": "shapes", "seed": 0}


def put(target: Path, record: dict | None = RECORD) -> None:
    target.mkdir()
    (target / "data.yaml").write_text("")
    if record is not None:
        (target / folder.RECORD).write_text(json.dumps(record))


def fill(place: Path) -> None:
    (place / "data.yaml").write_text("")


@pytest.mark.parametrize("look", [1, 2])
def test_another_one_is_done_while_we_look(tmp_path, monkeypatch, look):
    target, looks, record_of = tmp_path / "shapes", [], folder.record_of

    def looked(place):
        found = record_of(place)
        looks.append(place)
        if len(looks) == look:
            put(target)
        return found

    monkeypatch.setattr(folder, "record_of", looked)
    folder.build(target, RECORD, fill)
    assert record_of(target) == RECORD
    assert [each.name for each in tmp_path.iterdir()] == ["shapes"]


def test_another_one_is_done_just_before_we_rename(tmp_path, monkeypatch):
    target, rename = tmp_path / "shapes", Path.rename

    def renamed(place, to):
        if to == target:
            put(target)
        return rename(place, to)

    monkeypatch.setattr(Path, "rename", renamed)
    folder.build(target, RECORD, fill)
    assert folder.record_of(target) == RECORD
    assert [each.name for each in tmp_path.iterdir()] == ["shapes"]


@pytest.mark.parametrize("record", [None, {"name": "shapes", "seed": 1}])
def test_something_else_that_comes_meanwhile_stays(tmp_path, monkeypatch, record):
    target, rename = tmp_path / "shapes", Path.rename

    def renamed(place, to):
        if to == target:
            put(target, record)
        return rename(place, to)

    monkeypatch.setattr(Path, "rename", renamed)
    with pytest.raises(DataError):
        folder.build(target, RECORD, fill)
    assert folder.record_of(target) == record
    assert [each.name for each in tmp_path.iterdir()] == ["shapes"]
