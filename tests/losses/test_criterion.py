"""The criterion against Ultralytics' own, number for number, and what it does beyond that."""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from ultralytics import YOLO
from ultralytics.cfg import get_cfg
from ultralytics.nn.tasks import DetectionModel, yaml_model_load

from yolo_course.errors import CourseError, ModelError
from yolo_course.losses import sigmoid_focal_loss
from yolo_course.losses.assigner import TaskAlignedAssigner
from yolo_course.losses.criterion import DetectionCriterion
from yolo_course.losses.learnable import Learnable

KINDS = ("yolo11", "yolo26", "pico")
NAMES = {"yolo11": ["box_loss", "cls_loss", "dfl_loss"], "yolo26": ["box_loss", "cls_loss", "l1_loss"]}
NAMES["pico"] = NAMES["yolo26"]


def leaves(preds):
    heads = [preds] if "boxes" in preds else preds.values()
    return [head[name] for head in heads for name in ("boxes", "scores")]


def loss_and_gradients(criterion, preds, batch):
    loss, items = criterion(preds, batch)
    return loss, items, torch.autograd.grad(loss.sum(), leaves(preds), allow_unused=True)


def relative(found, expected):
    return ((found - expected).norm() / expected.norm().clamp(min=1e-30)).item()


def emptied(batch):
    return batch | {name: batch[name][:0] for name in ("batch_idx", "cls", "bboxes")}


def one(predictions, targets, assignment):
    """A term that depends on nothing."""
    return torch.tensor(1.0)


def loudness(predictions, targets, assignment):
    """A term with a gradient of its own."""
    return predictions.logits.square().mean()


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("seed", range(6))
def test_values_and_gradients_are_those_of_ultralytics(detectors, predict, random_batch, name, seed):
    batch = random_batch(seed, most=1 if seed == 0 else 8)
    preds = predict(name, batch, seed)
    expected, items, slopes = loss_and_gradients(detectors[name].init_criterion(), preds, batch)
    loss, ours, gradients = loss_and_gradients(DetectionCriterion(detectors[name]), preds, batch)
    assert relative(loss, expected) <= 1e-6
    assert list(ours) == list(items) == NAMES[name]
    for item, value in items.items():
        assert float(ours[item]) == pytest.approx(float(value), rel=1e-6)
        assert not ours[item].requires_grad
    for gradient, slope in zip(gradients, slopes, strict=True):
        assert relative(gradient, slope) <= 1e-6


@pytest.mark.parametrize("name", KINDS)
def test_an_empty_batch_is_all_background(detectors, predict, random_batch, name):
    batch = emptied(random_batch())
    preds = predict(name, batch)
    expected, _, slopes = loss_and_gradients(detectors[name].init_criterion(), preds, batch)
    loss, _, gradients = loss_and_gradients(DetectionCriterion(detectors[name]), preds, batch)
    assert torch.equal(loss, expected)
    assert loss[1] > 0
    assert all(torch.equal(gradient, slope) for gradient, slope in zip(gradients, slopes, strict=True))


@pytest.mark.parametrize("name", KINDS)
def test_every_weight_of_the_network_gets_the_same_gradient(detectors, random_batch, name):
    model, batch = detectors[name], random_batch(3)
    preds = model.train()(batch["img"])
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    slopes, gradients = (
        torch.autograd.grad(criterion(preds, batch)[0].sum(), weights, retain_graph=True, materialize_grads=True)
        for criterion in (model.init_criterion(), DetectionCriterion(model))
    )
    largest = max(float(slope.norm()) for slope in slopes)
    assert all((gradient - slope).norm() <= 1e-6 * largest for gradient, slope in zip(gradients, slopes, strict=True))


@pytest.mark.parametrize("name", KINDS)
def test_what_a_model_returns_in_evaluation_is_taken_too(detectors, random_batch, name):
    model, batch = copy.deepcopy(detectors[name]).eval(), random_batch(1)
    with torch.no_grad():
        preds = model(batch["img"])
    assert isinstance(preds, tuple)
    assert torch.equal(DetectionCriterion(model)(preds, batch)[0], model.init_criterion()(preds, batch)[0])


