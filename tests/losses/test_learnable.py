"""Weights that learn, and where they come to rest."""

import copy
import math

import pytest
import torch
from torch import nn

from yolo_course.errors import CourseError
from yolo_course.losses.criterion import DetectionCriterion
from yolo_course.losses.learnable import Learnable, log_weights


def third(predictions, targets, assignment):
    return torch.tensor(0.25)


@pytest.fixture
def model(detectors):
    return copy.deepcopy(detectors["yolo26"])


def test_a_weight_starts_where_it_is_told(model, predict, random_batch):
    batch = random_batch(1)
    preds = predict("yolo26", batch)
    fixed = DetectionCriterion(model, {"mine": third}, {"mine": 0.5, "cls": 2.0})(preds, batch)
    learnt = DetectionCriterion(model, {"mine": third}, {"mine": Learnable(0.5), "cls": Learnable(2.0)})(preds, batch)
    torch.testing.assert_close(learnt[0][:4], fixed[0])
    assert list(learnt[1]) == [*fixed[1], "scale_loss"]
    assert learnt[1]["scale_loss"].item() == pytest.approx(-math.log(0.5) - math.log(2.0), abs=1e-6)


def test_it_stands_on_the_model_in_no_copy_of_it(model):
    before = len(list(model.parameters()))
    DetectionCriterion(model, {"mine": third}, {"mine": Learnable(0.5), "box": Learnable(7.5)})
    assert set(model.loss_logit_scale) == {"mine", "box"}
    assert len(list(model.parameters())) == before + 2
    kept = model.loss_logit_scale["mine"]
    DetectionCriterion(model, {"mine": third}, {"mine": Learnable(0.5), "box": Learnable(7.5)})
    assert model.loss_logit_scale["mine"] is kept, "or the optimizer would hold another"


def test_it_comes_to_rest_where_the_term_counts_as_one(model, predict, random_batch):
    batch = random_batch(1)
    preds = predict("yolo26", batch)
    criterion = DetectionCriterion(model, {"mine": third}, {"mine": Learnable(0.5)})
    optimizer = torch.optim.SGD(model.loss_logit_scale.values(), lr=0.1)
    for _ in range(100):
        optimizer.zero_grad()
        criterion(preds, batch)[0].sum().backward()
        optimizer.step()
    assert model.loss_logit_scale["mine"].exp().item() == pytest.approx(1 / 0.25, rel=1e-3)


def test_no_learnable_weight_no_parameter(model):
    assert log_weights(model, {"box": 7.5}) is None
    assert not hasattr(model, "loss_logit_scale")


def test_others_than_before_start_anew():
    model = nn.Linear(1, 1)
    log_weights(model, {"a": Learnable(2.0)})
    assert set(log_weights(model, {"b": Learnable(3.0)})) == {"b"}


@pytest.mark.parametrize("start", [0, -1, float("inf"), float("nan"), "1", None])
def test_a_start_that_has_no_logarithm(start):
    with pytest.raises(CourseError, match="a learnable weight starts above 0"):
        Learnable(start)
