"""What a block is made of and what it costs, as its width changes.

Nothing is allocated or computed: the block runs on PyTorch's meta device, which knows shapes only.
"""

import inspect
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, log10, prod

import ipywidgets as widgets
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import nn
from ultralytics.nn.modules import Conv

from yolo_course import blocks
from yolo_course.blocks.transformer import EncoderLayer
from yolo_course.explorers.explorer import Explorer

__all__ = ["Layer", "anatomy", "block_anatomy"]

_WIDTHS = (8, 16, 32, 64, 128, 256)
_SIDES = (5, 10, 13, 20, 40, 80)
_BLOCKS = {"Conv 3×3": lambda c1, c2: Conv(c1, c2, 3), **{name: getattr(blocks, name) for name in blocks.__all__}}
_COLOURS = ("#1f77b4", "#ff7f0e")  # parameters, FLOPs


@dataclass(frozen=True)
class Layer:
    """One layer of a block.

    Args:
        name: Where it stands in the block.
        kind: What it is, in a few words.
        shape: What it gives, without the batch.
        parameters: Numbers it learns, those of its batch norm included.
        flops: Floating-point operations for one image; a multiplication and its addition count as two.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int
    flops: int


def anatomy(block: nn.Module, image: tuple[int, int, int]) -> list[Layer]:
    """List the layers of a block in the order in which they end, for one image of shape (c1, H, W).

    Convolutions, linear layers and attention are counted; norms, activations and additions cost next to nothing and
    are not. The block's mode is left as it was.

    Example:
        >>> anatomy(Conv(16, 32, 3, 2).to("meta"), (16, 40, 40))
        [Layer(name='', kind='3×3 /2', shape=(32, 20, 20), parameters=4672, flops=3686400)]
    """
    shapes: dict[nn.Module, tuple[int, ...]] = {}
    flops: Counter[nn.Module] = Counter()  # a layer may run more than once

    def note(module: nn.Module, inputs: tuple[torch.Tensor], output: torch.Tensor) -> None:
        shapes[module] = tuple(output.shape[1:])
        flops[module] += _flops(module, output)

    names = {part: name for name, part in block.named_modules() if _counts(part)}
    inside = {part for conv in names if isinstance(conv, Conv) for part in conv.children()}
    hooks = [part.register_forward_hook(note) for part in names if part not in inside]
    device, training = next(block.parameters()).device, block.training
    try:
        with torch.no_grad():
            block.eval()(torch.empty(1, *image, device=device))
    finally:
        block.train(training)
        for hook in hooks:
            hook.remove()
    return [Layer(names[each], _kind(each), shape, _parameters(each), flops[each]) for each, shape in shapes.items()]


def block_anatomy() -> Explorer:
    """Choose a block, its channels, repeats and map size; see what each layer costs and how the whole grows."""
    return Explorer(
        _draw,
        lines=True,
        block=widgets.Dropdown(options=list(_BLOCKS), value="CSPBlock", description="block"),
        c1=widgets.SelectionSlider(options=_WIDTHS, value=64, description="c1"),
        c2=widgets.SelectionSlider(options=_WIDTHS, value=64, description="c2"),
        n=widgets.IntSlider(1, 1, 3, description="n"),
        side=widgets.SelectionSlider(options=_SIDES, value=40, description="H = W"),
    )


def _counts(module: nn.Module) -> bool:
    return isinstance(module, (Conv, nn.Conv1d, nn.Conv2d, nn.Linear, nn.LayerNorm, EncoderLayer))


def _parameters(module: nn.Module) -> int:
    """Parameters of a layer; an encoder layer's are listed with the linear layers it holds."""
    return 0 if isinstance(module, EncoderLayer) else sum(each.numel() for each in module.parameters())


def _flops(module: nn.Module, output: torch.Tensor) -> int:
    layer = module.conv if isinstance(module, Conv) else module
    if isinstance(layer, (nn.Conv1d, nn.Conv2d)):
        return 2 * output.numel() * prod(layer.kernel_size) * layer.in_channels // layer.groups
    if isinstance(layer, nn.Linear):
        return 2 * output.numel() * layer.in_features
    if isinstance(layer, EncoderLayer):  # its own work: each token against each, twice: the scores, then the mixing
        return 4 * output.numel() * output.shape[1]
    return 0


def _kind(module: nn.Module) -> str:
    conv = module.conv if isinstance(module, Conv) else module
    if isinstance(conv, (nn.Conv1d, nn.Conv2d)):
        size = "×".join(map(str, conv.kernel_size))
        depthwise = " depthwise" if conv.groups == conv.in_channels > 1 else ""
        return f"{size}{f' /{conv.stride[0]}' if conv.stride[0] > 1 else ''}{depthwise}"
    if isinstance(module, nn.Linear):
        return "linear"
    return "norm" if isinstance(module, nn.LayerNorm) else "attention"


