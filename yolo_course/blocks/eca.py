"""Efficient channel attention.

Each channel is weighed by looking at its few neighbours: one 1-D convolution of 3 to 7 weights, no
bottleneck; the wider the map, the longer the kernel.

Wang et al., ECA-Net: Efficient Channel Attention for Deep Convolutional Neural Networks, 2019, arXiv:1910.03151.
"""

import math

from torch import Tensor, nn

from yolo_course.errors import ModelError
from yolo_course.registry.register import register

__all__ = ["ECA"]


@register("scaled", aliases=["EfficientChannelAttention"])
class ECA(nn.Module):
    """Scale each channel by a weight in (0, 1) drawn from the means of the channels around it.

    `c2` is there because Ultralytics calls a block as `(c1, c2)`; an ECA without it would read
    the width as `gamma` and shrink its kernel to 1, in silence.

    Args:
        c1: Channels in.
        c2: Channels out: the same, or left out.
        gamma: Divides the kernel's length; the paper's value is 2.
        b: Added to log2 of the width; the paper's value is 1.

    Shape:
        - x: (B, c1, H, W)
        - returns: (B, c1, H, W)

    Raises:
        ModelError: `c2` differs from `c1`.

    Example:
        >>> [ECA(c, c).conv.kernel_size for c in (32, 256)]
        [(3,), (5,)]
    """

    def __init__(self, c1: int, c2: int | None = None, gamma: float = 2, b: float = 1):
        super().__init__()
        if c2 not in (None, c1):
            raise ModelError("ECA keeps the number of channels", expected=c1, found=c2, hint="put a Conv before it")
        k = int(abs((math.log2(c1) + b) / gamma))
        k += k % 2 == 0  # an even kernel has no middle
        self.conv = nn.Conv1d(1, 1, k, padding=k // 2, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        means = x.mean((2, 3)).unsqueeze(1)  # (B, c1, H, W) -> (B, 1, c1)
        weights = self.conv(means).sigmoid()
        return x * weights.squeeze(1)[..., None, None]  # (B, 1, c1) -> (B, c1, 1, 1)
