"""Colours against Ultralytics' and torchvision's; hue wraps."""

import colorsys

import cv2
import numpy as np
import pytest
import torch
from torchvision.transforms import v2
from ultralytics.data.augment import RandomHSV

from yolo_course.augment import HSV
from yolo_course.augment.hsv import hsv
from yolo_course.errors import CourseError


@pytest.mark.parametrize("seed", range(6))
def test_equal_to_ultralytics(make, seed):
    image = make(seed).image
    np.random.seed(seed)  # noqa: NPY002  where Ultralytics takes its numbers from
    gains = np.random.uniform(-1, 1, 3) * (0.5, 0.7, 0.4)  # noqa: NPY002
    np.random.seed(seed)  # noqa: NPY002
    labels = RandomHSV(0.5, 0.7, 0.4).apply_image({"img": image[..., ::-1].copy()})
    np.testing.assert_array_equal(hsv(image, gains[0], 1 + gains[1], 1 + gains[2]), labels["img"][..., ::-1])


@pytest.mark.parametrize("share", [-0.4, -0.1, 0.2, 0.5])
def test_hue_is_that_of_torchvision(make, share):
    """OpenCV has 180 hues, torchvision's are fractions: two levels of 256 at most come of that, seldom more."""
    image = make(3).image
    theirs = v2.functional.adjust_hue(torch.tensor(image).permute(2, 0, 1), share).permute(1, 2, 0).numpy()
    gap = np.abs(hsv(image, share).astype(int) - theirs)
    assert np.median(gap) <= 2
    assert gap.mean() < 3


@pytest.mark.parametrize("degrees", [4, 356])
def test_hue_wraps_round_red(degrees):
    """Ten steps of OpenCV are 20 degrees, whichever side of red a colour lies on."""
    colour = np.uint8([[[round(255 * part) for part in colorsys.hsv_to_rgb(degrees / 360, 1, 1)]]])
    for steps in (-10, 10):
        found = hsv(colour, steps / 180)[0, 0] / 255
        hue = colorsys.rgb_to_hsv(*found)[0] * 360
        assert abs((hue - degrees - 2 * steps + 180) % 360 - 180) <= 2


def test_greys_stay_grey_and_nothing_is_changed_in_place():
    image = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, 2)
    before = image.copy()
    np.testing.assert_array_equal(hsv(image, 0.3, 2.0, 1.0), before)
    np.testing.assert_array_equal(image, before)
    np.testing.assert_array_equal(hsv(image, value=0.0), np.zeros_like(image))


def test_a_picture_without_saturation_is_its_own_grey(make):
    image = make(1).image
    found = hsv(image, saturation=0.0)
    np.testing.assert_array_equal(found[..., 0], cv2.cvtColor(image, cv2.COLOR_RGB2HSV)[..., 2])
    assert (found == found[..., :1]).all()


def test_gains_are_drawn_on_either_side_of_nothing(make):
    sample, rng = make(2), np.random.default_rng(0)
    value = np.array([HSV(0, 0, 0.4)(sample, rng).image.mean() for _ in range(200)]) / sample.image.mean()
    assert 0.58 < value.min() < 0.65
    assert value.max() > 1.2
    assert (value < 1).mean() == pytest.approx(0.5, abs=0.2)


def test_a_gain_above_one_is_refused():
    with pytest.raises(CourseError, match=r"saturation is out of range: expected from 0 to 1, found 1\.5"):
        HSV(saturation=1.5)
