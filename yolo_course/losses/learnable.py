"""Weights of terms that are learnt with the network, not chosen.

Left alone, a weight would learn to be 0, which makes any loss small. Following Kendall, Gal and Cipolla, "Multi-task
learning using uncertainty to weigh losses" (https://arxiv.org/abs/1705.07115), a term L with the weight w counts as
w·L − log w: the weight comes to rest at w = 1/L, so that all terms with a learnable weight end up equally loud.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import nn

from yolo_course.errors import CourseError

# Ultralytics' optimizers decay every parameter but biases, norms and what has "logit_scale" in its name. Decay would
# pull each weight towards 1.
LOG_WEIGHTS = "loss_logit_scale"


@dataclass(frozen=True)
class Learnable:
    """A weight that starts somewhere and learns from there.

    Args:
        start: The first value; above 0.

    Raises:
        CourseError: A start that is not above 0.

    Example:
        >>> DetectionCriterion(model, weights={"box": Learnable(7.5), "cls": Learnable(0.5)})  # doctest: +SKIP
    """

    start: float = 1.0

    def __post_init__(self):
        if not (isinstance(self.start, (int, float)) and 0 < self.start < math.inf):
            raise CourseError("a learnable weight starts above 0", expected="a number above 0", found=repr(self.start))


def log_weights(model: nn.Module, weights: Mapping[str, object]) -> nn.ParameterDict | None:
    """The logarithms of a model's learnable weights, put on the model if they are not there yet.

    They stand on the model, not on the criterion, because that is what the optimizer is given, what the moving average
    follows and what a checkpoint keeps.

    Args:
        model: The detector.
        weights: Weights by the name of their term; those that are `Learnable` count here.
    """
    starts = {name: weight.start for name, weight in weights.items() if isinstance(weight, Learnable)}
    if not starts:
        return None
    kept = getattr(model, LOG_WEIGHTS, None)
    if kept is None or set(kept) != set(starts):
        device = next(model.parameters()).device
        kept = nn.ParameterDict({name: torch.tensor(math.log(start), device=device) for name, start in starts.items()})
        setattr(model, LOG_WEIGHTS, kept)
    return kept
