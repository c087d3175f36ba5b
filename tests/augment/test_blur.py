"""Blur against torchvision's."""

from math import ceil

import numpy as np
import pytest
import torch
from torchvision.transforms import v2

from yolo_course.augment.blur import blur
from yolo_course.errors import CourseError


@pytest.mark.parametrize("sigma", [0.3, 0.8, 1.5, 3.0])
def test_equal_to_torchvision(make, sigma):
    image = make(1).image
    side = 2 * ceil(3 * sigma) + 1
    theirs = v2.functional.gaussian_blur(torch.tensor(image).permute(2, 0, 1), [side, side], [sigma, sigma])
    assert np.abs(blur(image, sigma).astype(int) - theirs.permute(1, 2, 0).numpy()).max() <= 1


def test_a_width_of_nothing_is_refused(make):
    with pytest.raises(CourseError, match="sigma must be positive"):
        blur(make().image, 0)
