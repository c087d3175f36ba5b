"""Noise against the distribution it is drawn from (SciPy's)."""

import numpy as np
import pytest
from scipy import stats

from yolo_course.augment import Noise
from yolo_course.augment.noise import noise


@pytest.mark.parametrize("deviation", [3.0, 12.0])
def test_the_grain_is_gaussian(deviation):
    image = np.full((80, 80, 3), 128, np.uint8)
    grain = noise(image, deviation, np.random.default_rng(0)).astype(float) - 128
    assert abs(grain.mean()) < 0.25
    assert grain.std() == pytest.approx(np.hypot(deviation, np.sqrt(1 / 12)), rel=0.03)  # rounding adds its own
    spread = np.random.default_rng(1).uniform(-0.5, 0.5, grain.shape)
    assert stats.kstest((grain + spread).ravel(), "norm", (0, deviation)).pvalue > 1e-4


def test_black_and_white_are_not_left():
    image = np.zeros((40, 40, 3), np.uint8)
    image[20:] = 255
    found = noise(image, 30, np.random.default_rng(0))
    assert found[:20].max() < 160
    assert found[20:].min() > 95


def test_no_deviation_is_no_change(make):
    sample = make()
    np.testing.assert_array_equal(Noise((0.0, 0.0), p=1)(sample, np.random.default_rng(0)).image, sample.image)
