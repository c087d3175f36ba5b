"""Inverted residual.

The reverse of a bottleneck: widen, filter each channel on its own, and narrow again without an activation;
the shortcut joins the narrow ends.

Sandler et al., MobileNetV2: Inverted Residuals and Linear Bottlenecks, 2018, arXiv:1801.04381.
"""

from torch import Tensor, nn
from ultralytics.nn.modules import Conv, DWConv

from yolo_course.registry.register import register

__all__ = ["InvertedResidual"]


class LinearBottleneck(nn.Module):
    """One inverted residual: widen to `c1 * e`, depthwise 3×3, narrow to `c2`.

    Shape:
        - x: (B, c1, H, W)
        - returns: (B, c2, ceil(H / s), ceil(W / s))
    """

    def __init__(self, c1: int, c2: int, s: int, e: float):
        super().__init__()
        c_ = max(round(c1 * e), 1)
        self.widen = nn.Identity() if c_ == c1 else Conv(c1, c_, 1)
        self.depthwise = DWConv(c_, c_, 3, s)
        self.narrow = Conv(c_, c2, 1, act=False)
        self.add = s == 1 and c1 == c2

    def forward(self, x: Tensor) -> Tensor:
        y = self.narrow(self.depthwise(self.widen(x)))
        return x + y if self.add else y


@register("stacked")
class InvertedResidual(nn.Sequential):
    """`n` inverted residuals, of which the first changes width and size.

    Repeats belong inside: a row repeated from outside would give every copy `c1` channels and the stride.

    Args:
        c1: Channels in.
        c2: Channels out.
        n: Repeats, at least one.
        s: Stride of the first.
        e: Width of the middle as a multiple of the width in; with 1 the widening convolution falls away.

    Shape:
        - x: (B, c1, H, W)
        - returns: (B, c2, ceil(H / s), ceil(W / s))
    """

    def __init__(self, c1: int, c2: int, n: int = 1, s: int = 1, e: float = 6):
        super().__init__(LinearBottleneck(c1, c2, s, e), *(LinearBottleneck(c2, c2, 1, e) for _ in range(n - 1)))
