"""ChannelSpatialAttention against loops over channels and places."""

import math

import pytest
import torch

from yolo_course.blocks import ChannelSpatialAttention


def sigmoid(value):
    return 1 / (1 + math.exp(-value))


def dense(layer, values):
    """Apply a 1×1 convolution to one place, as the dense layer it is."""
    rows = zip(layer.weight.flatten(1).tolist(), layer.bias.tolist(), strict=True)
    return [sum(w * v for w, v in zip(row, values, strict=True)) + bias for row, bias in rows]


def channel_gate(x, gate):
    """Weigh the channels of one image (c, H, W)."""
    means = [sum(channel) / len(channel) for channel in x.flatten(1).tolist()]
    peaks = [max(channel) for channel in x.flatten(1).tolist()]
    from_means, from_peaks = (
        dense(gate.mlp[2], [max(value, 0) for value in dense(gate.mlp[0], values)]) for values in (means, peaks)
    )
    weights = [sigmoid(a + b) for a, b in zip(from_means, from_peaks, strict=True)]
    return torch.stack([channel * weight for channel, weight in zip(x, weights, strict=True)])


def spatial_gate(x, gate):
    """Weigh the places of one image (c, H, W)."""
    kernel = gate.conv.weight[0]  # (2, k, k)
    k, (_, height, width) = kernel.shape[-1], x.shape
    y = torch.empty_like(x)
    for row in range(height):
        for column in range(width):
            logit = 0.0
            for dy in range(k):
                for dx in range(k):
                    r, c = row + dy - k // 2, column + dx - k // 2
                    if 0 <= r < height and 0 <= c < width:
                        place = x[:, r, c]
                        logit += (kernel[0, dy, dx] * place.mean() + kernel[1, dy, dx] * place.max()).item()
            y[:, row, column] = x[:, row, column] * sigmoid(logit)
    return y


@pytest.mark.parametrize(("c", "reduction", "k"), [(16, 16, 3), (6, 2, 3), (1, 16, 5)])
@torch.no_grad()
def test_output_agrees_with_the_loops(c, reduction, k):
    block, x = ChannelSpatialAttention(c, c, reduction, k).eval(), torch.randn(2, c, 5, 4)
    expected = torch.stack([spatial_gate(channel_gate(image, block.channel), block.spatial) for image in x])
    torch.testing.assert_close(block(x), expected)


@pytest.mark.parametrize(
    ("c2", "reduction", "hidden"), [(256, 16, 16), (128, 16, 8), (32, 16, 8), (8, 16, 8), (3, 16, 3), (1, 16, 1)]
)
def test_hidden_layer_never_vanishes(c2, reduction, hidden):
    assert ChannelSpatialAttention(4, c2, reduction).channel.mlp[0].out_channels == hidden


@torch.no_grad()
def test_gates_only_turn_down():
    block, x = ChannelSpatialAttention(8, 8).eval(), torch.randn(2, 8, 9, 9)
    share = block(x) / x
    assert ((share > 0) & (share < 1)).all()
