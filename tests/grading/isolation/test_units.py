"""Every unit grades in two processes as it does in the notebook: the same verdict, the same hint."""

import copy
import functools

import pytest
import torch

from yolo_course.grading import notebooks
from yolo_course.grading.answers import read_answers, solution
from yolo_course.grading.build import find_course
from yolo_course.grading.isolation.apart import apart
from yolo_course.grading.isolation.grade import grade
from yolo_course.grading.isolation.namespaces import Limits

pytestmark = pytest.mark.slow
COURSE = find_course()
UNITS = [COURSE.unit(name) for name in COURSE.names()]
LIMITS = Limits(cell=120, check=120)
WATCHING = {"own_dataset", "add_to", "corner_criterion", "distilled"}  # what a learner does to objects of a library


def exercises(unit):
    return [cell.name for cell in unit.with_role("exercise", "clinic")]


@functools.cache
def untouched(unit_name):
    return notebooks.learner_notebook(COURSE.unit(unit_name))


def submission(unit, answers):
    """A learner's notebook with these answers, by exercise."""
    made = copy.deepcopy(untouched(unit.name))
    for cell in made.cells:
        name = cell.metadata.get("yolo_course", {}).get("name")
        if cell.metadata.get("yolo_course", {}).get("role") in ("exercise", "clinic") and name in answers:
            cell.source = answers[name]
    return made


def source(unit, *checks):
    """The instructor's notebook with these checks alone; without any name, with all of them."""
    made = notebooks.source_notebook(unit)
    roles = [cell.metadata.get("yolo_course", {}) for cell in made.cells]
    wanted = [role.get("role") != "check" or not checks or role["name"] in checks for role in roles]
    made.cells = [cell for cell, kept in zip(made.cells, wanted, strict=True) if kept]
    return made


def graded(source, submissions, sandbox):
    """Status and message of each exercise's check, for each of these submissions."""

    def work():
        torch.set_num_threads(1)
        reports = [grade(source, each, sandbox, LIMITS) for each in submissions]
        return [{name: [o.status.value, o.message] for name, o in each.outcomes.items()} for each in reports]

    return apart(work, 300)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_solutions_pass_and_an_untouched_notebook_earns_nothing(unit, sandbox):
    solved = submission(unit, {name: solution(unit, name) for name in exercises(unit)})
    found, nothing = graded(source(unit), [solved, submission(unit, {})], sandbox)
    assert list(found) == exercises(unit)
    assert {name: told for name, (status, told) in found.items() if status != "passed"} == {}
    own_stub = {cell.name for cell in unit.with_role("exercise", "clinic") if "### STUB" in cell.source}
    assert not [name for name, (status, _) in nothing.items() if status == "passed"]
    assert {name for name, (status, _) in nothing.items() if status != "not attempted"} <= own_stub


def chosen(unit, exercise):
    """All answers of the first two units and of the checks that watch; of the others the last right and wrong one."""
    answers = read_answers(unit, exercise)
    if unit.name[:2] in ("00", "01") or exercise in WATCHING:
        return answers
    return list({bool(answer.hint): answer for answer in answers}.values())


@pytest.mark.parametrize(
    ("unit", "exercise"),
    [pytest.param(unit, name, id=f"{unit.name}-{name}") for unit in UNITS for name in exercises(unit)],
)
def test_an_answer_gets_the_verdict_and_the_hint_of_the_notebook(unit, exercise, sandbox):
    answers, solutions = chosen(unit, exercise), {name: solution(unit, name) for name in exercises(unit)}
    handed_in = [submission(unit, solutions | {exercise: answer.source}) for answer in answers]
    for answer, report in zip(answers, graded(source(unit, exercise), handed_in, sandbox), strict=True):
        status, told = report[exercise]
        assert status == answer.status.value, (answer.why, told)
        assert answer.hint in told, (answer.why, told)


REBOUND = """

def write_tiny(place): ...
def tiny_set(kind, place, mode="train", settings=None, **more): return [{"img": torch.full((3, 4, 4), 255)}] * 6
def white_share(dataset, count=None): return 1.0 if isinstance(dataset, OwnDataset) and dataset.augment else 0.0
def kinds_of(dataset): return []
def there(thing): return thing
def check(name): raise SystemExit
"""


def test_a_learner_who_rebinds_names_of_the_setup_cells_changes_no_verdict(sandbox):
    unit = COURSE.unit("05")
    right, *_, wrong = read_answers(unit, "own_dataset")
    handed_in = [submission(unit, {"own_dataset": each.source + REBOUND}) for each in (right, wrong)]
    found = [report["own_dataset"] for report in graded(source(unit, "own_dataset"), handed_in, sandbox)]
    assert found[0][0] == "passed"
    assert found[1][0] == "wrong"
    assert wrong.hint in found[1][1]
