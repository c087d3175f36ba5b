"""Mutants are made of text alone: nothing is run here."""

import ast

import pytest

from yolo_course.grading.build import find_course
from yolo_course.grading.mutation.mutants import mutants, solution_lines

COURSE = find_course()
CELLS = [(name, cell) for name in COURSE.names() for cell in COURSE.unit(name).with_role("exercise", "clinic")]


def of(body, before=""):
    """What the lines of a solution become."""
    cell = f"{before}### BEGIN SOLUTION\n{body}\n### END SOLUTION\n"
    return {(mutant.what, mutant.becomes) for mutant in mutants("one", cell)}


@pytest.mark.parametrize(
    ("line", "what", "becomes"),
    [
        ("y = a - b", "operator", "y = a + b"),
        ("y = a - b", "dropped term", "y = b"),
        ("y = a - b", "swapped sides", "y = b - a"),
        ("y = a > b", "comparison", "y = a >= b"),
        ("y = a and b", "and, or", "y = a or b"),
        ("y = not a", "dropped sign", "y = a"),
        ("y = b if a else c", "negated condition", "y = b if not a else c"),
        ("y = [a for a in b if c]", "dropped condition", "y = [a for a in b if True]"),
        ("y = 3", "off by one", "y = 4"),
        ("y = True", "other truth", "y = False"),
        ("y = f(a, b)", "swapped arguments", "y = f(b, a)"),
        ("y = f(a, b=c)", "dropped argument", "y = f(a)"),
        ("y = max(a, 1)", "dropped limit", "y = a"),
        ("y = x[1:]", "dropped end of a slice", "y = x[:]"),
        ("y = a, b", "swapped items", "y = (b, a)"),
        ("y = {'a': 1, 'b': 2}", "dropped item", "y = {'b': 2}"),
        ("y = x.permute(2, 0, 1)", "swapped arguments", "y = x.permute(0, 2, 1)"),
        ("y = x.mean(1)", "dropped dimension", "y = x.mean()"),
        ("y = x.mean(0)", "other dimension", "y = x.mean(1)"),
        ("y = x.sum(-1)", "other dimension", "y = x.sum(-2)"),
        ("y = x.sum(-1)", "kept dimension", "y = x.sum(-1, keepdim=True)"),
        ("y = x.detach()", "dropped call", "y = x"),
        ("y = x.clamp(min=0)", "other bound", "y = x.clamp(max=0)"),
        ("y = x.clamp(min=0)", "in place", "y = x.clamp_(min=0)"),
        ("y = f(x)", "cut off from the gradient", "y = f(x).detach()"),
        ("x = x * y", "in place", "x *= y"),
        ("m.eval()", "other name", "m.train()"),
        ("m.eval()", "dropped statement", "pass"),
        ("y = nn.Conv2d(3, 4, 1)", "option too many", "y = nn.Conv2d(3, 4, 1, bias=False)"),
        ("y = self.cv1(x)", "other layer", "y = self.cv2(x)"),
        ("with torch.no_grad():\n    y = 1", "dropped context", "if True:"),
    ],
)
def test_a_bug_is_planted(line, what, becomes):
    assert (what, becomes) in of(line)


def test_a_parameter_is_taken_for_the_next_one():
    cell = "def f(self, a, b):\n    ### BEGIN SOLUTION\n    return a\n    ### END SOLUTION\n"
    assert ("other parameter", "return b") in {(each.what, each.becomes) for each in mutants("one", cell)}


def test_only_the_solution_is_changed_and_its_stub_is_gone():
    cell = "a = 1\n### BEGIN SOLUTION\nb = 2\n### STUB\n# b = 5\n### END SOLUTION\nc = 3\n"
    assert solution_lines(cell) == {2}
    found = mutants("one", cell)
    assert {each.line for each in found} == {"b = 2"}
    assert all(each.source.startswith("a = 1\n") and each.source.endswith("\nc = 3") for each in found)


def test_the_diff_shows_the_line_as_it_is_written():
    (found,) = [
        each for each in mutants("one", "### BEGIN SOLUTION\na = [1,2]  # two\n### END SOLUTION") if "3" in each.diff
    ]
    assert found.diff.splitlines() == ["-a = [1,2]  # two", "+a = [1,3]  # two"]


def test_comments_and_spacing_do_not_change_what_a_mutant_is_known_by():
    plain = {each.key for each in mutants("one", "### BEGIN SOLUTION\na = f(b, 1)\n### END SOLUTION")}
    spaced = {each.key for each in mutants("one", "### BEGIN SOLUTION\na = f( b,  1 )  # new\n### END SOLUTION")}
    assert plain == spaced


@pytest.mark.slow
@pytest.mark.parametrize("case", CELLS, ids=lambda case: f"{case[0]}-{case[1].name}")
def test_every_solution_of_the_course_has_mutants_and_no_two_are_alike(case):
    _, cell = case
    found = mutants(cell.name, cell.source)
    assert found
    trees = {ast.dump(ast.parse(each.source)) for each in found}
    assert len(trees) == len(found)
