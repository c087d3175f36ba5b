"""Cross-stage partial block.

Half of the channels go through the expensive path, the other half past it; a 1×1 convolution mixes both.

Wang et al., CSPNet: A New Backbone that can Enhance Learning Capability of CNN, 2019, arXiv:1911.11929.
"""

import torch
from torch import Tensor, nn
from ultralytics.nn.modules import Bottleneck, Conv

from yolo_course.registry.register import register

__all__ = ["CSPBlock"]


@register("stacked", aliases=["CustomCSPBlock"])
class CSPBlock(nn.Module):
    """Two branches of `c2 * e` channels, one of them refined by `n` bottlenecks.

    Args:
        c1: Channels in.
        c2: Channels out.
        n: Bottlenecks in the refined branch.
        shortcut: Whether each bottleneck adds its input to its output.
        g: Groups of the 3×3 convolutions; must divide the branch's width.
        e: Width of a branch as a share of `c2`; at least one channel is kept.

    Shape:
        - x: (B, c1, H, W)
        - returns: (B, c2, H, W)
    """

    def __init__(self, c1: int, c2: int, n: int = 1, shortcut: bool = True, g: int = 1, e: float = 0.5):
        super().__init__()
        c_ = max(int(c2 * e), 1)
        self.cv1 = Conv(c1, c_, 1)
        self.cv2 = Conv(c1, c_, 1)
        self.cv3 = Conv(2 * c_, c2, 1)
        self.m = nn.Sequential(*(Bottleneck(c_, c_, shortcut, g, k=(1, 3), e=1.0) for _ in range(n)))

    def forward(self, x: Tensor) -> Tensor:
        refined = self.m(self.cv1(x))
        return self.cv3(torch.cat((refined, self.cv2(x)), 1))  # 2 × (B, c_, H, W) -> (B, c2, H, W)
