"""What a broken row might have given: the ways in which the rows after it may go on."""

from dataclasses import replace

import torch
from torch import Tensor

from yolo_course.models.lint.trial import Laboratory, Layer, Trial
from yolo_course.registry.rows import YamlRow


def mended(lab: Laboratory, row: YamlRow, inputs: list[Layer], modern: bool, last: bool) -> Trial | None:
    """The row with arguments left out from the end, or with the width of its input for a first one that is none."""
    width = inputs[0].channels
    shorter = [row.args[:k] for k in range(len(row.args) - 1, 0, -1)][:6]
    for args in ([width, *row.args[1:]], *shorter, [width]):
        trial = lab.attempt(replace(row, args=args), inputs, modern, last)
        if not trial.problem:
            return trial
    return None


def guesses(lab: Laboratory, row: YamlRow, inputs: list[Layer]) -> list[Layer]:
    """As many channels as the row's first number says, of the size of its input, half of it, or twice."""
    stated = replace(row, source=-1, repeats=1, name="Conv", args=row.args[:1])
    trial = lab.attempt(stated, inputs[:1], False, False)
    channels = trial.layer.channels if trial.layer and _is_width(row.args) else inputs[0].channels
    channels = channels if isinstance(channels, int) and channels > 0 else 8
    height, width = inputs[0].size or lab.image.size
    sizes = [(height, width), (-(-height // 2), -(-width // 2)), (height * 2, width * 2)]
    return [map_of(channels, size) for size in sizes]


def concatenated(inputs: list[Layer]) -> list[Layer]:
    """All channels of the inputs, at each of their sizes."""
    channels = sum(x.channels if isinstance(x.channels, int) else sum(x.channels) for x in inputs)
    return [map_of(channels, size) for size in dict.fromkeys(x.size for x in inputs) if size]


def actual(layer: Layer) -> Layer:
    """The layer with the channels that it has, whatever the parser counts on."""
    is_map = isinstance(layer.value, Tensor) and layer.value.ndim == 4
    return replace(layer, channels=layer.value.shape[1]) if is_map else layer


def map_of(channels: int, size: tuple[int, int]) -> Layer:
    """Some map."""
    return Layer(torch.empty(1, channels, *size), channels)


def _is_width(args: list) -> bool:
    return bool(args) and isinstance(args[0], int) and not isinstance(args[0], bool) and args[0] > 0
