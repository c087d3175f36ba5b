"""Canvas's, Moodle's and Gradescope's exports, and plain folders, are told apart and read."""

from datetime import datetime
from pathlib import PurePosixPath

import pytest

from yolo_course.errors import CourseError
from yolo_course.grading.course.collecting.archives import Entry
from yolo_course.grading.course.collecting.forms import HandIn, read_form, safe_id

METADATA = b"""\
---
submission_101:
  :submitters:
  - :name: Ada Lovelace
    :sid: '900'
    :email: ada@example.org
  :created_at: 2026-11-20 22:40:25.482918000 +01:00
  :status: processed
submission_102:
  :submitters:
  - :name: Bob Noll
    :sid:
    :email: bob@example.org
  - :name: Cy Young
    :sid: '902'
    :email: cy@example.org
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: &1 2026-11-21 08:00:00.000000000 Z
    zone: !ruby/object:ActiveSupport::TimeZone
      name: America/Los_Angeles
    time: 2026-11-21 00:00:00.000000000 Z
submission_103:
"""


def entries(*paths, **data):
    return [Entry(PurePosixPath(path), "", lambda path=path: data.get(path, b"")) for path in paths]


def told(found):
    """Who handed in what, as the export tells."""
    return [(sender.student, each.name) for each in found if isinstance(each, HandIn) for sender in each.senders]


def test_canvas():
    names = (
        "lovelaceada_12_345_01_modules.ipynb",
        "müllerbob_LATE_13_346_01_modules-2.ipynb",
        "anon_LATE_x9Kp_347_01_modules.ipynb",
        "noll_14_348_all_of_it/01_modules.ipynb",
        "notes.txt",
    )
    form, found = read_form(entries(*names))
    assert form == "canvas"
    assert told(found) == [
        ("12", "01_modules.ipynb"),
        ("13", "01_modules-2.ipynb"),
        ("anon-x9Kp", "01_modules.ipynb"),
        ("14", "01_modules.ipynb"),
    ]
    hand_ins = found[:4]
    assert [each.late for each in hand_ins] == [False, True, True, False]
    assert [each.senders[0].lms for each in hand_ins] == ["12", "13", "", "14"]
    assert hand_ins[0].order < hand_ins[1].order
    assert found[4].path.name == "notes.txt"


def test_moodle_with_and_without_folders():
    form, found = read_form(
        entries(
            "Ada Lovelace_123_assignsubmission_file_/01_modules.ipynb",
            "Ana_Maria de la Cruz_124_assignsubmission_file_hand_in.ipynb",
            "Participant_125_assignsubmission_file_/deep/01_modules.ipynb",
            "Ada Lovelace_123_assignsubmission_onlinetext_/onlinetext.html",
        )
    )
    assert form == "moodle"
    assert told(found) == [
        ("ada_lovelace", "01_modules.ipynb"),
        ("ana_maria_de_la_cruz", "hand_in.ipynb"),
        ("participant-125", "01_modules.ipynb"),
        ("ada_lovelace", "onlinetext.html"),
    ]
    assert found[0].senders[0].keys[0] == "123"
    assert found[0].senders[0].name == "Ada Lovelace"


@pytest.mark.parametrize(
    ("form", "name"),
    [("canvas", "a_12_345_x.ipynb"), ("moodle", "A B_12_assignsubmission_file_/x.ipynb"), ("plain", "ada/x.ipynb")],
)
def test_one_folder_around_all_is_no_matter(form, name):
    for path in (name, f"around/{name}"):
        found_form, found = read_form(entries(path))
        assert (found_form, told(found)[0][1]) == (form, "x.ipynb")


def test_names_that_a_learner_chose_below_their_own_do_not_count():
    forged = ["bob_13_999_x.ipynb", "Bob_7_assignsubmission_file_/x.ipynb", "submission_metadata.yml"]
    many = [f"bob_13_{number}_x.ipynb" for number in range(1000, 1100)]
    form, found = read_form(entries(*(f"ada/{name}" for name in forged + many), "bob/x.ipynb", "cy/x.ipynb"))
    assert form == "plain"
    assert {who for who, _ in told(found)} == {"ada", "bob", "cy"}
    form, found = read_form(entries(*(f"a_12_1_mine/{name}" for name in forged + many), "b_13_2_x.ipynb"))
    assert [who for who, _ in told(found)].count("13") == 1
    form, found = read_form(
        entries(*(f"Ada_1_assignsubmission_file_/{name}" for name in forged), "Bob_2_assignsubmission_file_/x.ipynb")
    )
    assert [who for who, _ in told(found)].count("bob") == 1


def test_gradescope_tells_groups_and_times():
    top = "assignment_7_export"
    names = [f"{top}/submission_{n}/01_modules.ipynb" for n in (101, 102, 103, 104)]
    metadata = f"{top}/submission_metadata.yml"
    form, found = read_form(entries(*names, metadata, **{metadata: METADATA}))
    assert form == "gradescope"
    assert [who for who, _ in told(found)] == ["900", "bob@example.org", "902"]
    assert found[0].received == datetime(2026, 11, 20, 21, 40, 25, 482918)
    assert found[1].received == datetime(2026, 11, 21, 8)
    assert [str(each.path) for each in found if isinstance(each, Entry)] == names[2:]


@pytest.mark.parametrize(
    "text", [b"", b"- a list", b"{", b"a: 1", b"a: {:submitters: 5}", b"!!python/object/apply:os.system ['true']"]
)
def test_gradescopes_metadata_may_be_broken(text):
    with pytest.raises(CourseError, match="metadata"):
        read_form(entries("submission_metadata.yml", **{"submission_metadata.yml": text}))


def test_gradescope_needs_its_metadata():
    with pytest.raises(CourseError, match=r"submission_metadata\.yml"):
        read_form(entries("submission_1/a.ipynb"), "gradescope")


@pytest.mark.parametrize("top", ["", "class of 2026/"])
def test_plain_folders_with_and_without_one_around_them(top):
    names = ("ada/01_modules.ipynb", "ada/timestamp.txt", "b b/01_modules/01_modules.ipynb", "c/01_modules.ipynb")
    stamp = {f"{top}ada/timestamp.txt": b"2026-11-21 10:00:00.500000 UTC\n"}
    form, found = read_form(entries(*(top + name for name in names), **stamp))
    assert form == "plain"
    assert told(found) == [(who, "01_modules.ipynb") for who in ("ada", "b_b", "c")]
    assert [each.received for each in found] == [datetime(2026, 11, 21, 10, 0, 0, 500000), None, None]


def test_a_notebook_of_nobody_is_handed_back():
    _, found = read_form(entries("01_modules.ipynb"))
    assert [type(each) for each in found] == [Entry]


def test_a_form_that_does_not_exist():
    with pytest.raises(CourseError, match="canvas, moodle, gradescope, plain"):
        read_form([], "blackboard")


def test_an_id_is_a_safe_name_of_a_folder():
    assert safe_id("../../etc/passwd") == "etc_passwd"
    assert safe_id(" Zoë [x]*? ") == "Zoë_x"
    assert safe_id("...") == "unknown"
    assert safe_id("ada@example.org") == "ada@example.org"
    assert len(safe_id("x" * 500)) == 100
