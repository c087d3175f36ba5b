"""The Python side of the loss landscape; what the browser computes is tested in tests/browser/test_losses.py."""

import io
import re

import numpy as np
import pytest
import torch
import torchvision
from PIL import Image

from yolo_course.errors import CourseError
from yolo_course.explorers.loss_landscape import KINDS, loss_landscape, loss_map

ORACLES = {
    "iou": torchvision.ops.box_iou,
    "giou": torchvision.ops.generalized_box_iou,
    "diou": torchvision.ops.distance_box_iou,
    "ciou": torchvision.ops.complete_box_iou,
}
TARGET, SIZE = [60.0, 40.0, 20.0, 30.0], [30.0, 12.0]


@pytest.fixture(scope="module")
def explorer():
    return loss_landscape()


@pytest.mark.parametrize("kind", KINDS)
def test_the_landscape_is_torchvisions_loss_at_each_place(kind):
    values = loss_map(TARGET, SIZE, kind)
    assert values.shape == (64, 64)
    target = torchvision.ops.box_convert(torch.tensor([TARGET]), "cxcywh", "xyxy")
    for row, column in ((0, 0), (25, 38), (63, 10), (30, 44)):
        centre = [(column + 0.5) * 100 / 64, (row + 0.5) * 100 / 64]
        box = torchvision.ops.box_convert(torch.tensor([[*centre, *SIZE]]), "cxcywh", "xyxy")
        torch.testing.assert_close(values[row, column], 1 - ORACLES[kind](box, target)[0, 0], atol=1e-5, rtol=1e-5)


def test_a_file_without_a_kernel_shows_a_picture_and_a_page_of_its_own(explorer):
    bundle, _ = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["image/png"] in bundle["text/html"]
    assert "0." in bundle["text/plain"]
    assert re.findall(r"https?://|url\((?!#)|@import|import \{", bundle["text/html"]) == []


def test_the_picture_follows_box_and_kind(explorer):
    pictures = {kind: np.asarray(Image.open(io.BytesIO(loss_landscape(kind=kind).picture()))) for kind in KINDS}
    moved = np.asarray(Image.open(io.BytesIO(loss_landscape((50, 50, 20, 20)).picture())))
    assert all(picture.shape == (360, 360, 4) for picture in pictures.values())
    assert len({picture.tobytes() for picture in (*pictures.values(), moved)}) == len(KINDS) + 1


def test_the_words_tell_the_score():
    same = loss_landscape(TARGET, TARGET, "giou")
    assert "giou of a predicted box and its target is 1.000" in same.told()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"kind": "siou"}, "unknown kind of loss: expected iou, giou, diou, ciou, found 'siou'"),
        ({"box": (1, 2, 3)}, "box is no box"),
        ({"target": (1, 2, 0, 3)}, "target is no box"),
    ],
)
def test_mistakes_are_told_in_a_line(changes, told):
    with pytest.raises(CourseError) as raised:
        loss_landscape(**changes)
    assert told in str(raised.value)
