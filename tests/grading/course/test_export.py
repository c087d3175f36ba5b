"""Grades in the forms that systems import; nbgrader's own exporter is the oracle for the points."""

import csv
from datetime import datetime, timedelta

import pytest
from nbgrader.plugins import CsvExportPlugin

from yolo_course.errors import CourseError
from yolo_course.grading.course.export import CanvasExport, write_grades
from yolo_course.grading.course.release import set_due

UNIT, SECOND, DUE = "00_doubling", "01_tripling", datetime(2026, 12, 1)


@pytest.fixture
def graded(released, gave):
    """Ada was late and paid for it, Bob gave the second unit only, Cy nothing but got an extension."""
    released.config.AssignLatePenalties.plugin_class = "yolo_course.grading.course.late.DailyPenalty"
    gave("ada", timestamp=DUE + timedelta(hours=25, seconds=5), double=3, triple=1)
    gave("bob", SECOND, twice=3)
    set_due(released, UNIT, DUE)
    with released.gradebook() as gradebook:
        gradebook.add_student("cy")
        gradebook.update_or_create_student("ada", first_name="Ada", last_name="Lovelace", lms_user_id="12")
        gradebook.update_or_create_student("bob", first_name="=Bob()", last_name="Noll", email="bob@example.org")
    set_due(released, UNIT, DUE + timedelta(days=9), "cy")
    return released


def read(file):
    with open(file, newline="", encoding="utf-8") as opened:
        return list(csv.reader(opened))


def test_csv_is_nbgraders_own_table(graded, tmp_path):
    ours, *_ = write_grades(graded, "csv", [])
    oracle = CsvExportPlugin()
    oracle.to = str(tmp_path / "oracle.csv")
    with graded.gradebook() as gradebook:
        oracle.export(gradebook)
    expected = sorted([cell.replace("=Bob", "'=Bob") for cell in row] for row in read(oracle.to))
    assert sorted(read(ours)) == expected
    assert ours == graded.folder / "grades.csv"


def test_canvas(graded, tmp_path):
    target, waiting, _ = write_grades(graded, "canvas", [], tmp_path / "out.csv")
    assert read(target) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", UNIT, SECOND],
        ["    Points Possible", "", "", "", "", "6.0", "6.0"],
        ["cy", "", "", "cy", "", "", ""],  # nbgrader's order: who has no name comes first
        ["Lovelace, Ada", "12", "", "ada", "", "3.2", ""],
        ["Noll, =Bob()", "", "", "bob", "", "", "3.0"],
    ]
    assert waiting == [f"ada {UNIT}", f"bob {SECOND}"]


def test_moodle_for_one_unit(graded):
    target, waiting, _ = write_grades(graded, "moodle", [SECOND])
    assert read(target) == [
        ["First name", "Last name", "ID number", "Username", "Email address", f"Assignment: {SECOND} (Real)"],
        ["", "", "cy", "cy", "", ""],
        ["Ada", "Lovelace", "ada", "ada", "", ""],
        ["'=Bob()", "Noll", "bob", "bob", "bob@example.org", "3.0"],
    ]
    assert waiting == [f"bob {SECOND}"]


def test_gradescope_with_times(graded):
    target, *_ = write_grades(graded, "gradescope", [UNIT])
    head, _, ada, _ = read(target)
    assert head[4:] == [UNIT, f"{UNIT} - Max Points", f"{UNIT} - Submission Time", f"{UNIT} - Lateness (H:M:S)"]
    assert ada[:5] == ["Ada", "Lovelace", "ada", "", "3.2"]
    assert ada[5:] == ["6.0", "2026-12-02 01:00:05 +0000", "25:00:05"]


def test_what_is_handed_in_and_not_graded_is_told(graded):
    graded.place("submitted", "cy", UNIT).mkdir(parents=True)
    graded.place("submitted", "ada", UNIT).mkdir(parents=True)
    *_, ungraded = write_grades(graded, "csv", [])
    assert ungraded == [f"cy {UNIT}"]


def test_nbgrader_takes_it_as_a_plug_in(graded, tmp_path):
    exporter = CanvasExport(config=graded.config)
    exporter.to, exporter.student = str(tmp_path / "one.csv"), ["bob"]
    with graded.gradebook() as gradebook:
        exporter.export(gradebook)
    assert [row[3] for row in read(exporter.to)[2:]] == ["bob"]


def test_what_cannot_be_written_is_said(graded, class_root, tmp_path):
    with pytest.raises(CourseError, match="csv, canvas, moodle, gradescope"):
        write_grades(graded, "excel", [])
    with pytest.raises(CourseError, match="cannot write"):
        write_grades(graded, "csv", [], tmp_path / "no" / "folder.csv")


def test_nothing_released_is_nothing_to_export(class_root):
    with pytest.raises(CourseError, match="nothing to export"):
        write_grades(class_root, "csv", [])
