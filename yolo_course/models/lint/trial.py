"""One row, built and run without numbers; what came of it is remembered, because the same row is asked for again."""

from contextlib import contextmanager
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from ultralytics.nn.modules import C2fAttn, Conv, ImagePoolingAttn, WorldDetect, YOLOEDetect

from yolo_course.models.lint.dry_run import TooMuch, dry_run
from yolo_course.models.lint.modules import resolve
from yolo_course.models.lint.parsing import parse_row
from yolo_course.models.lint.settings import Settings
from yolo_course.registry.register import registered
from yolo_course.registry.rows import YamlRow

TEXT_WIDTH = 512  # of the text features that open-vocabulary models are given


@dataclass(frozen=True)
class Layer:
    """What a row gives.

    Args:
        value: A tensor without numbers; a list of them, or whatever else a head gives.
        channels: What the parser counts on.
    """

    value: object
    channels: int | list[int]

    @property
    def size(self) -> tuple[int, int] | None:
        """Height and width, where it is one map or several of one size."""
        maps = self.value if isinstance(self.value, list | tuple) else [self.value]
        sizes = {tuple(x.shape[2:]) if isinstance(x, Tensor) and x.ndim == 4 else None for x in maps}
        return sizes.pop() if len(sizes) == 1 else None


@dataclass(frozen=True)
class Trial:
    """What came of building and running a row.

    Args:
        layer: What the row gives; None if it failed.
        problem: The exception it failed with.
        repeats: Scaled by the model's depth.
        args: Resolved.
        copies: Whether the repeats are modules one after the other.
        params: Parameters.
        flops: For one image.
        empty: A parameter without elements, by name.
    """

    layer: Layer | None = None
    problem: Exception | None = None
    repeats: int = 1
    args: list | None = None
    copies: bool = False
    params: int = 0
    flops: int = 0
    empty: str | None = None


class Laboratory:
    """Tries rows at one scale of one file; use it inside `opened()`."""

    def __init__(self, settings: Settings, imgsz: int):
        self.settings = settings
        self.imgsz = imgsz
        self.known: dict[tuple, Trial] = {}
        self.copied: dict[str, bool] = {}

    @contextmanager
    def opened(self):
        """Everything inside happens without weights, and `Conv` activates as the file says."""
        default = Conv.default_act
        Conv.default_act = self.settings.activation or default
        try:
            with dry_run() as self.run:
                self.image = Layer(
                    torch.empty(1, self.settings.channels, self.imgsz, self.imgsz), self.settings.channels
                )
                self.text = torch.empty(1, self.settings.parser["nc"], TEXT_WIDTH)
                yield self
        finally:
            Conv.default_act = default

    def attempt(self, row: YamlRow, inputs: list[Layer], modern: bool, last: bool) -> Trial:
        """Build and run a row.

        Raises:
            TooMuch: If the file as a whole is too large.
        """
        sources = tuple((_signature(x.value), str(x.channels)) for x in inputs)
        key = (row.name, row.repeats, repr(row.args), isinstance(row.source, list), sources, modern, last)
        if key not in self.known:
            try:
                self.known[key] = self._attempt(row, inputs, modern, last)
            except Exception as error:
                _pass_on(error)
                self.known[key] = Trial(problem=error)
        return self.known[key]

    def _attempt(self, row: YamlRow, inputs: list[Layer], modern: bool, last: bool) -> Trial:
        parsed = parse_row(row, [x.channels for x in inputs], self.settings.parser, modern)
        module = parsed.layer.eval()
        module.training = last  # a head in training gives its maps and decodes nothing
        values = [x.value for x in inputs]
        before = self.run.flops
        value = self._call(module, values if isinstance(row.source, list) else values[0])
        return Trial(
            layer=Layer(value, parsed.channels),
            repeats=parsed.repeats,
            args=parsed.args,
            copies=parsed.repeats > 1 and _is_row_of(module, row.name),
            params=sum(p.numel() for p in module.parameters()),
            flops=self.run.flops - before,
            empty=next((name for name, p in module.named_parameters() if not p.numel()), None),
        )

    def _call(self, module: nn.Module, x: object) -> object:
        """As the models call their layers, those that are told what to look for included."""
        if isinstance(module, C2fAttn | WorldDetect | ImagePoolingAttn):
            return module(x, self.text)
        if isinstance(module, YOLOEDetect):
            return module([*x, module.get_tpe(self.text)])
        return module(x)

    def copies(self, row: YamlRow, inputs: list[Layer]) -> bool:
        """Whether repeats of a row become modules one after the other, at a depth that repeats it at all."""
        if row.name in registered():
            return registered()[row.name].rule.copies
        if row.name not in self.copied:
            width = [(1.0, *rest) for _, *rest in (self.settings.parser["scales"] or {}).values()]
            scales = {self.settings.scale: width[0]} if width else None
            deep = self.settings.parser | {"scales": scales, "depth_multiple": 1.0}
            try:
                parsed = parse_row(replace(row, repeats=2), [x.channels for x in inputs], deep, False)
            except Exception as error:
                _pass_on(error)
                return False
            self.copied[row.name] = _is_row_of(parsed.layer, row.name)
        return self.copied[row.name]


def _is_row_of(module: nn.Module, name: str) -> bool:
    return type(module) is nn.Sequential and resolve(name) is not nn.Sequential


def _pass_on(error: Exception | None) -> None:
    """Raise the `TooMuch` that is behind an exception, if it is."""
    while error:
        if isinstance(error, TooMuch):
            raise error
        error = error.__cause__


def _signature(value: object) -> object:
    if isinstance(value, Tensor):
        return tuple(value.shape)
    return tuple(map(_signature, value)) if isinstance(value, list | tuple) else type(value)
