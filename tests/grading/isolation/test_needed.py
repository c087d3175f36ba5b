"""Which cells of a submission run."""

import copy

from nbformat.v4 import new_code_cell, new_notebook

from yolo_course.grading.isolation.needed import bound_at_top, steps


def cell(identity, source, role="", name=""):
    made = new_code_cell(source=source, id=identity)
    if role:
        made.metadata["yolo_course"] = {"role": role, "name": name}
    if name:
        made.metadata["nbgrader"] = {"grade_id": name if role == "exercise" else f"{name}_check"}
    return made


SOURCE = new_notebook(
    cells=[
        cell("setup-1", "import math", "setup"),
        cell("code-1", "helper = math.pi\nfor step in range(3):\n    pass"),
        cell("code-2", "train_for_a_minute()"),
        cell("exercise-area", "def area(r):\n    return math.pi * r * r", "exercise", "area"),
        cell("check-area", "area(1)", "check", "area"),
    ]
)


def run(change=lambda notebook: None):
    submitted = copy.deepcopy(SOURCE)
    change(submitted)
    return [(step.cell, step.source) for step in steps(SOURCE, submitted)]


def test_lessons_and_checks_do_not_run():
    assert [identity for identity, _ in run()] == ["setup-1", "exercise-area"]


def test_a_lesson_that_an_answer_leans_on_does():
    def lean(notebook):
        notebook.cells[3].source = "def area(r):\n    return helper * r * r"

    assert [identity for identity, _ in run(lean)] == ["setup-1", "code-1", "exercise-area"]


def test_a_name_that_is_only_local_needs_no_lesson():
    def local(notebook):
        notebook.cells[3].source = "def area(r):\n    step = helper = 2\n    return helper * step * r"

    assert [identity for identity, _ in run(local)] == ["setup-1", "exercise-area"]


def test_what_the_learner_added_runs_where_it_stands():
    def add(notebook):
        notebook.cells.insert(3, new_code_cell(source="mine = 1", id="mine"))

    assert [identity for identity, _ in run(add)] == ["setup-1", "mine", "exercise-area"]


def test_setup_cells_are_the_courses_own():
    def forge(notebook):
        notebook.cells[0].source = "math = None"

    assert run(forge)[0] == ("setup-1", "import math")


def test_a_cell_that_is_no_python_is_kept_and_runs_into_its_error():
    def broken(notebook):
        notebook.cells[3].source = "def area(:"

    assert ("exercise-area", "def area(:") in run(broken)


def test_names_at_the_top():
    text = "import a.b as c, d.e\nfrom f import g as h\nx = y, z = 1, 2\nw: int = 3\ndef fn(p): q = 1\nclass K: r = 2"
    assert bound_at_top(text) == {"c", "d", "h", "x", "y", "z", "w", "fn", "K"}
