"""Smooth L1 loss against PyTorch's."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from yolo_course.errors import CourseError
from yolo_course.losses import l1_loss, smooth_l1_loss


@given(beta=st.floats(0.01, 10), values=st.lists(st.floats(-20, 20, width=32), min_size=1, max_size=8))
@settings(deadline=None)
def test_values_and_gradients_agree_with_pytorch(beta, values):
    pred = torch.tensor(values).requires_grad_()
    target = torch.zeros_like(pred)
    losses = [f(pred, target, reduction="sum", beta=beta) for f in (smooth_l1_loss, F.smooth_l1_loss)]
    torch.testing.assert_close(*losses)
    torch.testing.assert_close(*(torch.autograd.grad(loss, pred)[0] for loss in losses), rtol=1e-4, atol=1e-6)


def test_a_beta_of_zero_is_l1():
    pred = torch.linspace(-2, 2, 9)
    assert torch.equal(smooth_l1_loss(pred, pred * 0, beta=0), l1_loss(pred, pred * 0))


def test_mistakes_are_told_in_words():
    with pytest.raises(CourseError, match="0 or more, found -1"):
        smooth_l1_loss(torch.zeros(2), torch.zeros(2), beta=-1)
    with pytest.raises(CourseError, match="another shape"):
        smooth_l1_loss(torch.zeros(3, 1), torch.zeros(3))
