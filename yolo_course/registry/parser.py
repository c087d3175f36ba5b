"""Ultralytics' `parse_model`, for YAMLs that name registered modules.

The original parser keeps its sets of known modules to itself, so it cannot be taught new ones. It builds the model with
a stock module standing in for each of ours, one that gives as many channels; rows appended after the last one read what
the parser found: widths, repeats, resolved arguments. Then our modules take the places of their stand-ins, and the
appended rows are dropped.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import wraps

from torch import nn
from ultralytics.nn import tasks
from ultralytics.nn.modules import A2C2f, C2fCIB, C3k2, Conv, Detect

from yolo_course.errors import ModelError
from yolo_course.registry.build_log import build_log, log_line
from yolo_course.registry.register import RESERVED, Entry, registered
from yolo_course.registry.rows import YamlRow, constructor_error, in_words, rows_of
from yolo_course.registry.rules import Found

Parser = Callable[..., tuple[nn.Sequential, list[int]]]
IMAGE = -1  # what row 0 reads


def with_registry(original: Parser) -> Parser:
    """Wrap a `parse_model` so that it builds registered modules too; other YAMLs go straight to the original."""

    @wraps(original)
    def parse_model(d, ch, verbose=True):
        rows, entries = rows_of(d), registered()
        ours = [(row, entries[row.name]) for row in rows if row.name in entries]
        with _process_state_restored(), in_words(rows, lambda: [*entries, *_stock_names()]):
            return _parse(original, d, ch, verbose, rows, ours) if ours else original(d, ch, verbose)

    return parse_model


def _parse(
    original: Parser, d: dict, ch: int, verbose: bool, rows: list[YamlRow], ours: list[tuple[YamlRow, Entry]]
) -> tuple[nn.Sequential, list[int]]:
    stand_ins = {row.number: _stand_in(row, entry) for row, entry in ours}
    read = sorted({layer for row, _ in ours for layer in [row.number, *row.inputs]} - {IMAGE})
    extended = {
        "backbone": [stand_ins.get(row.number, [row.source, row.repeats, row.name, row.args]) for row in rows],
        "head": [[layer, 1, "Conv", [8]] for layer in read]
        + [[-1, row.repeats, "nn.Identity", row.args] for row, _ in ours],
    }
    with build_log(len(rows)) if verbose else nullcontext({}) as lines:
        built = list(original({**d, **extended}, ch, verbose)[0])
        layers, probes, notes = built[: len(rows)], built[len(rows) : -len(ours)], built[-len(ours) :]
        widths = {IMAGE: ch} | {layer: probe.conv.in_channels for layer, probe in zip(read, probes, strict=True)}
        Conv.default_act = probes[0].act  # the YAML's `activation:`, which the parser has taken back by now
        for (row, entry), note in zip(ours, notes, strict=True):
            found = Found(
                cls=entry.cls,
                inputs=[widths[layer] for layer in row.inputs],
                c2=widths[row.number],
                n=len(note) if isinstance(note, nn.Sequential) else 1,
                args=row.args,
                head={"reg_max": d.get("reg_max", 16), "end2end": d.get("end2end")},
            )
            layers[row.number], args = _layer(row, entry, found)
            lines[row.number] = log_line(layers[row.number], found.n, args)
    save = sorted(x % row.number for row in rows for x in row.sources if x != -1)
    return nn.Sequential(*layers), save


def _stand_in(row: YamlRow, entry: Entry) -> list:
    """A stock row after which the parser's books are right: channels, and which kind of head the model gets."""
    rule = entry.rule
    one_module = row.repeats == 1 or not rule.several
    if isinstance(row.source, list) != rule.several or len(row.args) < rule.takes or not one_module:
        raise row.error(
            f"a row of {entry.cls.__name__} is written otherwise",
            expected=rule.row.replace("Block", row.name),
            found=[row.source, row.repeats, row.name, row.args],
            hint=f"it builds {rule.constructor.replace('Block', entry.cls.__name__)}; another rule may suit it better",
        )
    like_v11 = rule.stand_in == "Conv" and issubclass(entry.cls, (C3k2, A2C2f, C2fCIB))
    source = row.inputs[0] if rule.several and rule.stand_in == "Conv" else row.source
    return [source, 1, "C3k2" if like_v11 else rule.stand_in, row.args[: rule.takes]]


def _layer(row: YamlRow, entry: Entry, found: Found) -> tuple[nn.Module, list]:
    """The registered module of a row, with the attributes that Ultralytics sets on each layer, and its arguments."""
    args = entry.rule.arguments(found)
    copies = found.n if entry.rule.copies else 1
    if copies > 1 and found.inputs != [found.c2]:
        raise row.error(
            f"{copies} modules one after the other cannot each take {found.inputs[0]} channels and give {found.c2}",
            hint="write the rows one by one, or repeat inside the class and register it as `stacked`",
        )
    try:
        modules = [entry.cls(*args) for _ in range(copies)]
    except ModelError as error:
        raise row.error(error.message, expected=error.expected, found=error.found, hint=error.hint) from error
    except Exception as error:
        raise constructor_error(row, entry.cls, args, error) from error
    _refuse_reserved(row, modules[0])
    layer = modules[0] if copies == 1 else nn.Sequential(*modules)
    layer.np = sum(p.numel() for p in layer.parameters())
    layer.i, layer.f, layer.type = row.number, row.source, entry.origin.replace("__main__.", "")
    return layer, args


def _refuse_reserved(row: YamlRow, module: nn.Module) -> None:
    own = {*vars(module), *module._parameters, *module._buffers, *module._modules}
    if taken := sorted(own.intersection(RESERVED)):
        raise row.error(
            f"{type(module).__name__} sets {', '.join(taken)}, which Ultralytics overwrites on every layer",
            hint="rename the attribute",
        )


@contextmanager
def _process_state_restored() -> Iterator[None]:
    """Put back what a parse writes on stock classes: the activation of `Conv`, the kind of the heads."""
    act = Conv.default_act
    heads = [(cls, vars(cls).get("legacy")) for cls in _family(Detect)]
    try:
        yield
    finally:
        Conv.default_act = act
        for cls, legacy in heads:
            if legacy is not None:
                cls.legacy = legacy
            elif "legacy" in vars(cls):
                del cls.legacy


def _family(cls: type) -> set[type]:
    return {cls}.union(*(_family(child) for child in cls.__subclasses__()))


def _stock_names() -> list[str]:
    return [name for name, thing in vars(tasks).items() if isinstance(thing, type) and issubclass(thing, nn.Module)]
