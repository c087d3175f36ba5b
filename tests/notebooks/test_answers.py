"""Every exercise is proven: its solution, its stub, its other right answers, its wrong ones and their hints."""

import contextlib
import functools
import io

import pytest

from yolo_course.grading.answers import Answer, read_answers, solution, stub, verdict
from yolo_course.grading.build import find_course
from yolo_course.grading.mutation.giveaway import Secrets
from yolo_course.grading.outcome import Outcome, Status
from yolo_course.grading.unit_source import Unit

pytestmark = pytest.mark.slow  # a minute for all answers; `-k "answers and giou"` asks for some

COURSE = find_course()
UNITS = [COURSE.unit(name) for name in COURSE.names()]
EXERCISES = [(unit, cell) for unit in UNITS for cell in unit.with_role("exercise", "clinic")]
ANSWERS = [(unit, answer) for unit, cell in EXERCISES for answer in read_answers(unit, cell.name)]


@functools.cache
def told(unit: str, answer: Answer) -> Outcome:
    """What the check says of an answer; several tests ask, the check is run once."""
    return verdict(next(each for each in UNITS if each.name == unit), answer.exercise, answer.source)


@functools.cache
def secrets(unit: str, exercise: str) -> Secrets:
    cells = [cell for each in UNITS if each.name == unit for cell in each.cells if cell.name == exercise]
    sources = {cell.role: cell.source for cell in cells}
    return Secrets(sources.get("exercise") or sources["clinic"], sources["check"])


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
    outcome = told(unit.name, answer)
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
    messages = [told(unit.name, answer).message for answer in wrong]
    assert len(set(messages)) == len(messages), sorted(messages)


@pytest.mark.parametrize("case", EXERCISES, ids=exercise_id)
def test_no_message_gives_the_solution_or_a_hidden_input_away(case):
    unit, cell = case
    for answer in read_answers(unit, cell.name):
        if answer.status is not Status.PASSED:
            assert secrets(unit.name, cell.name).given_away(told(unit.name, answer), answer.source) == [], answer.why


@pytest.mark.parametrize("case", EXERCISES, ids=exercise_id)
def test_checks_write_nothing_to_stderr(case):
    unit, cell = case
    caught = io.StringIO()
    with contextlib.redirect_stderr(caught):
        verdict(unit, cell.name, solution(unit, cell.name))
    assert caught.getvalue() == ""
