"""What stands above the rows: number of classes, scales, activation, and whatever else the parser looks at."""

import ast
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from torch import nn

from yolo_course.errors import ModelError
from yolo_course.models.lint.document import Document
from yolo_course.models.lint.dry_run import dry_run
from yolo_course.models.lint.finding import Finding, shown

LARGEST = 65_536  # no channel, class or argument of a model is larger
DEEPEST = 100  # times as deep or as wide
_USUAL = {"nc": 80, "channels": 3, "reg_max": 16, "end2end": None, "kpt_shape": [17, 3]}


@dataclass(frozen=True)
class Settings:
    """What the rows are built with.

    Args:
        parser: What Ultralytics' parser reads, mistakes replaced by usual values; without the activation.
        channels: Of the image.
        scale: The scale that the rows are built at, `""` without one.
        activation: What `Conv` activates with by default, or None.
    """

    parser: dict
    channels: int
    scale: str
    activation: nn.Module | None


def read_settings(document: Document, path: Path, scale: str | None, named: str = "") -> tuple[Settings, list[Finding]]:
    """The settings that the rows are built with, and what is wrong with those of the file.

    Args:
        document: The file.
        path: Its path, for messages.
        scale: The scale that was asked for.
        named: The one that the file's name says.

    Raises:
        ModelError: If the scale that was asked for is not there.
    """
    top = document.value
    findings = [*_numbers(document), *_scales(document), *_ignored(document)]
    activation, problems = _activation(document)
    valid = {key: value for key, value in _dictionary(top.get("scales")).items() if not wrong_scale(value)}
    chosen, unknown = _choose(document, valid, path, scale, named)
    values = {key: top.get(key, usual) for key, usual in _USUAL.items()}
    parser = values | {key: _USUAL[key] for key in values if _wrong_number(key, top.get(key))}
    multiples = {key: top[key] for key in ("depth_multiple", "width_multiple") if not _wrong_multiple(top.get(key))}
    parser |= {"scales": {chosen: valid[chosen]} if chosen else None, "scale": chosen, **multiples}
    settings = Settings(parser, parser.pop("channels"), chosen, activation)
    return settings, [*findings, *problems, *unknown]


def _numbers(document: Document) -> Iterator[Finding]:
    top = document.value
    if "nc" not in top:
        yield Finding("nc", "error", "the number of classes is missing", 1, expected="nc: 80", fix="add it at the top")
    for key in (*_USUAL, "depth_multiple", "width_multiple"):
        wrong = _wrong_multiple(top.get(key)) if key.endswith("multiple") else _wrong_number(key, top.get(key))
        if key in top and wrong:
            rule = "nc" if key == "nc" else "scales" if key.endswith("multiple") else "setting"
            yield Finding(rule, "error", f"{key} is malformed", document.line(key), None, wrong, shown(top[key]))


def _wrong_number(key: str, value: object) -> str | None:
    """What a number should have been; None if it is all right, or absent where it may be."""
    if key == "end2end":
        return None if value is None or isinstance(value, bool) else "true or false"
    if key == "kpt_shape":
        fine = isinstance(value, list) and len(value) == 2 and all(map(_is_count, value)) and value[1] in (2, 3)
        return None if value is None or fine else "[number of points, 2 or 3]"
    absent = value is None and key != "nc"
    return None if absent or _is_count(value) else f"a whole number from 1 to {LARGEST}"


def _wrong_multiple(value: object) -> str | None:
    return None if _is_number(value) and 0 < value <= DEEPEST else f"a number above 0, at most {DEEPEST}"


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LARGEST


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < math.inf


def _scales(document: Document) -> Iterator[Finding]:
    scales = document.value.get("scales")
    if "scales" in document.value and not (isinstance(scales, dict) and scales):
        expected = "n: [depth, width, max_channels], indented"
        yield Finding("scales", "error", "scales is malformed", document.line("scales"), None, expected, shown(scales))
    for key, value in _dictionary(scales).items():
        if wrong := wrong_scale(value):
            line = document.line("scales", key)
            yield Finding("scales", "error", f"scale {key} is malformed", line, None, wrong, shown(value))


def wrong_scale(value: object) -> str | None:
    """What the numbers of a scale should have been; None if they are all right."""
    if isinstance(value, list) and len(value) == 3 and all(map(_is_number, value)):
        depth, width, most = value
        if 0 < depth <= DEEPEST and 0 < width <= DEEPEST and most > 0:
            return None
    return f"[depth, width, max_channels], three numbers above 0, depth and width at most {DEEPEST}"


def _ignored(document: Document) -> Iterator[Finding]:
    top = document.value
    if "scale" in top:
        yield Finding(
            *("scale-ignored", "warning", "Ultralytics overwrites `scale:` with what the file's name says"),
            *(document.line("scale"), None, None, shown(top["scale"])),
            fix="name the file like yolo8s-mine.yaml, give yolo_course.build a scale, or keep one scale only",
        )
    for key in ("depth_multiple", "width_multiple"):
        if key in top and top.get("scales"):
            message = f"{key} has no effect beside `scales:`"
            yield Finding("scale-ignored", "warning", message, document.line(key), fix="remove one of the two")


def _choose(document: Document, valid: dict, path: Path, scale: str | None, named: str) -> tuple[str, list[Finding]]:
    """As Ultralytics does: what the file's name says, else the first."""
    scales = _dictionary(document.value.get("scales"))
    if scale is not None and scale not in scales:
        raise ModelError("unknown scale", expected=", ".join(map(str, scales)) or "none", found=scale, where=path)
    findings = []
    if scales and named and named not in scales and scale is None:
        message = f"the file's name asks for scale {named}"
        expected = ", ".join(map(str, scales))
        findings.append(Finding("scales", "error", message, document.line("scales"), None, expected, named))
    wanted = scale or named
    return (wanted if wanted in valid else next(iter(valid), "")), findings


def _activation(document: Document) -> tuple[nn.Module | None, list[Finding]]:
    spec = document.value.get("activation")
    if not spec:
        return None, []
    try:
        return _literal_call(spec), []
    except Exception:  # nothing here is trusted: whatever goes wrong, it is no activation
        expected = "torch.nn.Name(numbers), such as torch.nn.ReLU()"
        message = "Ultralytics runs `activation:` as code; this is no module of torch.nn"
        line = document.line("activation")
        return None, [Finding("activation", "error", message, line, None, expected, shown(spec))]


def _literal_call(spec: str) -> nn.Module:
    """`torch.nn.LeakyReLU(0.1)` without eval."""
    if len(spec) > 100:
        raise ValueError("too long for an activation")
    call = ast.parse(spec.strip(), mode="eval").body
    prefix, _, name = ast.unparse(call.func).rpartition(".")
    cls = vars(nn)[name]
    if prefix not in {"nn", "torch.nn"} or cls.__module__ != "torch.nn.modules.activation":
        raise ValueError("not an activation")
    values = [ast.literal_eval(value) for value in call.args]
    named = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    with dry_run():
        return cls(*values, **named)


def _dictionary(value: object) -> dict:
    return value if isinstance(value, dict) else {}
