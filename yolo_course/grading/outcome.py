"""What a check can come to: not attempted, wrong, raised or passed."""

from dataclasses import dataclass
from enum import Enum


class Status(Enum):
    """The four ends of a check, in the words a learner sees."""

    NOT_ATTEMPTED = "not attempted"
    WRONG = "wrong"
    RAISED = "raised"
    PASSED = "passed"


@dataclass(frozen=True)
class Outcome:
    """The end of one check.

    Args:
        status: One of the four.
        message: One line: the misconception, the error, or what to do next.
        expected: What the check wanted, described; empty if that says nothing.
        found: What came, described.
        line: The learner's line that raised, if one did.
    """

    status: Status
    message: str
    expected: str = ""
    found: str = ""
    line: str = ""

    @property
    def passed(self) -> bool:
        """Whether the exercise is done."""
        return self.status is Status.PASSED
