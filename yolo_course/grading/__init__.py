"""Checks that teach, and the build that turns a unit's source into notebooks.

A notebook needs five names of it: `start`, `check`, `predict`, `hint` and `progress`; a check cell may need `there`.
They are imported when they are first used: checks need torch, and what only reads notebooks does without.
"""

from importlib import import_module

# public name -> the module that defines it; none is called as a name is, so that the two cannot be mixed up
_PUBLIC = {
    "Check": "yolo_course.grading.checks",
    "CheckFailed": "yolo_course.grading.checks",
    "check": "yolo_course.grading.checks",
    "hint": "yolo_course.grading.session",
    "predict": "yolo_course.grading.predictions",
    "progress": "yolo_course.grading.session",
    "start": "yolo_course.grading.session",
    "there": "yolo_course.grading.elsewhere",
}

__all__ = [*_PUBLIC]


def __getattr__(name: str) -> object:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_PUBLIC[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