@pytest.mark.parametrize("name", ["yolo11", "yolo26"])
def test_half_precision_agrees_with_ultralytics_too(detectors, predict, random_batch, name):
    batch = random_batch(2)
    preds = predict(name, batch)
    with torch.autocast("cpu", torch.bfloat16):
        preds = detectors[name].train()(batch["img"])
        expected, loss = (
            criterion(preds, batch)[0]
            for criterion in (detectors[name].init_criterion(), DetectionCriterion(detectors[name]))
        )
    assert relative(loss, expected) <= 1e-2
    assert loss.isfinite().all()


@pytest.mark.parametrize("name", KINDS)
def test_the_readable_assigner_fits_in(detectors, predict, random_batch, name):
    batch = random_batch(4)
    preds = predict(name, batch)
    criterion = DetectionCriterion(detectors[name], assigner=TaskAlignedAssigner)
    assert relative(criterion(preds, batch)[0], detectors[name].init_criterion()(preds, batch)[0]) <= 1e-5


def test_class_weights_of_the_trainer_count(detectors, predict, random_batch):
    model, batch = copy.copy(detectors["pico"]), random_batch(5)
    model.class_weights = torch.tensor([0.2, 1.8, 1.0, 1.5, 0.5])
    preds = predict("pico", batch)
    assert torch.equal(DetectionCriterion(model)(preds, batch)[0], model.init_criterion()(preds, batch)[0])
    assert DetectionCriterion(model)(preds, batch)[0][1] != DetectionCriterion(detectors["pico"])(preds, batch)[0][1]


def test_gains_are_the_training_options_unless_weights_say_otherwise(detectors, predict, random_batch):
    model, batch = copy.copy(detectors["yolo11"]), random_batch(5)
    model.args = get_cfg(overrides={"box": 1.0, "cls": 2.0, "dfl": 3.0})
    preds = predict("yolo11", batch)
    plain = DetectionCriterion(model, weights={"box": 1, "cls": 1, "dfl": 1})(preds, batch)[0]
    torch.testing.assert_close(DetectionCriterion(model)(preds, batch)[0], plain * torch.tensor([1.0, 2.0, 3.0]))
    torch.testing.assert_close(DetectionCriterion(model)(preds, batch)[0], model.init_criterion()(preds, batch)[0])
    assert DetectionCriterion(model, weights={"box": 0.0})(preds, batch)[0][0] == 0


@pytest.mark.parametrize("name", KINDS)
def test_a_fourth_term_counts_once_and_scales_with_the_batch(detectors, predict, random_batch, name):
    batch = random_batch(1)
    preds = predict(name, batch)
    stock, items = DetectionCriterion(detectors[name])(preds, batch)
    loss, more = DetectionCriterion(detectors[name], {"mine": one}, {"mine": 0.5})(preds, batch)
    assert torch.equal(loss[:3], stock)
    assert (loss.sum() - stock.sum()).item() == pytest.approx(0.5 * 4, rel=1e-3)
    assert list(more) == [*items, "mine_loss"]
    assert more["mine_loss"] == 0.5


