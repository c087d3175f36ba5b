"""The readable assigner against Ultralytics' on random problems."""

from functools import partial

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from ultralytics.utils import tal
from ultralytics.utils.metrics import bbox_iou

from yolo_course.errors import CourseError
from yolo_course.losses.assigner import TaskAlignedAssigner

STRIDES = [8, 16]


def ultralytics_ciou(a, b):
    return bbox_iou(a, b, xywh=False, CIoU=True).squeeze(-1)


def problem(seed, images=2, objects=3, classes=4, side=48, exact=False, dtype=torch.float32):
    """Scores, boxes, points, labels, truths and which of them are there; `exact` makes ties likely."""
    rng = torch.Generator().manual_seed(seed)
    levels = [side // stride for stride in STRIDES]
    points = torch.cat(
        [
            torch.stack(torch.meshgrid(*[torch.arange(cells)] * 2, indexing="xy"), -1).flatten(0, 1) * stride
            + stride / 2
            for cells, stride in zip(levels, STRIDES, strict=True)
        ]
    )
    strides = torch.cat([torch.full((cells**2, 1), stride) for cells, stride in zip(levels, STRIDES, strict=True)])

    def random(*shape):
        values = torch.rand(*shape, generator=rng)
        return (values * 4).round() / 4 if exact else values

    scores = random(images, len(points), classes)
    reach = random(images, len(points), 4) * 2 * strides
    boxes = torch.cat((points - reach[..., :2], points + reach[..., 2:]), -1)
    labels = torch.randint(classes, (images, objects, 1), generator=rng).float()
    corners = random(images, objects, 2, 2) * side
    truths = torch.cat((corners.amin(2), corners.amax(2)), -1)
    present = random(images, objects, 1) > 0.2
    truths = truths * present
    return (*(x.to(dtype) for x in (scores, boxes, points, labels, truths)), present)


def same(found, expected, **tolerance):
    labels, boxes, scores, foreground, truth = found
    assert torch.equal(foreground, expected[3])
    for ours, theirs in ((labels, expected[0]), (boxes, expected[1]), (truth, expected[4])):
        assert torch.equal(ours[foreground], theirs[foreground].to(ours.dtype))
    torch.testing.assert_close(scores, expected[2].to(scores.dtype), **tolerance)


@given(
    seed=st.integers(0, 2**31),
    images=st.integers(1, 3),
    objects=st.integers(1, 6),
    topk=st.integers(1, 10),
    topk2=st.integers(0, 3),
    exact=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_with_the_same_overlap_it_is_ultralytics_to_the_last_bit(seed, images, objects, topk, topk2, exact):
    given_to = problem(seed, images, objects, exact=exact)
    options = {"topk": topk, "num_classes": 4, "alpha": 0.5, "beta": 6.0, "stride": STRIDES, "topk2": topk2 or None}
    expected = tal.TaskAlignedAssigner(**options)(*given_to)
    same(TaskAlignedAssigner(**options, overlap=ultralytics_ciou)(*given_to), expected, rtol=0, atol=0)


@pytest.mark.parametrize("topk2", [None, 1])
@pytest.mark.parametrize("seed", range(20))
def test_with_our_own_overlap_it_is_nearly_so(seed, topk2):
    given_to = problem(seed, images=4, objects=5, side=96)
    options = {"topk": 10, "num_classes": 4, "alpha": 0.5, "beta": 6.0, "stride": STRIDES, "topk2": topk2}
    same(TaskAlignedAssigner(**options)(*given_to), tal.TaskAlignedAssigner(**options)(*given_to), rtol=1e-4, atol=1e-6)


def test_nothing_to_find_leaves_everything_to_the_background():
    scores, boxes, points, labels, truths, present = problem(0)
    none = (scores, boxes, points, labels[:, :0], truths[:, :0], present[:, :0])
    found = TaskAlignedAssigner(num_classes=4)(*none)
    expected = tal.TaskAlignedAssigner(num_classes=4)(*none)
    assert [x.shape for x in found] == [x.shape for x in expected]
    assert not found[3].any()
    assert not found[2].any()
    assert torch.equal(found[0], expected[0].long())


def test_padding_is_found_by_nobody():
    scores, boxes, points, labels, truths, present = problem(1)
    found = TaskAlignedAssigner(num_classes=4, stride=STRIDES)(
        scores, boxes, points, labels, truths, torch.zeros_like(present)
    )
    assert not found[3].any()


def test_an_object_smaller_than_a_cell_has_candidates():
    points, truths, present = problem(2)[2], torch.tensor([[[20.9, 20.9, 21.1, 21.1]]]), torch.ones(1, 1, 1) > 0
    found = TaskAlignedAssigner(stride=STRIDES).candidates(points, truths, present)
    assert torch.equal(found, tal.TaskAlignedAssigner(stride=STRIDES).select_candidates_in_gts(points, truths, present))
    assert torch.equal(found[0, 0], ((points - 21).abs() < STRIDES[1] / 2).all(-1))
    assert found.sum() == 5


def test_more_anchors_wanted_than_there_are():
    scores, boxes, points, labels, truths, present = problem(3, images=1, objects=1, side=16)
    truths = torch.tensor([[[0.0, 0.0, 16.0, 16.0]]])
    found = TaskAlignedAssigner(topk=100, num_classes=4, stride=STRIDES)(
        scores, boxes, points, labels, truths, present | True
    )
    assert found[3].all()


def test_what_is_better_is_to_score_higher_and_the_best_its_overlap():
    given_to = problem(4, images=1, objects=1, side=96)
    truths = torch.tensor([[[10.0, 10.0, 60.0, 60.0]]])
    given_to = (*given_to[:4], truths, given_to[5] | True)
    assigner = TaskAlignedAssigner(num_classes=4, stride=STRIDES)
    _, _, scores, foreground, _ = assigner(*given_to)
    label = int(given_to[3][0, 0, 0])
    overlap = ultralytics_ciou(given_to[1][0][foreground[0]], truths[0])
    alignment = given_to[0][0][foreground[0]][:, label] ** 0.5 * overlap.clamp(0) ** 6
    graded = scores[0][foreground[0]]
    assert torch.equal(graded[:, label].argsort(), alignment.argsort())
    assert graded.max().item() == pytest.approx(overlap.max().item(), rel=1e-4)
    assert (graded.sum(1) == graded[:, label]).all()


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_other_precisions(dtype):
    scores, boxes, points, labels, truths, present = problem(5, dtype=dtype)
    found = TaskAlignedAssigner(num_classes=4, stride=STRIDES)(scores, boxes, points, labels, truths, present)
    assert found[2].dtype == dtype
    mixed = TaskAlignedAssigner(num_classes=4, stride=STRIDES)(
        scores, boxes.float(), points.float(), labels, truths.float(), present
    )
    assert mixed[2].isfinite().all()


@pytest.mark.parametrize("options", [{"topk": 0}, {"topk2": 0}, {"stride": ()}])
def test_settings_that_assign_nothing(options):
    with pytest.raises(CourseError, match="an object needs an anchor"):
        TaskAlignedAssigner(**options)


def test_a_partial_of_it_keeps_its_settings():
    assert partial(TaskAlignedAssigner, eps=1e-6)(topk=3).eps == 1e-6
