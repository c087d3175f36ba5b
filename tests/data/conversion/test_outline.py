import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from matplotlib.path import Path as Polygon
from scipy.ndimage import label

from yolo_course.data.conversion.outline import area, join, nearest, trace

masks = arrays.arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9))).filter(np.any)


def inside(polygon, shape):
    """Which pixel centres a polygon encloses by the even-odd rule: cast a ray to the right and count the crossings."""
    y, x = np.mgrid[: shape[0], : shape[1]] + 0.5
    odd = np.zeros(shape, bool)
    for (x1, y1), (x2, y2) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if y1 != y2:
            crosses = (min(y1, y2) <= y) & (y < max(y1, y2))
            odd ^= crosses & (x < x1 + (y - y1) * (x2 - x1) / (y2 - y1))
    return odd


@given(masks)
@settings(deadline=None)
def test_one_polygon_holds_the_whole_mask_with_its_parts_and_holes(mask):
    polygon = join(trace(mask))
    assert np.array_equal(inside(polygon, mask.shape), mask)


@given(masks)
@settings(deadline=None)
def test_rings_are_the_parts_and_the_holes(mask):
    rings = trace(mask)
    parts = label(mask, np.ones((3, 3)))[1]
    holes = label(np.pad(~mask, 1, constant_values=True))[1] - 1  # less the outside
    assert len(rings) == parts + holes
    for ring in rings:
        steps = np.roll(ring, -1, axis=0) - ring
        assert ((steps != 0).sum(1) == 1).all()  # along the edges of pixels, never askew
    rows, columns = np.nonzero(mask)
    corners = np.concatenate(rings)
    assert corners.min(0).tolist() == [columns.min(), rows.min()]
    assert corners.max(0).tolist() == [columns.max() + 1, rows.max() + 1]


@given(masks)
@settings(deadline=None)
def test_the_area_is_the_number_of_pixels_where_nothing_touches_itself(mask):
    if label(mask, np.ones((3, 3)))[1] == label(mask)[1] == 1 and label(np.pad(~mask, 1, constant_values=True))[1] == 1:
        assert area(join(trace(mask))) == mask.sum()


def test_the_area_of_a_shape_does_not_depend_on_where_it_lies():
    triangle = np.array([(0, 0), (3, 0), (0, 4)], float)
    assert area(triangle) == area(triangle[::-1]) == area(triangle + 1e6) == 6


def test_joined_polygons_enclose_what_the_parts_do():
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:40, :40] + 0.5
    centres = np.stack((x.ravel(), y.ravel()), axis=1)
    parts = [rng.uniform(0, 9, (3, 2)) + corner for corner in ((0, 0), (20, 3), (5, 25))]
    whole = np.any([Polygon(np.vstack((part, part[:1]))).contains_points(centres) for part in parts], axis=0)
    assert np.array_equal(inside(join(parts), (40, 40)).ravel(), whole)
    assert area(join(parts[:1])) == pytest.approx(area(parts[0]))


def test_nearest_is_the_smallest_of_all_distances():
    rng = np.random.default_rng(1)
    for _ in range(20):
        a, b = rng.uniform(0, 9, (7, 2)), rng.uniform(5, 15, (4, 2))
        here, there = nearest(a, b)
        every = np.linalg.norm(a[:, None] - b[None], axis=2)
        assert every[here, there] == every.min()
