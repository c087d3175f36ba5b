"""The other terms against PyTorch, torchvision, Ultralytics and loops."""

from dataclasses import replace
from functools import partial

import pytest
import torch
from torch.nn import functional as F
from torchvision import ops
from ultralytics.utils.loss import FocalLoss, VarifocalLoss

from yolo_course.errors import CourseError
from yolo_course.losses import inverse_frequency, iou, varifocal_loss
from yolo_course.losses.criterion import DetectionCriterion
from yolo_course.losses.terms import box, cls
from yolo_course.losses.variants import attention_guided, class_weighted_cls, iou_aware_cls, smooth_l1_box


@pytest.fixture(scope="module")
def given_to(detectors, predict, random_batch):
    """What the terms of a real head are given."""
    batch, seen = random_batch(3), []

    def look(*arguments):
        seen.append(arguments)
        return arguments[0].logits.sum() * 0

    DetectionCriterion(detectors["yolo11"], {"look": look})(predict("yolo11", batch), batch)
    return seen[0]


def pairs(given_to):
    """Predicted and true box of each positive, and its weight, by a loop."""
    predictions, _, assignment = given_to
    for image, anchor in assignment.foreground.nonzero().tolist():
        yield (
            predictions.boxes[image, anchor],
            assignment.boxes[image, anchor],
            assignment.scores[image, anchor].sum(),
            predictions.strides[anchor],
        )


@pytest.mark.parametrize(
    ("kind", "oracle"), [("giou", ops.generalized_box_iou_loss), ("diou", ops.distance_box_iou_loss)]
)
def test_box_takes_any_overlap(given_to, kind, oracle):
    term = partial(box, overlap=partial(iou, kind=kind))
    expected = sum(oracle(found, true) * weight for found, true, weight, _ in pairs(given_to))
    torch.testing.assert_close(term(*given_to), expected / given_to[2].total, rtol=1e-4, atol=1e-5)


def test_smooth_l1_box_is_torch_s(given_to):
    for beta in (0.5, 1.0):
        expected = sum(
            F.smooth_l1_loss(found / stride, true / stride, beta=beta) * weight
            for found, true, weight, stride in pairs(given_to)
        )
        torch.testing.assert_close(smooth_l1_box(*given_to, beta=beta), expected / given_to[2].total)


@pytest.mark.parametrize("varifocal", [False, True])
def test_iou_aware_cls_is_to_score_torchvision_s_iou(given_to, varifocal):
    predictions, _, assignment = given_to
    quality, label = torch.zeros_like(assignment.scores), torch.zeros_like(assignment.scores)
    for image, anchor in assignment.foreground.nonzero().tolist():
        kind = assignment.labels[image, anchor]
        found, true = predictions.boxes[image, anchor].detach(), assignment.boxes[image, anchor]
        quality[image, anchor, kind] = ops.box_iou(found[None], true[None]).item()
        label[image, anchor, kind] = quality[image, anchor, kind] > 0  # without any overlap it is background
    shape = predictions.logits.shape
    flat = [values.flatten(0, 1) for values in (predictions.logits, quality, label)]  # (B, A, C) -> (B * A, C)
    if varifocal:
        found = iou_aware_cls(*given_to, loss=varifocal_loss)
        expected = VarifocalLoss(gamma=2.0, alpha=0.75)(*flat) * shape[-1]  # its mean over classes, undone
    else:
        found, expected = iou_aware_cls(*given_to), FocalLoss(gamma=0.0, alpha=0.0)(*flat[:2]) * shape[-1]
    torch.testing.assert_close(found, expected / quality.sum().clamp(min=1), rtol=1e-4, atol=1e-6)


def test_iou_aware_cls_sends_no_gradient_to_the_boxes(given_to):
    predictions = given_to[0]
    slopes = torch.autograd.grad(
        iou_aware_cls(*given_to), [predictions.logits, predictions.boxes], retain_graph=True, allow_unused=True
    )
    assert slopes[0].abs().sum() > 0
    assert slopes[1] is None