def test_a_fourth_term_is_learnt(detectors, predict, random_batch):
    batch = random_batch(1)
    preds = predict("pico", batch)
    stock = loss_and_gradients(DetectionCriterion(detectors["pico"]), preds, batch)[2]
    ours = loss_and_gradients(DetectionCriterion(detectors["pico"], {"mine": loudness}), preds, batch)[2]
    scores = preds["scores"]
    torch.testing.assert_close(ours[0], stock[0])
    torch.testing.assert_close(ours[1] - stock[1], 4 * 2 * scores.detach() / scores.numel(), rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("name", KINDS)
def test_terms_are_replaced_and_left_out(detectors, predict, random_batch, name):
    batch = random_batch(1)
    preds = predict(name, batch)
    loss, items = DetectionCriterion(detectors[name], {"cls": one, "dfl": None})(preds, batch)
    assert list(items) == ["box_loss", "cls_loss"]
    assert torch.equal(loss[:1], DetectionCriterion(detectors[name])(preds, batch)[0][:1])
    assert items["cls_loss"] == detectors[name].args.cls


def test_two_heads_shift_their_weight_as_ultralytics_has_it(detectors, predict, random_batch):
    model, batch = copy.copy(detectors["yolo26"]), random_batch(1)
    model.args = get_cfg(overrides={"epochs": 5})
    preds = predict("yolo26", batch)
    stock, ours = model.init_criterion(), DetectionCriterion(model)
    seen = []
    for _ in range(6):
        seen.append(ours(preds, batch)[0])
        torch.testing.assert_close(seen[-1], stock(preds, batch)[0], rtol=1e-6, atol=0)
        stock.update()
        ours.update()
    assert not torch.equal(seen[0], seen[3])
    resumed = DetectionCriterion(model)
    resumed.updates = 2  # as a trainer does that goes on after the third epoch
    resumed.update()
    torch.testing.assert_close(resumed(preds, batch)[0], seen[3])
    assert resumed.updates == 3


def test_one_head_has_no_weight_to_shift(detectors, predict, random_batch):
    batch = random_batch(1)
    preds, criterion = predict("pico", batch), DetectionCriterion(detectors["pico"])
    before = criterion(preds, batch)[0]
    criterion.update()
    assert torch.equal(criterion(preds, batch)[0], before)


def test_a_term_sees_pixels_and_positives(detectors, predict, random_batch):
    batch, seen = random_batch(2), {}

    def look(predictions, targets, assignment):
        seen.update(predictions=predictions, targets=targets, assignment=assignment)
        return predictions.logits.sum() * 0

    DetectionCriterion(detectors["yolo11"], {"look": look})(predict("yolo11", batch), batch)
    predictions, targets, assignment = seen.values()
    anchors = 8 * 8 + 4 * 4 + 2 * 2
    assert predictions.boxes.shape == (4, anchors, 4)
    assert predictions.sides.shape == (4, anchors, 4 * predictions.bins) == (4, anchors, 64)
    assert predictions.points.tolist()[0] == [4, 4]
    assert predictions.points.tolist()[-1] == [48, 48]
    assert [features.shape[2:] for features in predictions.features] == [(8, 8), (4, 4), (2, 2)]
    assert predictions.size.tolist() == [64, 64]
    x, y, w, h = (batch["bboxes"][0] * 64).tolist()
    image = int(batch["batch_idx"][0])
    assert targets.boxes[image, 0].tolist() == pytest.approx([x - w / 2, y - h / 2, x + w / 2, y + h / 2], abs=1e-4)
    assert targets.present.sum() == len(batch["cls"])
    assert len(assignment.weight) == assignment.foreground.sum() > 0
    image, anchor = assignment.index
    mine = targets.boxes[image, assignment.truth[assignment.index]]
    assert torch.equal(assignment.boxes[assignment.index], mine)
    assert torch.equal(assignment.scores[image, anchor, assignment.labels[image, anchor]], assignment.weight)


def test_a_focal_term_keeps_the_background_down(detectors, predict, random_batch):
    """Cross entropy over anchors, which recipes write, is 0 on a batch without objects (errata 002-23)."""

    def focal(predictions, targets, assignment):
        loss = sigmoid_focal_loss(predictions.logits, assignment.scores, reduction="sum")
        return loss / assignment.total

    batch = emptied(random_batch())
    preds = predict("pico", batch)
    loss, _, (_, gradient) = loss_and_gradients(DetectionCriterion(detectors["pico"], {"cls": focal}), preds, batch)
    assert loss[1] > 0
    assert (gradient > 0).all(), "every score is pushed down"


@pytest.mark.parametrize("kind", ["yolo", "module"])
def test_alone_a_model_needs_no_trainer(predict, random_batch, kind):
    config = yaml_model_load("yolo26.yaml") | {"scales": {"n": [0.33, 0.125, 1024]}, "scale": "n"}
    model = DetectionModel(config, verbose=False)
    if kind == "yolo":
        model.args = YOLO("yolo26n.yaml").model.args
        assert isinstance(model.args, dict)
    batch, before = random_batch(1), getattr(model, "args", None)
    loss, _ = DetectionCriterion(model)(model.train()(batch["img"]), batch)
    assert loss.isfinite().all()
    assert getattr(model, "args", None) is before, "YOLO goes on reading its dict"
    model.args = get_cfg()
    torch.testing.assert_close(loss, model.init_criterion()(model(batch["img"]), batch)[0])


def test_a_copy_stands_on_its_own(detectors, predict, random_batch):
    model, batch = copy.deepcopy(detectors["yolo26"]), random_batch(1)
    preds = predict("yolo26", batch)
    model.criterion = DetectionCriterion(model, {"mine": loudness}, {"mine": Learnable(2.0)})
    twin = copy.deepcopy(model)
    assert torch.equal(twin.criterion(preds, batch)[0], model.criterion(preds, batch)[0])
    with torch.no_grad():
        twin.loss_logit_scale["mine"] += 1
    assert twin.criterion(preds, batch)[0][3] > model.criterion(preds, batch)[0][3]


def test_the_model_itself_takes_it(detectors, random_batch):
    model, batch = copy.deepcopy(detectors["pico"]), random_batch(1)
    model.criterion = DetectionCriterion(model, {"mine": loudness})
    loss, items = model.train()(batch)
    assert len(loss) == len(items) == 4
    assert torch.equal(model.loss(batch, model(batch["img"]))[0].isfinite(), torch.ones(4, dtype=torch.bool))


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (lambda p, t, a: p.logits, "the term mine must return one number: expected a tensor without dimensions"),
        (lambda p, t, a: a.weight, "found shape"),
        (lambda p, t, a: 1.0, "found float"),
        (lambda p, t, a: None, "found NoneType"),
    ],
)
def test_a_term_that_returns_something_else(detectors, predict, random_batch, value, says):
    batch = random_batch(1)
    with pytest.raises(CourseError, match=says):
        DetectionCriterion(detectors["pico"], {"mine": value})(predict("pico", batch), batch)


