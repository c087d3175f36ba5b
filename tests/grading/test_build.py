import json

import nbformat
import pytest

from yolo_course.errors import UnitError
from yolo_course.grading import notebooks
from yolo_course.grading.build import build, find_course, orphans, stale


def sources(notebook):
    return {cell.id: cell.source for cell in notebook.cells}


@pytest.fixture
def unit(course):
    return course.unit("00_doubling")


def test_the_learners_copy_holds_no_answer(unit):
    text = notebooks.dumps(notebooks.learner_notebook(unit))
    for secret in ("2 * x\\n", "3 * x", "Because", "numbers too", "Think of sums", "BEGIN", "STUB"):
        assert secret not in text.replace("return 2 * x  # looks right", "")
    cells = sources(notebooks.learner_notebook(unit))
    assert cells["exercise-double"].endswith("    # YOUR CODE HERE\n    raise NotImplementedError()")
    assert cells["clinic-triple"] == "def triple(x):\n    if True:\n        return 2 * x  # looks right"
    assert cells["predict-half"].startswith("guess = None  # what is half of four?")
    assert cells["manual-why"] == "YOUR ANSWER HERE"


def test_the_solution_holds_no_markers(unit):
    cells = sources(notebooks.solution_notebook(unit))
    assert cells["exercise-double"].endswith("return 2 * x")
    assert cells["clinic-triple"] == "def triple(x):\n    return 3 * x"
    assert cells["check-double"].endswith('    c.equal(double(4), 8, "numbers too")')
    assert cells["predict-half"].startswith("guess = 2")
    assert "###" not in "".join(cells.values())


def test_nbgraders_metadata_is_schema_3_and_nothing_else(unit):
    grading = {
        cell.id: cell.metadata["nbgrader"]
        for cell in notebooks.source_notebook(unit).cells
        if "nbgrader" in cell.metadata
    }
    assert grading["check-double"] == {
        "schema_version": 3,
        "task": False,
        "grade_id": "double_check",
        "grade": True,
        "solution": False,
        "locked": True,
        "points": 3,
    }
    assert grading["manual-why"]["grade"]
    assert grading["manual-why"]["solution"]
    assert set(grading) == {"exercise-double", "check-double", "clinic-triple", "check-triple", "manual-why"}


def test_ids_stay_when_another_kind_of_cell_comes(unit, course):
    before = [cell.id for cell in notebooks.learner_notebook(unit).cells]
    text = unit.file.read_text(encoding="utf-8").replace("# %% predict", "# %% [markdown]\n# More.\n\n# %% predict")
    unit.file.write_text(text, encoding="utf-8")
    after = [cell.id for cell in notebooks.learner_notebook(course.unit("00")).cells]
    assert [identity for identity in after if not identity.startswith("markdown")] == [
        identity for identity in before if not identity.startswith("markdown")
    ]
    assert len(set(after)) == len(after)


@pytest.mark.slow
def test_build_then_check_then_tamper(course, unit):
    told = []
    seconds = build(course, unit, tell=told.append)
    assert 0 < seconds < 60
    assert "#     measured: " in unit.file.read_text(encoding="utf-8")
    unit = course.unit("00")
    assert stale(course, unit) == []
    assert build(course, unit) is None, "nothing changed: nothing is run"

    executed = nbformat.read(course.solution_file(unit), as_version=4)
    shown = {cell.id: cell.get("outputs") for cell in executed.cells}
    assert "passed · 3 of 3 points" in shown["check-double"][0]["data"]["text/plain"]
    assert str(course.root) not in json.dumps(executed)

    file = course.learner_file(unit)
    file.write_text(file.read_text(encoding="utf-8").replace("# Doubling", "# Dubbling"), encoding="utf-8")
    assert stale(course, unit) == ["notebooks/00_doubling.ipynb is not what 00_doubling/unit.py gives"]
    (course.root / "notebooks" / "99_gone.ipynb").write_text("{}", encoding="utf-8")
    assert orphans(course) == ["notebooks/99_gone.ipynb has no unit"]


@pytest.mark.slow
def test_a_solution_that_raises_is_named_and_nothing_is_written(course, unit):
    text = unit.file.read_text(encoding="utf-8").replace("    return 3 * x\n", "    return 4 * x\n")
    unit.file.write_text(text, encoding="utf-8")
    with pytest.raises(UnitError, match="CheckFailed: triple: wrong"):
        build(course, course.unit("00"))
    assert not course.solution_file(unit).exists()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("minutes=3 difficulty=1", "minutes=3", "has the keys ['minutes']"),
        ("points=3", "point=3", "has the keys ['point']"),
        ('check("double")', 'check("dobule")', "does not call check"),
        ("    ### BEGIN SOLUTION\n    return 2", "    return 2", "no ### BEGIN SOLUTION"),
        ("    ### STUB\n", "", "no ### STUB"),
        ("# 2. Or of\n#    products.\n", "", "has 1 steps"),
        ("#     budget: 60\n", "", "the header lacks budget"),
        ("[double a number, triple a number, say why]", "[one]", "1 goals"),
        ('check="triple"', 'check="treble"', "differ"),
        ('hints="triple"', 'hints="treble"', "ladders of hints"),
        ('exercise="double"', 'exercise="Double it"', "lower case"),
        ('manual="why"', 'manual="double"', "share a name"),
    ],
)
def test_a_source_that_breaks_the_format_is_refused(course, unit, old, new, told):
    text = unit.file.read_text(encoding="utf-8")
    assert old in text
    unit.file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(UnitError) as refused:
        course.unit("00")
    assert told in str(refused.value)


@pytest.mark.parametrize(
    "cell", ["guess = (\n    2  # what is half of four?\n)", "predict('half of four', 2, 2)\nguess = 2"]
)
def test_a_guess_that_cannot_be_blanked_is_refused(course, unit, cell):
    text = unit.file.read_text(encoding="utf-8").replace("guess = 2  # what is half of four?", cell)
    unit.file.write_text(text, encoding="utf-8")
    with pytest.raises(UnitError, match="first line must be"):
        notebooks.learner_notebook(course.unit("00"))


def test_units_are_found_by_name_or_number(course):
    assert course.unit("00").name == course.unit("00_doubling").name == "00_doubling"
    with pytest.raises(UnitError, match="unknown unit"):
        course.unit("07")


def test_the_course_is_found_from_inside(course, tmp_path):
    assert find_course(course.units / "00_doubling") == course
    with pytest.raises(UnitError, match="no course here"):
        find_course(tmp_path.parent)
