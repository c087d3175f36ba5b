"""What a look into a dataset brought up."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from yolo_course.errors import DataError


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or suspicious.

    Args:
        kind: A short fixed name, such as `zero-area`.
        severity: An `error` spoils training or its figures; a `warning` may be meant.
        message: What it is, as a sentence without a full stop.
        file: Where.
        line: Which line of it, counted from 1.
        other: The second picture, where two are alike.
    """

    kind: str
    severity: Literal["error", "warning"]
    message: str
    file: Path
    line: int | None = None
    other: Path | None = None

    @property
    def where(self) -> str:
        """File and line, as editors take it."""
        return f"{self.file}:{self.line}" if self.line else str(self.file)

    def error(self) -> DataError:
        """The finding as an exception."""
        return DataError(self.message, where=self.where)


@dataclass(frozen=True)
class Count:
    """How much a split holds: images, how many of them show nothing, and boxes by class name."""

    images: int
    empty: int
    boxes: dict[str, int]


@dataclass(frozen=True)
class Report:
    """All findings of a dataset, the worst first, and its counts by split."""

    findings: tuple[Finding, ...]
    counts: dict[str, Count] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether no finding is an error."""
        return all(finding.severity != "error" for finding in self.findings)

    def record(self) -> dict:
        """The report as plain values, ready for JSON."""
        findings = [
            asdict(finding) | {"file": str(finding.file), "other": finding.other and str(finding.other)}
            for finding in self.findings
        ]
        return {
            "ok": self.ok,
            "counts": {name: asdict(count) for name, count in self.counts.items()},
            "findings": findings,
        }
