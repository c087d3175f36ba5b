"""Class weights against Ultralytics' `cls_pw` and scikit-learn's, and the classes that never occur."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_class_weight
from ultralytics.models.yolo.detect import DetectionTrainer

from yolo_course.errors import CourseError
from yolo_course.losses import inverse_frequency

counts = st.lists(st.integers(0, 1000), min_size=1, max_size=12)


@given(counts=counts.filter(any), power=st.sampled_from([0.25, 0.5, 1.0]))
@settings(deadline=None)
def test_weights_agree_with_ultralytics(counts, power):
    trainer = SimpleNamespace(args=SimpleNamespace(cls_pw=power))
    expected = DetectionTrainer.compute_class_weights(trainer, np.array(counts, np.float32))
    expected = torch.tensor(expected / expected.mean(), dtype=torch.float32)
    torch.testing.assert_close(inverse_frequency(counts, power=power), expected)


def test_weights_are_in_the_ratio_of_scikit_learn_s():
    labels = np.random.default_rng(0).choice(4, 200, p=[0.6, 0.2, 0.15, 0.05])
    expected = torch.tensor(compute_class_weight("balanced", classes=np.arange(4), y=labels), dtype=torch.float32)
    torch.testing.assert_close(inverse_frequency(labels, nc=4), expected / expected.mean())


@given(counts=counts)
@settings(deadline=None)
def test_weights_are_finite_positive_and_one_in_the_mean(counts):
    weights = inverse_frequency(counts)
    assert weights.isfinite().all()
    assert (weights > 0).all()
    assert weights.mean().item() == pytest.approx(1, abs=1e-5)


def test_classes_that_never_occur_do_not_poison_the_others():
    """In the middle, where the popular recipe gives [0, nan, 0], and at the end, where it gives two weights."""
    assert inverse_frequency(torch.tensor([0, 2, 2]), nc=3).tolist() == pytest.approx([4 / 3, 1, 2 / 3])
    assert inverse_frequency(torch.tensor([0, 1, 1]), nc=3).tolist() == pytest.approx([4 / 3, 2 / 3, 1])
    assert inverse_frequency([0, 0]).tolist() == [1, 1]
    assert inverse_frequency([], nc=2).tolist() == [1, 1]


def test_labels_may_have_any_shape_and_type():
    expected = inverse_frequency([3, 1])
    for labels in (torch.tensor([[0.0], [0.0], [1.0], [0.0]]), np.array([0, 0, 1, 0]), [0, 1, 0, 0]):
        torch.testing.assert_close(inverse_frequency(labels, nc=2), expected)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: inverse_frequency([5, 900, 3], nc=3), "expected 0 to 2, found 3 to 900.*without nc"),
        (lambda: inverse_frequency([-1, 0], nc=3), "no class"),
        (lambda: inverse_frequency([3, -1]), "numbers from 0"),
        (lambda: inverse_frequency([]), "numbers from 0"),
        (lambda: inverse_frequency([[1, 2]]), "numbers from 0"),
        (lambda: inverse_frequency([1, 2], power=-1), "power from 0"),
        (lambda: inverse_frequency([1, float("nan")]), "numbers from 0"),
    ],
)
def test_mistakes_are_told_in_words(call, words):
    with pytest.raises(CourseError, match=words):
        call()
