"""The augmentation explorer against transforms called by hand, and its speed."""

import time

import numpy as np
import pytest

from yolo_course import augment
from yolo_course.augment import Sample
from yolo_course.errors import CourseError
from yolo_course.explorers.augmentation import TRANSFORMS, augmentation

NAMES = {0: "circle", 1: "square"}
LABELS = np.array([[0, 0.25, 0.25, 0.25, 0.25], [1, 0.75, 0.75, 0.25, 0.25]])


@pytest.fixture
def explorer():
    rng = np.random.default_rng(0)
    return augmentation([(rng.integers(0, 256, (64, 64, 3), dtype=np.uint8), LABELS) for _ in range(5)], NAMES)


def move(explorer, **values):
    for name, value in values.items():
        explorer.controls[name].value = value
    return explorer.sentence.value


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_every_transform_tells_and_shows_something_new_at_full_strength(explorer, transform):
    before = move(explorer, transform=transform, strength=0.3), bytes(explorer.image.value)
    after = move(explorer, strength=1.0), bytes(explorer.image.value)
    assert after[0] != before[0]
    assert after[1] != before[1]
    assert after[1].startswith(b"\x89PNG")


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_no_strength_is_possible_and_nearly_the_picture_itself(explorer, transform):
    assert "Strength 0.00" in (told := move(explorer, transform=transform, strength=0.0)) or "alone" in told


def test_every_transform_of_the_library_can_be_chosen():
    pool = [Sample(np.zeros((8, 8, 3), np.uint8), [], [])]
    made = [make(0.5, pool) for make in TRANSFORMS.values()]
    shown = {type(part).__name__ for each in made for part in getattr(each, "transforms", [each])}
    assert shown == set(augment.__all__) - {"Compose", "Sample", "Transform"}


def test_the_sentence_counts_boxes_and_pixels(explorer):
    told = move(explorer, transform="flip", strength=1.0)
    assert "2 boxes before, <b>2 boxes after</b>" in told
    assert "mean area goes from 256 to 256 px²" in told
    assert "alone" in move(explorer, strength=0.0)
    told = move(explorer, transform="mosaic", strength=1.0)
    assert "the picture grows to 128 × 128 px" in told
    assert "100% of the pixels differ" in move(explorer, transform="noise")


def test_another_seed_draws_another_picture(explorer):
    before = bytes(explorer.image.value)
    move(explorer, seed=1)
    assert explorer.image.value != before


def test_without_a_picture_there_is_nothing_to_show():
    with pytest.raises(CourseError, match="nothing to augment"):
        augmentation([], NAMES)


def test_a_picture_without_boxes():
    explorer = augmentation([(np.zeros((32, 48, 3), np.uint8), np.zeros((0, 5)))], NAMES)
    assert "0 boxes before" in move(explorer, transform="cutout", strength=1.0)


def test_a_move_is_quick(explorer):
    took = []
    for seed in range(2, 8):
        begun = time.process_time()
        move(explorer, seed=seed)
        took.append(time.process_time() - begun)
    assert min(took) < 0.25
