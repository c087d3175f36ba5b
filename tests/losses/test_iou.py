"""The IoU family against torchvision, Ultralytics and the papers, and the laws that hold for any boxes."""

import math
from itertools import product

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torchvision import ops
from ultralytics.utils.metrics import bbox_iou

from yolo_course import boxes as B
from yolo_course.errors import CourseError
from yolo_course.losses import iou, iou_loss
from yolo_course.losses.iou import KINDS

TORCHVISION = {
    "iou": ops.box_iou,
    "giou": ops.generalized_box_iou,
    "diou": ops.distance_box_iou,
    "ciou": ops.complete_box_iou,
}
TORCHVISION_LOSS = {
    "giou": ops.generalized_box_iou_loss,
    "diou": ops.distance_box_iou_loss,
    "ciou": ops.complete_box_iou_loss,
}
ULTRALYTICS = {"iou": {}, "giou": {"GIoU": True}, "diou": {"DIoU": True}, "ciou": {"CIoU": True}}
every_kind = pytest.mark.parametrize("kind", KINDS)


def random_boxes(*shape, seed=0, dtype=torch.float64, smallest=1.0):
    generator = torch.Generator().manual_seed(seed)
    corners = torch.rand(*shape, 2, 2, generator=generator, dtype=torch.float64) * 30
    return torch.cat((corners.amin(-2), corners.amax(-2) + smallest), -1).to(dtype)


@st.composite
def pairs(draw, count=st.integers(1, 5), smallest=0, dtype=torch.float64):
    """Two sets of boxes on a grid of eighths, `smallest` eighths wide or more."""
    n = draw(count)
    place, side = st.integers(-200, 200), st.integers(smallest, 100)
    rows = draw(st.lists(st.tuples(place, place, side, side), min_size=2 * n, max_size=2 * n))
    boxes = torch.tensor(rows, dtype=dtype) / 8
    return B.convert(boxes, "ltwh", "xyxy").reshape(2, n, 4).unbind()


