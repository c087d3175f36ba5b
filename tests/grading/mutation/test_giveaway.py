import pytest

from yolo_course.grading.mutation.giveaway import Secrets
from yolo_course.grading.outcome import Outcome, Status

CELL = """\
def area(box):
    ### BEGIN SOLUTION
    width, height = box[2:] - box[:2]  # pixels
    return width * height
    ### END SOLUTION
"""
CHECK = """\
with check("area") as c:
    c.close(area(box), 1234, "the area is not right")
    ### BEGIN HIDDEN TESTS
    c.close(area(boxes_of(4321, "hidden.jpg")), 9876, "a larger box comes out wrong")
    c.equal(area(1234), 5, "again")
    ### END HIDDEN TESTS
"""
ANSWER = "def area(box):\n    return box.sum()\n"


def given_away(message, answer=ANSWER, **facts):
    return Secrets(CELL, CHECK).given_away(Outcome(Status.WRONG, message, **facts), answer)


@pytest.mark.parametrize(
    "message",
    [
        "write width, height = box[2:] - box[:2] first",
        "with 4321 it is wrong",
        "the file hidden.jpg is wrong",
        "Traceback (most recent call last)",
        'File "/usr/lib/python3/site-packages/torch/x.py"',
    ],
)
def test_what_is_secret_is_found(message):
    assert given_away(message)


def test_the_hidden_checks_own_line_is_found():
    assert given_away("x", line='line 4: c.equal(area(1234), 5, "again")')


@pytest.mark.parametrize(
    ("message", "facts"),
    [
        ("a larger box comes out wrong", {"expected": "9876", "found": "3"}),  # hint and expected value are shown
        ("the answer is wrong", {"found": "4321"}),  # the learner's code gave its input back
        ("with 1234 it is wrong", {}),  # stands in the visible part
        ("it has 43210 pixels, and 0.4321 of them", {}),  # another number
        ("the width is wrong", {}),
    ],
)
def test_what_may_be_said_is_not(message, facts):
    assert given_away(message, **facts) == []


def test_a_learners_own_line_is_no_secret():
    own = "def area(box):\n    width, height = box[2:] - box[:2]\n    return width + height\n"
    assert given_away("x", own, line="line 2: width, height = box[2:] - box[:2]") == []
