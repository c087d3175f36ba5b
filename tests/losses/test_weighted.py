"""Weights, average factor and reductions against PyTorch's own."""

import inspect

import pytest
import torch
import torch.nn.functional as F

from yolo_course.errors import CourseError
from yolo_course.losses import reduce_loss, weighted_loss


@weighted_loss
def squared(pred, target, scale=1.0):
    """Squared difference."""
    return scale * (pred - target) ** 2


@pytest.fixture
def pair():
    generator = torch.Generator().manual_seed(0)
    return torch.randn(5, 3, generator=generator), torch.randn(5, 3, generator=generator)


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
def test_reductions_agree_with_pytorch(pair, reduction):
    torch.testing.assert_close(squared(*pair, reduction=reduction), F.mse_loss(*pair, reduction=reduction))


@pytest.mark.parametrize("shape", [(5, 3), (3,), (5, 1), (1, 3), ()])
@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
def test_a_weight_broadcasts_as_in_pytorch(pair, shape, reduction):
    weight = torch.rand(shape, generator=torch.Generator().manual_seed(1))
    logits, targets = pair[0], pair[1].sigmoid()
    bce = weighted_loss(lambda p, t: F.binary_cross_entropy_with_logits(p, t, reduction="none"))
    expected = F.binary_cross_entropy_with_logits(logits, targets, weight, reduction=reduction)
    torch.testing.assert_close(bce(logits, targets, weight, reduction), expected)


def test_the_average_factor_replaces_the_count(pair):
    total = F.mse_loss(*pair, reduction="sum")
    for factor in (4, 4.0, torch.tensor(4), torch.tensor(4.0)):
        torch.testing.assert_close(squared(*pair, avg_factor=factor), total / 4)
    for none in (0, 0.0, torch.tensor(0), torch.tensor(0.0)):
        assert squared(*pair, torch.zeros(3), avg_factor=none).item() == 0


def test_ragged_factors_that_pytorch_would_broadcast_are_refused(pair):
    with pytest.raises(CourseError, match=r"shape \(\), found \(5,\)"):
        squared(*pair, avg_factor=torch.ones(5))


@pytest.mark.parametrize("weight", [torch.ones(5), torch.ones(2, 5, 3), torch.ones(5, 3, 1), 2.0, [1, 1, 1]])
def test_weights_that_would_enlarge_the_loss_are_refused(pair, weight):
    with pytest.raises(CourseError, match=r"broadcasts to \(5, 3\)"):
        squared(*pair, weight)


def test_options_reach_the_function(pair):
    torch.testing.assert_close(squared(*pair, scale=3), 3 * F.mse_loss(*pair))


def test_half_precision_does_not_overflow_in_the_sum():
    pred = torch.full((100,), 30.0, dtype=torch.float16)
    assert pred.square().sum().isinf()
    assert squared(pred, torch.zeros_like(pred), reduction="sum").item() == 90_000


def test_the_mean_of_nothing_is_zero_where_pytorch_says_nan():
    nothing = torch.zeros(0, 3, requires_grad=True)
    assert F.mse_loss(nothing, nothing.detach()).isnan()
    loss = squared(nothing, nothing.detach())
    loss.backward()
    assert loss.item() == 0


def test_the_function_keeps_its_name_and_shows_its_options():
    assert (squared.__name__, squared.__doc__) == ("squared", "Squared difference.")
    signature = str(inspect.signature(squared))
    assert signature == "(pred, target, /, weight=None, reduction='mean', avg_factor=None, *, scale=1.0)"


def test_reduce_loss_can_be_used_alone(pair):
    loss = F.mse_loss(*pair, reduction="none")
    torch.testing.assert_close(reduce_loss(loss, torch.tensor([1.0, 0, 0]), "sum"), loss[:, 0].sum())


def test_gradients_reach_the_weight(pair):
    weight = torch.ones(3, requires_grad=True)
    squared(*pair, weight, "sum").backward()
    torch.testing.assert_close(weight.grad, F.mse_loss(*pair, reduction="none").sum(0))
