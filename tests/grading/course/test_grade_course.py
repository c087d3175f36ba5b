"""A class is graded once, whatever it hands in and however often a run is stopped."""

import json

import nbformat
import pytest

from yolo_course.errors import CourseError
from yolo_course.grading import notebooks, unit_source
from yolo_course.grading.course import book
from yolo_course.grading.course.grade_course import Options, grade_course
from yolo_course.grading.desks import pool
from yolo_course.grading.desks.desks import desks_here
from yolo_course.grading.isolation.sandbox import SandboxError

pytestmark = pytest.mark.slow
UNIT = "00_doubling"
RIGHT = {"double": "def double(x):\n    return x + x", "triple": "def triple(x):\n    return x + x + x"}
HALF = {"double": "def double(x):\n    return x * 2", "triple": "def triple(x):\n    return x * 4"}


@pytest.fixture
def graded(monkeypatch):
    """What went to the desks; it is graded there, for real."""
    asked, desks = [], desks_here()

    def here(jobs, workers):
        for name, job in jobs.items():
            try:
                answer = desks(job)
            except SandboxError as error:
                pytest.skip(f"no sandbox here: {error}")
            asked.append(name)
            yield name, answer

    monkeypatch.setattr(pool, "grade_here", here)
    return asked


@pytest.fixture
def unit(course):
    return unit_source.read(course.units / UNIT)


@pytest.fixture
def root(class_root, unit, tmp_path, monkeypatch):
    """A course root whose unit has a syllabus; its first cell opens none, since the sandbox does not see that file."""
    (tmp_path / "syllabus").mkdir()
    (tmp_path / "syllabus" / f"{UNIT}.json").write_text(unit.syllabus().dumps())
    monkeypatch.setenv("YOLO_COURSE_SYLLABUS", str(tmp_path / "syllabus"))
    edit(class_root, f'start(\\"{UNIT}\\")', "# no unit is opened")
    return class_root


@pytest.fixture
def hand_in(root, unit):
    """Hand in answers, or bytes."""

    def give(student, answers):
        file = root.place("submitted", student, UNIT) / f"{UNIT}.ipynb"
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(answers, dict):
            made = notebooks.learner_notebook(unit)
            for cell in made.cells:
                cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
            answers = nbformat.writes(made).encode()
        file.write_bytes(answers)

    return give


def edit(root, old, new):
    file = root.source(UNIT)
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def run(root, **options):
    return grade_course(root, ["00"], Options(**options))


def points(summary):
    return {row.student: row.scores.points for row in summary.rows if row.scores}


def test_a_class_is_graded_once_and_broken_submissions_cost_themselves_only(root, hand_in, graded):
    for student, answers in {"ada": RIGHT, "bob": HALF, "cy": {}, "twin": RIGHT}.items():
        hand_in(student, answers)
    hand_in("cut off", b'{"cells": [')
    hand_in("dee [x]*", RIGHT)
    (root.place("submitted", "nobody", UNIT)).mkdir(parents=True)

    steps = []
    summary = grade_course(root, [UNIT], Options(), progress=lambda done, total: steps.append((done, total)))
    by_student = {row.student: row for row in summary.rows}
    assert {name for name, row in by_student.items() if not row.ok} == {"cut off", "nobody"}
    assert "cut off" in by_student["cut off"].reason
    assert f"no {UNIT}.ipynb" in by_student["nobody"].reason
    assert by_student["bob"].verdicts == {"double": "passed", "triple": "wrong"}
    assert by_student["cy"].verdicts["double"] == "not attempted"
    assert points(summary) == {"ada": 4, "bob": 3, "cy": 0, "twin": 4, "dee [x]*": 4, "cut off": 0, "nobody": 0}
    assert len(graded) == 3  # equal work is graded once
    assert steps[0] == (0, 7)
    assert steps[-1] == (7, 7)
    with root.gradebook() as gradebook:
        assert gradebook.find_submission(UNIT, "bob").score == 3
    for student in ("ada", "dee [x]*"):
        autograded = root.place("autograded", student, UNIT) / f"{UNIT}.ipynb"
        assert "double: passed" in autograded.read_text()

    again = run(root)
    assert {row.state for row in again.rows} == {"kept", "broken"}
    assert points(again) == points(summary)
    assert len(graded) == 3


def test_a_new_hand_in_is_graded_and_says_who_moved(root, hand_in, graded):
    hand_in("ada", RIGHT)
    hand_in("bob", HALF)
    run(root)
    hand_in("bob", RIGHT)
    summary = run(root)
    assert {row.student: row.state for row in summary.rows} == {"ada": "kept", "bob": "graded"}
    [move] = summary.moves
    assert (move.student, move.exercise, move.why) == ("bob", "triple", ["submission"])
    assert (move.points_before, move.points, move.verdict_before, move.verdict) == (0, 1, "wrong", "passed")
    assert len(graded) == 2  # ada's answers were bob's second ones

    hand_in("bob", b"")
    summary = run(root)
    assert points(summary)["bob"] == 0
    assert {(move.exercise, move.points) for move in summary.moves} == {("double", 0), ("triple", 0)}
    assert run(root).moves == []
    hand_in("bob", RIGHT)
    assert points(run(root))["bob"] == 4
    assert len(graded) == 2