@pytest.mark.parametrize(
    ("terms", "weights", "says"),
    [
        ({"my term": one}, {}, "not a name for a term: expected letters, digits and underscores, found 'my term'"),
        ({"a,b": one}, {}, "not a name"),
        ({1: one}, {}, "not a name"),
        ({"mine": 3}, {}, "the term mine is no function"),
        ({"mine": None}, {}, "there is no term mine to leave out: expected box, cls, dfl"),
        ({"box": None, "cls": None, "dfl": None}, {}, "needs at least one term"),
        ({}, {"mine": 1.0}, "a weight of no term: expected box, cls, dfl, found 'mine'"),
        ({"box": None}, {"box": 1.0}, "a weight of no term: expected cls, dfl"),
        ({}, {"box": "7.5"}, "not a weight of the term box"),
        ({}, {"box": float("nan")}, "not a weight of the term box"),
        ({}, {"box": True}, "not a weight of the term box"),
        ({"mine": one, "mine_loss": one}, {}, "two terms of the same name"),
        ({"l1": one}, {}, "two terms of the same name in results.csv: found l1_loss"),
    ],
)
def test_mistakes_are_told_at_once(detectors, terms, weights, says):
    with pytest.raises(CourseError, match=says):
        DetectionCriterion(detectors["pico"], terms, weights)


@pytest.mark.parametrize(
    "make",
    [
        lambda: nn.Linear(1, 1),
        lambda: nn.Sequential(nn.Linear(1, 1)),
        lambda: YOLO("yolo11n.yaml"),
        lambda: YOLO("yolo11n-cls.yaml").model,
        lambda: YOLO("yolo11n-seg.yaml").model,
    ],
)
def test_only_a_detector_has_this_loss(make):
    with pytest.raises(ModelError, match=r"a criterion needs a detector: expected YOLO\(…\).model"):
        DetectionCriterion(make())


def test_the_terms_of_box_and_side_are_torch_s(detectors, predict, random_batch):
    """DFL and L1 once more, from the logits, by PyTorch's cross entropy over the two neighbouring bins."""
    batch, seen = random_batch(3), {}

    def check(predictions, targets, assignment):
        image, anchor = assignment.index
        stride = predictions.strides[anchor]
        x, y = predictions.points[anchor].unbind(-1)
        box = assignment.boxes[image, anchor]
        sides = torch.stack((x - box[:, 0], y - box[:, 1], box[:, 2] - x, box[:, 3] - y), -1) / stride
        sides = sides.clamp(0, 14.99).flatten()  # (P, 4) -> (P * 4,)
        logits = predictions.sides[image, anchor].view(-1, 16)  # (P, 64) -> (P * 4, 16)
        left, share = sides.long(), sides.frac()
        near, far = (F.cross_entropy(logits, bins, reduction="none") for bins in (left, left + 1))
        each = ((1 - share) * near + share * far).view(-1, 4).mean(-1)  # (P * 4,) -> (P,)
        seen["dfl"] = ((each * assignment.weight).sum() / assignment.total).item()
        return predictions.logits.sum() * 0

    weights = {"dfl": 1.0}
    items = DetectionCriterion(detectors["yolo11"], {"check": check}, weights)(predict("yolo11", batch), batch)[1]
    assert float(items["dfl_loss"]) == pytest.approx(seen["dfl"], rel=1e-4)
