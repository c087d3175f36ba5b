"""Times as nbgrader keeps them: UTC, without a zone."""

import re
from datetime import UTC, datetime

from dateutil import parser

from yolo_course.errors import CourseError

_TYPED = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d\S*")
_EXPECTED = "like 2026-12-01 23:59 or 2026-12-01T23:59+01:00"


def typed(told: str) -> datetime:
    """Read a time that somebody types, in the one order of year, month and day that nobody reads otherwise.

    Args:
        told: ISO 8601 with a time of day; one without a zone is UTC.

    Raises:
        CourseError: It is not in that form, or no time.
    """
    if not _TYPED.fullmatch(told.strip()):
        raise CourseError("not a date and a time", expected=_EXPECTED, found=told)
    return utc(told)


def utc(told: str | datetime, local: bool = False) -> datetime:
    """Read a time.

    Args:
        told: The time; one without a zone is UTC, as nbgrader reads it.
        local: One without a zone is of this machine's zone instead.

    Raises:
        CourseError: It is no time.
    """
    try:
        moment = told if isinstance(told, datetime) else parser.parse(told)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo or local else moment
    except (ValueError, OverflowError) as error:
        raise CourseError("not a time", expected=_EXPECTED, found=told) from error


def written(moment: datetime) -> str:
    """Write a time as nbgrader's `timestamp.txt` holds it."""
    return f"{moment:%Y-%m-%d %H:%M:%S.%f} UTC"