def test_a_mended_check_waits_for_regrade(root, hand_in, graded):
    hand_in("ada", RIGHT)
    hand_in("bob", HALF)
    run(root)
    edit(root, "c.close(triple(torch.ones(3)), 3", "c.close(triple(torch.ones(3)), 4")
    summary = run(root)
    assert [row.why for row in summary.outdated] == [["checks"], ["checks"]]
    assert points(summary) == {"ada": 4, "bob": 3}

    hand_in("new", RIGHT)  # graded with what is there now
    assert points(run(root)) == {"ada": 4, "bob": 3, "new": 3}
    summary = run(root, regrade=True)
    assert points(summary) == {"ada": 3, "bob": 4, "new": 3}
    assert [(move.student, move.exercise, move.points_before, move.points) for move in summary.moves] == [
        ("ada", "triple", 1, 0),
        ("bob", "triple", 0, 1),
    ]
    assert {tuple(move.why) for move in summary.moves} == {("checks",)}
    assert {row.state for row in run(root, regrade=True).rows} == {"kept"}


def test_points_of_a_mended_unit_reach_the_gradebook(root, hand_in, graded):
    hand_in("ada", RIGHT)
    run(root)
    edit(root, '"points": 3', '"points": 30')
    summary = run(root, regrade=True)
    assert (points(summary), summary.rows[0].scores.most) == ({"ada": 31}, 33)


def test_a_run_that_is_stopped_goes_on(root, hand_in, graded, monkeypatch):
    for student, answers in {"ada": RIGHT, "bob": HALF, "cy": {}}.items():
        hand_in(student, answers)
    real = book.record

    def stop_at_bob(root, student, *rest):
        if student == "bob":
            raise KeyboardInterrupt
        real(root, student, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(book, "record", stop_at_bob)
        with pytest.raises(KeyboardInterrupt):
            run(root)
    assert len(graded) == 2
    summary = run(root)
    assert {row.student: row.state for row in summary.rows} == {"ada": "kept", "bob": "graded", "cy": "graded"}
    assert points(summary) == {"ada": 4, "bob": 3, "cy": 0}
    assert len(graded) == 3  # bob's result was there, only recording it was left


def test_an_autograded_notebook_that_was_cut_off_is_recorded_again(root, hand_in, graded):
    hand_in("ada", RIGHT)
    run(root)
    file = root.place("autograded", "ada", UNIT) / f"{UNIT}.ipynb"
    file.chmod(0o644)
    file.write_text(file.read_text()[:500])
    assert [row.state for row in run(root).rows] == ["graded"]
    assert json.loads(file.read_text())
    assert len(graded) == 1


def test_nbgraders_own_command_uses_the_same_results(root, hand_in, graded):
    hand_in("ada", HALF)
    run(root)
    done = root.api().autograde(UNIT, "ada", force=True)
    assert done["success"], done
    assert [row.state for row in run(root).rows] == ["kept"]
    assert len(graded) == 1


def test_nbgraders_own_command_grades_what_is_not_there_yet(root, hand_in, graded):
    hand_in("ada", HALF)
    book.update(root, UNIT)
    done = root.api().autograde(UNIT, "ada", force=True)
    if "SandboxError" in str(done):
        pytest.skip("no sandbox here")
    assert done["success"], done
    [row] = run(root).rows
    assert (row.state, row.verdicts) == ("kept", {"double": "passed", "triple": "wrong"})
    assert graded == []


def test_points_that_a_person_gave_stay(root, hand_in, graded):
    hand_in("ada", HALF)
    run(root)
    with root.gradebook() as gradebook:
        gradebook.find_grade("triple_check", UNIT, UNIT, "ada").manual_score = 0.5
        gradebook.find_grade("why", UNIT, UNIT, "ada").manual_score = 2
        gradebook.db.commit()
    assert points(run(root)) == {"ada": 5.5}
    edit(root, "a sum of three ones is not three", "count them")
    assert points(run(root, regrade=True)) == {"ada": 5.5}


def test_without_isolation_every_result_says_so(root, hand_in):
    hand_in("ada", RIGHT)
    hand_in("cy", {})
    summary = run(root, unsafe=True)
    assert points(summary) == {"ada": 4, "cy": 0}
    assert [row.unsafe for row in summary.rows] == [True, True]
    assert summary.rows[1].verdicts["double"] == "not attempted"
    assert "graded without isolation" in (root.place("autograded", "ada", UNIT) / f"{UNIT}.ipynb").read_text()
    assert [row.why for row in run(root).outdated] == [["environment"]] * 2


def test_nothing_handed_in_and_an_unknown_student_are_told(root, hand_in):
    with pytest.raises(CourseError, match="nobody has handed in"):
        run(root)
    hand_in("ada", RIGHT)
    with pytest.raises(CourseError, match="eve has handed in nothing"):
        run(root, student="eve")
