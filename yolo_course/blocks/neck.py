"""Fusion block of a neck.

What a `Concat` has laid side by side, a fine map and a coarse one, is mixed in two branches without any
shortcut: the block's input is two maps in one, so there is nothing to be the identity of.

Wang et al., Scaled-YOLOv4: Scaling Cross Stage Partial Network, 2020, arXiv:2011.08036 (the CSP-ized PAN).
"""

import torch
from torch import Tensor, nn
from ultralytics.nn.modules import Conv

from yolo_course.registry.register import register

__all__ = ["NeckBlock"]


@register("stacked", aliases=["CustomNeckBlock"])
class NeckBlock(nn.Module):
    """Two branches of `c2 * e` channels, one of them refined by `n` plain 3×3 convolutions.

    Args:
        c1: Channels in: the sum over the maps that were concatenated.
        c2: Channels out.
        n: 3×3 convolutions in the refined branch.
        g: Groups of those; must divide the branch's width.
        e: Width of a branch as a share of `c2`; at least one channel is kept.

    Shape:
        - x: (B, c1, H, W)
        - returns: (B, c2, H, W)
    """

    def __init__(self, c1: int, c2: int, n: int = 1, g: int = 1, e: float = 0.5):
        super().__init__()
        c_ = max(int(c2 * e), 1)
        self.cv1 = Conv(c1, c_, 1)
        self.cv2 = Conv(c1, c_, 1)
        self.cv3 = Conv(2 * c_, c2, 1)  # 2 * c_, which is c2 only where c2 is even
        self.m = nn.Sequential(*(Conv(c_, c_, 3, g=g) for _ in range(n)))

    def forward(self, x: Tensor) -> Tensor:
        refined = self.m(self.cv1(x))
        return self.cv3(torch.cat((refined, self.cv2(x)), 1))  # 2 × (B, c_, H, W) -> (B, c2, H, W)
