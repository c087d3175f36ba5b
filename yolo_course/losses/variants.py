"""Terms beyond the stock ones, to put in their place or beside them.

```
DetectionCriterion(model, {"cls": iou_aware_cls})
DetectionCriterion(model, {"box": smooth_l1_box})
DetectionCriterion(model, {"cls": class_weighted_cls(inverse_frequency(counts))})
DetectionCriterion(model, {"attention": attention_guided}, {"attention": 0.5})
```

`benchmarks/loss_variants.py` measures what they do to a small detector. The shapes are those of `terms`.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

from yolo_course.boxes import convert
from yolo_course.errors import CourseError
from yolo_course.losses.iou import iou
from yolo_course.losses.smooth_l1 import smooth_l1_loss
from yolo_course.losses.terms import Assignment, Predictions, Targets, Term, cls

__all__ = ["attention_guided", "class_weighted_cls", "iou_aware_cls", "smooth_l1_box"]


def iou_aware_cls(
    predictions: Predictions,
    targets: Targets,
    assignment: Assignment,
    loss: Callable[..., Tensor] = F.binary_cross_entropy_with_logits,
) -> Tensor:
    """Every class of every anchor; an object's class is to score what the predicted box overlaps.

    The stock target grades the anchors of an object against each other; this one says how good each box is.

    Li et al., "Generalized Focal Loss", https://arxiv.org/abs/2006.04388; with `partial(iou_aware_cls,
    loss=varifocal_loss)` as in Zhang et al., "VarifocalNet", https://arxiv.org/abs/2008.13367.

    Args:
        predictions: What the head says.
        targets: The objects.
        assignment: Which anchor is to find which.
        loss: Of logits and qualities; takes `weight` and `reduction`.
    """
    index = assignment.index
    found, true = predictions.boxes[index].detach().float(), assignment.boxes[index].float()
    quality = torch.zeros_like(predictions.logits, dtype=torch.float32)
    quality[(*index, assignment.labels[index])] = iou(found, true)
    each = loss(predictions.logits.float(), quality, weight=targets.class_weights, reduction="sum")
    return each / quality.sum().clamp(min=1)


def class_weighted_cls(class_weights: Tensor | Sequence[float]) -> Term:
    """Return the stock term with a weight for each class.

    Args:
        class_weights: Weight of each class, its background included, as `inverse_frequency` gives them.

    Shape:
        - class_weights: (C,)

    Raises:
        CourseError: A weight that is no number or below 0; when the term is called, more or fewer weights than classes.
    """
    weights = torch.as_tensor(class_weights, dtype=torch.float32)
    if weights.ndim != 1 or not bool((weights.isfinite() & (weights >= 0)).all()):
        raise CourseError(
            "these are no class weights",
            expected="a row of numbers from 0",
            found=weights.tolist(),
            hint="inverse_frequency(counts) stays finite for a class without samples",
        )
    return partial(_weighted_cls, class_weights=weights)


def _weighted_cls(predictions: Predictions, targets: Targets, assignment: Assignment, class_weights: Tensor) -> Tensor:
    classes = predictions.logits.shape[-1]
    if len(class_weights) != classes:
        raise CourseError("a weight for each class is wanted", expected=classes, found=len(class_weights))
    weights = class_weights.to(predictions.logits).view(1, 1, -1)  # (C,) -> (1, 1, C)
    return cls(predictions, replace(targets, class_weights=weights), assignment)


def smooth_l1_box(predictions: Predictions, targets: Targets, assignment: Assignment, beta: float = 1.0) -> Tensor:
    """Smooth L1 distance of the corners in strides, weighted by score: no overlap in it (https://arxiv.org/abs/1504.08083).

    Args:
        predictions: What the head says.
        targets: The objects.
        assignment: Which anchor is to find which.
        beta: Where the curve becomes a line, in strides.
    """
    strides = predictions.strides[assignment.index[1]]  # (P, 1)
    found, true = (boxes[assignment.index] / strides for boxes in (predictions.boxes, assignment.boxes))
    each = smooth_l1_loss(found, true, reduction="none", beta=beta).mean(-1)  # (P, 4) -> (P,)
    return (each * assignment.weight).sum() / assignment.total


def attention_guided(predictions: Predictions, targets: Targets, assignment: Assignment) -> Tensor:
    """Share of the features' energy that lies outside all objects: one more term, which looks at maps, not at answers.

    The energy of a cell is the mean square of its features, as in Zagoruyko and Komodakis, "Paying more attention to
    attention", https://arxiv.org/abs/1612.03928. Each level counts alike, images without objects not at all.
    """
    outside = ~_inside(predictions, targets)
    cells = [features[0, 0].numel() for features in predictions.features]
    shares = [
        _share(features, part) for features, part in zip(predictions.features, outside.split(cells, 1), strict=True)
    ]
    has_objects = targets.present.any(1).squeeze(-1)  # (B, M, 1) -> (B,)
    return (torch.stack(shares).mean(0) * has_objects).sum() / has_objects.sum().clamp(min=1)


def _inside(predictions: Predictions, targets: Targets) -> Tensor:
    """Which cells have their centre in an object, (B, A); of an object smaller than a cell, the nearest one."""
    centres = convert(targets.boxes, "xyxy", "xywh")[:, :, None]  # (B, M, 1, 4)
    reach = torch.maximum(centres[..., 2:], predictions.strides) / 2  # (B, M, A, 2)
    within = ((predictions.points - centres[..., :2]).abs() <= reach).all(-1)  # (B, M, A)
    return (within & targets.present).any(1)


def _share(features: Tensor, cells: Tensor) -> Tensor:
    """Share of a map's energy in some of its cells, (B,)."""
    energy = features.float().square().mean(1).flatten(1)  # (B, channels, H, W) -> (B, H * W)
    return (energy * cells).sum(1) / energy.sum(1).clamp(min=torch.finfo(torch.float32).tiny)
