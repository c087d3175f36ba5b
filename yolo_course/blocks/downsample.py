"""Downsampling on two paths.

Half of the output comes from a convolution with stride 2, which learns what to keep, half from a maximum, which
keeps what is strongest.

Szegedy et al., Rethinking the Inception Architecture for Computer Vision, 2015, arXiv:1512.00567 (section 5).
"""

import torch
from torch import Tensor, nn
from ultralytics.nn.modules import Conv

from yolo_course.errors import ModelError
from yolo_course.registry.register import register

__all__ = ["DualPathDownsample"]


@register("scaled", aliases=["CustomDownsample"])
class DualPathDownsample(nn.Module):
    """Halve height and width, rounding up, by a convolution and a pooling side by side.

    Args:
        c1: Channels in.
        c2: Channels out, at least 2; the pooled path has the odd one.

    Shape:
        - x: (B, c1, H, W)
        - returns: (B, c2, ceil(H / 2), ceil(W / 2))

    Raises:
        ModelError: `c2` is below 2.
    """

    def __init__(self, c1: int, c2: int):
        super().__init__()
        if c2 < 2:
            raise ModelError("two paths cannot share the channels", expected="c2 of 2 or more", found=c2)
        c_ = c2 // 2
        self.cv1 = Conv(c1, c_, 3, 2)
        self.pool = nn.MaxPool2d(2, ceil_mode=True)  # a convolution rounds odd sizes up; so must the pooling
        self.cv2 = Conv(c1, c2 - c_, 1)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat((self.cv1(x), self.cv2(self.pool(x))), 1)  # c_ and c2 - c_ channels -> (B, c2, H/2, W/2)
