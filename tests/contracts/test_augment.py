"""What every transform of the library promises, checked over all of them from one table."""

import inspect
import pickle
import random
from dataclasses import replace

import numpy as np
import pytest

from yolo_course import augment
from yolo_course.augment import Sample, Transform
from yolo_course.errors import CourseError


def make(seed=0, boxes=4, size=(48, 64), more=True):
    """A sample of noise with boxes, polygons that are their corners, and masks that are filled with them."""
    rng = np.random.default_rng(seed)
    first = rng.uniform(0, 0.5, (boxes, 2)) * size[::-1]
    corners = np.hstack((first, first + rng.uniform(0.2, 0.5, (boxes, 2)) * size[::-1])).astype(np.float32)
    polygons = corners[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)  # (n, 8) -> (n, 4, 2)
    y, x = np.mgrid[: size[0], : size[1]] + 0.5
    masks = [(x > x1) & (x < x2) & (y > y1) & (y < y2) for x1, y1, x2, y2 in corners]
    masks = np.array(masks, bool).reshape(-1, *size)  # (0,) -> (0, h, w) without boxes
    image = rng.integers(0, 256, (*size, 3), dtype=np.uint8)
    return Sample(image, corners, np.arange(boxes), list(polygons) if more else None, masks if more else None)


POOL = [make(seed) for seed in range(1, 4)]
ALONE = [make(seed, more=False) for seed in range(1, 4)]

# every transform stands here, always applied, at its defaults and far from them
TABLE = {
    "Flip": augment.Flip(p=1.0),
    "Flip(vertical)": augment.Flip("vertical", p=1.0),
    "HSV": augment.HSV(),
    "HSV(1, 1, 1)": augment.HSV(1.0, 1.0, 1.0),
    "Affine": augment.Affine(),
    "Affine(180, 0.5, 0.9, 40)": augment.Affine(180, 0.5, 0.9, 40),
    "Affine(size)": augment.Affine(size=(32, 32)),
    "Perspective": augment.Perspective(),
    "Perspective(0.3)": augment.Perspective(0.3),
    "Mosaic": augment.Mosaic(POOL),
    "MixUp": augment.MixUp(POOL),
    "Cutout": augment.Cutout(p=1.0),
    "Cutout(9, large)": augment.Cutout(9, (0.5, 0.9), p=1.0),
    "Blur": augment.Blur(p=1.0),
    "Noise": augment.Noise(p=1.0),
}
every_transform = pytest.mark.parametrize("name", TABLE)
STILL = {"HSV", "Blur", "Noise"}  # they change pixels alone
MIXING = {"Mosaic", "MixUp"}  # they add boxes of other samples


def family(name):
    return name.partition("(")[0]


def same(a, b):
    """Whether two samples agree to the last bit."""
    return all(
        np.array_equal(np.array(getattr(a, field)), np.array(getattr(b, field)))
        for field in ("image", "boxes", "classes", "segments", "masks")
    )


def apply(name, sample, seed=0):
    return TABLE[name](sample, np.random.default_rng(seed))


def test_the_table_has_every_public_transform():
    classes = {name for name in augment.__all__ if issubclass(getattr(augment, name), Transform)}
    assert {family(name) for name in TABLE} == classes - {"Transform"}


@every_transform
def test_the_same_seed_gives_the_same_and_another_one_something_else(name):
    sample = make()
    assert same(apply(name, sample, 7), apply(name, sample, 7))
    if family(name) != "Flip":
        assert not same(apply(name, sample, 7), apply(name, sample, 8))


@every_transform
def test_other_sources_of_chance_are_left_alone(name):
    before = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    apply(name, make())
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before  # noqa: NPY002


@every_transform
def test_what_goes_in_is_not_changed(name):
    sample, pool = make(), [make(seed) for seed in range(1, 4)]
    apply(name, sample)
    assert same(sample, make())
    assert all(same(*pair) for pair in zip(POOL, pool, strict=True))


@every_transform
def test_what_comes_out_is_whole(name):
    for seed in range(10):
        found = apply(name, make(seed), seed)
        assert found.image.dtype == np.uint8
        assert found.boxes.dtype == np.float32
        count, (height, width) = len(found.boxes), found.size
        assert found.classes.shape == (count,)
        assert found.masks.shape == (count, height, width)
        assert found.masks.dtype == bool
        assert len(found.segments) == count
        assert (found.boxes >= 0).all()
        assert (found.boxes[:, 2:] <= (width, height)).all()
        assert (found.boxes[:, 2:] > found.boxes[:, :2]).all()


@every_transform
def test_a_box_and_its_class_mask_and_polygon_stay_together(name):
    """What is left of a mask lies in its box; without mixing, a class is the number of the box it came with."""
    for seed in range(10):
        sample = make(seed)
        found = apply(name, sample, seed)
        for box, mask, polygon in zip(found.boxes, found.masks, found.segments, strict=True):
            rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
            if len(rows):
                assert (np.array((columns[0], rows[0])) >= box[:2] - 1.5).all()
                assert (np.array((columns[-1], rows[-1])) + 1 <= box[2:] + 1.5).all()
            edges = polygon.clip(0, found.size[::-1])
            np.testing.assert_allclose((*edges.min(0), *edges.max(0)), box, atol=0.01)
        if family(name) not in MIXING:
            assert np.isin(found.classes, sample.classes).all()
            assert (np.diff(found.classes) > 0).all()
        if family(name) in STILL:
            np.testing.assert_array_equal(found.boxes, sample.boxes)


@every_transform
def test_polygons_and_masks_make_no_difference_to_the_picture(name):
    transform = TABLE[name]
    if family(name) in MIXING:
        transform = replace(transform, pool=ALONE)
    found = transform(make(more=False), np.random.default_rng(0))
    np.testing.assert_array_equal(found.image, apply(name, make()).image)
    np.testing.assert_array_equal(found.classes, apply(name, make()).classes)
    assert found.segments is found.masks is None


@every_transform
@pytest.mark.parametrize("size", [(1, 1), (1, 9), (33, 2)])
def test_any_size_and_no_boxes(name, size):
    transform, sample = TABLE[name], make(boxes=0, size=size)
    if family(name) in MIXING:
        transform = replace(transform, pool=[sample])
    found = transform(sample, np.random.default_rng(0))
    assert found.boxes.shape == (0, 4)


@every_transform
def test_it_travels_to_a_worker(name):
    again = pickle.loads(pickle.dumps(TABLE[name]))
    assert same(again(make(), np.random.default_rng(5)), apply(name, make(), 5))


@every_transform
def test_a_probability_of_nothing_is_the_identity(name):
    sample = make()
    assert replace(TABLE[name], p=0.0)(sample, np.random.default_rng(0)) is sample


@every_transform
def test_a_seed_is_no_generator(name):
    with pytest.raises(CourseError, match=r"needs a generator: expected Generator, found int.*default_rng"):
        TABLE[name](make(), 0)


@every_transform
def test_its_arguments_and_results_are_explained(name):
    cls = type(TABLE[name])
    assert all(f"{parameter}:" in cls.__doc__ for parameter in inspect.signature(cls).parameters), cls.__doc__
