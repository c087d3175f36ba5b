import pytest

from yolo_course.errors import UnitError
from yolo_course.grading.build import find_course
from yolo_course.grading.mutation import judged
from yolo_course.grading.mutation.mutants import mutants

COURSE = find_course()
CELL = "### BEGIN SOLUTION\nreturn_value = f(shared,  1)  # words\n### END SOLUTION"
LIST = """\
ratio:
  - why: any divisor will do
    line: return_value = f(shared, 1)
    becomes:
      - return_value = f(shared, 2)
  - why: nothing here has a gradient
    what: cut off from the gradient
"""


@pytest.fixture
def file(tmp_path):
    made = tmp_path / judged.FILE
    made.write_text(LIST)
    return made


def test_a_mutant_is_found_by_its_lines_or_its_kind(file):
    entries = judged.read(file)
    reasons = {each.becomes: judged.reason(entries, each) for each in mutants("ratio", CELL)}
    assert reasons["return_value = f(shared, 2)"] == "any divisor will do"
    assert reasons["return_value = f(shared, 1).detach()"] == "nothing here has a gradient"
    assert reasons["return_value = f(shared, 0)"] == ""


def test_a_reason_holds_for_its_own_exercise_alone(file):
    assert not any(judged.reason(judged.read(file), each) for each in mutants("other", CELL))


def test_an_entry_that_no_mutant_answers_to_is_stale(file):
    entries = judged.read(file)
    assert judged.stale(entries, mutants("ratio", CELL)) == []
    changed = mutants("ratio", CELL.replace("f(", "g("))
    assert [each.why for each in judged.stale(entries, changed)] == ["any divisor will do"]


@pytest.mark.parametrize("text", ["ratio: 3", "ratio:\n  - line: x", "ratio:\n  - why: x", "a: [", "[1]"])
def test_a_malformed_list_is_refused(file, text):
    file.write_text(text)
    with pytest.raises(UnitError, match="malformed"):
        judged.read(file)


@pytest.mark.parametrize("name", COURSE.names())
def test_no_entry_of_the_course_is_stale(name):
    unit = COURSE.unit(name)
    cells = unit.with_role("exercise", "clinic")
    entries = judged.read(unit.folder / judged.FILE)
    assert {each.exercise for each in entries} <= {cell.name for cell in cells}
    assert judged.stale(entries, [each for cell in cells for each in mutants(cell.name, cell.source)]) == []
