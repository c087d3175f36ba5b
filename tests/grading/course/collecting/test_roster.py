"""Lists of students, as they write them themselves and as Canvas, Moodle and Gradescope do."""

import pytest

from yolo_course.errors import CourseError
from yolo_course.grading.course.collecting.forms import Sender
from yolo_course.grading.course.collecting.roster import Roster

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,00 (77)
"    Points Possible",,,,,20
"Lovelace, Ada",12,U900,ada@example.org,One,
"Noll, Bob",13,U901,bob@example.org,One,4
"""
MOODLE = """\
\ufeffIdentifier,Full name,Email address,Status,Grade,Last modified (submission)
Participant 123,Ada Lovelace,ada@example.org,Submitted,,"Saturday, 21 November 2026, 2:23 PM"
Participant 124,Bob Noll,bob@example.org,No submission,,-
"""


@pytest.fixture
def roster(tmp_path):
    def read(text):
        (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
        return Roster(tmp_path / "roster.csv")

    return read


def test_canvas_gradebook_knows_by_its_number(roster):
    found = roster(CANVAS).find(Sender("12", ("12",), lms="12"))
    assert (found.student, found.first, found.last, found.lms) == ("ada@example.org", "Ada", "Lovelace", "12")


def test_canvas_is_known_by_its_joined_name_where_the_list_has_no_numbers(roster):
    people = roster("student_id,name\nada,Ada Lovelace\nann,Ann-Marie O'Neil\nbo1,Bo Noll\nbo2,Bo Noll\n")
    found = people.find(Sender("12", ("12",), lms="12", joined="lovelaceada"))
    assert (found.student, found.lms) == ("ada", "12")
    assert people.find(Sender("13", ("13",), lms="13", joined="oneilannmarie")).student == "ann"
    assert people.find(Sender("14", ("14",), lms="14", joined="nollbo")) is None


def test_moodles_worksheet_knows_the_participant_and_the_time(roster, monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    import time

    time.tzset()
    try:
        people = roster(MOODLE)
    finally:
        monkeypatch.undo()
        time.tzset()
    found = people.find(Sender("x", ("123", "participant 123")))
    assert (found.student, found.first, found.last) == ("ada@example.org", "Ada", "Lovelace")
    assert f"{found.received:%F %R}" == "2026-11-21 13:23"
    assert people.people["bob@example.org"].received is None


def test_one_s_own_list_with_semicolons(roster):
    people = roster("student_id;name;email\nada;Ada Lovelace;ADA@example.org\n")
    for sender in (
        Sender("?", ("ada",)),
        Sender("?", (), email="ada@Example.org"),
        Sender("?", (), name="ada lovelace"),
    ):
        assert people.find(sender).student == "ada"


def test_a_name_that_two_have_is_no_answer(roster):
    people = roster("student_id,name\n1,Ada Lovelace\n2,Ada Lovelace\n")
    assert people.find(Sender("?", (), name="Ada Lovelace")) is None
    assert people.find(Sender("?", ("2",), name="Ada Lovelace")).student == "2"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name\nAda\n", "no students"),
        ("", "no students"),
        ("id\n1\n1\n", "twice"),
        ("id\n\ud800".encode("utf-8", "surrogatepass"), "UTF-8"),
    ],
)
def test_a_list_that_is_none_is_said(tmp_path, text, said):
    file = tmp_path / "roster.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CourseError, match=said):
        Roster(file)
