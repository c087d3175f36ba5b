import linecache

import pytest

from yolo_course.grading import CheckFailed
from yolo_course.grading.outcome import Status

ASKED = "with check('double') as c:\n    c.equal(double(2), 4)\n"


def run(cell: str, asked: str = ASKED):
    """Execute a learner's cell and a check cell as a notebook does: their code comes from no file."""
    names = {"__name__": "__main__"}
    for label, source in (("<cell>", "from yolo_course.grading import check\n" + cell), ("<check>", asked)):
        linecache.cache[label] = (len(source), None, source.splitlines(keepends=True), label)
        try:
            exec(compile(source, label, "exec"), names)
        except CheckFailed as failed:
            return failed.outcome
    return None


def test_a_stub_is_not_attempted():
    assert run("def double(x):\n    raise NotImplementedError()").status is Status.NOT_ATTEMPTED


def test_a_missing_name_is_not_attempted_and_named():
    outcome = run("")
    assert outcome.status is Status.NOT_ATTEMPTED
    assert "`double`" in outcome.message


def test_a_name_missing_in_the_learners_code_is_their_error():
    outcome = run("def double(x):\n    return twice(x)")
    assert outcome.status is Status.RAISED
    assert outcome.message == "NameError: name 'twice' is not defined"
    assert outcome.line == "line 3 of double: return twice(x)"


def test_torchs_own_not_implemented_is_an_error():
    cell = "import torch\nclass Empty(torch.nn.Module): pass\ndouble = Empty()"
    assert run(cell).status is Status.RAISED


@pytest.mark.parametrize(
    ("cell", "message", "line"),
    [
        ("def double(x):\n    return x / 0", "ZeroDivisionError: division by zero", "line 3 of double: return x / 0"),
        (
            "def double(x):\n    import torch\n    return torch.zeros(2) @ torch.zeros(3)",
            "RuntimeError: inconsistent tensor size",
            "line 4 of double: return torch.zeros(2) @ torch.zeros(3)",
        ),
        (
            "def double():\n    pass",
            "TypeError: double() takes 0 positional",
            "the check asked: double(2)",
        ),
        ("def double(x):\n    raise SystemExit", "your code ends Python", "line 3 of double: raise SystemExit"),
    ],
)
def test_an_error_is_told_with_the_learners_line(cell, message, line):
    outcome = run(cell)
    assert outcome.status is Status.RAISED
    assert outcome.message.startswith(message)
    assert outcome.line == line


def test_a_line_of_the_hidden_part_is_not_shown():
    hidden = "with check('double') as c:\n    ### BEGIN HIDDEN TESTS\n    c.equal(double(1, 7391), 4)\n"
    assert run("def double(x):\n    return x", hidden).line == ""
    shown = hidden + "    ### END HIDDEN TESTS\n    c.equal(double(2), 4)\n"
    assert run("def double(x, y):\n    return 4", shown).line == "the check asked: double(2)"


def test_a_question_of_several_lines_is_told_as_one():
    question = "with check('double') as c:\n    c.equal(\n        double(\n            2,\n            3,\n    ), 4)\n"
    assert run("def double(x):\n    return x", question).line == "the check asked: double(2, 3)"
