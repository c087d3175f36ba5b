"""Mutants of a solution: the same cell with one small bug."""

import ast
import difflib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from yolo_course.grading.clear_solutions import STUB, solution_only
from yolo_course.grading.mutation import python_bugs, tensor_bugs
from yolo_course.grading.mutation.code import Code

OPERATORS = (*python_bugs.OPERATORS, *tensor_bugs.OPERATORS)


@dataclass(frozen=True)
class Mutant:
    """One small bug.

    Args:
        exercise: The exercise whose solution has it.
        what: What kind of bug it is.
        source: The whole cell with the bug in it.
        diff: Unified diff from the solution, without a header.
        line: What went, without comments and spacing; lines are joined by "⏎".
        becomes: What came in its place.
    """

    exercise: str
    what: str
    source: str
    diff: str
    line: str
    becomes: str

    @property
    def key(self) -> tuple[str, str]:
        """What the reviewed list knows it by; it outlives comments, spacing and moved lines."""
        return self.line, self.becomes


def mutants(exercise: str, cell: str) -> list[Mutant]:
    """Make every mutant of a solution, in the order of its lines; two that mean the same are one.

    Args:
        exercise: Name of the exercise.
        cell: Its cell, with `### BEGIN SOLUTION` and its like. Only what stands between them is changed.
    """
    solution = solution_only(cell)
    code = Code(solution, solution_lines(cell))
    seen, made = {ast.dump(code.tree)}, []
    for what, source in _changes(code):
        tree = _tree(source)
        if tree is not None and (meaning := ast.dump(tree)) not in seen:
            seen.add(meaning)
            made.append(Mutant(exercise, what, source, _diff(solution, source), *_told(code.tree, tree)))
    return made


def solution_lines(cell: str) -> set[int]:
    """Numbers of the lines of `solution_only(cell)` that stand inside of a solution region, counted from 1."""
    kept, number, inside, stub = set(), 0, False, False
    for line in cell.splitlines():
        mark = line.strip()
        if mark == "### BEGIN SOLUTION":
            inside, stub = True, False
        elif mark == "### END SOLUTION":
            inside, stub = False, False
        elif mark == STUB and inside:
            stub = True
        elif not stub:
            number += 1
            kept |= {number} if inside else set()
    return kept


def _changes(code: Code) -> Iterator[tuple[str, str]]:
    for node in code.nodes():
        for operator in OPERATORS:
            for edit in operator(code, node):
                yield edit.what, code.changed(edit)


def _tree(source: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `(2, 3)[:, None]` compiles with a warning
            compile(source, "<mutant>", "exec")
            return ast.parse(source)
    except (SyntaxError, ValueError):
        return None


def _diff(before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm="")
    return "\n".join(list(lines)[3:])


def _told(before: ast.Module, after: ast.Module) -> tuple[str, str]:
    """The lines that differ, as the syntax trees say them."""
    old, new = ast.unparse(before).splitlines(), ast.unparse(after).splitlines()
    told: tuple[list[str], list[str]] = [], []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            told[0].extend(old[i1:i2])
            told[1].extend(new[j1:j2])
    return tuple(" ".join(" ⏎ ".join(side).split()) for side in told)
