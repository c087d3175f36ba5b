"""Submissions that want points without an answer: patched libraries, hooks, forged metadata, forged messages."""

import pytest
from nbformat.v4 import new_output

pytestmark = pytest.mark.slow


@pytest.mark.attacks("forging")
def test_no_point_without_an_answer(graded, attack):
    assert graded({"lengths": attack}).passed == []


@pytest.mark.attacks("forging")
def test_an_added_cell_gains_nothing_either(graded, attack):
    found = graded({}, more=[attack])
    assert found.passed == [], found.said


def submitted(assignment, change):
    made = assignment({})
    change(made)
    return made


def tags(made):
    for cell in made.cells:
        cell.metadata["tags"] = ["skip-execution", "raises-exception"]


def checks_rewritten(made):
    for cell in made.cells:
        if cell.metadata.get("yolo_course", {}).get("role") == "check":
            cell.source = "pass"


def checks_deleted(made):
    made.cells = [cell for cell in made.cells if cell.metadata.get("yolo_course", {}).get("role") != "check"]


def roles_swapped(made):
    for cell in made.cells:
        cell.metadata["yolo_course"] = {"role": "setup", "name": "double"}
        cell.metadata["nbgrader"] = {"grade_id": "double", "points": 100, "solution": True, "grade": True}


def outputs_forged(made):
    for cell in made.cells:
        cell.outputs = [new_output("execute_result", {"text/plain": "100"}, execution_count=1)]


def another_kernel(made):
    made.metadata["kernelspec"] = {"name": "bash", "display_name": "x", "language": "bash"}


def another_setup(made):
    made.cells[0].source = "from contextlib import nullcontext as check"


@pytest.mark.parametrize(
    "change", [tags, checks_rewritten, checks_deleted, roles_swapped, outputs_forged, another_kernel, another_setup]
)
def test_what_the_notebook_says_about_itself_has_no_say(graded, assignment, change):
    found = graded({}, submitted=submitted(assignment, change))
    assert found.passed == []
    assert list(found.said) == ["double", "Scale", "lengths"]


@pytest.mark.attacks("forging")
def test_right_answers_still_count_beside_such_attempts(graded, solutions, attack):
    """Whoever has answered may break their own process as they like; few of these do."""
    passed = graded(solutions, more=[attack]).passed
    assert passed in (list(solutions), [])
