"""What the linter says: findings, rows, and the report that holds both."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Finding:
    """One mistake.

    Args:
        rule: A short fixed name, such as `concat-size`.
        severity: An `error` does not build, does not run or is not what the row says; a `warning` may be meant; a
            `note` tells what could not be judged.
        message: What is wrong, as a sentence without a full stop.
        line: Which line of the file, counted from 1.
        row: Which row, counted from 0 through backbone and head; None above the rows.
        expected: What would have been right.
        found: What stands there.
        fix: What to try.
    """

    rule: str
    severity: Severity
    message: str
    line: int
    row: int | None = None
    expected: str | None = None
    found: str | None = None
    fix: str | None = None


@dataclass(frozen=True)
class Row:
    """One row of the model, as it would be built.

    Args:
        row: Its number, counted from 0 through backbone and head.
        line: Its line in the file.
        source: `from`, as written.
        repeats: Scaled by the model's depth.
        module: Its module, as written.
        args: Its arguments, names such as `nc` resolved.
        c_in: Channels of each layer that it reads.
        c_out: Channels that it gives; None after a head.
        shape: Of what it gives, without the batch: `(channels, height, width)` of a map.
        stride: Pixels of the image to one of its map.
        params: Parameters, trainable or not.
        flops: Two for each multiplication and addition of a convolution or matrix product, for one image.
    """

    row: int
    line: int
    source: int | list[int]
    repeats: int
    module: str
    args: list
    c_in: list[int]
    c_out: int | None
    shape: tuple[int, ...] | None
    stride: int | None
    params: int
    flops: int


@dataclass(frozen=True)
class Report:
    """All findings of a model YAML, by line, and its rows at one scale and image size."""

    path: Path
    scale: str
    imgsz: int
    findings: tuple[Finding, ...]
    rows: tuple[Row, ...]

    @property
    def ok(self) -> bool:
        """Whether no finding is an error."""
        return all(finding.severity != "error" for finding in self.findings)

    @property
    def params(self) -> int:
        """Parameters of the whole model."""
        return sum(row.params for row in self.rows)

    @property
    def flops(self) -> int:
        """FLOPs of the whole model, for one image."""
        return sum(row.flops for row in self.rows)

    @property
    def summary(self) -> str:
        """What it is about, in a line."""
        errors, warnings = (sum(f.severity == severity for f in self.findings) for severity in ("error", "warning"))
        scale = f" at scale {self.scale}" if self.scale else ""
        return (
            f"{self.path.name}{scale}, {self.imgsz} px: {len(self.rows)} rows, {self.params:,} parameters, "
            f"{self.flops / 1e9:.1f} GFLOPs; errors: {errors}, warnings: {warnings}"
        )

    def tell(self, finding: Finding) -> str:
        """A finding for people: where, what, and what to do, in one line or two."""
        row = "" if finding.row is None else f" row {finding.row}:"
        told = [("expected", finding.expected), ("found", finding.found), ("try", finding.fix)]
        details = "; ".join(f"{name} {value}" for name, value in told if value is not None)
        head = f"{self.path.name}:{finding.line}: {finding.severity} [{finding.rule}]{row} {finding.message}"
        return f"{head}\n    {details}" if details else head

    def __str__(self) -> str:
        return "\n".join([*map(self.tell, self.findings), self.summary])

    def record(self) -> dict:
        """The report as plain values, ready for JSON."""
        return {
            "path": str(self.path),
            "scale": self.scale,
            "imgsz": self.imgsz,
            "ok": self.ok,
            "params": self.params,
            "flops": self.flops,
            "findings": [asdict(finding) for finding in self.findings],
            "rows": [{("from" if k == "source" else k): v for k, v in asdict(row).items()} for row in self.rows],
        }


def shown(value: object) -> str:
    """A value of the file as it is told to people, cut where it is long."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
