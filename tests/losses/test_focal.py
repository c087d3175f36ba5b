"""Focal loss against torchvision, Ultralytics and binary cross entropy."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torchvision.ops import sigmoid_focal_loss as torchvision_focal_loss
from ultralytics.utils.loss import FocalLoss as UltralyticsFocalLoss

from yolo_course.errors import CourseError
from yolo_course.losses import FocalLoss, sigmoid_focal_loss


def example(seed=0, shape=(6, 5, 3)):
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(shape, generator=generator) * 4
    return logits.requires_grad_(), (torch.rand(shape, generator=generator) < 0.2).float()


@given(alpha=st.floats(0, 1), gamma=st.sampled_from([0.0, 0.5, 1.0, 1.5, 2.0, 5.0]), seed=st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_values_agree_with_torchvision(alpha, gamma, seed):
    logits, targets = example(seed)
    for reduction in ("none", "mean", "sum"):
        expected = torchvision_focal_loss(logits, targets, alpha, gamma, reduction)
        found = sigmoid_focal_loss(logits, targets, reduction=reduction, alpha=alpha, gamma=gamma)
        torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("alpha", "gamma"), [(0.25, 2.0), (0.25, 1.5), (0.6, 1.0)])
def test_values_and_gradients_agree_with_ultralytics(alpha, gamma):
    logits, targets = example()
    theirs = UltralyticsFocalLoss(gamma, alpha)(logits, targets)
    ours = sigmoid_focal_loss(logits, targets, reduction="none", alpha=alpha, gamma=gamma).mean(1).sum()
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(*(torch.autograd.grad(loss, logits)[0] for loss in (ours, theirs)))


def test_soft_targets_agree_with_torchvision():
    logits, targets = example()
    targets = targets * torch.rand(targets.shape, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(sigmoid_focal_loss(logits, targets), torchvision_focal_loss(logits, targets).mean())


def test_without_alpha_and_gamma_it_is_binary_cross_entropy():
    logits, targets = example()
    expected = F.binary_cross_entropy_with_logits(logits, targets)
    torch.testing.assert_close(sigmoid_focal_loss(logits, targets, alpha=None, gamma=0), expected)


def test_an_alpha_for_each_class_is_that_of_its_column():
    logits, targets = example()
    shares = [0.1, 0.5, 0.9]
    expected = [sigmoid_focal_loss(logits[..., i], targets[..., i], alpha=share) for i, share in enumerate(shares)]
    for alpha in (shares, torch.tensor(shares), torch.tensor(shares, dtype=torch.float64)):
        torch.testing.assert_close(sigmoid_focal_loss(logits, targets, alpha=alpha), sum(expected) / 3)


def test_the_background_is_learnt_where_a_softmax_over_anchors_would_not_see_it():
    """Cross entropy on (B, anchors, nc) takes the anchors for classes; targets of zero then cost nothing."""
    logits, targets = torch.zeros(2, 8, 3, requires_grad=True), torch.zeros(2, 8, 3)
    assert F.cross_entropy(logits, targets).item() == 0
    sigmoid_focal_loss(logits, targets).backward()
    assert (logits.grad > 0).all()


def test_easy_examples_are_turned_down_by_the_formula():
    logits, ones = torch.tensor([0.1, 0.5, 0.9]).logit(), torch.ones(3)
    focal = sigmoid_focal_loss(logits, ones, reduction="none", alpha=None)
    share = focal / F.binary_cross_entropy_with_logits(logits, ones, reduction="none")
    torch.testing.assert_close(share, torch.tensor([0.81, 0.25, 0.01]))


def test_whole_numbers_are_targets_too():
    logits, targets = example()
    torch.testing.assert_close(sigmoid_focal_loss(logits, targets.long()), sigmoid_focal_loss(logits, targets))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"gamma": -1}, "0 or more"),
        ({"alpha": 1.5}, r"\[0, 1\]"),
        ({"alpha": [0.5, 0.5]}, "3 of them"),
        ({"alpha": [0.5, 0.5, -0.1]}, "a share"),
        ({"alpha": torch.ones(6)}, "3 of them"),
    ],
)
def test_mistakes_are_told_in_words(options, words):
    with pytest.raises(CourseError, match=words):
        FocalLoss(**options)(*example())


def test_class_numbers_are_refused():
    with pytest.raises(CourseError, match="one_hot"):
        sigmoid_focal_loss(torch.zeros(4, 3), torch.tensor([0, 1, 2, 0]))
