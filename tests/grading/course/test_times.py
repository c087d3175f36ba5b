"""A due date that is typed is read in one way only, and kept as nbgrader keeps it."""

from datetime import datetime

import pytest

from yolo_course.errors import CourseError
from yolo_course.grading.course.times import typed

TIME = datetime(2026, 12, 1, 23, 59)


@pytest.mark.parametrize(
    "told", ["2026-12-01 23:59", "2026-12-01T23:59:00", "2026-12-01T23:59Z", "2026-12-02T00:59+01:00"]
)
def test_a_time_is_utc_unless_it_says_otherwise(told):
    assert typed(told) == TIME


@pytest.mark.parametrize(
    "told",
    [
        "soon",
        "2026-12-01",
        "01.12.2026",
        "13.05.2026 12:00",
        "12/05/2026 10:00",
        "2026-13-01 10:00",
        "2026-12-01 25:00",
    ],
)
def test_what_could_be_another_day_is_no_time(told):
    with pytest.raises(CourseError, match="2026-12-01 23:59"):
        typed(told)
