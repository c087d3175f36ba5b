"""ECA against a loop over channels, and the kernel that its name promises."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from yolo_course.blocks import ECA


@pytest.mark.parametrize("c", [1, 2, 5, 32, 256])
@torch.no_grad()
def test_output_agrees_with_a_loop(c):
    block, x = ECA(c), torch.randn(2, c, 3, 4)
    kernel = block.conv.weight.flatten().tolist()
    expected = torch.empty_like(x)
    for b in range(2):
        means = x[b].mean((1, 2)).tolist()
        for channel in range(c):
            near = range(channel - len(kernel) // 2, channel + len(kernel) // 2 + 1)
            logit = sum(w * means[j] for w, j in zip(kernel, near, strict=True) if 0 <= j < c)
            expected[b, channel] = x[b, channel] / (1 + math.exp(-logit))
    torch.testing.assert_close(block(x), expected)


@pytest.mark.parametrize(("c", "k"), [(32, 3), (64, 3), (128, 5), (256, 5), (512, 5)])
def test_kernel_is_the_paper_s_also_when_the_parser_passes_both_widths(c, k):
    assert ECA(c).conv.kernel_size == ECA(c, c).conv.kernel_size == (k,)


@given(c=st.integers(1, 4096))
def test_kernel_is_odd_and_fits_the_formula(c):
    (k,) = ECA(c, c).conv.kernel_size
    assert k % 2 == 1
    assert 0 <= k - math.floor((math.log2(c) + 1) / 2) <= 1


@torch.no_grad()
def test_a_channel_is_heard_by_its_neighbours_and_no_further():
    block, x = ECA(32, 32), torch.randn(1, 32, 4, 4)
    louder = x.clone()
    louder[:, 10] += 1
    gates, changed = (block(values) / values for values in (x, louder))
    heard = [c for c in range(32) if not torch.allclose(gates[0, c], changed[0, c])]
    assert heard == [9, 10, 11]
