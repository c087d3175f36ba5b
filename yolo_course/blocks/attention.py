"""Channel and spatial attention.

Two gates in a row: the first weighs each channel by what it says over the whole map, the second each
place by what all channels say there.

Woo et al., CBAM: Convolutional Block Attention Module, 2018, arXiv:1807.06521.
"""

import torch
from torch import Tensor, nn
from ultralytics.nn.modules import Conv

from yolo_course.errors import ModelError
from yolo_course.registry.register import register

__all__ = ["ChannelSpatialAttention"]


@register("scaled", aliases=["CustomAttentionBlock"])
class ChannelSpatialAttention(nn.Module):
    """A 1×1 convolution where the width changes, then a channel gate and a spatial gate.

    Args:
        c1: Channels in.
        c2: Channels out.
        reduction: How much narrower the channel gate's hidden layer is than `c2`; it keeps at least 8
            channels, or `c2` where that is less.
        k: Kernel of the spatial gate, odd.

    Shape:
        - x: (B, c1, H, W)
        - returns: (B, c2, H, W)

    Raises:
        ModelError: `reduction` below 1 or `k` even.
    """

    def __init__(self, c1: int, c2: int, reduction: int = 16, k: int = 7):
        super().__init__()
        self.project = nn.Identity() if c1 == c2 else Conv(c1, c2, 1)
        self.channel = ChannelGate(c2, reduction)
        self.spatial = SpatialGate(k)

    def forward(self, x: Tensor) -> Tensor:
        return self.spatial(self.channel(self.project(x)))


class ChannelGate(nn.Module):
    """Scale each channel by a weight in (0, 1) drawn from its mean and its maximum.

    Shape:
        - x: (B, c, H, W)
        - returns: (B, c, H, W)
    """

    def __init__(self, c: int, reduction: int):
        super().__init__()
        if reduction < 1:
            raise ModelError("the channel gate cannot be reduced", expected="reduction of 1 or more", found=reduction)
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))

    def forward(self, x: Tensor) -> Tensor:
        mean = x.mean((2, 3), keepdim=True)  # (B, c, H, W) -> (B, c, 1, 1)
        peak = x.amax((2, 3), keepdim=True)  # (B, c, H, W) -> (B, c, 1, 1)
        return x * (self.mlp(mean) + self.mlp(peak)).sigmoid()


class SpatialGate(nn.Module):
    """Scale each place by a weight in (0, 1) drawn from the mean and the maximum over channels around it.

    Shape:
        - x: (B, c, H, W)
        - returns: (B, c, H, W)
    """

    def __init__(self, k: int):
        super().__init__()
        if k % 2 == 0:
            raise ModelError("the spatial gate would change the map's size", expected="an odd kernel", found=k)
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        summary = torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)  # (B, c, H, W) -> (B, 2, H, W)
        return x * self.conv(summary).sigmoid()
