"""Verdicts against a search over every pairing, and figures that show them."""

import io
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import tensor
from torchvision.ops import box_iou

from yolo_course.errors import CourseError
from yolo_course.visual.predictions import COLOURS, judge, predictions_beside_truth

NAMES = {0: "circle", 1: "square"}
CIRCLE = (0, 10, 10, 50, 50)
IMAGE = np.full((64, 64, 3), 90, np.uint8)


def found(*rows):
    return np.array(rows, float).reshape(-1, 6)


def truth(*rows):
    return np.array(rows, float).reshape(-1, 5)


@pytest.mark.parametrize(
    ("boxes", "of_found", "of_truth"),
    [
        ([(10, 10, 50, 50, 0.9, 0)], ["hit"], ["hit"]),
        ([(10, 10, 50, 50, 0.9, 1)], ["wrong class"], ["wrong class"]),
        ([(40, 40, 60, 60, 0.9, 0)], ["false alarm"], ["missed"]),
        ([], [], ["missed"]),
        ([(10, 10, 50, 50, 0.4, 0), (11, 11, 50, 50, 0.9, 0)], ["false alarm", "hit"], ["hit"]),
        ([(10, 10, 50, 50, 0.9, 1), (12, 12, 50, 50, 0.3, 0)], ["false alarm", "hit"], ["hit"]),
    ],
    ids=["hit", "wrong class", "off", "nothing", "surer one first", "right class first"],
)
def test_one_object(boxes, of_found, of_truth):
    assert judge(truth(CIRCLE), found(*boxes)) == (of_found, of_truth)


def test_overlap_at_the_threshold_is_a_hit():
    half = found((10, 10, 50, 30, 0.9, 0))  # covers exactly half of the circle's box
    assert judge(truth(CIRCLE), half, iou=0.5)[0] == ["hit"]
    assert judge(truth(CIRCLE), half, iou=0.51)[0] == ["false alarm"]


corner = st.integers(0, 20).map(float)
box = st.builds(lambda x, y, w, h: (x, y, x + w, y + h), corner, corner, st.integers(1, 12), st.integers(1, 12))
true_rows = st.lists(st.builds(lambda b, c: (c, *b), box, st.integers(0, 1)), max_size=5)
found_rows = st.lists(st.builds(lambda b, s, c: (*b, s, c), box, st.integers(1, 99), st.integers(0, 1)), max_size=5)


@settings(max_examples=200, deadline=None)
@given(true_rows, found_rows)
def test_laws(true, boxes):
    t, f = truth(*true), found(*boxes)
    of_found, of_truth = judge(t, f)
    a, b = Counter(of_found), Counter(of_truth)
    assert (len(of_found), len(of_truth)) == (len(f), len(t))
    assert a["hit"] == b["hit"]
    assert a["wrong class"] == b["wrong class"]
    overlap = box_iou(tensor(f[:, :4]), tensor(t[:, 1:])).numpy()
    same = f[:, 5:] == t[:, 0]
    for i, verdict in enumerate(of_found):
        assert verdict != "hit" or (overlap[i][same[i]] >= 0.5).any()
    for i, verdict in enumerate(of_found):
        for j, state in enumerate(of_truth):
            if verdict == "false alarm" and state == "missed":
                assert overlap[i, j] < 0.5, "two that are left over would have been a pair"


@settings(max_examples=200, deadline=None)
@given(true_rows, found_rows)
def test_hits_are_those_of_the_metric(true, boxes):
    """The oracle is the textbook loop behind average precision, per class, with ties broken by order."""
    t, f = truth(*true), found(*boxes)
    overlap = box_iou(tensor(f[:, :4]), tensor(t[:, 1:])).numpy()
    hits, taken = set(), set()
    for i in sorted(range(len(f)), key=lambda i: -f[i, 4]):
        mine = [j for j in range(len(t)) if j not in taken and t[j, 0] == f[i, 5] and overlap[i, j] >= 0.5]
        if mine:
            hits.add(i)
            taken.add(max(mine, key=lambda j: overlap[i, j]))
    assert {i for i, verdict in enumerate(judge(t, f)[0]) if verdict == "hit"} == hits


def picture(boxes):
    return IMAGE, np.array([[0, 30 / 64, 30 / 64, 40 / 64, 40 / 64]]), found(*boxes)


def test_figure_shows_truth_above_and_verdicts_below():
    figure = predictions_beside_truth([picture([(10, 10, 50, 50, 0.9, 0)]), picture([])], NAMES, ["a", "b"])
    above, _, below, empty = figure.axes
    assert above.get_title() == "a"
    assert {text.get_text() for text in above.texts} == {"truth", "circle"}
    assert {text.get_text() for text in below.texts} == {"found", "circle 0.90"}
    assert below.patches[0].get_edgecolor()[:3] == pytest.approx(
        tuple(int(COLOURS["hit"][i : i + 2], 16) / 255 for i in (1, 3, 5))
    )
    assert len(empty.patches) == 1, "the missed circle"
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert legend == ["hit 1", "wrong class 0", "false alarm 0", "missed 1"]


def test_unsure_boxes_are_left_out():
    figure = predictions_beside_truth([picture([(10, 10, 50, 50, 0.2, 0)])], NAMES, confidence=0.25)
    assert figure.legends[0].get_texts()[3].get_text() == "missed 1"


@pytest.mark.parametrize("count", [1, 6, 7, 13])
def test_every_picture_has_its_place(count):
    figure = predictions_beside_truth([picture([])] * count, NAMES)
    assert sum(len(axis.images) for axis in figure.axes) == 2 * count
    figure.savefig(io.BytesIO(), format="png", dpi=20)


def test_grey_picture_without_labels():
    figure = predictions_beside_truth([(IMAGE[..., 0], np.zeros((0, 5)), np.zeros((0, 6)))], NAMES)
    assert [text.get_text()[-1] for text in figure.legends[0].get_texts()] == ["0"] * 4


@pytest.mark.parametrize(
    "wrong", [[], [(IMAGE, np.zeros((1, 4)), found())], [(IMAGE, np.zeros((0, 5)), np.ones((2, 5)))]]
)
def test_wrong_shapes(wrong):
    with pytest.raises(CourseError, match=r"picture|shape"):
        predictions_beside_truth(wrong, NAMES)
