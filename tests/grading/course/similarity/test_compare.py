"""Copies are found and independent right answers are not, measured on the answers of units 00 and 01."""

import ast
import builtins
import inspect
import json
import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from yolo_course.cli import app, similar
from yolo_course.errors import CourseError
from yolo_course.grading.answers import read_answers
from yolo_course.grading.build import find_course
from yolo_course.grading.course.root import CourseRoot
from yolo_course.grading.course.similarity.compare import FEW, LEAST, THRESHOLD, compare_unit, pairs
from yolo_course.grading.course.similarity.own_code import LONGEST, read_lesson, read_own_code
from yolo_course.grading.course.similarity.passages import passages
from yolo_course.grading.course.similarity.report import similarity_page
from yolo_course.grading.notebooks import dumps, learner_notebook, source_notebook
from yolo_course.grading.outcome import Status

COURSE = find_course()
UNITS = [COURSE.unit("00"), COURSE.unit("01")]


def answers(unit, number):
    """The unit done by one learner: of each exercise the right answer of this number, or the first wrong one."""
    done = {}
    for cell in unit.with_role("exercise", "clinic"):
        known = read_answers(unit, cell.name)
        right = [answer.source for answer in known if answer.status is Status.PASSED]
        wrong = [answer.source for answer in known if answer.status is not Status.PASSED]
        done[cell.name] = [*right, *wrong][number]
    return done


def submission(unit, done, added=()):
    """A learner's notebook with these answers, and cells of their own before everything else."""
    notebook = learner_notebook(unit)
    for cell in notebook.cells:
        cell.source = done.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    cells = json.loads(dumps(notebook))
    cells["cells"][:0] = [{"cell_type": "code", "metadata": {}, "source": text, "outputs": []} for text in added]
    return json.dumps(cells)


class Renamed(ast.NodeTransformer):
    """Give every name that is no builtin another one, and drop docstrings' comments by the way."""

    def visit_Name(self, node):
        node.id = node.id if hasattr(builtins, node.id) else f"my_{node.id[::-1]}"
        return node

    def visit_arg(self, node):
        node.arg = f"my_{node.arg[::-1]}"
        return node

    def visit_Attribute(self, node):
        self.generic_visit(node)
        node.attr = f"its_{node.attr}"
        return node


def renamed(source):
    return ast.unparse(Renamed().visit(ast.parse(source)))


