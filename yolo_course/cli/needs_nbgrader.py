"""What the instructor's commands need beyond the learner's install."""

import importlib.util

from yolo_course.errors import CourseError


def needs_nbgrader() -> None:
    """Refuse where the extra `grade` is not installed.

    Raises:
        CourseError: A package is missing.
    """
    missing = [name for name in ("nbgrader", "jupytext") if importlib.util.find_spec(name) is None]
    if missing:
        raise CourseError(f"{' and '.join(missing)} not installed", hint="pip install 'yolo-course[grade]'")
