"""Suspects of label noise against torchvision's NMS and scipy's median absolute deviation."""

from pathlib import Path

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import median_abs_deviation
from torchvision.ops import box_convert, nms

from yolo_course.data.checking.examined import Examined
from yolo_course.data.checking.label_noise import FEWEST, SPREADS, TIMES, oddities, overlaps

NAMES = {0: "cat", 1: "dog"}


def sample(rows, size=(100, 200)):
    rows = np.array(rows, float).reshape(-1, 5)
    return Examined("train", Path("a.jpg"), Path("a.txt"), size, tuple(range(1, len(rows) + 1)), rows)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(*[st.floats(0.2, 0.8)] * 4), min_size=2, max_size=2))
def test_two_boxes_of_a_class_are_suspect_if_nms_would_drop_one(boxes):
    rows = [(0, *box) for box in boxes]
    kept = nms(
        box_convert(torch.tensor(boxes, dtype=torch.float64), "cxcywh", "xyxy"), torch.tensor([1.0, 0.9]).double(), 0.7
    )
    exact = boxes[0] == boxes[1]
    assert bool(overlaps(sample(rows), NAMES)) == (len(kept) == 1 and not exact)


def test_the_later_line_is_named_and_the_earlier_one_told():
    rows = [(0, 0.5, 0.5, 0.4, 0.4), (1, 0.1, 0.1, 0.1, 0.1), (0, 0.51, 0.5, 0.4, 0.4)]
    (found,) = overlaps(sample(rows), NAMES)
    assert (found.kind, found.line) == ("overlap", 3)
    assert "95% with the cat of line 1" in found.message


def test_two_classes_may_share_a_place_but_not_a_box():
    rider = [(0, 0.5, 0.5, 0.4, 0.4), (1, 0.5, 0.52, 0.4, 0.36)]
    twice = [(0, 0.5, 0.5, 0.4, 0.4), (1, 0.5, 0.5, 0.4, 0.4)]
    assert overlaps(sample(rider), NAMES) == []
    assert "is it one object?" in overlaps(sample(twice), NAMES)[0].message


def test_copies_of_a_line_are_another_finding():
    assert overlaps(sample([(0, 0.5, 0.5, 0.4, 0.4)] * 3), NAMES) == []
    assert overlaps(sample([]), NAMES) == []


def test_a_box_of_another_shape_than_its_class_is_found():
    rng = np.random.default_rng(0)
    wide = [(0, 0.5, 0.5, w, w * rng.uniform(0.9, 1.2)) for w in rng.uniform(0.1, 0.3, 60)]  # 2:1 in these images
    tall = [(1, 0.5, 0.5, w / 4, w) for w in rng.uniform(0.1, 0.3, 60)]
    rows = [*wide, *tall, (0, 0.5, 0.5, 0.05, 0.5)]  # tall, as the dogs are, but a cat
    (found,) = oddities([sample(rows)], NAMES)
    assert (found.kind, found.line) == ("odd-shape", 121)
    assert found.message.startswith("0.20 times as wide as high, where cat is usually 1.84")


def test_what_is_odd_is_measured_in_pixels_and_by_the_spread_of_the_class():
    rng = np.random.default_rng(1)
    ratios = np.exp(rng.normal(0, 0.4, 400))
    ratios[:4] = 1 / 40, 15, 60, 1 / 9
    rows = [(0, 0.5, 0.5, 0.1 * ratio / 2, 0.1) for ratio in ratios]  # images are twice as wide as high
    logs = np.log(ratios)
    away = np.abs(logs - np.median(logs))
    expected = np.flatnonzero(away > max(np.log(TIMES), SPREADS * median_abs_deviation(logs))) + 1
    found = [finding.line for finding in oddities([sample(rows)], NAMES) if finding.kind == "odd-shape"]
    assert found == expected.tolist()
    assert 2 <= len(expected) <= 4


def test_a_box_of_another_size_than_its_class_is_found_in_any_image():
    """The same share of a large and of a small image is the same size."""
    rows = [(0, 0.5, 0.5, w, 2 * w) for w in np.linspace(0.2, 0.3, 20)]
    tiny = [*rows, (0, 0.5, 0.5, 0.04, 0.08)]
    (found,) = oddities([sample(rows, (1000, 2000)), sample(tiny, (50, 100))], NAMES)
    assert (found.kind, found.line) == ("odd-size", 21)
    assert found.message == "4.0% of the image's longer side across, where cat is usually 24.7%"


def test_few_boxes_have_no_usual_shape():
    rows = [(0, 0.5, 0.5, 0.1, 0.1)] * (FEWEST - 2) + [(0, 0.5, 0.5, 0.5, 0.03)]
    assert oddities([sample(rows)], NAMES) == []
    assert oddities([sample(rows, None), sample([])], NAMES) == []
