"""nbgrader's settings for the course: run its commands in this folder, after `yolo-course build`."""

from yolo_course.grading.notebooks import RELEASE_STEPS

c = get_config()  # noqa: F821 - nbgrader defines it

c.CourseDirectory.course_id = "yolo_course"
c.GenerateAssignment.preprocessors = RELEASE_STEPS  # clinics start from their own stub

# a unit trains for a minute on two cores; nbgrader's own limit is 30 s a cell
c.Execute.timeout = 300
c.Execute.shutdown_kernel = "immediate"
