"""The names of the parts: misspelt, given twice, or scales that are not under `scales:`."""

from collections.abc import Iterator
from difflib import get_close_matches

from yolo_course.models.lint.document import Document
from yolo_course.models.lint.finding import Finding, shown
from yolo_course.models.lint.settings import wrong_scale

_KEYS = (
    *("nc", "scales", "backbone", "head", "activation", "depth_multiple", "width_multiple", "end2end", "reg_max"),
    *("kpt_shape", "channels", "text_model", "scale", "names", "inplace"),
)


def mend_keys(document: Document) -> list[Finding]:
    """What is wrong with the names; in the document they are put right."""
    twice = [
        Finding("duplicate-key", "error", f"{key} is given twice; only the last one counts", line)
        for key, line in document.twice
    ]
    return [*twice, *_stray_scales(document), *_misspelt(document)]


def _stray_scales(document: Document) -> Iterator[Finding]:
    top = document.value
    stray = [key for key in top if key not in _KEYS and not wrong_scale(top[key])]
    for key in stray:
        line = document.line(key)
        yield Finding("scales", "error", f"scale {shown(key)} stands outside `scales:`", line, fix="indent it")
    if stray and not top.get("scales"):
        top["scales"] = {key: top[key] for key in stray}
        document.lines |= {("scales", key): document.line(key) for key in stray}
    for key in stray:
        del top[key]


def _misspelt(document: Document) -> Iterator[Finding]:
    top = document.value
    for key in [key for key in top if key not in _KEYS]:
        if near := get_close_matches(str(key)[:40], _KEYS, n=1, cutoff=0.75):
            line = document.line(key)
            yield Finding("unknown-key", "error", "Ultralytics knows no such key", line, None, near[0], shown(key))
            if near[0] not in top:
                top[near[0]] = top[key]
                document.lines |= {(near[0], *at[1:]): no for at, no in document.lines.items() if at[:1] == (key,)}
