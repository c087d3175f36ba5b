"""Dice loss against Ultralytics' and scikit-learn's F1 score."""

import pytest
import torch
from sklearn.metrics import f1_score
from ultralytics.utils.loss import MultiChannelDiceLoss

from yolo_course.errors import CourseError
from yolo_course.losses import dice_loss


def example():
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(2, 3, 6, 5, generator=generator) * 3
    return logits.requires_grad_(), (torch.rand(2, 3, 6, 5, generator=generator) < 0.4).float()


@pytest.mark.parametrize("smooth", [1e-6, 1.0])
def test_values_and_gradients_agree_with_ultralytics(smooth):
    logits, target = example()
    theirs, ours = MultiChannelDiceLoss(smooth)(logits, target), dice_loss(logits, target, smooth=smooth)
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(*(torch.autograd.grad(loss, logits)[0] for loss in (ours, theirs)))


def test_sure_masks_agree_with_scikit_learn():
    logits, target = example()
    sure = logits.detach().sign() * 100
    found = dice_loss(sure, target, reduction="none", smooth=0)
    for b, c in ((b, c) for b in range(2) for c in range(3)):
        expected = f1_score(target[b, c].flatten().numpy(), (sure[b, c] > 0).flatten().numpy())
        assert 1 - found[b, c].item() == pytest.approx(expected)


def test_exclusive_classes_share_one_softmax():
    logits, target = example()
    exclusive = dice_loss(logits, target, exclusive=True)
    torch.testing.assert_close(exclusive, dice_loss(logits.softmax(1).logit(), target))
    torch.testing.assert_close(exclusive, dice_loss(logits + 5, target, exclusive=True))


def test_an_empty_mask_costs_nothing_when_predicted_empty_and_much_otherwise():
    nothing = torch.zeros(1, 1, 8, 8)
    assert dice_loss(nothing - 100, nothing).item() == 0
    assert dice_loss(nothing + 100, nothing).item() > 0.98


def test_a_small_object_counts_as_much_as_a_large_one():
    small, large = torch.zeros(1, 1, 32, 32), torch.zeros(1, 1, 32, 32)
    small[..., :2, :2], large[..., :30, :30] = 1, 1
    losses = [dice_loss(torch.full_like(mask, -100), mask, smooth=1e-6).item() for mask in (small, large)]
    assert losses == pytest.approx([1, 1], abs=1e-5)


def test_class_numbers_are_refused():
    with pytest.raises(CourseError, match="movedim"):
        dice_loss(torch.zeros(2, 3, 4, 4), torch.zeros(2, 4, 4))
