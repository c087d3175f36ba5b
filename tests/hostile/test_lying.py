"""Objects that lie about themselves: what crosses is their data, and data does not change its mind."""

import pytest

pytestmark = pytest.mark.slow


@pytest.mark.attacks("lying_values")
def test_a_lie_about_a_value(graded, solutions, canary, attack):
    """And what the learner is told shows neither hidden checks nor a traceback of ours."""
    found = graded({**solutions, "double": attack})
    assert found.passed == ["Scale", "lengths"], found.said
    said = found.said["double"]
    assert not [word for word in (canary, "linspace", "Traceback", "yolo_course/grading") if word in said], said


@pytest.mark.attacks("lying_modules")
def test_a_lie_about_a_module(graded, solutions, attack):
    found = graded({**solutions, "Scale": attack})
    assert found.passed == ["double", "lengths"], found.said


def test_the_next_submission_grades_rightly(honest):
    honest()
