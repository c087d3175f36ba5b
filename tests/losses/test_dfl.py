"""Distribution focal loss against Ultralytics' and cross entropy."""

import pytest
import torch
import torch.nn.functional as F
from ultralytics.utils.loss import DFLoss

from yolo_course.errors import CourseError
from yolo_course.losses import distribution_focal_loss


def example(reg_max, seed=0):
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(20, 4, reg_max, generator=generator).requires_grad_()
    return logits, torch.rand(20, 4, generator=generator) * (reg_max - 1.02)


@pytest.mark.parametrize("reg_max", [2, 8, 16])
def test_values_and_gradients_agree_with_ultralytics(reg_max):
    logits, target = example(reg_max)
    theirs = DFLoss(reg_max)(logits.flatten(0, 1), target.clone()).mean()
    ours = distribution_focal_loss(logits, target)
    torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(*(torch.autograd.grad(loss, logits)[0] for loss in (ours, theirs)))


def test_a_whole_distance_is_cross_entropy_the_last_one_too():
    logits = torch.randn(6, 6, generator=torch.Generator().manual_seed(0))
    expected = F.cross_entropy(logits, torch.arange(6), reduction="none")
    torch.testing.assert_close(distribution_focal_loss(logits, torch.arange(6), reduction="none"), expected)


def test_between_two_bins_it_is_between_their_cross_entropies():
    logits = torch.randn(1, 6, generator=torch.Generator().manual_seed(0)).expand(3, 6)
    two, quarter, three = distribution_focal_loss(logits, torch.tensor([2.0, 2.25, 3.0]), reduction="none")
    torch.testing.assert_close(quarter, 0.75 * two + 0.25 * three)


@pytest.mark.parametrize("distance", [0.0, 0.3, 2.5, 4.0, 6.9, 7.0])
def test_the_best_distribution_has_the_distance_for_its_mean(distance):
    logits = torch.zeros(1, 8, requires_grad=True)
    optimizer = torch.optim.Adam([logits], lr=0.3)
    for _ in range(200):
        optimizer.zero_grad()
        distribution_focal_loss(logits, torch.tensor([distance])).backward()
        optimizer.step()
    assert (logits.softmax(-1) @ torch.arange(8.0)).item() == pytest.approx(distance, abs=0.05)


def test_distances_beyond_the_bins_are_those_of_the_ends():
    logits = torch.randn(4, 6, generator=torch.Generator().manual_seed(0))
    logits[1], logits[3] = logits[0], logits[2]
    found = distribution_focal_loss(logits, torch.tensor([-3.0, 0.0, 9.0, 5.0]), reduction="none")
    assert found[0] == found[1]
    assert found[2] == found[3]


@pytest.mark.parametrize(("logits", "target"), [((5, 1), (5,)), ((5, 8), (5, 8)), ((5, 32), (5, 4))])
def test_mistakes_are_told_in_words(logits, target):
    with pytest.raises(CourseError, match="reg_max"):
        distribution_focal_loss(torch.zeros(logits), torch.zeros(target))
