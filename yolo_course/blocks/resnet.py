"""ResNet's bottleneck, and a stage of them.

Squeeze, look around, widen: the 3×3 convolution works on a quarter of the channels, and what comes out is
added to the input.

He et al., Deep Residual Learning for Image Recognition, 2015, arXiv:1512.03385; the stride is on the 3×3
convolution, as in torchvision ("ResNet v1.5").
"""

from torch import Tensor, nn
from ultralytics.nn.modules import Conv

from yolo_course.registry.register import register

__all__ = ["ResNetBottleneck", "ResNetStage"]


@register("scaled", aliases=["ResBottleneck"])
class ResNetBottleneck(nn.Module):
    """The block of ResNet-50 and deeper.

    Args:
        c1: Channels in.
        c2: Channels out, of the block and not of its narrow middle.
        s: Stride.
        e: Width of the middle as a share of `c2`; at least one channel is kept.

    Shape:
        - x: (B, c1, H, W)
        - returns: (B, c2, ceil(H / s), ceil(W / s))
    """

    def __init__(self, c1: int, c2: int, s: int = 1, e: float = 0.25):
        super().__init__()
        c_ = max(int(c2 * e), 1)
        self.cv1 = Conv(c1, c_, 1)
        self.cv2 = Conv(c_, c_, 3, s)
        self.cv3 = Conv(c_, c2, 1, act=False)
        self.shortcut = nn.Identity() if s == 1 and c1 == c2 else Conv(c1, c2, 1, s, act=False)
        self.act = Conv.default_act

    def forward(self, x: Tensor) -> Tensor:
        return self.act(self.cv3(self.cv2(self.cv1(x))) + self.shortcut(x))


@register("stacked", aliases=["ResStage"])
class ResNetStage(nn.Sequential):
    """`n` bottlenecks, of which the first changes width and size.

    Args:
        c1: Channels in.
        c2: Channels out, so that a YAML's row says what the next row gets.
        n: Bottlenecks, at least one.
        s: Stride of the first.

    Shape:
        - x: (B, c1, H, W)
        - returns: (B, c2, ceil(H / s), ceil(W / s))
    """

    def __init__(self, c1: int, c2: int, n: int = 1, s: int = 1):
        super().__init__(ResNetBottleneck(c1, c2, s), *(ResNetBottleneck(c2, c2) for _ in range(n - 1)))
