"""NeckBlock against its formula in plain functions of PyTorch."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from yolo_course.blocks import NeckBlock


def conv_bn_silu(x, state, name, padding=0, groups=1):
    x = F.conv2d(x, state[f"{name}.conv.weight"], padding=padding, groups=groups)
    statistics = (state[f"{name}.bn.{key}"] for key in ("running_mean", "running_var", "weight", "bias"))
    return F.silu(F.batch_norm(x, *statistics))


@pytest.mark.parametrize(("n", "g"), [(0, 1), (1, 1), (3, 1), (2, 4)])
@torch.no_grad()
def test_output_follows_the_formula(n, g):
    block = NeckBlock(12, 16, n, g).eval()
    for module in block.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.uniform_(-0.5, 0.5)
    state, x = block.state_dict(), torch.randn(2, 12, 7, 6)
    refined, passed = conv_bn_silu(x, state, "cv1"), conv_bn_silu(x, state, "cv2")
    for step in range(n):
        refined = conv_bn_silu(refined, state, f"m.{step}", padding=1, groups=g)
    expected = conv_bn_silu(torch.cat((refined, passed), 1), state, "cv3")
    torch.testing.assert_close(block(x), expected)


@pytest.mark.parametrize("c2", [1, 3, 65])
def test_odd_widths_work(c2):
    assert NeckBlock(8, c2)(torch.randn(2, 8, 5, 5)).shape == (2, c2, 5, 5)


@torch.no_grad()
def test_both_concatenated_maps_count():
    block = NeckBlock(8, 8).eval()
    fine, coarse = torch.randn(1, 4, 6, 6), torch.randn(1, 4, 6, 6)
    y = block(torch.cat((fine, coarse), 1))
    assert not torch.allclose(y, block(torch.cat((fine, coarse * 0), 1)))
    assert not torch.allclose(y, block(torch.cat((fine * 0, coarse), 1)))
