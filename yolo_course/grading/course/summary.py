"""What came of grading a class: a row for each submission, and who moved."""

from dataclasses import dataclass, field

from yolo_course.grading.course.book import Scores
from yolo_course.grading.course.moved import Move


@dataclass
class Row:
    """What became of one submission.

    Args:
        student: Who handed it in.
        unit: For which unit.
        state: "graded" now, "kept" from before, "broken" (what was handed in) or "failed" (the grading).
        why: Why it was graded, or what has changed since: some of "new", "hand-in", "submission", "checks",
            "environment".
        reason: Why it could not be graded.
        verdicts: The outcome of each check, in words.
        seconds: What grading it took.
        scores: What the gradebook says now.
        unsafe: Whether it was graded without isolation.
    """

    student: str
    unit: str
    state: str = "graded"
    why: list[str] = field(default_factory=list)
    reason: str = ""
    verdicts: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    scores: Scores | None = None
    unsafe: bool = False

    @property
    def ok(self) -> bool:
        """Whether it is graded."""
        return self.state in ("graded", "kept")


@dataclass
class Summary:
    """What came of a run."""

    rows: list[Row]
    moves: list[Move]

    @property
    def ok(self) -> bool:
        """Whether everything is graded."""
        return all(row.ok for row in self.rows)

    @property
    def outdated(self) -> list[Row]:
        """What stays although something has changed since."""
        return [row for row in self.rows if row.state == "kept" and row.why]
