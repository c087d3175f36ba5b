"""Being late costs what the settings say, asked by nbgrader itself."""

from datetime import datetime, timedelta

import pytest

from yolo_course.errors import CourseError
from yolo_course.grading.course.late import DAY, DailyPenalty
from yolo_course.grading.course.release import set_due
from yolo_course.grading.course.root import CourseRoot

UNIT, DUE = "00_doubling", datetime(2026, 12, 1, 23, 59)


@pytest.mark.parametrize(
    ("late", "points"), [(1, 1), (900, None), (901, 1), (DAY, 1), (DAY + 1, 2), (4 * DAY, 4), (400 * DAY, 4)]
)
def test_each_day_begun_costs_after_the_grace_and_up_to_the_most(late, points):
    plugin = DailyPenalty(percent_a_day=10, most_percent=40, grace=0 if late == 1 else 900)
    found = plugin.late_submission_penalty("ada", 10, late)
    assert found == (None if points is None else pytest.approx(points))


def penalty(root, student):
    with root.gradebook() as gradebook:
        return gradebook.find_submission(UNIT, student).late_submission_penalty


def test_nbgrader_takes_it_off_and_an_extension_gives_it_back(released, gave):
    with open(released.folder / "nbgrader_config.py", "a", encoding="utf-8") as settings:
        settings.write('c.AssignLatePenalties.plugin_class = "yolo_course.grading.course.late.DailyPenalty"\n')
        settings.write("c.DailyPenalty.percent_a_day = 25\n")
    root = CourseRoot(released.folder)
    gave("ada", timestamp=DUE + timedelta(hours=30), double=3, triple=1)
    gave("bob", timestamp=DUE - timedelta(hours=1), double=3, triple=1)
    set_due(root, UNIT, DUE)
    assert (penalty(root, "ada"), penalty(root, "bob")) == (2, 0)
    set_due(root, UNIT, DUE + timedelta(days=1), "ada")
    assert penalty(root, "ada") == 1
    set_due(root, UNIT, DUE + timedelta(days=2), "ada")
    assert penalty(root, "ada") == 0
    set_due(root, UNIT, None, "ada")
    assert penalty(root, "ada") == 2
    set_due(root, UNIT, None)
    assert penalty(root, "ada") == 0


def test_without_the_setting_nothing_is_taken_off(released, gave):
    gave("ada", timestamp=DUE + timedelta(days=9), double=3)
    set_due(released, UNIT, DUE)
    assert penalty(released, "ada") == 0


def test_an_extension_needs_a_date_and_lies_after_it(released):
    with pytest.raises(CourseError, match="no due date"):
        set_due(released, UNIT, DUE, "ada")
    set_due(released, UNIT, DUE)
    with pytest.raises(CourseError, match="before the unit's own date"):
        set_due(released, UNIT, DUE - timedelta(days=1), "ada")
