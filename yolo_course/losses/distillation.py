"""Distillation: a small model learns from a large one what labels do not say.

Three places to learn from: the features, the class scores, and the distributions behind the box sides.
All three losses are 0 when the student equals the teacher, and no gradient reaches the teacher.

Hinton et al., Distilling the Knowledge in a Neural Network, 2015, arXiv:1503.02531.
"""

from copy import deepcopy

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from yolo_course.errors import CourseError
from yolo_course.losses.weighted import same_shape, weighted_loss

__all__ = ["Teacher", "box_distillation", "feature_distillation", "logit_distillation"]


@weighted_loss
def feature_distillation(student: Tensor, teacher: Tensor, standardize: bool = False) -> Tensor:
    """Squared difference of two feature maps.

    Romero et al., FitNets, 2014, arXiv:1412.6550; standardized as in Cao et al., PKD, 2022, arXiv:2207.02039.

    Args:
        student: The student's map; bring its channels to the teacher's with a 1×1 convolution first.
        teacher: The teacher's map.
        standardize: Bring each channel to mean 0 and variance 1 over the batch first: then only the pattern
            counts, not how loud the teacher is.

    Shape:
        - student: (B, C, ...)
        - teacher: (B, C, ...)
        - elementwise: (B, C, ...)

    Raises:
        CourseError: Shapes that differ.
    """
    same_shape(teacher, student, hint="a 1×1 convolution brings the student's channels to the teacher's")
    teacher = teacher.detach()
    if standardize:
        student, teacher = _standardized(student), _standardized(teacher)
    return (student - teacher).square()


@weighted_loss
def logit_distillation(student: Tensor, teacher: Tensor, temperature: float = 2.0) -> Tensor:
    """Kullback-Leibler divergence of each class's yes and no, times the square of the temperature.

    YOLO's classes are independent sigmoids. A softmax over them would compare what the head never said: of an
    anchor on the background, whose scores are all small, it makes a confident class.

    Args:
        student: The student's logits.
        teacher: The teacher's logits.
        temperature: Both are divided by it. Above 1 it brings out what the teacher finds merely unlikely.

    Shape:
        - student: (..., nc)
        - teacher: (..., nc)
        - elementwise: (..., nc)

    Raises:
        CourseError: Shapes that differ, or a temperature below 1.
    """
    same_shape(teacher, student)
    _check_warm(temperature)
    student, teacher = student / temperature, teacher.detach() / temperature
    likely = teacher.sigmoid()
    cost, least = (
        F.binary_cross_entropy_with_logits(logits, likely, reduction="none") for logits in (student, teacher)
    )
    return (cost - least) * temperature**2


@weighted_loss
def box_distillation(student: Tensor, teacher: Tensor, temperature: float = 2.0) -> Tensor:
    """Kullback-Leibler divergence of the distributions of a box's side, times the square of the temperature.

    Zheng et al., Localization Distillation for Dense Object Detection, 2021, arXiv:2102.12252.

    Args:
        student: The student's score for each distance.
        teacher: The teacher's score for each distance.
        temperature: Both are divided by it.

    Shape:
        - student: (..., reg_max)
        - teacher: (..., reg_max)
        - elementwise: (...)

    Raises:
        CourseError: Shapes that differ, or a temperature below 1.
    """
    same_shape(teacher, student)
    _check_warm(temperature)
    log_student, log_teacher = ((x / temperature).log_softmax(-1) for x in (student, teacher.detach()))
    return (log_teacher.exp() * (log_teacher - log_student)).sum(-1) * temperature**2  # (..., reg_max) -> (...)


class Teacher:
    """A frozen copy of a model that no student can train, save or forget to freeze.

    It is not an `nn.Module`, so a student that holds it does not own it: a teacher among the submodules is
    switched to train mode with the student, its weights go to the optimizer, and every checkpoint carries it. A deep
    copy, such as the moving average of the weights, shares this teacher; a checkpoint leaves it out.

    Args:
        model: What to copy. It is left as it is.

    Raises:
        CourseError: Called after it came back from a checkpoint.

    Example:
        >>> teacher = Teacher(nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8)))
        >>> student = nn.Conv2d(3, 8, 3)
        >>> student.teacher = teacher
        >>> len(list(student.parameters())), teacher(torch.zeros(1, 3, 4, 4)).requires_grad
        (2, False)
    """

    def __init__(self, model: nn.Module):
        self._model = deepcopy(model).eval()

    @torch.no_grad()
    def __call__(self, x: Tensor, *args, **kwargs):
        if self._model is None:
            raise CourseError("a checkpoint does not carry the teacher", hint="make it again: Teacher(model)")
        if next(self._model.parameters(), x).device != x.device:
            self._model.to(x.device)
        return self._model(x, *args, **kwargs)

    def __deepcopy__(self, memo: dict) -> "Teacher":
        return self

    def __getstate__(self) -> dict:
        return {"_model": None}


def _standardized(features: Tensor) -> Tensor:
    """Bring each channel to mean 0 and variance 1; the small number keeps a channel that is constant at 0."""
    others = tuple(dim for dim in range(features.ndim) if dim != 1)
    centred = features - features.mean(others, keepdim=True)
    return centred * (centred.square().mean(others, keepdim=True) + 1e-6).rsqrt()


def _check_warm(temperature: float) -> None:
    if temperature < 1:
        raise CourseError(
            "the temperature hides what the teacher finds unlikely", expected="1 or more", found=temperature
        )