@pytest.mark.parametrize("kind", TORCHVISION)
@given(boxes=pairs(smallest=1))
@settings(max_examples=50, deadline=None)
def test_every_pair_agrees_with_torchvision(kind, boxes):
    torch.testing.assert_close(iou(*boxes, kind, pairwise=True), TORCHVISION[kind](*boxes), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", ULTRALYTICS)
@pytest.mark.parametrize("fmt", ["xyxy", "xywh"])
@given(boxes=pairs(smallest=8))
@settings(max_examples=25, deadline=None)
def test_partners_agree_with_ultralytics(kind, fmt, boxes):
    boxes = [B.convert(values, "xyxy", fmt) for values in boxes]
    expected = bbox_iou(*boxes, xywh=fmt == "xywh", **ULTRALYTICS[kind])[:, 0]
    torch.testing.assert_close(iou(*boxes, kind, fmt), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", TORCHVISION_LOSS)
def test_gradients_agree_with_torchvision_and_ultralytics(kind):
    pred, target = random_boxes(50), random_boxes(50, seed=1)
    functions = (
        lambda a, b: iou_loss(a, b, reduction="sum", kind=kind),
        lambda a, b: TORCHVISION_LOSS[kind](a, b, reduction="sum"),
        lambda a, b: (1 - bbox_iou(a, b, xywh=False, **ULTRALYTICS[kind])).sum(),
    )
    ours, *theirs = (torch.autograd.grad(f(x := pred.clone().requires_grad_(), target), x)[0] for f in functions)
    for gradient in theirs:
        torch.testing.assert_close(ours, gradient, rtol=1e-5, atol=1e-6)


def test_eiou_agrees_with_its_formula_written_out():
    for a, b in zip(random_boxes(20), random_boxes(20, seed=1), strict=True):
        (ax, ay, aw, ah), (bx, by, bw, bh) = (B.xyxy_to_xywh(box).tolist() for box in (a, b))
        cw, ch = (torch.maximum(a, b)[2:] - torch.minimum(a, b)[:2]).tolist()
        expected = ops.box_iou(a[None], b[None]).item() - ((ax - bx) ** 2 + (ay - by) ** 2) / (cw**2 + ch**2)
        expected -= (aw - bw) ** 2 / cw**2 + (ah - bh) ** 2 / ch**2
        assert iou(a, b, "eiou").item() == pytest.approx(expected)


def test_siou_agrees_with_its_formula_written_out_arcsine_and_all():
    for a, b in zip(random_boxes(20), random_boxes(20, seed=1), strict=True):
        (ax, ay, aw, ah), (bx, by, bw, bh) = (B.xyxy_to_xywh(box).tolist() for box in (a, b))
        cw, ch = (torch.maximum(a, b)[2:] - torch.minimum(a, b)[:2]).tolist()
        sine = abs(ay - by) / math.hypot(ax - bx, ay - by)
        gamma = 2 - (1 - 2 * math.sin(math.asin(sine) - math.pi / 4) ** 2)
        distance = 2 - math.exp(-gamma * ((ax - bx) / cw) ** 2) - math.exp(-gamma * ((ay - by) / ch) ** 2)
        changes = abs(aw - bw) / max(aw, bw), abs(ah - bh) / max(ah, bh)
        shape = sum((1 - math.exp(-change)) ** 4 for change in changes)
        expected = ops.box_iou(a[None], b[None]).item() - (distance + shape) / 2
        assert iou(a, b, "siou").item() == pytest.approx(expected)


@every_kind
@pytest.mark.parametrize("fmt", ["xywh", "ltwh"])
def test_the_format_does_not_matter(kind, fmt):
    a, b = random_boxes(9), random_boxes(9, seed=1)
    found = iou(*(B.convert(boxes, "xyxy", fmt) for boxes in (a, b)), kind, fmt)
    torch.testing.assert_close(found, iou(a, b, kind))


@every_kind
@pytest.mark.parametrize("fmt", ["xywhn", "xyxyn"])
def test_shares_of_a_square_image_score_as_pixels_do(kind, fmt):
    a, b = random_boxes(9), random_boxes(9, seed=1)
    found = iou(*(B.convert(boxes, "xyxy", fmt, size=(64, 64)) for boxes in (a, b)), kind, fmt)
    torch.testing.assert_close(found, iou(a, b, kind))


@every_kind
def test_every_pair_is_every_partner(kind):
    a, b = random_boxes(2, 1, 5), random_boxes(3, 7, seed=1)
    table = iou(a, b, kind, pairwise=True)
    assert table.shape == (2, 3, 5, 7)
    for i, j, k, m in product(range(2), range(3), range(5), range(7)):
        assert table[i, j, k, m].item() == pytest.approx(iou(a[i, 0, k], b[j, m], kind).item())
    assert iou(a, b[0, :5], kind).shape == (2, 1, 5)


@every_kind
@given(boxes=pairs())
@example(boxes=(torch.zeros(1, 4).double(), torch.tensor([[0, 0, 0, 0.125]]).double()))
@settings(max_examples=40, deadline=None)
def test_swapping_moving_and_scaling_both_changes_nothing(kind, boxes):
    a, b = boxes
    score = iou(a, b, kind)
    torch.testing.assert_close(iou(b, a, kind), score)
    torch.testing.assert_close(iou(a + 16, b + 16, kind), score)
    sides = torch.cat((a, b))[:, 2:] - torch.cat((a, b))[:, :2]
    eps = kind == "ciou" and not sides.all()  # Ultralytics' own 1e-7 shows where a box has no width or no height
    torch.testing.assert_close(iou(a * 4, b * 4, kind), score, **({"atol": 2e-6, "rtol": 0} if eps else {}))
    torch.testing.assert_close(iou(a[:, [1, 0, 3, 2]], b[:, [1, 0, 3, 2]], kind), score)


@given(boxes=pairs(dtype=torch.float32))
@settings(deadline=None)
def test_each_score_stays_in_its_range_and_below_iou(boxes):
    score = {kind: iou(*boxes, kind) for kind in KINDS}
    lowest = {"iou": 0, "giou": -1, "diou": -1, "ciou": -2, "eiou": -3, "siou": -2}
    for kind, values in score.items():
        assert ((values >= lowest[kind]) & (values <= 1)).all()
        assert (values <= score["iou"]).all()
    assert (score["ciou"] <= score["diou"]).all()
    assert (score["eiou"] <= score["diou"]).all()


@every_kind
@given(boxes=pairs(dtype=torch.float32))
@settings(max_examples=40, deadline=None)
def test_equal_boxes_score_one_unless_they_are_empty(kind, boxes):
    same = boxes[0]
    assert torch.equal(iou(same, same.clone(), kind), (B.area(same) > 0).float())


@every_kind
@given(values=st.lists(st.integers(-3, 3), min_size=8, max_size=8))
@settings(max_examples=60, deadline=None)
def test_boxes_however_broken_have_finite_and_bounded_gradients(kind, values):
    """Swapped corners and no area on both sides: nothing blows up by more than these lengths of 1 to 6 explain."""
    a, b = torch.tensor(values, dtype=torch.float32).reshape(2, 4)
    a.requires_grad_()
    score = iou(a, b, kind)
    score.backward()
    assert score.isfinite()
    assert a.grad.abs().max() < 200


@pytest.mark.parametrize("side", [0.0, 1e-12])
def test_a_collapsed_box_is_not_torn_apart(side):
    """The aspect ratio of a point is anything; Ultralytics' gradient there is what its eps makes of it."""
    target = torch.tensor([[-4.0, -2.0, 8.0, 4.0]])
    gradients = []
    for score in (lambda x: iou(x, target, "ciou"), lambda x: bbox_iou(x, target, xywh=False, CIoU=True)):
        point = torch.tensor([[0.0, 0.0, side, side]], requires_grad=True)
        score(point).sum().backward()
        gradients.append(point.grad.abs().max())
    assert gradients[0] < 1
    assert gradients[1] > 1e5


def test_boxes_apart_teach_nothing_to_iou_and_something_to_the_others():
    target = torch.tensor([10.0, 10.0, 14.0, 13.0])
    for kind in KINDS:
        apart = torch.tensor([0.0, 1.0, 2.0, 4.0], requires_grad=True)
        (1 - iou(apart, target, kind)).backward()
        downhill = apart - 0.1 * apart.grad
        assert (iou(downhill, target, "diou") > iou(apart, target, "diou")) == (kind != "iou")
        assert bool(apart.grad.any()) == (kind != "iou")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "iou"])
