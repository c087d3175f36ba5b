import pytest
from IPython.core.interactiveshell import InteractiveShell

from yolo_course.errors import UnitError
from yolo_course.grading import CheckFailed, check, hint, predict, progress, start
from yolo_course.grading.build import build
from yolo_course.grading.syllabus import FOLDER_VARIABLE


@pytest.fixture
def opened(course, monkeypatch, capsys):
    """The small unit, opened."""
    unit = course.unit("00")
    file = course.syllabus_file(unit)
    file.parent.mkdir(parents=True)
    file.write_text(unit.syllabus().dumps(), encoding="utf-8")
    monkeypatch.setenv(FOLDER_VARIABLE, str(file.parent))
    start("00_doubling")
    return capsys


def test_start_shows_the_card(opened):
    assert "Doubling" in (card := opened.readouterr().out)
    assert "3 exercises · 6 points · about 5 minutes" in card


def test_an_unknown_unit_names_the_nearest(opened):
    with pytest.raises(UnitError, match="the nearest is 00_doubling"):
        start("00_doublin")


def test_hints_climb_the_ladder_one_step_a_call(opened):
    opened.readouterr()
    hint("double")
    first = opened.readouterr().out
    assert "Hint 1 of 2" in first
    assert "products" not in first
    hint("double")
    hint("double")
    assert "2. Or of products." in opened.readouterr().out


def test_a_hint_can_be_asked_for_by_what_was_written(opened):
    def double(x): ...

    opened.readouterr()
    hint(double)
    assert "Hint 1 of 2 · double" in opened.readouterr().out


def test_a_slip_of_the_pen_shows_one_line_in_a_notebook(opened, capsys):
    shell = InteractiveShell.instance()
    shell.push({"hint": hint})
    opened.readouterr()
    shell.run_cell("hint('Double')")
    shown = capsys.readouterr()
    (line,) = [line for line in (shown.out + shown.err).splitlines() if line.strip()]
    assert line.startswith("UnitError: unit 00_doubling has no exercise 'Double': expected double, triple")


def test_progress_follows_the_checks(opened):
    with check("double") as c:
        c.true(True, "")
    with pytest.raises(CheckFailed), check("triple") as c:
        c.true(False, "no")
    opened.readouterr()
    progress()
    table = opened.readouterr().out
    assert "1 of 3 done, 3 of 6 points" in table
    assert [line.split()[0] for line in table.splitlines()[1:]] == ["✓", "✗", "○"]


def test_a_name_that_the_unit_lacks_is_refused(opened):
    with pytest.raises(UnitError, match="no exercise 'dubble'"), check("dubble") as c:
        c.true(True, "")
    with pytest.raises(UnitError):
        hint("dubble")


def test_without_a_unit():
    with check("anything") as c:
        c.true(True, "")
    for call in (progress, lambda: hint("anything")):
        with pytest.raises(UnitError, match="no unit is open"):
            call()


@pytest.mark.parametrize(
    ("guess", "actual", "told"),
    [
        (None, 8, "Put your guess"),
        (8, lambda: 8, "Right"),
        (4, 8, "you said 4 px, it is 8 px, 2.0 times more"),
        (24, 8, "you said 24 px, it is 8 px, 3.0 times less"),
        (7, 8, "1 off"),
        ((1, 2), [1, 2], "Right"),
        ("yes", "no", "it is 'no'"),
    ],
)
def test_predictions(guess, actual, told, capsys):
    predict("the stride", guess, actual, unit="px")
    shown = capsys.readouterr().out
    assert told in shown
    assert guess is not None or "8" not in shown


def test_build_writes_the_syllabus_that_start_reads(course):
    build(course, course.unit("00"))
    assert '"double"' in course.syllabus_file(course.unit("00")).read_text(encoding="utf-8")
