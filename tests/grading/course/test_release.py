"""A release holds what learners may see, and the zip file is the folder."""

import json
import zipfile
from datetime import datetime

import pytest

from yolo_course.errors import CourseError
from yolo_course.grading.course.release import release, set_due

UNIT = "00_doubling"


def test_the_zip_file_is_the_folder_without_solutions(class_root):
    archive = release(class_root, UNIT, datetime(2026, 12, 1))
    file = class_root.place("release", ".", UNIT) / f"{UNIT}.ipynb"
    with zipfile.ZipFile(archive) as opened:
        assert opened.namelist() == [f"{UNIT}/{UNIT}.ipynb"]
        assert opened.read(f"{UNIT}/{UNIT}.ipynb") == file.read_bytes()
    text = file.read_text()
    assert "raise NotImplementedError" in text
    assert "return 2 * x\\n" not in text.replace("return 2 * x  # looks right", "")
    assert "numbers too" not in text
    with class_root.gradebook() as gradebook:
        assert gradebook.find_assignment(UNIT).duedate == datetime(2026, 12, 1)


def test_the_same_release_gives_the_same_bytes_and_keeps_the_date(class_root):
    first = release(class_root, UNIT, datetime(2026, 12, 1)).read_bytes()
    assert release(class_root, UNIT).read_bytes() == first
    with class_root.gradebook() as gradebook:
        assert gradebook.find_assignment(UNIT).duedate == datetime(2026, 12, 1)


def test_an_extension_is_for_somebody_who_is_there(class_root):
    release(class_root, UNIT, datetime(2026, 12, 1))
    with pytest.raises(CourseError, match=r"no student 'adda' .* nobody is in it yet"):
        set_due(class_root, UNIT, datetime(2026, 12, 2), "adda")
    with class_root.gradebook() as gradebook:
        assert gradebook.students == []
        gradebook.add_student("ada")
    with pytest.raises(CourseError, match=r"no student 'adda. .* expected ada"):
        set_due(class_root, UNIT, datetime(2026, 12, 2), "adda")
    set_due(class_root, UNIT, datetime(2026, 12, 2), "ada")
    with class_root.gradebook() as gradebook:
        assert gradebook.find_submission(UNIT, "ada").duedate == datetime(2026, 12, 2)


def test_what_nbgrader_refuses_is_one_error(class_root):
    source = class_root.source(UNIT)
    notebook = json.loads(source.read_text())
    graded = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader")]
    graded[0]["metadata"]["nbgrader"]["grade_id"] = graded[1]["metadata"]["nbgrader"]["grade_id"]
    source.write_text(json.dumps(notebook))
    with pytest.raises(CourseError, match="does not release the unit"):
        release(class_root, UNIT)
    assert not class_root.place("release", ".", UNIT).with_name(f"{UNIT}.zip").exists()
