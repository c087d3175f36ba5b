"""Near-duplicates of real photographs, changed as copies usually are, among pictures that only resemble each other."""

import cv2
import numpy as np
import pytest
from scipy.fft import dctn
from sklearn.datasets import load_sample_images

from yolo_course import data
from yolo_course.data.checking.examined import Examined
from yolo_course.data.checking.near_duplicates import BITS, near_duplicates, perceptual_hash, thumbnail


def jpeg(image, quality):
    return cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)


def resize(image, scale):
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


CHANGES = {
    "compressed": lambda image: jpeg(image, 15),
    "a third of the size": lambda image: resize(image, 0.33),
    "brighter": lambda image: np.clip(image * 1.2 + 10, 0, 255).astype(np.uint8),
    "less contrast": lambda image: (image * 0.6 + 50).astype(np.uint8),
    "cropped by 2 %": lambda image: image[2:-2, 2:-2],
    "noisy": lambda image: np.clip(image + np.random.default_rng(0).normal(0, 12, image.shape), 0, 255).astype(
        np.uint8
    ),
    "grey": lambda image: np.repeat(image.mean(2, keepdims=True).astype(np.uint8), 3, 2),
}


@pytest.fixture(scope="module")
def photographs():
    """Tiles of two photographs: same light, same things, and still different pictures."""
    tiles = []
    for image in load_sample_images().images:
        tiles += [image[y : y + 200, x : x + 200] for y in (0, 200) for x in (0, 200, 400)]
    return tiles


def samples(split, images):
    return [
        Examined(split, f"{split}/{n}", None, i.shape[:2], (), np.zeros((0, 5)), thumbnail(i))
        for n, i in enumerate(images)
    ]


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_copy_is_found_and_nothing_else(photographs, change):
    val = [CHANGES[change](photographs[3]), CHANGES[change](photographs[8])]
    found = near_duplicates([*samples("train", photographs), *samples("val", val)])
    assert [(finding.file, finding.other) for finding in found] == [("val/0", "train/3"), ("val/1", "train/8")]
    assert "in train" in found[0].message


def test_every_pair_of_splits_is_compared_and_no_split_with_itself(photographs):
    first = photographs[0]
    everything = [
        *samples("train", [first, first]),
        *samples("val", [photographs[1]]),
        *samples("test", [jpeg(first, 30)]),
    ]
    assert [finding.file for finding in near_duplicates(everything)] == ["test/0"]
    assert near_duplicates(everything, {"test/0"}) == []


def test_flat_pictures_have_nothing_to_compare(photographs):
    flat = np.full((50, 50, 3), 90, np.uint8)
    assert near_duplicates([*samples("train", [flat, *photographs]), *samples("val", [flat, flat + 1])]) == []


def test_the_hash_is_that_of_scipys_transform(photographs):
    for image in photographs:
        small = thumbnail(image)
        low = dctn(small.astype(float), norm="ortho")[:8, :8].ravel()[1:]
        assert (perceptual_hash(small) == (low > np.median(low))).mean() > 0.98  # rounding may turn the median itself
    assert perceptual_hash(small).shape == (BITS,)


def test_what_is_found_does_not_depend_on_the_size_of_a_chunk(photographs, monkeypatch):
    everything = [*samples("train", photographs), *samples("val", [jpeg(image, 40) for image in photographs])]
    whole = near_duplicates(everything)
    monkeypatch.setattr("yolo_course.data.checking.near_duplicates.ROWS", 5)
    assert near_duplicates(everything) == whole
    assert len(whole) == len(photographs)


def test_check_finds_a_copy_that_was_compressed_anew(copy):
    train = copy.parent / "images/train/00002.jpg"
    again = copy.parent / "images/val/again.jpg"
    again.write_bytes(cv2.imencode(".jpg", cv2.imread(str(train)), [cv2.IMWRITE_JPEG_QUALITY, 40])[1].tobytes())
    (copy.parent / "labels/val/again.txt").write_bytes((copy.parent / "labels/train/00002.txt").read_bytes())
    (found,) = data.check(copy).findings
    assert (found.kind, found.severity, found.file, found.other) == ("near-duplicate", "warning", again, train)
