"""Samples to transform: noise with rectangles on it, their boxes, polygons and masks."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from yolo_course.augment import Sample


def make_sample(seed: int = 0, boxes: int = 5, size: tuple[int, int] = (64, 96), more: bool = False) -> Sample:
    """A sample whose boxes have whole corners; `more` adds polygons (their corners) and masks (filled)."""
    rng = np.random.default_rng(seed)
    height, width = size
    image = cv2.resize(rng.integers(0, 256, (8, 8, 3), dtype=np.uint8), (width, height), interpolation=cv2.INTER_CUBIC)
    first = rng.integers(0, (width // 2, height // 2), (boxes, 2))
    last = first + rng.integers(min(size) // 6 + 1, min(size) // 2, (boxes, 2))
    corners = np.hstack((first, last))
    x1, y1, x2, y2 = corners.T
    polygons = np.stack((x1, y1, x2, y1, x2, y2, x1, y2), 1).reshape(-1, 4, 2).astype(np.float32)  # (n, 8) -> (n, 4, 2)
    masks = np.zeros((boxes, *size), bool)
    for mask, (left, top, right, bottom) in zip(masks, corners.tolist(), strict=True):
        mask[top:bottom, left:right] = True
    classes = rng.integers(0, 3, boxes)
    return Sample(image, corners, classes, list(polygons) if more else None, masks if more else None)


@pytest.fixture
def make() -> Callable[..., Sample]:
    return make_sample


def bounds(mask: np.ndarray) -> np.ndarray:
    """The box around what is set in a mask, measured from pixel edge to pixel edge."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return np.array((columns[0], rows[0], columns[-1] + 1, rows[-1] + 1), np.float32)


@pytest.fixture
def bounds_of() -> Callable[[np.ndarray], np.ndarray]:
    return bounds


@pytest.fixture
def to_labels() -> Callable[[Sample], dict]:
    """A sample as Ultralytics hands it around: BGR, and boxes as instances in pixels."""
    from ultralytics.utils.instance import Instances

    def convert(sample: Sample) -> dict:
        segments = np.stack(sample.segments) if sample.segments else None
        return {
            "img": sample.image[..., ::-1].copy(),
            "cls": sample.classes[:, None].astype(np.float32),  # (n,) -> (n, 1)
            "instances": Instances(sample.boxes.copy(), segments, bbox_format="xyxy", normalized=False),
            "im_file": "picture.png",
            "ori_shape": sample.size,
            "resized_shape": sample.size,
        }

    return convert
