"""Varifocal loss against Ultralytics' and binary cross entropy."""

import pytest
import torch
import torch.nn.functional as F
from ultralytics.utils.loss import VarifocalLoss as UltralyticsVarifocalLoss

from yolo_course.losses import varifocal_loss


def example(seed=0):
    generator = torch.Generator().manual_seed(seed)
    logits, quality = (torch.randn(6, 50, 3, generator=generator) * 3 for _ in range(2))
    return logits.requires_grad_(), quality.sigmoid() * (torch.rand(6, 50, 3, generator=generator) < 0.1)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("alpha", "gamma"), [(0.75, 2.0), (0.5, 1.5)])
def test_values_and_gradients_agree_with_ultralytics(alpha, gamma, seed):
    logits, targets = example(seed)
    theirs = UltralyticsVarifocalLoss(gamma, alpha)(logits, targets, (targets > 0).float())
    ours = varifocal_loss(logits, targets, reduction="none", alpha=alpha, gamma=gamma).mean(1).sum()
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(*(torch.autograd.grad(loss, logits)[0] for loss in (ours, theirs)))


def test_an_object_counts_for_as_much_as_its_box_is_worth():
    logits, targets = torch.tensor([0.3, 0.3, 0.3]), torch.tensor([0.2, 0.5, 1.0])
    found = varifocal_loss(logits, targets, reduction="none")
    expected = F.binary_cross_entropy_with_logits(logits, targets, reduction="none") * targets
    torch.testing.assert_close(found, expected)


def test_the_loss_of_an_object_is_least_at_its_iou():
    logits = torch.tensor([0.1, 0.3, 0.5, 0.7, 0.9]).logit()
    found = varifocal_loss(logits, torch.full((5,), 0.7), reduction="none")
    assert found.argmin() == 3


def test_background_that_is_quiet_is_turned_down_and_loud_one_is_not():
    quiet, loud = varifocal_loss(torch.tensor([-4.0, 4.0]), torch.zeros(2), reduction="none", alpha=1.0)
    share = quiet / F.softplus(torch.tensor(-4.0))
    assert share.item() == pytest.approx(torch.tensor(-4.0).sigmoid().item() ** 2, rel=1e-4)
    assert loud > 0.95 * F.softplus(torch.tensor(4.0))
