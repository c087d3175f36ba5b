from nbformat.v4 import new_code_cell, new_notebook

from yolo_course.grading.mutation.cut import Cut
from yolo_course.grading.mutation.kept import Kept
from yolo_course.grading.outcome import Outcome, Status

WRONG = Outcome(Status.WRONG, "no", "1", "2", "line 1: x")


def own(check):
    return Cut("00_unit", "area", new_notebook(cells=[new_code_cell(check, id="check")]))


def test_a_verdict_is_found_again(tmp_path):
    kept = Kept(own("a"), tmp_path)
    kept.add("x = 1", WRONG)
    kept.write()
    again = Kept(own("a"), tmp_path)
    assert again.find("x = 1") == WRONG
    assert again.find("x = 2") is None


def test_another_check_forgets_it_and_its_file_goes(tmp_path):
    kept = Kept(own("a"), tmp_path)
    kept.add("x = 1", WRONG)
    kept.write()
    other = Kept(own("b"), tmp_path)
    assert other.find("x = 1") is None
    other.write()
    assert list(tmp_path.iterdir()) == [other.file]


def test_a_broken_file_is_no_verdict(tmp_path):
    kept = Kept(own("a"), tmp_path)
    kept.file.write_text('{"half')
    assert Kept(own("a"), tmp_path).find("x = 1") is None
