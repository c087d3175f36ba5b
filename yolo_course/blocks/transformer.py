"""Transformer stage.

Every place of the map looks at every other place of the same image. A depthwise convolution tells each where
it is: unlike a table of positions it fits any image size.

Dosovitskiy et al., An Image is Worth 16x16 Words, 2020, arXiv:2010.11929. The positions are those of Chu et al.,
Conditional Positional Encodings for Vision Transformers, 2021, arXiv:2102.10882.
"""

from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention
from ultralytics.nn.modules import Conv, DWConv

from yolo_course.errors import ModelError
from yolo_course.registry.register import register

__all__ = ["TransformerStage"]


@register("stacked")
class TransformerStage(nn.Module):
    """A 1×1 convolution where the width changes, then `n` encoder layers over the places of the map.

    Time grows with (H × W)²: it belongs on the coarse maps at the end of a backbone.

    Args:
        c1: Channels in.
        c2: Channels out.
        n: Encoder layers.
        heads: Attention heads at most; the largest number up to it that divides `c2` is taken.
        e: Width of the feed-forward layer as a multiple of `c2`; at least one channel is kept.

    Shape:
        - x: (B, c1, H, W)
        - returns: (B, c2, H, W)

    Raises:
        ModelError: `heads` below 1.
    """

    def __init__(self, c1: int, c2: int, n: int = 1, heads: int = 8, e: float = 4.0):
        super().__init__()
        if heads < 1:
            raise ModelError("attention needs a head", expected="heads of 1 or more", found=heads)
        heads = max(divisor for divisor in range(1, heads + 1) if c2 % divisor == 0)
        self.project = nn.Identity() if c1 == c2 else Conv(c1, c2, 1)
        self.position = DWConv(c2, c2, 3, act=False)
        self.layers = nn.Sequential(*(EncoderLayer(c2, heads, e) for _ in range(n)))
        self.norm = nn.LayerNorm(c2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.project(x)
        x = x + self.position(x)
        # not flatten(2).transpose(1, 2): on the CPU torch 2.15 then gets the gradient of a batch norm wrong at batch 1
        tokens = x.permute(0, 2, 3, 1).flatten(1, 2)  # (B, c2, H, W) -> (B, H*W, c2)
        tokens = self.norm(self.layers(tokens))
        return tokens.transpose(1, 2).reshape(x.shape).contiguous()  # (B, H*W, c2) -> (B, c2, H, W)


class EncoderLayer(nn.Module):
    """Self-attention, then a feed-forward layer; each is normalised before and added to its input.

    Shape:
        - x: (B, T, c)
        - returns: (B, T, c)
    """

    def __init__(self, c: int, heads: int, e: float):
        super().__init__()
        hidden = max(int(c * e), 1)
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(c), nn.LayerNorm(c)
        self.qkv = nn.Linear(c, 3 * c)
        self.out = nn.Linear(c, c)
        self.mlp = nn.Sequential(nn.Linear(c, hidden), nn.GELU(), nn.Linear(hidden, c))

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attend(self.norm1(x))
        return x + self.mlp(self.norm2(x))

    def attend(self, x: Tensor) -> Tensor:
        """Mix the tokens of each image; the batch stays the first dimension all the way.

        Shape:
            - x: (B, T, c)
            - returns: (B, T, c)
        """
        b, t, c = x.shape
        qkv = self.qkv(x).reshape(b, t, 3, self.heads, c // self.heads)  # (B, T, 3c) -> (B, T, 3, heads, d)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)  # -> 3 × (B, heads, T, d)
        mixed = scaled_dot_product_attention(q, k, v)  # (B, heads, T, d)
        return self.out(mixed.transpose(1, 2).reshape(b, t, c))  # -> (B, T, heads, d) -> (B, T, c)
