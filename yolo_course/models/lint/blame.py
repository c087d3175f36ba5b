"""What an exception says about the row that raised it, in terms of the row."""

import inspect
import re
import traceback
from collections.abc import Callable

from torch import Tensor, nn

from yolo_course.errors import ModelError
from yolo_course.models.lint.finding import Finding, shown
from yolo_course.models.lint.trial import Layer
from yolo_course.registry.rows import YamlRow

_CALLERS = {"parse_model", "_layer", "<genexpr>", "<listcomp>"}  # a TypeError raised there: the call does not fit
_ATTENTION = re.compile(r"Att(n|ention)|PSA|ABlock|AIFI|Transformer|\b(num_)?heads?\b")
_FIXES = {
    "channels": "state the channels that it reads, or use a module that Ultralytics scales",
    "arguments": "compare the row's arguments with the module's",
    "attention-heads": "choose a width that the number of heads divides",
    "zero-width": "some width inside comes out as 0: widen the row, or reduce by less",
}
_COUNTS = ("in_channels", "out_channels", "in_features", "out_features", "num_features", "embed_dim")
_WIDTHS = ("in_channels", "in_features", "num_features", "num_channels")


def blame(error: Exception, row: YamlRow, line: int, cls: type) -> Finding:
    """The finding that an exception stands for."""
    cause, where = error.__cause__ or error, {"line": line, "row": row.number}
    text, written = _words(cause), shown([row.source, row.repeats, row.name, row.args])
    if re.search(r"\bmeta\b", text, re.IGNORECASE):
        message, fix = "it cannot be judged without numbers", "build the model to see"
        return Finding("not-judged", "note", message, found=text, fix=fix, **where)
    if (width := _width_wanted(cause)) and width[0] != width[1]:
        told = {"expected": f"{width[0]} channels", "found": f"{width[1]} channels"}
        message = f"{cls.__name__} does not take the channels that it reads"
        return Finding("channels", "error", message, fix=_FIXES["channels"], **told, **where)
    if isinstance(cause, TypeError) and re.search("list indices must be|object is not iterable", text):
        one = isinstance(row.source, list)
        message, found = f"{cls.__name__} reads {'one layer' if one else 'a list of layers'}", shown(row.source)
        return Finding("from", "error", message, expected="a number" if one else "a list", found=found, **where)
    if _does_not_fit(cause):
        message, told = "the arguments do not fit the module", {"expected": _signature(cls), "found": written}
        return Finding("arguments", "error", message, fix=_FIXES["arguments"], **told, **where)
    if isinstance(cause, ModelError):  # of the registry, or of a block: in words already
        rule = "attention-heads" if re.search(r"\bheads?\b", cause.message) else "arguments"
        expected = None if error.expected is None else str(error.expected)
        return Finding(rule, "error", error.message, expected=expected, found=written, fix=error.hint, **where)
    rule = _rule(cause, cls)
    message = f"{cls.__name__} does not run: {text}"
    return Finding(rule, "error", message, found=written, fix=_FIXES[rule], **where)


def sizes_differ(
    row: YamlRow, line: int, inputs: list[Layer], layers: list[Layer], stride: Callable[[Layer], int | None]
) -> Finding:
    """Of a Concat; its fix names the last rows that would suit its first input."""
    sizes = " and ".join(f"{x.size[0]}×{x.size[1]}" if x.size else "no map" for x in inputs)
    wanted = stride(inputs[0])
    suited = [i for i, layer in enumerate(layers[:-1]) if layer.size == inputs[0].size][-3:]
    fix = f"rows {', '.join(map(str, suited))} have stride {wanted}" if suited else "bring one to the other's size"
    heights = [x.size[0] for x in inputs if x.size]
    if heights and max(heights) - min(heights) == 1:
        fix = "the image size has to be a multiple of the coarsest stride"
    return Finding(
        *("concat-size", "error", "maps of unequal size cannot be concatenated", line, row.number),
        expected=f"maps of stride {wanted}, as the first one",
        found=f"{sizes}: strides {', '.join(str(stride(x)) for x in inputs)}",
        fix=fix,
    )


def _words(error: Exception) -> str:
    """Message of an exception; of a bare assertion, its line of code."""
    text = " ".join(str(error).split())
    frames = traceback.extract_tb(error.__traceback__)
    text = text or (frames[-1].line or "" if frames else "")
    return f"{type(error).__name__}: {text}"[:300]


def _does_not_fit(error: Exception) -> bool:
    """Whether it was raised by the call of the module, or by the parser's reading of the arguments."""
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and frames[-1].name in _CALLERS and isinstance(error, TypeError | IndexError | ValueError)


def _width_wanted(error: Exception) -> tuple[int, int] | None:
    """Channels that the module which failed takes, and those it was given."""
    for frame, _ in reversed([*traceback.walk_tb(error.__traceback__)]):
        module, given = frame.f_locals.get("self"), frame.f_locals.get("input", frame.f_locals.get("x"))
        width = next((getattr(module, name) for name in _WIDTHS if isinstance(getattr(module, name, None), int)), None)
        if width is not None and isinstance(given, Tensor):
            return width, given.shape[1] if given.ndim == 4 else given.shape[-1]
    return None


def _rule(error: Exception, cls: type) -> str:
    owners = [frame.f_locals.get("self") for frame, _ in traceback.walk_tb(error.__traceback__)]
    text = _words(error)
    if any(vars(owner).get(name) == 0 for owner in owners if isinstance(owner, nn.Module) for name in _COUNTS):
        return "zero-width"
    if _ATTENTION.search(text) or any(
        _ATTENTION.search(name) for name in {cls.__name__, *(type(owner).__name__ for owner in owners)}
    ):
        return "attention-heads"
    if isinstance(error, ZeroDivisionError) or re.search(r"non-?positive|zero-size|positive integer", text):
        return "zero-width"
    if re.search(r"channel|c1 ?[!=]= ?c2|must match|size of tensor", text):
        return "channels"
    return "arguments"


def _signature(cls: type) -> str:
    try:
        parameters = inspect.signature(cls).parameters.values()
    except ValueError:
        return cls.__name__
    return f"{cls.__name__}{inspect.Signature([p.replace(annotation=p.empty) for p in parameters])}"
