"""One block for each rule but `head`."""

import torch
from torch import Tensor, nn
from ultralytics.nn.modules import Conv

from pepper.gates import Gate
from yolo_course import register


@register("scaled", aliases=["Corn"])
class PepperCorn(nn.Module):
    """Two convolutions side by side, added."""

    def __init__(self, c1: int, c2: int, k: int = 3, s: int = 1):
        super().__init__()
        self.wide, self.narrow = Conv(c1, c2, k, s), Conv(c1, c2, 1, s)

    def forward(self, x: Tensor) -> Tensor:
        return self.wide(x) + self.narrow(x)


@register("stacked")
class PepperMill(nn.Module):
    """n grinders after a convolution; the grinder's class stands below this one and is not registered."""

    def __init__(self, c1: int, c2: int, n: int = 1, shortcut: bool = False):
        super().__init__()
        self.enter = Conv(c1, c2, 1)
        self.grind = nn.Sequential(*(Grinder(c2, shortcut) for _ in range(n)))

    def forward(self, x: Tensor) -> Tensor:
        return self.grind(self.enter(x))


class Grinder(nn.Module):
    def __init__(self, c: int, shortcut: bool):
        super().__init__()
        self.conv, self.shortcut = Conv(c, c, 3), shortcut

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv(x) if self.shortcut else self.conv(x)


@register("same")
class PepperGate(nn.Module):
    """Weighs channels; knows its width from `c1` alone."""

    def __init__(self, c1: int, times: int = 1):
        super().__init__()
        self.gates = nn.Sequential(*(Gate(c1) for _ in range(times)))

    def forward(self, x: Tensor) -> Tensor:
        return self.gates(x)


@register("fused")
class PepperBlend(nn.Module):
    """A weighted sum of several maps, each brought to the same width and to the size of the first."""

    def __init__(self, channels: list[int], c2: int):
        super().__init__()
        self.bring = nn.ModuleList(Conv(c, c2, 1) for c in channels)
        self.weights = nn.Parameter(torch.ones(len(channels)))

    def forward(self, maps: list[Tensor]) -> Tensor:
        sizes = [nn.functional.interpolate(m, maps[0].shape[2:]) for m in maps]
        weights = self.weights.softmax(0)
        return sum(w * bring(m) for w, bring, m in zip(weights, self.bring, sizes, strict=True))