def test_descent_brings_boxes_home_from_afar(kind):
    centred = torch.tensor([[6.0, 6, 3, 3], [20, 9, 8, 2], [12, 14, 5, 9]], requires_grad=True)
    target = torch.tensor([12.0, 10, 5, 4]).expand(3, 4)
    optimizer = torch.optim.Adam([centred], lr=0.1)
    for _ in range(300):
        optimizer.zero_grad()
        iou_loss(centred, target, reduction="sum", kind=kind, fmt="xywh").backward()
        optimizer.step()
    assert iou(centred, target, fmt="xywh").min() > 0.9


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
@every_kind
def test_floating_types_are_kept(kind, dtype):
    a = torch.tensor([[0, 0, 1000, 1000]], dtype=dtype)
    assert iou(a, a, kind).tolist() == [1]
    assert iou(a, a, kind).dtype == dtype
    assert iou(a.long(), a.long(), kind).dtype == torch.float32


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda x: iou(x, x, "ioo"), "giou, diou, ciou"),
        (lambda x: iou(x, x, fmt="cxcywh"), "'cxcywh'"),
        (lambda x: iou(x, x[:2]), "pairwise=True"),
        (lambda x: iou(x[:, :3], x[:, :3]), "last dimension of 4"),
    ],
)
def test_mistakes_are_told_in_words(call, words):
    with pytest.raises(CourseError, match=words):
        call(random_boxes(3))
