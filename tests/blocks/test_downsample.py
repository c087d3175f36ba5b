"""DualPathDownsample at any size and width, and its pooled path against a loop."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from yolo_course.blocks import DualPathDownsample


@given(height=st.integers(1, 23), width=st.integers(1, 23), c1=st.integers(1, 9), c2=st.integers(2, 9))
@settings(max_examples=50, deadline=None)
@torch.no_grad()
def test_halves_any_size_rounding_up_and_gives_every_channel(height, width, c1, c2):
    block = DualPathDownsample(c1, c2).eval()
    assert block(torch.randn(1, c1, height, width)).shape == (1, c2, (height + 1) // 2, (width + 1) // 2)


@pytest.mark.parametrize(("height", "width"), [(8, 8), (7, 5), (1, 2)])
@torch.no_grad()
def test_the_second_half_is_the_maximum_of_each_two_by_two(height, width):
    block, x = DualPathDownsample(4, 7).eval(), torch.randn(1, 4, height, width)
    pooled = torch.stack(
        [
            torch.stack([x[..., r : r + 2, c : c + 2].flatten(2).max(2).values for c in range(0, width, 2)], -1)
            for r in range(0, height, 2)
        ],
        -2,
    )
    torch.testing.assert_close(block(x)[:, 3:], block.cv2(pooled))


@torch.no_grad()
def test_the_first_half_is_the_strided_convolution():
    block, x = DualPathDownsample(4, 7).eval(), torch.randn(1, 4, 7, 5)
    torch.testing.assert_close(block(x)[:, :3], block.cv1(x))
