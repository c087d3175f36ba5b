"""Every unit grades in two processes as it does in the notebook: solutions pass, stubs are not attempted."""

import copy

import pytest
import torch

from yolo_course.grading import notebooks
from yolo_course.grading.answers import read_answers, solution
from yolo_course.grading.build import find_course
from yolo_course.grading.isolation.apart import apart
from yolo_course.grading.isolation.grade import TOGETHER, TOLD, grade
from yolo_course.grading.isolation.namespaces import Limits

pytestmark = pytest.mark.slow
COURSE = find_course()
UNITS = [COURSE.unit(name) for name in COURSE.names()]
FIRST = COURSE.unit("00")


def submission(unit, answers):
    """A learner's notebook with these answers, by exercise."""
    made = copy.deepcopy(notebooks.learner_notebook(unit))
    for cell in made.cells:
        name = cell.metadata.get("yolo_course", {}).get("name")
        if cell.metadata.get("yolo_course", {}).get("role") in ("exercise", "clinic") and name in answers:
            cell.source = answers[name]
    return made


def graded(unit, answers, sandbox):
    """Status and message of each exercise."""

    def work():
        torch.set_num_threads(1)
        report = grade(notebooks.source_notebook(unit), submission(unit, answers), sandbox, Limits(cell=120, check=120))
        return {name: [outcome.status.value, outcome.message] for name, outcome in report.outcomes.items()}

    return apart(work, 300)


def exercises(unit):
    return [cell.name for cell in unit.with_role("exercise", "clinic")]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_solutions_pass(unit, sandbox):
    found = graded(unit, {name: solution(unit, name) for name in exercises(unit)}, sandbox)
    assert list(found) == exercises(unit)
    assert {name: told for name, (status, told) in found.items() if status != "passed"} == {}
    assert {name for name, (_, told) in found.items() if TOLD in told} == TOGETHER & set(found)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_an_untouched_notebook_earns_nothing(unit, sandbox):
    found = graded(unit, {}, sandbox)
    own_stub = {cell.name for cell in unit.with_role("exercise", "clinic") if "### STUB" in cell.source}
    assert not [name for name, (status, _) in found.items() if status == "passed"]
    assert {name for name, (status, _) in found.items() if status != "not attempted"} <= own_stub


@pytest.mark.parametrize("exercise", exercises(FIRST))
def test_every_answer_gets_the_verdict_and_the_hint_of_the_notebook(exercise, sandbox):
    for answer in read_answers(FIRST, exercise):
        status, told = graded(FIRST, {exercise: answer.source}, sandbox)[exercise]
        assert status == answer.status.value, answer.why
        assert answer.hint in told, answer.why
