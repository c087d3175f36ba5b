import ast

import pytest

from yolo_course.grading.mutation.code import Code


def first(code, kind):
    return next(node for node in code.nodes() if isinstance(node, kind))


def test_one_place_changes_and_nothing_else():
    code = Code('grad = "30°"  # degrees\nturn = 1 + 2  # here\n')
    edit = code.instead("operator", first(code, ast.BinOp), "1 - 2")
    assert code.changed(edit) == 'grad = "30°"  # degrees\nturn = 1 - 2  # here\n'


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("x = a * b * c", "x = (a + b) * c"),
        ("x = (a * b) * c", "x = (a + b) * c"),
        ("x = f(a * b)", "x = f(a + b)"),
        ("x = y[a * b]", "x = y[a + b]"),
        ("x = -(a * b)", "x = -(a + b)"),
        ("x = (a * b).sum()", "x = (a + b).sum()"),
    ],
)
def test_parentheses_come_where_a_looser_operator_needs_them(source, changed):
    code = Code(source)
    node = [node for node in ast.walk(code.tree) if isinstance(node, ast.BinOp)][-1]
    assert code.changed(code.instead("operator", node, "a + b")) == changed


def test_an_operand_keeps_its_own_parentheses():
    code = Code("x = (a + b) * (c)")
    node = first(code, ast.BinOp)
    assert (code.text(node.left), code.text(node.right)) == ("(a + b)", "(c)")


TALK = """\
def f(x: int = 3) -> "text":
    'A docstring.'
    if x:
        raise ValueError("words")
    return f"{x} px"
"""


def test_what_speaks_to_people_stays():
    assert [node.value for node in Code(TALK).nodes() if isinstance(node, ast.Constant)] == [3]


def test_lines_outside_of_the_solution_stay():
    code = Code("a = 1\nb = 2\nc = 3\n", {2})
    assert [node.value for node in code.nodes() if isinstance(node, ast.Constant)] == [2]