def reordered(source):
    """The functions and classes of a cell in the opposite order, and methods, too."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef)):
            node.body.reverse()
    return ast.unparse(tree)


@pytest.fixture
def classroom(tmp_path):
    """A course root with units 00 and 01, and a way to hand in."""
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    for unit in UNITS:
        (tmp_path / "source" / unit.name).mkdir(parents=True)
        (tmp_path / "source" / unit.name / f"{unit.name}.ipynb").write_text(dumps(source_notebook(unit)))

    def hand_in(student, unit, text):
        file = tmp_path / "submitted" / student / unit.name / f"{unit.name}.ipynb"
        file.parent.mkdir(parents=True)
        file.write_text(text)

    return CourseRoot(tmp_path), hand_in


def told(found):
    return {(pair.first.student, pair.second.student): pair.score for pair in found.pairs}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_copies_are_found_and_independent_answers_are_not(unit, classroom):
    root, hand_in = classroom
    for number, student in enumerate(("ada", "bob", "cleo")):
        hand_in(student, unit, submission(unit, answers(unit, number)))
    hand_in("dan", unit, submission(unit, {name: renamed(text) for name, text in answers(unit, 0).items()}))
    hand_in("eve", unit, submission(unit, {name: reordered(text) for name, text in answers(unit, 1).items()}))

    found = compare_unit(root, unit.name)
    assert set(told(found)) == {("ada", "dan"), ("bob", "eve")}
    assert min(told(found).values()) > 2 * THRESHOLD
    everything = told(compare_unit(root, unit.name, threshold=0.01))
    independent = [score for pair, score in everything.items() if pair not in told(found)]
    assert max(independent, default=0) < 0.7 * THRESHOLD


def test_the_lessons_own_code_and_its_solutions_are_no_copy(classroom):
    root, hand_in = classroom
    unit = UNITS[0]
    lesson = read_lesson(source_notebook(unit))
    for student in ("ada", "bob"):
        hand_in(student, unit, submission(unit, {}))
        work = read_own_code(root.place("submitted", student, unit.name) / f"{unit.name}.ipynb", student, lesson)
        assert work.cells == []  # an untouched notebook
    solved = json.loads((COURSE.solution_file(unit)).read_text())
    for student in ("cleo", "dan"):
        hand_in(student, unit, json.dumps(solved))
    assert compare_unit(root, "00", 0.01).pairs == []


def test_what_much_of_the_class_shares_is_no_copy_but_a_few_friends_are(classroom):
    root, hand_in = classroom
    unit = UNITS[0]
    for number in range(FEW):
        hand_in(f"friend{number}", unit, submission(unit, answers(unit, 0)))
    assert len(compare_unit(root, "00").pairs) == 3
    hand_in("another", unit, submission(unit, answers(unit, 0)))
    assert compare_unit(root, "00").pairs == []


def test_what_cannot_be_compared_is_told_and_costs_only_itself(classroom):
    root, hand_in = classroom
    unit = UNITS[0]
    for student, number in (("ada", 0), ("bob", 0), ("cleo", 1)):
        hand_in(student, unit, submission(unit, answers(unit, number), ["x = (1,\n", "x=1\n" * LONGEST]))
    for student, text in (("dan", "[[["), ("eve", '{"cells": [1]}'), ("fay", "[" * 100_000), ("gus", "{}")):
        hand_in(student, unit, text)
    root.place("submitted", "hal", unit.name).mkdir(parents=True)

    found = compare_unit(root, "00")
    assert set(told(found)) == {("ada", "bob")}
    assert found.compared == 3
    gaps = [f"{student}: {gap}" for student, gap in found.gaps]
    assert gaps[0] == "ada: code cell 1: does not parse"
    assert gaps[1] == "ada: code cell 2: 300,000 characters too many"
    assert [gap for gap in gaps if "no notebook" in gap] == [
        f"{student}: no notebook that can be read" for student in ("dan", "eve", "fay", "gus", "hal")
    ]


def test_passages_are_equal_runs_that_do_not_overlap(classroom):
    root, hand_in = classroom
    unit = UNITS[1]
    hand_in("ada", unit, submission(unit, answers(unit, 0)))
    hand_in("bob", unit, submission(unit, {name: renamed(reordered(text)) for name, text in answers(unit, 0).items()}))
    (pair,) = compare_unit(root, "01").pairs
    taken = set()
    for passage in passages(pair):
        runs = []
        for side, work in (("first", pair.first), ("second", pair.second)):
            cell, start = getattr(passage, f"{side}_cell"), getattr(passage, f"{side}_start")
            runs.append([token.kind for token in work.cells[cell].tokens[start : start + passage.length]])
            places = {(side, cell, at) for at in range(start, start + passage.length)}
            assert not places & taken
            taken |= places
        assert runs[0] == runs[1]
        assert len(runs[0]) == passage.length
    assert len(taken) > LEAST


def test_the_page_shows_the_passages_and_nothing_of_the_learners_as_html(classroom):
    root, hand_in = classroom
    unit = UNITS[0]
    evil = "note = '</pre><script>alert(1)</script>'\n"
    for student in ("ada", "<b>bob"):
        hand_in(student, unit, submission(unit, {name: evil + text for name, text in answers(unit, 0).items()}))
    text = similarity_page(compare_unit(root, "00"))
    assert "<script" not in text
    assert "<b>" not in text
    assert "&lt;script&gt;" in text
    assert "This is no proof" in text
    assert text.count("<mark") >= 2
    assert "http" not in text.replace("http-equiv", "")
    assert "pair-1" not in similarity_page(compare_unit(root, "00"), shown=0)


def test_a_class_of_hundreds_is_compared_by_an_index(classroom):
    unit = UNITS[0]
    root, hand_in = classroom
    hand_in("ada", unit, submission(unit, answers(unit, 0)))
    lesson = read_lesson(source_notebook(unit))
    ada = read_own_code(root.place("submitted", "ada", unit.name) / f"{unit.name}.ipynb", "ada", lesson)
    others = [
        type(ada)(f"s{n}", [], {hash((n, k)): [(0, 0)] for k in range(300)} | {k: [(0, 0)] for k in range(n % 9)}, [])
        for n in range(1500)
    ]
    copy = type(ada)("copy", ada.cells, ada.prints, [])
    assert [(p.first.student, p.second.student) for p in pairs([ada, *others, copy], lesson)] == [("ada", "copy")]


@pytest.mark.slow
def test_the_command_line(classroom):
    root, hand_in = classroom
    unit = UNITS[0]
    for student, number in (("ada", 0), ("bob", 0), ("cleo", 1)):
        hand_in(student, unit, submission(unit, answers(unit, number)))

    def run(*arguments):
        command = [sys.executable, "-m", "yolo_course", "similar", *map(str, arguments), "--course", str(root.folder)]
        return subprocess.run(command, capture_output=True, text=True, env=os.environ | {"COLUMNS": "100"})

    page = root.folder / "similarity" / f"{unit.name}.html"
    shown = CliRunner().invoke(app, ["similar", "00", "--course", str(root.folder)])
    assert shown.exit_code == 0
    assert "3 submissions, 1 pair is alike. This is no proof" in shown.stdout
    assert [file.name for file in page.parent.iterdir()] == [page.name]

    done = run("00", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    (record,) = json.loads(done.stdout)
    assert record["pairs"][0]["students"] == ["ada", "bob"]
    assert record["page"] == str(page)
    done = run("07")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


def test_a_threshold_must_be_a_share(classroom):
    with pytest.raises(CourseError, match="threshold"):
        compare_unit(classroom[0], "00", 0.0)
    assert inspect.signature(similar.similar).parameters["threshold"].default == THRESHOLD
