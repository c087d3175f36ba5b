"""What a message must not give away: a line of the solution, a hidden input, a line or a place of ours."""

import ast
import re
import textwrap
from pathlib import Path

import yolo_course
from yolo_course.grading.clear_solutions import solution_only
from yolo_course.grading.mutation.mutants import solution_lines
from yolo_course.grading.outcome import Outcome, Status

LINE, TEXT, DIGITS = 15, 6, 4  # characters of a line that is trivial, of a text that is a secret, digits of a number
WORDS = 5  # a text of so many words is a hint, made to be read
_HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n(.*?)^[ \t]*### END HIDDEN TESTS", re.MULTILINE | re.DOTALL)


class Secrets:
    """What is kept from the learners of one exercise.

    Args:
        cell: The exercise's cell with its markers.
        check: The check's cell with its markers.
    """

    def __init__(self, cell: str, check: str):
        lines, numbers = solution_only(cell).splitlines(), solution_lines(cell)
        own = {line.partition("  #")[0].strip() for number, line in enumerate(lines, 1) if number in numbers}
        self.solution = sorted(line for line in own if len(line) > LINE)
        shown = _HIDDEN.sub("", check) + "\n".join(line for n, line in enumerate(lines, 1) if n not in numbers)
        hidden = "\n".join(textwrap.dedent(part) for part in _HIDDEN.findall(check))
        self.inputs = sorted(each for each in _literals(hidden) if each not in shown)
        self.lines = {line.strip() for line in hidden.splitlines() if len(line.strip()) > LINE}

    def given_away(self, outcome: Outcome, answer: str) -> list[str]:
        """Say what an outcome gives away to the one who wrote the answer; empty if nothing.

        An input may stand in what the learner's own code made of it: in its result, in the text of its error.

        Args:
            outcome: What the check said.
            answer: The learner's cell.
        """
        told = "\n".join((outcome.message, outcome.expected, outcome.found, outcome.line))
        found = [f"a line of the solution: {line}" for line in self.solution if line in told and line not in answer]
        ours = outcome.expected + "\n" + outcome.message * (outcome.status is not Status.RAISED)
        found += [f"a hidden input: {each}" for each in self.inputs if _stands(each, ours) and each not in answer]
        found += [f"a line of the hidden check: {line}" for line in self.lines if line in told and line not in answer]
        found += [f"an insider's word: {word}" for word in _INSIDE if word in told and word not in answer]
        return found


_INSIDE = ("Traceback", str(Path(yolo_course.__file__).parent), "site-packages", "yolo_course/grading")


def _stands(literal: str, text: str) -> bool:
    """Whether a literal is in a text, not as a part of a longer number or word."""
    return re.search(rf"(?<![\w.]){re.escape(literal)}(?![\w]|\.\d)", text) is not None


def _literals(source: str) -> set[str]:
    """Numbers and texts that a piece of a check gives to the learner's code."""
    tree = ast.parse(source)
    ours = {id(each) for node in ast.walk(tree) for part in _answers(node) for each in ast.walk(part)}
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in ours:
            value = node.value
            if isinstance(value, str) and len(value) >= TEXT and len(value.split()) < WORDS:
                found.add(value)
            elif type(value) in (int, float) and sum(each.isdigit() for each in repr(value)) >= DIGITS:
                found.add(repr(value))
    return found


def _answers(node: ast.AST) -> list[ast.AST]:
    """Of a question to the learner's code: what is expected and what is said, which is shown on purpose."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return node.body[:1] if ast.get_docstring(node) else []
    asked = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    if asked and isinstance(node.func.value, ast.Name) and node.func.value.id == "c":
        return [*node.args[1:], *(each.value for each in node.keywords)]
    return []
