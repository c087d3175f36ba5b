import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedShuffleSplit

from yolo_course.data.division.stratify import stratify

RATIOS = (0.7, 0.2, 0.1)


def images(shown):
    """Labels with the last column that counts the images of a group."""
    return np.column_stack((shown, np.ones(len(shown), dtype=np.int64)))


def off(labels, part, ratios):
    """How many labels are not where their ratio wants them."""
    return sum(np.abs(labels[part == k].sum(0) - share * labels.sum(0)).sum() for k, share in enumerate(ratios))


def test_with_one_label_an_image_the_counts_are_those_of_scikit_learn():
    rng = np.random.default_rng(0)
    classes = rng.choice(4, 200, p=(0.6, 0.25, 0.1, 0.05))
    labels = images(np.eye(4, dtype=np.int64)[classes])
    part = stratify(labels, (0.75, 0.25), np.random.default_rng(1))
    (train, val), *_ = StratifiedShuffleSplit(1, test_size=0.25, random_state=0).split(classes, classes)
    for k, rows in enumerate((train, val)):
        ours, theirs = np.bincount(classes[part == k], minlength=4), np.bincount(classes[rows], minlength=4)
        assert np.abs(ours - theirs).max() <= 1


def test_many_labels_an_image_are_shared_out_better_than_by_chance():
    rng = np.random.default_rng(0)
    labels = images((rng.random((120, 6)) < (0.5, 0.3, 0.2, 0.1, 0.07, 0.05)).astype(np.int64))
    ours = off(labels, stratify(labels, RATIOS, np.random.default_rng(2)), RATIOS)
    shuffles = (np.repeat((0, 1, 2), (84, 24, 12))[rng.permutation(120)] for _ in range(200))
    assert ours < min(off(labels, shuffled, RATIOS) for shuffled in shuffles) / 1.5


@given(
    st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=1, max_size=30),
    st.sampled_from([(0.8, 0.2), (0.5, 0.5), RATIOS, (0.98, 0.01, 0.01)]),
    st.integers(0, 5),
)
def test_every_unit_gets_a_part_and_no_part_is_empty(rows, ratios, seed):
    labels = images(np.array(rows))
    part = stratify(labels, ratios, np.random.default_rng(seed))
    assert part.shape == (len(rows),)
    assert set(part.tolist()) <= set(range(len(ratios)))
    assert len(set(part.tolist())) == min(len(rows), len(ratios))
    assert np.array_equal(part, stratify(labels, ratios, np.random.default_rng(seed)))


@pytest.mark.parametrize("size", [10, 100, 1000])
def test_sizes_are_the_ratios(size):
    labels = images((np.random.default_rng(size).random((size, 5)) < 0.3).astype(np.int64))
    sizes = np.bincount(stratify(labels, (0.8, 0.1, 0.1), np.random.default_rng(0)))
    assert np.abs(sizes - np.array((0.8, 0.1, 0.1)) * size).max() <= max(1, 0.02 * size)
