import pytest
from nbformat.v4 import new_code_cell, new_notebook

from yolo_course.errors import UnitError
from yolo_course.grading.mutation import survey
from yolo_course.grading.mutation.cut import cut, exercises
from yolo_course.grading.mutation.giveaway import Secrets
from yolo_course.grading.mutation.judged import Entry
from yolo_course.grading.mutation.mutants import mutants
from yolo_course.grading.mutation.subjects import Subject
from yolo_course.grading.mutation.survey import Choice, Exercise
from yolo_course.grading.mutation.trials import Trial
from yolo_course.grading.outcome import Outcome, Status

CELL = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
CHECK = 'with check("double") as c:\n    c.equal(double(2), 4)'
PASSED, WRONG = Outcome(Status.PASSED, "All checks hold."), Outcome(Status.WRONG, "it is not twice as much")


def cell(source, role, name=""):
    return new_code_cell(source, metadata={"yolo_course": {"role": role, "name": name}} if role else {})


@pytest.fixture
def source():
    made = [
        cell("import torch", "setup"),
        cell("train()", ""),
        cell(CELL.replace("double", "half"), "exercise", "half"),
        cell(CHECK.replace("double", "half"), "check", "half"),
        cell(CELL, "clinic", "double"),
        cell(CHECK, "check", "double"),
        cell("late = 1", "setup"),
    ]
    return new_notebook(cells=made)


def test_a_cut_holds_what_stands_before_a_check_and_no_other_check(source):
    assert exercises(source) == ["half", "double"]
    own = cut("00_unit", "double", source)
    assert [each.source.splitlines()[0] for each in own.source.cells] == [
        "import torch",
        "def half(x):",
        "def double(x):",
        'with check("double") as c:',
    ]
    handed_in = own.submission("def double(x): ...").cells
    assert handed_in[1].source == "def half(x):\n    return 2 * x"
    assert handed_in[2].source == "def double(x): ..."
    assert own.cell == CELL  # the cut itself stays


def test_a_draw_is_the_same_for_the_same_seed_and_in_the_order_of_the_lines():
    found = mutants("double", CELL)
    drawn = Choice(sample=3, seed=1).of("double", found)
    assert drawn == Choice(sample=3, seed=1).of("double", found)
    assert any(drawn != Choice(sample=3, seed=seed).of("double", found) for seed in range(2, 9))
    assert [found.index(each) for each in drawn] == sorted(found.index(each) for each in drawn)
    assert Choice(limit=2).of("double", found) == found[:2]
    assert Choice(sample=999).of("double", found) == found


def test_each_fate_is_counted_and_judged_mutants_are_out_of_the_rate(source):
    found = mutants("double", CELL)
    entry = Entry("double", "a reason", found[0].key)
    tried = Exercise(cut("00_unit", "double", source), found[:5], [entry], [])
    ends = [
        Trial(PASSED, 0.1),
        Trial(PASSED, 0.1),
        Trial(WRONG, 0.1),
        Trial(None, 9.0, "no answer within 54 s"),
        Trial(None, 0.1, "the process died"),
    ]
    for mutant, trial in zip(found, ends, strict=False):
        tried.add(mutant, trial, Secrets(CELL, CHECK))
    assert [each.fate for each in tried.tried] == ["judged", "survived", "killed", "killed", "broken"]
    assert survey.rate([tried]) == pytest.approx(2 / 3)
    record = tried.record()
    assert (record["mutants"], record["killed"], record["judged"], record["survived"]) == (5, 2, 1, 1)
    assert [each["why"] for each in record["kept"]] == ["a reason", "", "the process died"]


def test_an_unknown_exercise_is_refused(source, tmp_path):
    subject = Subject("00_unit", source, tmp_path / "mutants.yaml")
    with pytest.raises(UnitError, match="unknown exercise"):
        survey.plan([subject], ["triple"], Choice())
    assert [each.name for each in survey.plan([subject], [], Choice(limit=1))] == ["00_unit/half", "00_unit/double"]
