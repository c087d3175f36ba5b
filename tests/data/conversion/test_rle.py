from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from yolo_course.data.conversion.rle import decode_rle, decompress
from yolo_course.errors import DataError

masks = arrays.arrays(bool, st.tuples(st.integers(1, 12), st.integers(1, 12)))


def runs(mask):
    """Run lengths by the definition: down the columns, background first."""
    counts = [] if not mask.T.ravel()[0] else [0]
    return counts + [len(list(group)) for _, group in groupby(mask.T.ravel().tolist())]


@given(masks)
def test_runs_become_the_mask_they_were_counted_from(mask):
    assert np.array_equal(decode_rle({"size": list(mask.shape), "counts": runs(mask)}), mask)


def disk():
    y, x = np.mgrid[:40, :60]
    return (y - 20) ** 2 + (x - 31) ** 2 < 170


def ladder():
    """Runs of more than 31 and of more than 1023 pixels, and two that are the same as those two places before."""
    mask = np.zeros((1200, 5), bool)
    mask[:, 2] = mask[100:, 4] = True
    return mask


# `pycocotools.mask.encode` 2.0.11 made these strings
ENCODED = {
    "disk": (disk(), "Tg01R1:J2M4M2N2O0O2N2O0000000O20N100000001N2N101N2N3L3N6FYb0"),
    "ladder": (ladder(), "P[2`U1dX1lL"),
    "full": (np.ones((1, 1), bool), "01"),
    "empty": (np.zeros((1, 1), bool), "1"),
}


@pytest.mark.parametrize("name", ENCODED)
def test_strings_of_pycocotools_become_the_mask_they_were_made_from(name):
    mask, counts = ENCODED[name]
    for kind in (counts, counts.encode()):
        assert np.array_equal(decode_rle({"size": list(mask.shape), "counts": kind}), mask)
    assert decompress(counts) == runs(mask)


@pytest.mark.parametrize("counts", ["", "0", "12", "~~", "\0", "é", "0" * 40, "o" * 40])
def test_strings_that_are_none_are_refused(counts):
    with pytest.raises(DataError, match="run-length"):
        decode_rle({"size": [3, 3], "counts": counts})


@given(st.text(max_size=30) | st.lists(st.integers() | st.none() | st.booleans(), max_size=6) | st.none())
def test_nothing_crashes_and_a_mask_has_the_size_it_says(counts):
    try:
        mask = decode_rle({"size": [4, 5], "counts": counts})
    except DataError:
        return
    assert mask.shape == (4, 5)
    counted = decompress(counts) if isinstance(counts, str) else counts
    assert mask.sum() == sum(counted[1::2])
    assert sum(counted) == 20


@pytest.mark.parametrize("size", [None, [3], [0, 3], [3.0, 3], [-1, -9], "33", [True, 3], [10**9, 10**9]])
def test_a_size_that_is_none_is_refused(size):
    with pytest.raises(DataError, match="run-length"):
        decode_rle({"size": size, "counts": [9]})
