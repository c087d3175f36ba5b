"""Small objects: what is told is measured on a letterboxed picture, and what is suggested helps."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from ultralytics.utils.tal import make_anchors

from yolo_course import data
from yolo_course.data import Letterbox
from yolo_course.data.checking.examined import Examined
from yolo_course.data.checking.small_objects import SLACK, small_objects
from yolo_course.errors import DataError


def sample(width, height, size):
    rows = np.array([[0, 0.5, 0.5, width, height]])
    return Examined("train", Path("a.jpg"), Path("a.txt"), size, (7,), rows)


@settings(max_examples=100, deadline=None)
@given(
    st.floats(0.002, 0.2),
    st.floats(0.002, 0.2),
    st.integers(50, 900),
    st.integers(50, 900),
    st.sampled_from([320, 640]),
)
@example(0.025, 0.125, 50, 81, 320)  # 8 pixels, less a rounding
def test_the_pixels_are_those_after_the_letterbox_and_the_suggestion_is_enough(w, h, rows, columns, imgsz):
    one = sample(w, h, (rows, columns))
    placed = Letterbox.fit((rows, columns), imgsz)
    x1, y1, x2, y2 = placed.boxes(np.array([0, 0, w * columns, h * rows]))
    shorter = min(x2 - x1, y2 - y1)
    assume(abs(shorter - (8 - SLACK)) > 1e-9)
    found = small_objects(one, imgsz, 8)
    assert bool(found) == (shorter < 8 - SLACK)
    for finding in found:
        assert finding.message.startswith(f"{x2 - x1:.1f} × {y2 - y1:.1f} pixels at imgsz={imgsz}")
        assert (finding.kind, finding.line) == ("small-object", 7)
        suggested = re.search(r"imgsz=(\d+) would do", finding.message)
        enough = int(suggested[1]) if suggested else 4096 + 32
        assert enough % 32 == 0
        assert (small_objects(one, enough, 8) == []) == bool(suggested) or enough > 4096
        assert small_objects(one, enough - 32, 8) or enough - 32 <= imgsz


def test_a_box_that_is_no_finding_holds_a_centre_wherever_it_lies():
    """The reason for the rule, with the points that Ultralytics predicts from."""
    points = make_anchors([torch.zeros(1, 1, 40, 40)], torch.tensor([8.0]))[0] * 8
    rng = np.random.default_rng(0)
    missed = {}
    for side in (4, 7.5, 8, 12):
        corners = torch.tensor(rng.uniform(0, 300, (300, 1, 2)))
        inside = ((points >= corners) & (points <= corners + side)).all(2).any(1)
        missed[side] = int((~inside).sum())
    assert missed[8] == missed[12] == 0
    assert missed[4] > missed[7.5] > 0


def test_check_takes_the_size_and_the_stride(copy):
    (copy.parent / "labels/train/00003.txt").write_text("0 0.5 0.5 0.04 0.05\n")  # 2.6 × 3.2 of 64 pixels
    assert [finding.kind for finding in data.check(copy, imgsz=64).findings if finding.line == 1] == ["small-object"]
    assert data.check(copy, imgsz=640).findings == ()
    assert data.check(copy, imgsz=64, stride=2).findings == ()


@pytest.mark.parametrize("wrong", [{"imgsz": 0}, {"stride": -8}, {"imgsz": 64.0}, {"stride": True}])
def test_numbers_out_of_range_are_refused(shapes, wrong):
    with pytest.raises(DataError, match="out of range"):
        data.check(shapes, **wrong)
