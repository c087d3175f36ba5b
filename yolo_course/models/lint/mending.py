"""A file that is no YAML: finds the lines that break it, mends them, and reads on.

Each mender turns one line into what it should have been; the lines that it changes are the ones to blame.
"""

import re
from collections.abc import Callable
from itertools import pairwise

import yaml

from yolo_course.models.lint.document import Document, parse
from yolo_course.models.lint.finding import Finding

_ROW = re.compile(r"(\s*)-\s*\[")
_PART = re.compile(r"[ \t]+(?=(?:nc|scales|backbone|head|activation)\s*:)")


def read(text: str) -> tuple[Document | None, list[Finding]]:
    """The document, mended where it has to be, and what had to be mended; None if that was not enough.

    Raises:
        ModelError: If it is too large or too deep for a model.
    """
    findings: list[Finding] = []
    lines = text.split("\n")
    try:
        return parse(text), findings
    except yaml.YAMLError as error:
        first = error
    for mend in (_tabs, _indentation, _brackets):
        mended = mend(lines)
        changed = [i for i, line in enumerate(mended) if line != lines[i]]
        findings += [_MENDED[mend](i + 1, lines[i], mended[i]) for i in changed]
        lines = mended
        try:
            return parse("\n".join(lines)), findings
        except yaml.YAMLError as error:
            last = error
    return None, [*findings, _syntax(last if findings else first)]


def _tabs(lines: list[str]) -> list[str]:
    mended = []
    for line in lines:
        margin = len(line) - len(line.lstrip())
        mended.append(line[:margin].replace("\t", "  ") + line[margin:])
    return mended


def _indentation(lines: list[str]) -> list[str]:
    """Rows as far in as most of their part's are, names of parts not at all."""
    lines = [_PART.sub("", line, count=1) for line in lines]
    starts = [0, *(i for i, line in enumerate(lines) if line[:1].isalpha()), len(lines)]
    mended = []
    for start, end in pairwise(starts):
        margins = [found[1] for line in lines[start:end] if (found := _ROW.match(line))]
        usual = max(margins, key=margins.count, default="")
        mended += [_ROW.sub(f"{usual}- [", line, count=1) for line in lines[start:end]]
    return mended


def _brackets(lines: list[str]) -> list[str]:
    """Rows with as many closing brackets as opening ones."""
    mended = []
    for line in lines:
        if _ROW.match(line):
            row, hash_, comment = line.partition("#")
            missing = row.count("[") - row.count("]")
            row = f"{row.rstrip()}{']' * missing} " if missing > 0 else _without_last(row, -missing)
            line = row.rstrip() + (f" {hash_}{comment}" if hash_ else "") if missing else line
        mended.append(line)
    return mended


def _without_last(row: str, brackets: int) -> str:
    for _ in range(brackets):
        head, _, tail = row.rpartition("]")
        row = head + tail
    return row


def _blame(rule: str, message: str, fix: str) -> Callable[[int, str, str], Finding]:
    def finding(line: int, found: str, expected: str) -> Finding:
        return Finding(rule, "error", message, line, expected=repr(expected), found=repr(found), fix=fix)

    return finding


_MENDED = {
    _tabs: _blame("tab", "YAML takes no tabs for indentation", "indent with spaces"),
    _indentation: _blame("indentation", "the line is out of line with its neighbours", "indent all rows alike"),
    _brackets: _blame("brackets", "brackets do not match", "a row is [from, repeats, module, [arguments]]"),
}


def _syntax(error: yaml.YAMLError) -> Finding:
    """Where reading stopped; for a list that never ends, where it began."""
    mark = getattr(error, "problem_mark", None)
    if "flow" in str(getattr(error, "context", "")):
        mark = error.context_mark or mark
    problem = getattr(error, "problem", None) or " ".join(str(error).split())
    return Finding("syntax", "error", f"not YAML: {problem}", mark.line + 1 if mark else 1)