def test_class_weights_do_what_those_of_the_trainer_do(given_to):
    predictions, targets, assignment = given_to
    weights = torch.tensor([0.2, 1.8, 1.0, 1.5, 0.5])
    expected = cls(predictions, replace(targets, class_weights=weights.view(1, 1, 5)), assignment)
    assert torch.equal(class_weighted_cls(weights)(*given_to), expected)
    assert torch.equal(class_weighted_cls(weights.tolist())(*given_to), expected)
    assert torch.equal(class_weighted_cls(torch.ones(5))(*given_to), cls(*given_to))
    assert expected != cls(*given_to)


def test_a_class_without_samples_leaves_the_loss_finite(given_to):
    assert class_weighted_cls(inverse_frequency([10, 0, 3, 1, 0]))(*given_to).isfinite()


@pytest.mark.parametrize("weights", [[0.0, float("nan"), 0.0], [1.0, float("inf")], [-1.0, 2.0], [[1.0, 2.0]]])
def test_class_weights_that_are_none(weights):
    with pytest.raises(CourseError, match="these are no class weights"):
        class_weighted_cls(weights)


def test_a_weight_for_each_class(given_to):
    with pytest.raises(CourseError, match="a weight for each class is wanted: expected 5, found 3"):
        class_weighted_cls([1, 1, 1])(*given_to)


def test_attention_is_the_share_outside_by_a_loop(given_to):
    predictions, targets, _ = given_to
    shares = []
    for image in range(len(predictions.logits)):
        boxes = targets.boxes[image][targets.present[image, :, 0]]
        if not len(boxes):
            continue
        levels = []
        for features, stride in zip(predictions.features, (8, 16, 32), strict=True):
            inside = total = 0.0
            for row in range(features.shape[2]):
                for column in range(features.shape[3]):
                    energy = features[image, :, row, column].square().sum().item()
                    x, y = (column + 0.5) * stride, (row + 0.5) * stride
                    hit = any(
                        abs(x - (x1 + x2) / 2) <= max(x2 - x1, stride) / 2
                        and abs(y - (y1 + y2) / 2) <= max(y2 - y1, stride) / 2
                        for x1, y1, x2, y2 in boxes.tolist()
                    )
                    total, inside = total + energy, inside + energy * hit
            levels.append(1 - inside / total)
        shares.append(sum(levels) / 3)
    assert attention_guided(*given_to).item() == pytest.approx(sum(shares) / len(shares), rel=1e-4)


def test_attention_is_learnt_and_finite_where_there_is_nothing(given_to):
    predictions, targets, assignment = given_to
    features = [torch.zeros_like(values).requires_grad_() for values in predictions.features]
    assert attention_guided(replace(predictions, features=features), targets, assignment) == 0
    features = [values.clone().requires_grad_() for values in predictions.features]
    attention_guided(replace(predictions, features=features), targets, assignment).backward()
    assert all(values.grad.isfinite().all() and values.grad.abs().sum() > 0 for values in features)
    nobody = replace(targets, present=torch.zeros_like(targets.present))
    assert attention_guided(predictions, nobody, assignment) == 0
    empty = replace(targets, boxes=targets.boxes[:, :0], present=targets.present[:, :0])
    assert attention_guided(predictions, empty, assignment) == 0


@pytest.mark.parametrize("name", ["yolo11", "yolo26", "pico"])
def test_every_variant_runs_on_every_head_and_on_an_empty_batch(detectors, predict, random_batch, name):
    terms = {"box": smooth_l1_box, "cls": iou_aware_cls, "attention": attention_guided}
    batch = random_batch(2)
    for objects in (slice(None), slice(0)):
        some = batch | {key: batch[key][objects] for key in ("batch_idx", "cls", "bboxes")}
        loss, _ = DetectionCriterion(detectors[name], terms)(predict(name, some), some)
        assert loss.isfinite().all()
