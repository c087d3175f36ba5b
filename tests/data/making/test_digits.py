import csv
from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_digits

from yolo_course import data
from yolo_course.data.making import handwriting
from yolo_course.data.making.digits import compose
from yolo_course.data.making.handwriting import sources


def manifest(yaml):
    with (yaml.parent / "sources.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_no_source_image_is_in_two_splits(digits):
    rows = manifest(digits)
    used = {split: {int(row["source"]) for row in rows if row["split"] == split} for split in ("train", "val")}
    assert used["train"]
    assert used["val"]
    assert not used["train"] & used["val"]


def test_no_photographs_pixel_is_in_two_splits(digits):
    rows = manifest(digits)
    squares = {
        split: {(row["photo"], *(int(row[key]) for key in ("x", "y", "side"))) for row in rows if row["split"] == split}
        for split in ("train", "val")
    }
    for (photo, x, y, side), (other, u, v, length) in product(squares["train"], squares["val"]):
        apart = x + side <= u or u + length <= x or y + side <= v or v + length <= y
        assert photo != other or apart


def test_the_two_halves_of_the_source_are_disjoint_complete_and_balanced():
    train, val = sources("train"), sources("val")
    assert sorted([*train, *val]) == list(range(1797))
    target = load_digits().target
    assert set(Counter(target[list(val)].tolist()).values()) == {36}
    assert sorted(target[list(train[:20])].tolist()) == sorted([*range(10), *range(10)])


def test_the_manifest_names_what_the_labels_say(digits):
    """Every box's class is what scikit-learn says the source image shows, in the order of the label file."""
    target, told = load_digits().target, {}
    for row in manifest(digits):
        assert int(row["digit"]) == target[int(row["source"])]
        told.setdefault(row["image"], []).append(int(row["digit"]))
    for image, classes in told.items():
        labels = data.read_labels(digits.parent / "labels" / image.replace(".jpg", ".txt"))
        assert labels[:, 0].astype(int).tolist() == classes
    assert len(told) == 60


def test_each_source_is_used_once_before_any_is_used_twice(tmp_path):
    yaml = data.make("digits", tmp_path / "digits", images=500, size=32)
    counts = Counter(row["source"] for row in manifest(yaml) if row["split"] == "val")
    assert len(counts) <= 360
    # a digit that finds no place on a full page is skipped, so one round can be short of a few
    assert max(counts.values()) <= -(-sum(counts.values()) // 360) + 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), size=st.sampled_from([32, 128, 300]), split=st.sampled_from(["train", "val"]))
def test_boxes_lie_inside_and_apart_for_every_seed(seed, size, split):
    page = compose(split, iter(sources(split)[seed % 300 :]), np.random.default_rng(seed), size)
    assert page.image.shape == (size, size, 3)
    assert page.image.dtype == np.uint8
    assert 1 <= len(page.boxes) == len(page.sources) == len(page.classes) <= 5
    assert (page.boxes >= 0).all()
    assert (page.boxes <= size).all()
    for a, b in product(range(len(page.boxes)), repeat=2):
        if a < b:
            overlap = np.minimum(page.boxes[a, 2:], page.boxes[b, 2:]) - np.maximum(
                page.boxes[a, :2], page.boxes[b, :2]
            )
            assert overlap.min() < 0


@pytest.mark.parametrize("side", [6, 13, 26, 60])
def test_every_handwritten_digit_can_be_drawn_and_is_cut_tightly(side):
    rng = np.random.default_rng(side)
    for source in range(0, 1797, 3):
        ink = handwriting.draw_ink(source, side, rng)
        assert min(ink.shape) >= 1
        for edge in (ink[0], ink[-1], ink[:, 0], ink[:, -1]):
            assert edge.max() > 0.5
        assert ink.min() >= 0
        assert ink.max() <= 1
