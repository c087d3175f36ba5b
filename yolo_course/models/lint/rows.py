"""Rows of four, and which rows they read."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from yolo_course.models.lint.document import Document
from yolo_course.models.lint.finding import Finding, shown
from yolo_course.models.lint.settings import LARGEST
from yolo_course.registry.rows import SHAPE, YamlRow

MOST_REPEATS = 1_000


@dataclass(frozen=True)
class LintRow:
    """A row, and where it stands.

    Args:
        row: The row, mended where it was malformed.
        line: Its line in the file.
        inputs: Numbers of the layers it reads, all of them before it; -1 is the image.
        findings: What is wrong with it so far.
    """

    row: YamlRow
    line: int
    inputs: list[int]
    findings: tuple[Finding, ...]


def read_rows(document: Document) -> tuple[list[LintRow], list[Finding]]:
    """The rows of backbone and head, and what is wrong with the two parts themselves."""
    rows: list[LintRow] = []
    findings: list[Finding] = []
    for part in ("backbone", "head"):
        written = document.value.get(part)
        if not isinstance(written, list) or not written:
            found = "nothing" if part not in document.value else "no list of rows"
            message = f"the model has no {part}"
            findings.append(Finding("part", "error", message, document.line(part), None, f"rows {SHAPE}", found))
            continue
        first = len(rows)
        rows += [_read(row, first + i, document.line(part, i)) for i, row in enumerate(written)]
    if "kpt_shape" not in document.value:
        findings += [_no_points(row) for row in rows if "kpt_shape" in row.row.args]
    return rows, findings


def _no_points(row: LintRow) -> Finding:
    message, expected = "the row needs a kpt_shape, and the file has none", "kpt_shape: [points, 2 or 3] beside nc"
    return Finding("setting", "error", message, row.line, row.row.number, expected)


def _read(written: object, number: int, line: int) -> LintRow:
    if not _is_row(written):
        found = shown(written)
        wrong = Finding("row", "error", "the row is malformed", line, number, SHAPE, found, "write all four parts")
        name = next((part for part in written if isinstance(part, str)), "?") if isinstance(written, list) else "?"
        args = written[-1] if isinstance(written, list) and written and isinstance(written[-1], list) else []
        written, findings = [-1, 1, name, args], [wrong]
    else:
        findings = []
    source, repeats, name, args = written
    row = YamlRow(number, source, repeats, name, args)
    inputs = [_resolved(x, number) for x in row.sources]
    findings += [*_repeats(row, line), *_sources(row, line), *_sizes(row, line)]
    readable = [layer if layer is not None else number - 1 for layer in inputs]
    if _bad_repeats(repeats):
        row = replace(row, repeats=1)
    if any(f.rule == "size" for f in findings):
        row = replace(row, args=_clipped(args))
    return LintRow(row, line, readable, tuple(findings))


def _is_row(row: object) -> bool:
    if not (isinstance(row, list) and len(row) == 4 and isinstance(row[2], str) and isinstance(row[3], list)):
        return False
    sources = row[0] if isinstance(row[0], list) and row[0] else [row[0]]
    return all(isinstance(x, int) and not isinstance(x, bool) for x in sources)


def _resolved(source: int, number: int) -> int | None:
    """The layer that `from` means, or None if it does not come before this one."""
    layer = number + source if source < 0 else source
    return layer if 0 <= layer < number or source == -1 else None


def _sources(row: YamlRow, line: int) -> Iterator[Finding]:
    for source in row.sources:
        if _resolved(source, row.number) is None:
            expected = f"0 to {row.number - 1} or -1 to -{row.number}" if row.number else "-1, the image"
            forward = "itself" if source == row.number else "a layer that comes after it"
            message = f"it reads {forward if source >= row.number else 'a layer before the first'}"
            fix = "count rows from 0, backbone and head together"
            yield Finding("from", "error", message, line, row.number, expected, shown(row.source), fix)
            return


def _bad_repeats(repeats: object) -> bool:
    return not isinstance(repeats, int) or isinstance(repeats, bool) or not 1 <= repeats <= MOST_REPEATS


def _repeats(row: YamlRow, line: int) -> Iterator[Finding]:
    if _bad_repeats(row.repeats):
        expected = f"a whole number from 1 to {MOST_REPEATS}"
        message = "these are no repeats"
        yield Finding("repeats", "error", message, line, row.number, expected, shown(row.repeats))


def _sizes(row: YamlRow, line: int) -> Iterator[Finding]:
    if _clipped(row.args) != row.args:
        message = "an argument is too large for any model"
        yield Finding("size", "error", message, line, row.number, f"at most {LARGEST}", shown(row.args))


def _clipped(value: object) -> object:
    if isinstance(value, list):
        return [_clipped(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return max(-LARGEST, min(value, LARGEST))
    return value
