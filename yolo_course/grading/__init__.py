"""Checks that teach, and the build that turns a unit's source into notebooks.

A notebook needs five names of it: `start`, `check`, `predict`, `hint` and `progress`; a check cell may need `there`.
"""

from yolo_course.grading.checks import Check, CheckFailed, check
from yolo_course.grading.predictions import predict
from yolo_course.grading.session import hint, progress, start
from yolo_course.grading.there import there

__all__ = ["Check", "CheckFailed", "check", "hint", "predict", "progress", "start", "there"]
