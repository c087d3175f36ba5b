"""A model YAML row by row: what is written, and what the parser makes of it.

The parser tells of itself only in the table that it logs while it builds. Here it builds on PyTorch's meta device,
which allocates no weights, and its table is read back into data.
"""

import ast
import copy
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from ultralytics.nn import tasks
from ultralytics.utils import LOGGER

from yolo_course.errors import ModelError
from yolo_course.models.names import read
from yolo_course.registry.register import Entry, registered

__all__ = ["Step", "load", "walk"]


@dataclass(frozen=True)
class Step:
    """One row of a model YAML, as written and as built.

    Args:
        number: Its place, counted from 0 through backbone and head.
        source: `from`: the layer or layers it reads.
        repeats: As written.
        name: Its module, as written.
        written: Its arguments, as written.
        called: The arguments that the constructor gets; text where they are no plain values.
        n: Repeats after the model's depth has scaled them.
        inputs: Channels of each map it reads; a layer that gives a list of maps is left out.
        shape: Of the map it gives: channels, height, width; None for a head.
        parameters: Numbers it learns.
        entry: Its place in the registry; None for a module of Ultralytics or PyTorch.
    """

    number: int
    source: int | list[int]
    repeats: int
    name: str
    written: list
    called: list | str
    n: int
    inputs: list[int]
    shape: tuple[int, int, int] | None
    parameters: int
    entry: Entry | None

    @property
    def written_row(self) -> str:
        """The row as it stands in the file."""
        return f"[{self.source}, {self.repeats}, {self.name}, {_text(self.written)}]"

    @property
    def call(self) -> str:
        """What the parser runs."""
        return f"{self.name}({self.called if isinstance(self.called, str) else _text(self.called)[1:-1]})"


def walk(
    model: Mapping | str | Path, scale: str | None = None, image: tuple[int, int, int] = (3, 64, 64)
) -> list[Step]:
    """Read a model as Ultralytics' parser does, the registry included, without allocating its weights.

    Args:
        model: A model YAML, its path or its content.
        scale: Key under `scales:`; without it the model's own `scale`, else the first key.
        image: Channels, height and width of what row 0 reads.

    Returns:
        One step for each row.

    Raises:
        ModelError: It cannot be read or built, or its rows do not fit together.

    Example:
        >>> rows = {"backbone": [[-1, 1, "Conv", [16, 3, 2]]], "head": []}
        >>> walk(rows)[0].call
        'Conv(3, 16, 3, 2)'
    """
    config = _scaled(load(model), scale)
    with torch.device("meta"), _table() as lines:
        layers = tasks.parse_model(copy.deepcopy(config), image[0], verbose=True)[0]
    maps = _maps(layers, image)
    rows, entries = [*config["backbone"], *config["head"]], registered()
    steps = []
    for layer, (source, repeats, name, written) in zip(layers, rows, strict=True):
        n, called = lines[layer.i]
        heard = [maps[each] if each >= 0 else maps[layer.i + each] if layer.i else image for each in _many(source)]
        inputs, parameters = [shape[0] for shape in heard if shape], sum(p.numel() for p in layer.parameters())
        entry = entries.get(name)
        steps.append(Step(layer.i, source, repeats, name, written, called, n, inputs, maps[layer.i], parameters, entry))
    return steps


def load(model: Mapping | str | Path) -> Mapping:
    """The content of a model YAML, given by its path or as it is.

    Raises:
        ModelError: There is no such file, or it holds no model, or more than any model.
    """
    if isinstance(model, Mapping):
        return model
    path = Path(model).expanduser()
    if not path.is_file():
        raise ModelError("no such model YAML", found=path)
    return read(path)


def _scaled(model: Mapping, scale: str | None) -> dict:
    scales = model.get("scales") or {}
    scale = scale or model.get("scale") or next(iter(scales), None)
    if scales and scale not in scales:
        raise ModelError("unknown scale", expected=", ".join(scales), found=scale)
    return {**model, "scale": scale}


@contextmanager
def _table() -> Iterator[dict[int, tuple[int, list | str]]]:
    """Keep the parser's table from the log; gives repeats and arguments by row once the block has ended."""
    lines: dict[int, tuple[int, list | str]] = {}
    keeper = logging.Handler()
    keeper.emit = lambda record: lines.update(_line(record.getMessage()))
    handlers, level, propagate = LOGGER.handlers, LOGGER.level, LOGGER.propagate
    LOGGER.handlers, LOGGER.propagate = [keeper], False
    LOGGER.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        LOGGER.handlers, LOGGER.propagate = handlers, propagate
        LOGGER.setLevel(level)


def _line(text: str) -> dict[int, tuple[int, list | str]]:
    """A line of the table: number, from, repeats, parameters, module, arguments."""
    number, rest = text[:3].strip(), text[3:]
    if not number.isdigit():
        return {}
    source = rest.lstrip()
    end = source.index("]") + 1 if source.startswith("[") else len(source.split()[0])
    middle, _, arguments = source[end:].partition("[")  # a long name of a module touches its arguments
    repeats, arguments = int(middle.split()[0]), arguments.rstrip().removesuffix("]")
    try:
        return {int(number): (repeats, ast.literal_eval(f"[{arguments}]"))}
    except (ValueError, SyntaxError):
        return {int(number): (repeats, arguments)}


def _maps(layers: nn.Sequential, image: tuple[int, int, int]) -> list[tuple[int, int, int] | None]:
    """The shape of what each layer gives for one image; None where that is no map."""
    x, kept, shapes = torch.empty(1, *image, device="meta"), [], []
    for layer in layers:
        read = [x if source == -1 else kept[source] for source in _many(layer.f)]
        try:
            with torch.no_grad():
                x = layer(read if isinstance(layer.f, list) else read[0])
        except Exception as error:  # a layer raises whatever its forward raises
            raise ModelError(
                f"row {layer.i} ({layer.type.rpartition('.')[2]}) cannot take what it reads: {error}",
                found=[tuple(each.shape[1:]) for each in read if isinstance(each, torch.Tensor)],
            ) from error
        kept.append(x)
        shapes.append(tuple(x.shape[1:]) if isinstance(x, torch.Tensor) and x.ndim == 4 else None)
    return shapes


def _many(source: int | list[int]) -> list[int]:
    return source if isinstance(source, list) else [source]


def _text(arguments: list) -> str:
    return "[" + ", ".join(str(each) for each in arguments) + "]"
