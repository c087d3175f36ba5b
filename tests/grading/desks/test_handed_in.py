"""Whatever is handed in: the course's own cells come back, and what cannot be graded is told in a few words."""

import copy
import json
import os

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from yolo_course.grading import notebooks
from yolo_course.grading.desks import handed_in
from yolo_course.grading.desks.handed_in import DELETED, BrokenSubmission, essence, from_essence, parse, restore


@pytest.fixture
def unit(course):
    return course.unit("00")


@pytest.fixture
def source(unit):
    return notebooks.source_notebook(unit)


@pytest.fixture
def answered(unit):
    made = notebooks.learner_notebook(unit)
    cell(made, "double").source = "def double(x):\n    return x + x"
    return made


def cell(nb, name):
    return next(each for each in nb.cells if each.metadata.get("nbgrader", {}).get("grade_id") == name)


def grade_ids(nb):
    return [each.metadata.nbgrader.grade_id for each in nb.cells if "nbgrader" in each.metadata]


def without(nb, *names):
    nb.cells = [each for each in nb.cells if each.metadata.get("nbgrader", {}).get("grade_id") not in names]


def test_an_honest_notebook_stays_as_it_is(answered, source):
    before = copy.deepcopy(answered)
    restore(answered, source)
    assert [each.source for each in answered.cells] == [each.source for each in before.cells]
    assert [each.id for each in answered.cells] == [each.id for each in before.cells]
    assert grade_ids(answered) == grade_ids(source)


def test_restoring_twice_changes_nothing_more(answered, source):
    without(answered, "double_check", "why")
    answered.cells.insert(3, new_code_cell("extra = 1", id="zz"))
    restore(answered, source)
    once, cells = copy.deepcopy(answered), essence(answered, source)
    again = nbformat.reads(nbformat.writes(answered), as_version=4)
    restore(again, source)
    assert (again, essence(again, source)) == (once, cells)


def test_checks_and_written_answers_come_back_where_they_stood(answered, source):
    without(answered, "double_check", "why")
    restore(answered, source)
    assert [each.id for each in answered.cells] == [each.id for each in source.cells]
    assert "hidden" not in cell(answered, "why").source.lower()
    assert cell(answered, "why").source == DELETED
    assert cell(answered, "double_check").source == cell(source, "double_check").source


def test_a_renamed_check_and_forged_metadata_have_no_say(answered, source):
    facts = cell(answered, "double_check").metadata
    facts.nbgrader.update(grade_id="mine", points=100, grade=False, schema_version=9)
    cell(answered, "double").metadata.nbgrader.update(solution=False, locked=True)
    cell(answered, "triple_check").metadata["tags"] = ["skip-execution"]
    restore(answered, source)
    assert grade_ids(answered) == grade_ids(source)
    for each, ours in zip(answered.cells, source.cells, strict=True):
        mine = {key: value for key, value in each.metadata.get("nbgrader", {}).items() if key != "checksum"}
        assert mine == ours.metadata.get("nbgrader", {})
        assert each.metadata.get("tags") == ours.metadata.get("tags")


def test_of_two_cells_with_one_name_the_last_counts(answered, source):
    second = copy.deepcopy(cell(answered, "double"))
    second.source, second.id = "def double(x):\n    return 7", "other"
    answered.cells.append(second)
    restore(answered, source)
    assert cell(answered, "double").source == second.source
    assert grade_ids(answered).count("double") == 1
    assert len({each.id for each in answered.cells}) == len(answered.cells)


def test_a_front_end_that_drops_ids_makes_no_cell_of_the_lesson_the_learners(answered, source):
    expected = copy.deepcopy(answered)
    restore(expected, source)
    for each in answered.cells:
        del each["id"]
    answered.nbformat_minor = 4
    read = parse(nbformat.writes(answered).encode())
    restore(read, source)
    assert essence(read, source) == essence(expected, source)


def test_outputs_prose_and_ids_of_added_cells_do_not_count_but_code_does(answered, source):
    def after(change):
        nb = copy.deepcopy(answered)
        nb.cells.append(new_code_cell("mine = 1", id="first"))
        change(nb)
        restore(nb, source)
        return essence(nb, source)

    same = after(lambda nb: None)
    assert after(lambda nb: nb.cells[-1].update(id="second", execution_count=7)) == same
    assert after(lambda nb: cell(nb, "why").update(source="Because.")) == same
    assert after(lambda nb: nb.cells[-1].update(source="mine = 2")) != same
    assert after(lambda nb: cell(nb, "double").update(source="def double(x): ...")) != same
    rebuilt = from_essence(same)
    assert [[each.id, each.source] for each in rebuilt.cells] == [[each[0], each[2]] for each in same]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"PK\x03\x04 a zip", "no JSON"),
        (b'{"cells": [', "cut off"),
        (b"[" * 100_000, "no JSON"),
        (b"[1, 2]", "JSON without cells"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": {}}', "JSON without cells"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1, null]}', "not a sound notebook"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"source": 3}]}', "not a sound notebook"),
        (b'{"nbformat": "x", "metadata": {}, "cells": []}', "not a sound notebook"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}', "another unit"),
    ],
)
def test_what_is_no_notebook_of_the_unit_is_told(content, told, tmp_path, source):
    (tmp_path / "00_doubling.ipynb").write_bytes(content)
    with pytest.raises(BrokenSubmission, match=told):
        restore(parse(handed_in.read_bytes(tmp_path, "00_doubling")), source)


def test_halves_of_characters_are_replaced(answered, source):
    cell(answered, "double").source += "  # \ud800"
    restore(answered, source)
    assert cell(answered, "double").source.endswith("# ?")


def test_another_unit_is_named(source, tmp_path):
    other = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"yolo_course": {"unit": "07_other"}}, "cells": []}
    with pytest.raises(BrokenSubmission, match="07_other"):
        restore(parse(json.dumps(other).encode()), source)


@pytest.mark.skipif(os.name == "nt", reason="links and pipes")
def test_folders_links_pipes_and_missing_files_are_told(tmp_path, monkeypatch):
    def told(make):
        folder = tmp_path / make.__name__
        folder.mkdir()
        make(folder / "a.ipynb")
        with pytest.raises(BrokenSubmission) as error:
            handed_in.read_bytes(folder, "a")
        return str(error.value)

    def missing(file):
        pass

    def renamed(file):
        file.with_name("b.ipynb").touch()

    def folder(file):
        file.mkdir()

    def link(file):
        file.symlink_to("/etc/passwd")

    def pipe(file):
        os.mkfifo(file)

    def huge(file):
        file.write_bytes(b"x" * 101)

    monkeypatch.setattr(handed_in, "LARGEST", 100)
    assert "there is no a.ipynb" in told(missing)
    assert "b.ipynb" in told(renamed)

    def beside(file):
        file.write_text("{}")
        file.with_name("data.csv").symlink_to("/dev/zero")

    assert "not a notebook" in told(folder)
    for make in (link, pipe, beside):
        assert "a link or a special file" in told(make)
    assert "larger than" in told(huge)
    (tmp_path / "file").touch()
    with pytest.raises(BrokenSubmission, match="not a folder"):
        handed_in.read_bytes(tmp_path / "file", "a")
