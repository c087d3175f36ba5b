"""Read a check's verdict back from the text of its box.

The text is what both ways of grading leave in the autograded notebook; `render.outcome_box` writes it.
"""

import re

from yolo_course.grading.outcome import Outcome, Status

_HEAD = re.compile(rf"\S \w+: ({'|'.join(status.value for status in Status)})(?: · .*)?")
_LABELS = {"expected": "expected", "found": "found", "your code": "line"}
_ASIDE = re.compile(r'  Stuck\? Run `hint\("\w+"\)` for the next step\.')


def read_verdict(text: str) -> Outcome | None:
    """The outcome that a box's plain text tells; None if it is no such box.

    Args:
        text: `Box.text`, as the output's "text/plain" holds it.
    """
    first, *lines = text.split("\n")
    head = _HEAD.fullmatch(first)
    if head is None or not lines:
        return None
    if _ASIDE.fullmatch(lines[-1]):
        lines.pop()
    told: dict[str, list[str]] = {"message": [lines[0].removeprefix("  ")]}
    current = "message"
    for line in lines[1:]:
        label = next(
            (label for label in _LABELS if line.startswith(f"  {label}: ") and _LABELS[label] not in told), None
        )
        if label is not None:
            current = _LABELS[label]
            told[current] = [line.removeprefix(f"  {label}: ")]
        else:  # a described value may take several lines
            told[current].append(line)
    return Outcome(Status(head[1]), **{name: "\n".join(lines) for name, lines in told.items()})
