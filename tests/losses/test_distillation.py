"""Distillation losses against PyTorch's divergences, and a teacher that stays out of its student."""

import copy
import io

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.distributions import Bernoulli, kl_divergence

from yolo_course.errors import CourseError
from yolo_course.losses import Teacher, box_distillation, feature_distillation, logit_distillation

ALL = [feature_distillation, logit_distillation, box_distillation]


def pair(*shape, scale=3):
    generator = torch.Generator().manual_seed(0)
    return tuple((torch.randn(shape, generator=generator) * scale).requires_grad_() for _ in range(2))


@pytest.mark.parametrize("temperature", [1.0, 2.0, 4.0])
def test_logits_agree_with_the_divergence_of_bernoulli_distributions(temperature):
    student, teacher = pair(5, 7)
    expected = kl_divergence(Bernoulli(logits=teacher / temperature), Bernoulli(logits=student / temperature))
    found = logit_distillation(student, teacher, reduction="none", temperature=temperature)
    torch.testing.assert_close(found, expected * temperature**2, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("temperature", [1.0, 2.0, 4.0])
def test_boxes_agree_with_pytorch_s_divergence(temperature):
    student, teacher = pair(5, 4, 8)
    log_student, share = (student / temperature).log_softmax(-1), (teacher / temperature).softmax(-1)
    expected = F.kl_div(log_student, share, reduction="none").sum(-1) * temperature**2
    found = box_distillation(student, teacher, reduction="none", temperature=temperature)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)


def test_features_agree_with_the_squared_error():
    student, teacher = pair(2, 3, 4, 5)
    torch.testing.assert_close(feature_distillation(student, teacher), F.mse_loss(student, teacher))


def test_standardized_features_are_twice_what_is_not_correlated():
    student, teacher = pair(2, 3, 4, 5)
    found = feature_distillation(student, teacher, reduction="none", standardize=True).mean((0, 2, 3))
    for c in range(3):
        rows = (values[:, c].detach().flatten().numpy() for values in (student, teacher))
        assert found[c].item() == pytest.approx(2 * (1 - np.corrcoef(*rows)[0, 1]), rel=1e-4)
    louder = feature_distillation(student, teacher * 100 + 7, standardize=True)
    torch.testing.assert_close(louder, feature_distillation(student, teacher, standardize=True), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("loss", ALL)
def test_only_the_student_learns_and_an_equal_one_has_nothing_to(loss):
    student, teacher = pair(4, 3, 8)
    loss(student, teacher).backward()
    assert student.grad.abs().max() > 0
    assert teacher.grad is None
    same = teacher.detach().clone().requires_grad_()
    equal = loss(same, teacher)
    equal.backward()
    assert equal.item() == pytest.approx(0, abs=1e-6)
    assert same.grad.abs().max() < 1e-6


@pytest.mark.parametrize("loss", [logit_distillation, box_distillation])
def test_a_temperature_that_sharpens_is_refused(loss):
    with pytest.raises(CourseError, match=r"1 or more, found 0\.1"):
        loss(*pair(3, 4), temperature=0.1)


def test_a_softmax_over_classes_makes_up_a_class_where_the_head_saw_none():
    background = torch.tensor([-7.0, -9.0, -9.0])
    assert background.softmax(-1).max() > 0.7
    assert background.sigmoid().max() < 0.001


def test_other_widths_are_refused_with_the_way_out():
    with pytest.raises(CourseError, match="1×1 convolution"):
        feature_distillation(torch.zeros(1, 8, 4, 4), torch.zeros(1, 16, 4, 4))


def network(width=4):
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(3, width, 3), nn.BatchNorm2d(width), nn.Dropout(0.5))


def with_teacher(wrap):
    student = network()
    student.teacher = wrap(network(8))
    return student


def saved_size(model):
    file = io.BytesIO()
    torch.save(model, file)
    return len(file.getvalue())


def test_a_teacher_is_no_part_of_its_student():
    student, alone = with_teacher(Teacher), network()
    assert list(student.state_dict()) == list(alone.state_dict())
    assert len(list(student.parameters())) == len(list(alone.parameters()))
    careless = with_teacher(lambda model: model.eval().requires_grad_(False))
    assert len(list(careless.parameters())) > len(list(alone.parameters()))


def test_training_the_student_leaves_the_teacher_as_it_is():
    student, x = with_teacher(Teacher), torch.randn(4, 3, 6, 6, generator=torch.Generator().manual_seed(0))
    before = student.teacher(x)
    student.train().requires_grad_()
    student(x).sum().backward()
    after = student.teacher(x)
    assert torch.equal(before, after)
    assert not after.requires_grad
    careless = with_teacher(lambda model: model.eval().requires_grad_(False))
    before = careless.teacher(x)
    careless.train()
    assert not torch.equal(before, careless.teacher(x))


def test_the_model_it_was_made_from_is_left_alone():
    model = network().train()
    teacher, x = Teacher(model), torch.ones(2, 3, 6, 6)
    before = teacher(x)
    assert model.training
    assert all(parameter.requires_grad for parameter in model.parameters())
    with torch.no_grad():
        model[0].weight.zero_()
    assert torch.equal(teacher(x), before)


def test_a_moving_average_shares_the_teacher_and_a_checkpoint_leaves_it_out():
    student = with_teacher(Teacher)
    assert copy.deepcopy(student).teacher is student.teacher
    assert saved_size(student) < saved_size(network()) + 1_000
    file = io.BytesIO()
    torch.save(student, file)
    file.seek(0)
    loaded = torch.load(file, weights_only=False)
    with pytest.raises(CourseError, match=r"Teacher\(model\)"):
        loaded.teacher(torch.zeros(1, 3, 6, 6))


def test_a_student_comes_to_say_what_its_teacher_says():
    teacher, student = Teacher(nn.Linear(6, 3)), nn.Linear(6, 3)
    x = torch.randn(64, 6, generator=torch.Generator().manual_seed(0))
    optimizer = torch.optim.Adam(student.parameters(), lr=0.05)
    first = logit_distillation(student(x), teacher(x)).item()
    for _ in range(200):
        optimizer.zero_grad()
        loss = logit_distillation(student(x), teacher(x))
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.01 * first
