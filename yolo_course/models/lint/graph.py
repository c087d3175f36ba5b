"""What only the whole model shows: rows that nothing uses, the head's kind and strides, a cap on all channels."""

from collections.abc import Iterator
from statistics import median

from ultralytics.nn.modules import ImagePoolingAttn, RTDETRDecoder
from ultralytics.nn.tasks import guess_model_task

from yolo_course.models.lint.document import Document
from yolo_course.models.lint.finding import Finding, Row
from yolo_course.models.lint.modules import resolve
from yolo_course.models.lint.rows import LintRow
from yolo_course.registry.rows import YamlRow

_TASK_WORDS = ("Detect", "Segment", "SemanticSegment", "Pose", "OBB", "Depth", "Classify")


def head_findings(row: YamlRow, line: int, strides: list[int | None]) -> Iterator[Finding]:
    """What is wrong with the kind of the last row and the maps it reads."""
    if not _has_task(row.name):
        yield Finding(
            *("task", "error", "Ultralytics guesses the task from the last row's module, and not from this name"),
            *(line, row.number, f"a head: a name with {', '.join(_TASK_WORDS)} in it", row.name[:80]),
            fix="end with a head, or give your head's class such a name",
        )
    known = [stride for stride in strides if stride]
    if len(known) < 2 or len(known) < len(strides):
        return
    doubling = [known[0] * 2**i for i in range(len(known))]
    if known != sorted(set(known)):
        message = "the head reads maps that are not each coarser than the one before"
        yield Finding("head-strides", "error", message, line, row.number, str(doubling), str(known), "mend its `from`")
    elif known != doubling:
        message = "the head skips a stride"
        yield Finding(
            "head-strides", "warning", message, line, row.number, str(doubling), str(known), "mend its `from`"
        )


def _has_task(name: str) -> bool:
    return resolve(name) is RTDETRDecoder or any(
        guess_model_task({"head": [[-1, 1, word, []]]}) and word.lower() in name.lower() for word in _TASK_WORDS
    )


def unused(rows: list[LintRow]) -> Iterator[Finding]:
    """Rows whose output no other row reads."""
    read = {layer for row in rows for layer in row.inputs}
    for lint_row in rows[:-1]:
        row = lint_row.row
        if row.number not in read and resolve(row.name) is not ImagePoolingAttn:  # that one changes the text features
            fix = "remove it, or read it"
            message = "no other row reads what it gives"
            yield Finding("unused", "warning", message, lint_row.line, row.number, found=row.name[:80], fix=fix)


def capped(rows: tuple[Row, ...], document: Document, scale: str) -> Iterator[Finding]:
    """A `max_channels` below most widths of the file."""
    scales = document.value.get("scales")
    if not (scale and isinstance(scales, dict)):
        return
    widths = [row.args[0] for row in rows[:-1] if row.args and type(row.args[0]) is int and row.args[0] >= 8]
    most = scales[scale][2]
    if widths and most < median(widths):
        yield Finding(
            *("max-channels", "warning", f"max_channels of scale {scale} cuts most widths of the file"),
            *(document.line("scales", scale), None, f"{max(widths)}, the widest row", str(most)),
            fix="raise the third number of the scale",
        )
