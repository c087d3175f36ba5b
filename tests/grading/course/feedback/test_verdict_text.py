"""A verdict is read back as it was written."""

from hypothesis import given
from hypothesis import strategies as st

from yolo_course.grading.course.feedback.verdict_text import read_verdict
from yolo_course.grading.outcome import Outcome, Status
from yolo_course.grading.render import note_box, outcome_box
from yolo_course.grading.syllabus import Exercise

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
LINES = st.lists(st.text("ab 0.[],", min_size=1, max_size=20), max_size=3).map("\n".join)
HINTED = Exercise("double", "exercise", 3, 5, 1, ("Think.",))


@given(st.sampled_from(Status), TEXT, LINES, LINES, TEXT, st.sampled_from([None, HINTED]))
def test_what_a_box_says_is_read_back(status, message, expected, found, line, exercise):
    outcome = Outcome(status, message, expected, found, line)
    assert read_verdict(outcome_box("double", outcome, exercise).text) == outcome


def test_other_text_is_no_verdict():
    for text in ("", "passed", "✓ double: passed", note_box("double: maybe", "x").text, "✓ double: passed!\n  x"):
        assert read_verdict(text) is None
