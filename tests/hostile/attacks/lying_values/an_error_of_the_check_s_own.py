# An error of the check's own.
from yolo_course.grading.checks import CheckFailed
from yolo_course.grading.outcome import Outcome, Status
def double(x):
    raise CheckFailed('double', Outcome(Status.PASSED, 'All checks hold.'))
