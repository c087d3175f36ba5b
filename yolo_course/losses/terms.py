"""What a term of the criterion is given, and the terms of a stock detector.

A term is a function of three arguments that returns one number, a tensor without dimensions:

```python
def far(predictions, targets, assignment):  # how far corners are from where they should be, in pixels
    found, true = predictions.boxes[assignment.index], assignment.boxes[assignment.index]  # (P, 4) each
    return ((found - true).abs().mean(-1) * assignment.weight).sum() / assignment.total
```

It neither weights itself nor multiplies by the batch: `DetectionCriterion` does both, for all terms alike, and calls it
once for each head of a detector that has two. Boxes are xyxy in pixels of the network's input. In the shapes B is
images, A anchors (the cells of all levels, the finest first), M the most objects of an image, P the anchors that were
assigned one, C classes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial

import torch
from torch import Tensor
from torch.nn import functional as F

from yolo_course.losses.dfl import distribution_focal_loss
from yolo_course.losses.iou import iou

__all__ = ["Assignment", "Predictions", "Targets", "Term", "box", "cls", "dfl", "l1", "stock_terms"]

OPEN_END = 0.01  # a side stays this far below the last bin, so that there is always a bin to its right


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a head says of every anchor.

    Args:
        logits: Score of each class before the sigmoid.
        boxes: Its box.
        sides: What the box is made of, from the anchor to left, top, right and bottom: a distribution over `bins`
            strides each, or, with one bin, the distance itself in strides.
        points: Centre of each anchor, in pixels.
        strides: Pixels between neighbouring anchors.
        features: Maps that the head reads, one a level; flattened and joined, their cells are the anchors.
        size: Height and width of the input in pixels.

    Shape:
        - logits: (B, A, C)
        - boxes: (B, A, 4)
        - sides: (B, A, 4 * bins)
        - points: (A, 2)
        - strides: (A, 1)
        - features: (B, channels, height, width) each
        - size: (2,)
    """

    logits: Tensor
    boxes: Tensor
    sides: Tensor
    points: Tensor
    strides: Tensor
    features: list[Tensor]
    size: Tensor

    @property
    def bins(self) -> int:
        """Bins of a side; 1 where the head predicts the side itself."""
        return self.sides.shape[-1] // 4


@dataclass(frozen=True, eq=False)
class Targets:
    """The objects of a batch, padded to the same number an image.

    Args:
        labels: Class of each object.
        boxes: Its box; zeros where an image has fewer objects.
        present: Whether there is an object.
        class_weights: What `cls_pw` of the training options makes of the classes' numbers, or None.
        batch: Where all this comes from, for what else is in it: `batch["img"]` is what a teacher would look at.

    Shape:
        - labels: (B, M, 1)
        - boxes: (B, M, 4)
        - present: (B, M, 1)
        - class_weights: (1, 1, C)
    """

    labels: Tensor
    boxes: Tensor
    present: Tensor
    class_weights: Tensor | None = None
    batch: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Assignment:
    """Which anchor is to find which object, in the order in which an assigner returns it.

    Args:
        labels: Class of the object of each anchor; without meaning in the background.
        boxes: Its box.
        scores: What the sigmoids should say: for the object's class how well the anchor does compared with the best of
            that object, 0 for all others and in the background.
        foreground: Whether the anchor has an object.
        truth: Which of the image's objects it is.

    Shape:
        - labels: (B, A)
        - boxes: (B, A, 4)
        - scores: (B, A, C)
        - foreground: (B, A)
        - truth: (B, A)
    """

    labels: Tensor
    boxes: Tensor
    scores: Tensor
    foreground: Tensor
    truth: Tensor

    @cached_property
    def index(self) -> tuple[Tensor, Tensor]:
        """Image and anchor of each of the P positives: `boxes[assignment.index]` has shape (P, 4)."""
        return self.foreground.nonzero(as_tuple=True)

    @cached_property
    def weight(self) -> Tensor:
        """How much each positive counts: its score, shape (P,)."""
        return self.scores[self.index].sum(-1)

    @cached_property
    def total(self) -> Tensor:
        """Sum of all scores, at least 1: what the sum over anchors is divided by."""
        return self.scores.sum().clamp(min=1)


Term = Callable[[Predictions, Targets, Assignment], Tensor]
Overlap = Callable[[Tensor, Tensor], Tensor]

ciou = partial(iou, kind="ciou")  # https://arxiv.org/abs/1911.08287


def stock_terms(bins: int, overlap: Overlap = ciou) -> dict[str, Term]:
    """The terms of Ultralytics' detection loss for a head with this many bins a side."""
    return {"box": partial(box, overlap=overlap), "cls": cls, "dfl": dfl if bins > 1 else l1}


def box(predictions: Predictions, targets: Targets, assignment: Assignment, overlap: Overlap = ciou) -> Tensor:
    """1 less the overlap of predicted and true box, weighted by score.

    Args:
        predictions: What the head says.
        targets: The objects.
        assignment: Which anchor is to find which.
        overlap: Of two rows of boxes, 1 where they are equal; `partial(box, overlap=partial(iou, kind="giou"))` is
            another term.
    """
    strides = predictions.strides[assignment.index[1]]  # (P, 1)
    found, true = (boxes[assignment.index] / strides for boxes in (predictions.boxes, assignment.boxes))
    return ((1 - overlap(found, true)) * assignment.weight).sum() / assignment.total


def cls(predictions: Predictions, targets: Targets, assignment: Assignment) -> Tensor:
    """Binary cross entropy of every class of every anchor, the background's too."""
    scores = assignment.scores.to(predictions.logits.dtype)
    entropy = F.binary_cross_entropy_with_logits(
        predictions.logits, scores, weight=targets.class_weights, reduction="sum"
    )
    return entropy / assignment.total


def dfl(predictions: Predictions, targets: Targets, assignment: Assignment) -> Tensor:
    """Distribution focal loss of the four sides, weighted by score (https://arxiv.org/abs/2006.04388)."""
    strides = predictions.strides[assignment.index[1]]  # (P, 1)
    sides = (_true_sides(predictions, assignment) / strides).clamp(0, predictions.bins - 1 - OPEN_END)
    logits = predictions.sides[assignment.index].view(-1, predictions.bins)  # (P, 4 * bins) -> (P * 4, bins)
    each = distribution_focal_loss(logits, sides.flatten(), reduction="none").view(-1, 4)  # (P * 4,) -> (P, 4)
    return (each.mean(-1) * assignment.weight).sum() / assignment.total


def l1(predictions: Predictions, targets: Targets, assignment: Assignment) -> Tensor:
    """Distance of the four sides as a share of the image, weighted by score; in place of `dfl` without bins."""
    strides = predictions.strides[assignment.index[1]]  # (P, 1)
    shares = predictions.size[[1, 0, 1, 0]]  # width for left and right, height for top and bottom
    found = predictions.sides[assignment.index] * strides / shares
    each = F.l1_loss(found, _true_sides(predictions, assignment) / shares, reduction="none")
    return (each.mean(-1) * assignment.weight).sum() / assignment.total


def _true_sides(predictions: Predictions, assignment: Assignment) -> Tensor:
    """Pixels from each positive anchor to left, top, right and bottom of its object, (P, 4)."""
    points, boxes = predictions.points[assignment.index[1]], assignment.boxes[assignment.index]
    return torch.cat((points - boxes[:, :2], boxes[:, 2:] - points), -1)
