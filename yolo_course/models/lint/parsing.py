"""Ultralytics' own parser, one row at a time, so that a row that breaks leaves the others alone.

A row alone gets rows before it that only state how many channels each of its inputs has, and rows after it that read
what the parser found: the channels it counts on, the scaled repeats, the resolved arguments.
"""

from copy import deepcopy
from dataclasses import dataclass

from torch import nn
from ultralytics.nn import tasks
from ultralytics.nn.modules import A2C2f, C2fCIB, C3k2

from yolo_course.models.lint.modules import resolve
from yolo_course.registry.rows import YamlRow

_MODERN = (C3k2, A2C2f, C2fCIB)  # after one of these the parser builds heads of the newer kind
_CHANNELS_OF = "nn.BatchNorm2d"
_REPEATS_OF = "nn.Identity"


@dataclass(frozen=True)
class Parsed:
    """What the parser made of a row.

    Args:
        layer: The module, on the meta device when built there.
        channels: What the parser counts on for the rows that read this one.
        repeats: Scaled by the model's depth.
        args: With names such as `nc` resolved.
    """

    layer: nn.Module
    channels: int | list[int]
    repeats: int
    args: list


def is_modern(name: str) -> bool:
    """Whether heads that come after a row of this module are of the newer kind."""
    return issubclass(resolve(name) or object, _MODERN)


def parse_row(row: YamlRow, inputs: list, settings: dict, modern: bool) -> Parsed:
    """Build one row.

    Args:
        row: The row.
        inputs: Channels of each layer that it reads.
        settings: What stands above the rows of its file, and the scale.
        modern: Whether a row before it is of the modules that change the kind of the heads.

    Raises:
        Exception: Whatever the parser or the module raises.
    """
    before = [[-1, 1, "Index", [channels, 0]] for channels in inputs]
    if modern:
        before.append([-1, 1, "C3k2", [8, False]])
    at = len(before)
    source = [*range(len(inputs))] if isinstance(row.source, list) else 0
    args = _without_download(row)
    note = deepcopy(args)
    rows = [
        *before,
        [source, row.repeats, row.name, args],
        [at, 1, _CHANNELS_OF, []],
        [at, row.repeats, _REPEATS_OF, note],
    ]
    layers, _ = tasks.parse_model({**settings, "backbone": rows, "head": []}, 3, verbose=False)
    counted, repeats = layers[at + 1].num_features, layers[at + 2]
    return Parsed(layers[at], counted, len(repeats) if isinstance(repeats, nn.Sequential) else 1, note)


def _without_download(row: YamlRow) -> list:
    """The row's arguments; a torchvision model is built without the weights it would fetch."""
    args = deepcopy(row.args)
    if resolve(row.name) is tasks.TorchVision:
        args[2:3] = [None]
    return args
