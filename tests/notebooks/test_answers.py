"""Every exercise is proven: its solution, its stub, its other right answers, its wrong ones and their hints."""

import contextlib
import io

import pytest

from yolo_course.grading.answers import Answer, read_answers, solution, stub, verdict
from yolo_course.grading.build import find_course
from yolo_course.grading.outcome import Status
from yolo_course.grading.unit_source import Unit

COURSE = find_course()
UNITS = [COURSE.unit(name) for name in COURSE.names()]
EXERCISES = [(unit, cell) for unit in UNITS for cell in unit.with_role("exercise", "clinic")]
ANSWERS = [(unit, answer) for unit, cell in EXERCISES for answer in read_answers(unit, cell.name)]


def exercise_id(case: tuple[Unit, object]) -> str:
    unit, cell = case
    return f"{unit.name}-{cell.name}"


def answer_id(case: tuple[Unit, Answer]) -> str:
    unit, answer = case
    return f"{unit.name}-{answer.exercise}-{answer.why.replace(' ', '_')}"


@pytest.mark.parametrize("case", EXERCISES, ids=exercise_id)
def test_the_solution_passes(case):
    unit, cell = case
    outcome = verdict(unit, cell.name, solution(unit, cell.name))
    assert outcome.passed, outcome


@pytest.mark.parametrize("case", EXERCISES, ids=exercise_id)
def test_the_stub_is_not_attempted_and_a_clinics_bug_is_wrong(case):
    unit, cell = case
    outcome = verdict(unit, cell.name, stub(unit, cell.name))
    assert outcome.status is (Status.NOT_ATTEMPTED if cell.role == "exercise" else Status.WRONG), outcome


@pytest.mark.parametrize("case", ANSWERS, ids=answer_id)
def test_an_answer_gets_its_verdict_and_its_hint(case):
    unit, answer = case
    outcome = verdict(unit, answer.exercise, answer.source)
    assert outcome.status is answer.status, outcome
    assert answer.hint in outcome.message, outcome


@pytest.mark.parametrize("case", EXERCISES, ids=exercise_id)
def test_there_are_enough_answers_and_no_two_share_a_hint(case):
    unit, cell = case
    answers = read_answers(unit, cell.name)
    hints = [answer.hint for answer in answers if answer.status is not Status.PASSED]
    assert len(answers) - len(hints) >= 2
    assert len(hints) >= 6
    assert len(set(hints)) == len(hints), "two wrong answers wait for the same hint"


@pytest.mark.parametrize("case", EXERCISES, ids=exercise_id)
def test_wrong_answers_get_different_messages(case):
    unit, cell = case
    wrong = [answer for answer in read_answers(unit, cell.name) if answer.status is not Status.PASSED]
    messages = [verdict(unit, cell.name, answer.source).message for answer in wrong]
    assert len(set(messages)) == len(messages), sorted(messages)


@pytest.mark.parametrize("case", EXERCISES, ids=exercise_id)
def test_checks_write_nothing_to_stderr(case):
    unit, cell = case
    caught = io.StringIO()
    with contextlib.redirect_stderr(caught):
        verdict(unit, cell.name, solution(unit, cell.name))
    assert caught.getvalue() == ""
