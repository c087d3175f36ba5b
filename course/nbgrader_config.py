"""nbgrader's settings for the course: run its commands in this folder, after `yolo-course build`."""

from nbgrader.converters.autograde import Autograde
from nbgrader.preprocessors import Execute

from yolo_course.grading.course.nbgrader_steps import IsolatedExecute, RestoreCells
from yolo_course.grading.notebooks import RELEASE_STEPS

c = get_config()  # noqa: F821 - nbgrader defines it

c.CourseDirectory.course_id = "yolo_course"
c.GenerateAssignment.preprocessors = RELEASE_STEPS  # clinics start from their own stub

# a learner's code and the verdict live in two processes, docs/security.md says what that promises; where it cannot be
# had, `nbgrader autograde --IsolatedExecute.unsafe=True` runs both in one kernel, as nbgrader does
traits = Autograde.class_traits()
c.Autograde.sanitize_preprocessors = [RestoreCells, *traits["sanitize_preprocessors"].default()]
steps = traits["autograde_preprocessors"].default()
c.Autograde.autograde_preprocessors = [IsolatedExecute if step is Execute else step for step in steps]

# a unit trains for a minute on two cores; nbgrader's own limit is 30 s a cell
c.Execute.timeout = 300
c.Execute.shutdown_kernel = "immediate"

# nbgrader's own page of feedback shows hidden checks; this one does not
c.GenerateFeedback.exporter_class = "yolo_course.grading.course.feedback.exporter.FeedbackExporter"

# what being late costs, and how often a unit may be handed in (docs/instructors.md)
# c.AssignLatePenalties.plugin_class = "yolo_course.grading.course.late.DailyPenalty"
# c.DailyPenalty.percent_a_day = 10
# c.DailyPenalty.most_percent = 50
# c.DailyPenalty.grace = 900  # seconds
# c.Attempts.most = 3
# c.Attempts.extra = {"ada": 1}
