"""The exceptions of the course.

CourseError              a user's mistake: what was expected, what came, where, what to try
├── DataError            a dataset, label or image file
├── ModelError           a model YAML, a block or a registration
├── UpstreamError        the installed Ultralytics is not the one this library was written for
└── UnitError            a unit's source, or a name that no unit has
"""


class CourseError(Exception):
    """A mistake that its maker can mend, told in one line.

    Args:
        message: What is wrong, as a sentence without a full stop.
        expected: What would have been right.
        found: What came instead.
        where: File, line, layer or option it came from.
        hint: What to try.

    Example:
        >>> print(CourseError("unknown dataset", expected="shapes or digits", found="shape", hint="check the spelling"))
        unknown dataset: expected shapes or digits, found shape. Try: check the spelling
    """

    def __init__(
        self,
        message: str,
        *,
        expected: object = None,
        found: object = None,
        where: object = None,
        hint: str | None = None,
    ):
        self.message, self.expected, self.found, self.where, self.hint = message, expected, found, where, hint
        super().__init__(message)

    def __str__(self) -> str:
        comparison = ", ".join(
            f"{label} {value}"
            for label, value in (("expected", self.expected), ("found", self.found))
            if value is not None
        )
        text = f"{self.where}: {self.message}" if self.where is not None else self.message
        text = f"{text}: {comparison}" if comparison else text
        return f"{text}. Try: {self.hint}" if self.hint else text


class DataError(CourseError):
    """A dataset, label or image file is not what it should be."""


class ModelError(CourseError):
    """A model YAML, a block or a registration is not what it should be."""


class UpstreamError(CourseError):
    """The installed Ultralytics differs from the one this library was written for."""


class UnitError(CourseError):
    """A unit's source breaks the format, or no unit has that name."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows in place of a traceback: the line that helps."""
        return [f"{type(self).__name__}: {self}"]
