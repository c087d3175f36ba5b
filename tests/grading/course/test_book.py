"""Two runs at once take turns, and what is in the gradebook is read as nbgrader means it."""

import subprocess
import sys
import threading
import time

import pytest

from yolo_course.errors import CourseError
from yolo_course.grading.course import book

UNIT = "00_doubling"
HOLDER = """
import sys, time
from pathlib import Path
from yolo_course.grading.course import book
from yolo_course.grading.course.root import CourseRoot
with book.alone(CourseRoot(Path(sys.argv[1])), print):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(class_root):
    """Another process that holds the lock."""
    command = [sys.executable, "-c", HOLDER, str(class_root.folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


@pytest.mark.slow
def test_a_second_run_waits_says_so_and_goes_on_when_the_first_is_killed(class_root, holder):
    told, entered = [], threading.Event()

    def second():
        with book.alone(class_root, told.append):
            entered.set()

    thread = threading.Thread(target=second, daemon=True)
    thread.start()
    time.sleep(1)
    assert not entered.is_set()
    assert "another run is grading" in told[0]
    holder.kill()
    assert entered.wait(20)
    thread.join()


def test_the_gradebook_follows_the_source_and_is_left_alone_otherwise(class_root):
    book.update(class_root, UNIT)
    released = class_root.place("release", ".", UNIT) / f"{UNIT}.ipynb"
    first = released.stat().st_mtime_ns
    book.update(class_root, UNIT)
    assert released.stat().st_mtime_ns == first
    source = class_root.source(UNIT)
    source.write_text(source.read_text().replace('"points": 3', '"points": 5'))
    book.update(class_root, UNIT)
    with class_root.gradebook() as gradebook:
        assert gradebook.find_assignment(UNIT).max_score == 8


def test_an_exercise_that_comes_after_submissions_is_refused_in_one_line(released, gave):
    gave("ada", double=3)
    source = released.source(UNIT)
    source.write_text(source.read_text().replace('"grade_id": "triple_check"', '"grade_id": "new_check"'))
    with pytest.raises(CourseError, match="Cannot add or remove cells"):
        book.update(released, UNIT)


def test_scores_are_those_of_nbgrader(released, gave):
    gave("ada", timestamp="2026-01-02 03:04", double=3, triple=0)
    names = {"double_check": "double", "triple_check": "triple", "why": "why"}
    found = book.scores(released, UNIT, names)["ada"]
    assert (found.points, found.most, found.needs_a_person) == (3, 6, True)
    assert found.exercises == {"double": 3, "triple": 0, "why": 0}
    book.record_zero(released, "ada", UNIT)
    assert book.scores(released, UNIT, names)["ada"].points == 0


def test_nothing_recorded_is_none_whatever_lies_there(class_root):
    file = class_root.place("autograded", "ada", UNIT) / f"{UNIT}.ipynb"
    assert book.recorded(class_root, "ada", UNIT) is None
    file.parent.mkdir(parents=True)
    for text in ("", "{", "[]", '{"metadata": 3}', '{"metadata": {"yolo_course": {"graded": {"key": "a"}}}}'):
        file.write_text(text)
        assert book.recorded(class_root, "ada", UNIT) is None
