"""Residual block.

Two 3×3 convolutions learn what to add to the input; where the shapes differ the input goes through a 1×1
convolution, so that the shortcut is always there.

He et al., Deep Residual Learning for Image Recognition, 2015, arXiv:1512.03385.
"""

from torch import Tensor, nn
from ultralytics.nn.modules import Conv

from yolo_course.registry.register import register

__all__ = ["ResidualBlock"]


@register("scaled", aliases=["CustomResidualBlock"])
class ResidualBlock(nn.Module):
    """The basic block of ResNet-18 and ResNet-34.

    Args:
        c1: Channels in.
        c2: Channels out.
        s: Stride.

    Shape:
        - x: (B, c1, H, W)
        - returns: (B, c2, ceil(H / s), ceil(W / s))
    """

    def __init__(self, c1: int, c2: int, s: int = 1):
        super().__init__()
        self.cv1 = Conv(c1, c2, 3, s)
        self.cv2 = Conv(c2, c2, 3, act=False)
        self.shortcut = nn.Identity() if s == 1 and c1 == c2 else Conv(c1, c2, 1, s, act=False)
        self.act = Conv.default_act

    def forward(self, x: Tensor) -> Tensor:
        return self.act(self.cv2(self.cv1(x)) + self.shortcut(x))