@lru_cache(maxsize=1024)
def _layers(name: str, c1: int, c2: int, n: int, side: int) -> tuple[Layer, ...]:
    with torch.device("meta"):
        block = _BLOCKS[name](c1, c2, n) if _repeats(name) else _BLOCKS[name](c1, c2)
    return tuple(anatomy(block, (c1, side, side)))


def _repeats(name: str) -> bool:
    return "n" in inspect.signature(_BLOCKS[name]).parameters


def _draw(block: str, c1: int, c2: int, n: int, side: int) -> tuple[Figure, str]:
    c2 = c1 if block == "ECA" else c2
    layers = _layers(block, c1, c2, n, side)
    figure = Figure(figsize=(9.5, 0.9 + 0.3 * max(len(layers), 7)))
    left = figure.add_axes((0.27, 0.6 / figure.get_figheight(), 0.33, 1 - 0.9 / figure.get_figheight()))
    right = figure.add_axes((0.68, 0.6 / figure.get_figheight(), 0.31, 1 - 0.9 / figure.get_figheight()))
    _draw_layers(left, layers)
    growth = {width: _total(_layers(block, width, width, n, side)) for width in _WIDTHS[::2]}
    _draw_growth(right, growth, _total(layers), c2)
    return figure, _sentence(block, c1, c2, n, side, layers)


def _draw_layers(axes: Axes, layers: tuple[Layer, ...]) -> None:
    """Two bars a layer: its share of the parameters and of the operations."""
    for offset, colour, shares in zip((-0.19, 0.19), _COLOURS, zip(*map(_cost, layers), strict=True), strict=True):
        places = [row + offset for row in range(len(layers))]
        axes.barh(places, [share / max(sum(shares), 1) for share in shares], 0.36, color=colour)
    labels = [f"{each.name}  {each.kind}  → {'×'.join(map(str, each.shape))}" for each in layers]
    axes.set(yticks=range(len(layers)), xlim=(0, 1), xticks=(0, 0.5, 1), ylim=(len(layers) - 0.4, -0.6))
    axes.set_yticklabels(labels, fontsize=8)
    axes.set_xticklabels(("0", "half", "all"), fontsize=8)
    axes.set_title("share of parameters (blue) and FLOPs (orange)", fontsize=9)


def _draw_growth(axes: Axes, growth: dict[int, tuple[int, int]], here: tuple[int, int], c2: int) -> None:
    """Both totals over the width, in doublings. Logarithms are taken by hand: matplotlib's log axis draws slowly."""
    places = [_WIDTHS.index(width) for width in growth]
    for index, colour in enumerate(_COLOURS):
        axes.plot(places, [log10(max(total[index], 1)) for total in growth.values()], "o-", color=colour, ms=3, lw=1)
        axes.plot(_WIDTHS.index(c2), log10(max(here[index], 1)), "o", color=colour, ms=9, mfc="none", mew=2)
    most = max(max(total) for total in (*growth.values(), here))
    powers = range(0, ceil(log10(most)) + 1, 3 if most > 1e5 else 1)
    axes.set(xticks=range(len(_WIDTHS)), yticks=powers)
    axes.set_xticklabels(_WIDTHS, fontsize=8)
    axes.set_yticklabels([_rounded(10**power) for power in powers], fontsize=8)
    axes.set_xlabel("width, c1 = c2", fontsize=9)
    axes.set_title("the whole block; circles: your choice", fontsize=9)


def _cost(layer: Layer) -> tuple[int, int]:
    return layer.parameters, layer.flops


def _total(layers: tuple[Layer, ...]) -> tuple[int, int]:
    return sum(layer.parameters for layer in layers), sum(layer.flops for layer in layers)


def _sentence(block: str, c1: int, c2: int, n: int, side: int, layers: tuple[Layer, ...]) -> str:
    parameters, flops = _total(layers)
    more, harder = (
        there / here
        for there, here in zip(_total(_layers(block, 2 * c1, 2 * c2, n, side)), (parameters, flops), strict=True)
    )
    to = -(-side // 2) if block == "DualPathDownsample" else side
    called = f"{block}({c1}, {c2}{f', n={n}' if _repeats(block) else ''})"
    told = [
        f"<b>{called}</b>: ({c1}, {side}, {side}) → ({c2}, {to}, {to}), "
        f"{parameters:,} parameters, {_rounded(flops)} FLOP for one image.",
        f"Twice the width: {more:.1f} × the parameters, {harder:.1f} × the FLOPs.",
    ]
    told += [] if _repeats(block) else ["It takes no <code>n</code>."]
    told += ["It keeps its channels: <code>c2</code> follows <code>c1</code>."] if block == "ECA" else []
    return " ".join(told)


def _rounded(count: int) -> str:
    for size, letter in ((10**9, " G"), (10**6, " M"), (10**3, " k")):
        if count >= size:
            return f"{count / size:.3g}{letter}"
    return str(count)
