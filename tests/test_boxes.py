"""Box formats, clipping and IoU against torchvision, and the laws that hold for any boxes."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchvision import ops

from yolo_course import boxes as B
from yolo_course.errors import CourseError

TORCHVISION = {"xyxy": "xyxy", "xywh": "cxcywh", "ltwh": "xywh"}
SIZE = (100, 200)  # height, width


@st.composite
def xyxy(draw, count=st.integers(0, 6), dtype=torch.float64):
    """Boxes on a grid of eighths, from far outside an image of SIZE to far inside, some without area."""
    n = draw(count)
    eighth = st.integers(-1600, 3200).map(lambda value: value / 8)
    corners = draw(st.lists(st.tuples(eighth, eighth, eighth, eighth), min_size=n, max_size=n))
    first = torch.tensor(corners, dtype=dtype).reshape(n, 2, 2)
    return torch.cat((first.amin(1), first.amax(1)), -1)


def random_boxes(*shape, seed=0, dtype=torch.float32):
    generator = torch.Generator().manual_seed(seed)
    corners = torch.rand(*shape, 2, 2, generator=generator, dtype=torch.float64) * 150
    return torch.cat((corners.amin(-2), corners.amax(-2)), -1).to(dtype)


@pytest.mark.parametrize("source", TORCHVISION)
@pytest.mark.parametrize("target", TORCHVISION)
@given(boxes=xyxy())
@settings(max_examples=25)
def test_pixel_formats_agree_with_torchvision(source, target, boxes):
    boxes = ops.box_convert(boxes, "xyxy", TORCHVISION[source])
    expected = ops.box_convert(boxes, TORCHVISION[source], TORCHVISION[target])
    torch.testing.assert_close(B.convert(boxes, source, target), expected)


@given(boxes=xyxy())
def test_the_two_named_conversions_agree_with_torchvision_and_undo_each_other(boxes):
    centred = B.xyxy_to_xywh(boxes)
    torch.testing.assert_close(centred, ops.box_convert(boxes, "xyxy", "cxcywh"))
    torch.testing.assert_close(B.xywh_to_xyxy(centred), boxes)


@pytest.mark.parametrize("source", B.FORMATS)
@pytest.mark.parametrize("target", B.FORMATS)
@given(boxes=xyxy())
@settings(max_examples=15)
def test_every_format_and_back_is_the_identity(source, target, boxes):
    there = B.convert(boxes, source, target, size=SIZE)
    torch.testing.assert_close(B.convert(there, target, source, size=SIZE), boxes)


@pytest.mark.parametrize("target", ["xyxyn", "xywhn"])
def test_shares_agree_with_a_loop(target):
    height, width = SIZE
    boxes = random_boxes(4, dtype=torch.float64)
    for box, found in zip(boxes.tolist(), B.convert(boxes, "xyxy", target, size=SIZE).tolist(), strict=True):
        x1, y1, x2, y2 = box[0] / width, box[1] / height, box[2] / width, box[3] / height
        expected = (x1, y1, x2, y2) if target == "xyxyn" else ((x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1)
        assert found == pytest.approx(expected)


def test_shares_to_shares_need_no_size():
    boxes = torch.tensor([[0.5, 0.5, 0.2, 0.4]])
    torch.testing.assert_close(B.convert(boxes, "xywhn", "xyxyn"), torch.tensor([[0.4, 0.3, 0.6, 0.7]]))


@given(boxes=xyxy())
def test_clip_agrees_with_torchvision_and_twice_is_once(boxes):
    clipped = B.clip(boxes, SIZE)
    assert torch.equal(clipped, ops.clip_boxes_to_image(boxes, SIZE))
    assert torch.equal(B.clip(clipped, SIZE), clipped)


@given(boxes=xyxy())
def test_area_agrees_with_torchvision(boxes):
    assert torch.equal(B.area(boxes), ops.box_area(boxes))


def test_area_of_swapped_corners_is_zero():
    assert B.area(torch.tensor([[4.0, 4.0, 1.0, 1.0], [4.0, 0.0, 1.0, 9.0]])).tolist() == [0, 0]


@given(a=xyxy(), b=xyxy())
def test_iou_agrees_with_torchvision(a, b):
    expected = ops.box_iou(a, b).nan_to_num(0)  # torchvision: 0 / 0 for two boxes without area
    torch.testing.assert_close(B.pairwise_iou(a, b), expected)


@given(a=xyxy(dtype=torch.float32), b=xyxy(dtype=torch.float32))
def test_iou_is_symmetric_and_between_zero_and_one(a, b):
    iou = B.pairwise_iou(a, b)
    assert torch.equal(iou, B.pairwise_iou(b, a).T)
    assert ((iou >= 0) & (iou <= 1)).all()


@given(values=st.lists(st.floats(-1e6, 1e6, width=32), min_size=8, max_size=8))
def test_iou_never_leaves_its_range_whatever_the_rounding(values):
    a, b = torch.tensor(values, dtype=torch.float32).reshape(2, 1, 4)
    iou = B.pairwise_iou(a, b).item()
    assert 0 <= iou <= 1


@given(boxes=xyxy(count=st.integers(1, 6)))
def test_iou_with_itself_is_one_unless_empty(boxes):
    expected = (B.area(boxes) > 0).to(boxes)
    assert torch.equal(B.pairwise_iou(boxes, boxes).diagonal(), expected)


@given(a=xyxy(), b=xyxy(), scale=st.sampled_from([0.5, 2.0, 8.0]))
def test_iou_does_not_depend_on_the_scale(a, b, scale):
    torch.testing.assert_close(B.pairwise_iou(a * scale, b * scale), B.pairwise_iou(a, b))


@pytest.mark.parametrize(("n", "m"), [(0, 3), (3, 0), (0, 0)])
def test_no_boxes_give_an_empty_table(n, m):
    assert B.pairwise_iou(torch.zeros(n, 4), torch.zeros(m, 4)).shape == (n, m)
    assert B.convert(torch.zeros(n, 4), "xywhn", "xyxy", size=SIZE).shape == (n, 4)
    assert B.clip(torch.zeros(n, 4), SIZE).shape == (n, 4)
    assert B.area(torch.zeros(n, 4)).shape == (n,)


def test_leading_dimensions_are_kept():
    boxes, others = random_boxes(2, 3, 5), random_boxes(3, 7, seed=1)
    assert B.convert(boxes, "xyxy", "xywhn", size=SIZE).shape == (2, 3, 5, 4)
    assert B.clip(boxes[0, 0, 0], SIZE).shape == (4,)
    iou = B.pairwise_iou(boxes, others)
    assert iou.shape == (2, 3, 5, 7)
    torch.testing.assert_close(iou[1, 2], ops.box_iou(boxes[1, 2], others[2]))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_floating_types_are_kept(dtype):
    boxes = random_boxes(3, dtype=dtype)
    results = [B.convert(boxes, "xyxy", name, size=SIZE) for name in B.FORMATS]
    results += [B.clip(boxes, SIZE), B.area(boxes), B.pairwise_iou(boxes, boxes)]
    assert {result.dtype for result in results} == {dtype}


def test_large_boxes_do_not_overflow_half_precision():
    boxes = torch.tensor([[0, 0, 1000, 1000], [0, 0, 1000, 500]], dtype=torch.float16)
    assert B.pairwise_iou(boxes, boxes).tolist() == [[1, 0.5], [0.5, 1]]


def test_integer_boxes_become_floats_where_halves_are_needed():
    boxes = torch.tensor([[1, 2, 4, 7]])
    assert B.xyxy_to_xywh(boxes).tolist() == [[2.5, 4.5, 3, 5]]
    assert B.convert(boxes, "xyxy", "ltwh").dtype == boxes.dtype
    assert B.pairwise_iou(boxes, torch.tensor([[1, 2, 4, 12]])).tolist() == [[0.5]]


def test_arrays_in_arrays_out_and_lists_are_boxes_too():
    array = random_boxes(3, dtype=torch.float64).numpy()[::-1]
    found = B.convert(boxes=array, source="xyxy", target="xywhn", size=np.array(SIZE))
    assert isinstance(found, np.ndarray)
    np.testing.assert_allclose(found, B.convert(torch.tensor(array.copy()), "xyxy", "xywhn", size=SIZE).numpy())
    assert B.pairwise_iou(array, array).shape == (3, 3)
    assert B.xywh_to_xyxy([5.0, 5.0, 2.0, 4.0]).tolist() == [4, 3, 6, 7]


def test_gradients_are_right():
    a = random_boxes(2, dtype=torch.float64).requires_grad_()
    b = random_boxes(3, seed=1, dtype=torch.float64).requires_grad_()
    assert torch.autograd.gradcheck(B.pairwise_iou, (a, b))
    for name in ("xywh", "ltwh", "xyxyn", "xywhn"):
        assert torch.autograd.gradcheck(lambda boxes, name=name: B.convert(boxes, "xyxy", name, SIZE), (a,))
    assert torch.autograd.gradcheck(lambda boxes: B.clip(boxes, SIZE), (a,))


def test_gradient_of_empty_boxes_is_finite():
    empty = torch.zeros(1, 4, requires_grad=True)
    B.pairwise_iou(empty, empty.detach()).sum().backward()
    assert empty.grad.isfinite().all()


def test_inputs_are_left_alone():
    boxes = random_boxes(4) * 3 - 100
    before = boxes.clone()
    B.clip(boxes, SIZE), B.convert(boxes, "xywh", "xyxyn", SIZE), B.pairwise_iou(boxes, boxes)
    assert torch.equal(boxes, before)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: B.convert(torch.zeros(1, 4), "xyxy", "cxcywh"), "'cxcywh'"),
        (lambda: B.convert(torch.zeros(1, 4), "yolo", "xyxy"), "xywhn"),
        (lambda: B.convert(torch.zeros(1, 4), "xywhn", "xyxy"), "size=\\(height, width\\)"),
        (lambda: B.clip(torch.zeros(1, 4), (0, 10)), "size"),
        (lambda: B.area(torch.zeros(4, 5)), "\\(4, 5\\)"),
        (lambda: B.pairwise_iou(torch.zeros(1, 4), 3.0), "last dimension of 4"),
    ],
)
def test_mistakes_are_told_in_words(call, words):
    with pytest.raises(CourseError, match=words):
        call()
