"""Balanced sampling against counting, and torch's loader that draws by it."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.data import DataLoader

from yolo_course.data import BalancedSampler, balanced_weights
from yolo_course.errors import DataError

CLASSES = [np.array(ids, dtype=float)[:, None] for ids in ([0], [0, 0, 1], [0], [], [0], [2, 0], [0], [0], [1], [])]
WEIGHTS = st.lists(st.floats(0.01, 50), min_size=1, max_size=40)


def test_weights_are_the_repeat_factors_of_lvis():
    shown = {0: 7, 1: 2, 2: 1}  # images, counted by hand
    for power in (0.0, 0.5, 1.0):
        expected = [max([1.0, *((7 / shown[int(cls)]) ** power for cls in ids.ravel())]) for ids in CLASSES]
        assert balanced_weights(CLASSES, power).tolist() == pytest.approx(expected)


def test_full_power_draws_classes_that_never_meet_equally_often():
    classes = [np.array([cls]) for cls, count in enumerate((60, 6, 3)) for _ in range(count)]
    drawn = np.concatenate(
        [np.concatenate([classes[index] for index in sampler]) for sampler in _passes(classes, 1, 40)]
    )
    assert np.bincount(drawn) / len(drawn) == pytest.approx(1 / 3, abs=0.01)


def _passes(classes, power, count):
    sampler = BalancedSampler(balanced_weights(classes, power))
    return [list(sampler) for _ in range(count)]


def test_images_without_objects_are_drawn_and_do_not_weigh_more():
    weights = balanced_weights(CLASSES, 1)
    assert weights[3] == weights[9] == weights[0] == 1
    assert {3, 9} <= {index for drawn in _passes(CLASSES, 1, 20) for index in drawn}


def test_no_image_and_no_box():
    assert balanced_weights([]).shape == (0,)
    assert balanced_weights([np.zeros((0, 1)), np.zeros(0)]).tolist() == [1, 1]


@settings(max_examples=100, deadline=None)
@given(WEIGHTS, st.integers(0, 99), st.integers(1, 4))
def test_each_image_comes_as_often_as_its_share_rounded_down_or_up(weights, seed, replicas):
    shares = [list(BalancedSampler(weights, seed, rank, replicas)) for rank in range(replicas)]
    assert {len(share) for share in shares} == {-(-len(weights) // replicas)}
    counts = np.bincount(np.concatenate(shares), minlength=len(weights))
    wanted = np.array(weights) / np.sum(weights) * replicas * len(shares[0])
    assert (np.abs(counts - wanted) < 1 + 1e-9).all()


def test_a_long_run_comes_as_close_as_it_should():
    """The mean over passes against torch's own multinomial draw, whose expectation is the same."""
    weights = np.array([1, 1, 2, 5.5, 0.3])
    sampler = BalancedSampler(weights, seed=3)
    ours = np.mean([np.bincount(list(sampler), minlength=5) for _ in range(4000)], axis=0)
    drawn = torch.multinomial(torch.tensor(weights), 20000, True, generator=torch.Generator().manual_seed(0))
    assert ours == pytest.approx(np.bincount(drawn.numpy()) / 4000, abs=0.06)


def test_passes_differ_and_a_seed_repeats_them():
    first, second = (_passes([*CLASSES] * 4, 0.5, 3) for _ in range(2))
    assert first == second
    assert first[0] != first[1] != first[2]
    other = BalancedSampler(balanced_weights([*CLASSES] * 4), seed=1)
    assert list(other) != first[0]


def test_a_loader_of_torch_draws_by_it():
    sampler = BalancedSampler([1, 1, 6], seed=0)
    loader = DataLoader(torch.arange(3), batch_size=2, sampler=sampler)
    assert len(loader) == 2
    drawn = torch.cat([torch.cat(list(loader)) for _ in range(200)])
    assert torch.bincount(drawn)[2] / len(drawn) == pytest.approx(0.75, abs=0.03)


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [1, np.nan], [[1, 2]], [np.inf]])
def test_weights_that_are_none_are_refused(weights):
    with pytest.raises(DataError, match="can't draw by these weights"):
        BalancedSampler(weights)


def test_ranks_and_powers_out_of_range_are_refused():
    with pytest.raises(DataError, match="rank"):
        BalancedSampler([1], rank=1)
    with pytest.raises(DataError, match="power"):
        balanced_weights(CLASSES, 1.5)
