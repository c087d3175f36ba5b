"""L1 loss against PyTorch's, and the targets it refuses."""

import pytest
import torch
import torch.nn.functional as F

from yolo_course.errors import CourseError
from yolo_course.losses import L1Loss, l1_loss


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
def test_values_and_gradients_agree_with_pytorch(reduction):
    pred = torch.randn(5, 4, generator=torch.Generator().manual_seed(0)).requires_grad_()
    target = pred.detach().roll(1, 0)
    losses = [l1_loss(pred, target, reduction=reduction), F.l1_loss(pred, target, reduction=reduction)]
    torch.testing.assert_close(*losses)
    torch.testing.assert_close(*(torch.autograd.grad(loss.sum(), pred)[0] for loss in losses))


def test_class_numbers_are_refused_with_the_way_out():
    scores, labels = torch.zeros(4, 3), torch.tensor([0, 1, 2, 0])
    with pytest.raises(CourseError, match=r"expected \(4, 3\), found \(4,\).*one_hot"):
        L1Loss()(scores, labels)
    assert L1Loss()(scores, F.one_hot(labels, 3)).item() == pytest.approx(1 / 3)


def test_a_column_is_not_broadcast_against_a_row():
    with pytest.raises(CourseError, match=r"\(3, 1\)"):
        l1_loss(torch.zeros(3, 1), torch.zeros(3))
