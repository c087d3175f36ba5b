"""What a late submission costs: nbgrader's plug-in for it, in per cent a day."""

import math

from nbgrader.plugins import BasePlugin
from traitlets import Float

DAY = 86_400  # seconds


class DailyPenalty(BasePlugin):
    """Take some per cent of the score for each day begun after the due date.

    nbgrader asks it for every late submission when it grades, with the student's own due date. In
    `nbgrader_config.py`:

        c.AssignLatePenalties.plugin_class = "yolo_course.grading.course.late.DailyPenalty"
        c.DailyPenalty.percent_a_day = 10
    """

    percent_a_day = Float(10, min=0, help="Per cent of the score that each day begun costs.").tag(config=True)
    most_percent = Float(100, min=0, max=100, help="Per cent that being late costs at most.").tag(config=True)
    grace = Float(0, min=0, help="Seconds after the due date that cost nothing.").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """Return the points to take off.

        Args:
            student_id: Whose submission it is; all are treated alike.
            score: Points earned.
            total_seconds_late: Seconds after this student's due date.

        Returns:
            Points, or None within the time of grace.
        """
        if total_seconds_late <= self.grace:
            return None
        percent = min(self.most_percent, self.percent_a_day * math.ceil(total_seconds_late / DAY))
        return score * percent / 100
