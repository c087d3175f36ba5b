"""Which anchor is to find which object: task-aligned assignment, step by step.

An anchor is a good choice for an object if it already says the right class and draws the right box. Each object takes
the few that do best, and the scores that they are to learn are graded by how well they do.

Feng et al., "TOOD: Task-aligned one-stage object detection", https://arxiv.org/abs/2108.07755, as Ultralytics has it.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from yolo_course.boxes import convert
from yolo_course.errors import CourseError
from yolo_course.losses.terms import Overlap, ciou

__all__ = ["TaskAlignedAssigner"]

Found = tuple[Tensor, Tensor, Tensor, Tensor, Tensor]


class TaskAlignedAssigner:
    """Assigns anchors to objects; called as Ultralytics' class of that name is, and returns what it does.

    Args:
        topk: Anchors that an object takes at most.
        num_classes: Number of classes.
        alpha: Power of the score in the alignment.
        beta: Power of the overlap in the alignment.
        stride: Strides of the levels, finest first. An object smaller than the second is searched for in a box of that
            side, or hardly any anchor would lie in it.
        topk2: Anchors that it keeps at most once each anchor has chosen; without it, all.
        eps: Guards a division.
        overlap: Of two rows of boxes; what is below 0 counts as 0.

    Raises:
        CourseError: A `topk` or `topk2` below 1, or no stride.

    Example:
        >>> DetectionCriterion(model, assigner=TaskAlignedAssigner)  # doctest: +SKIP
    """

    def __init__(
        self,
        topk: int = 10,
        num_classes: int = 80,
        alpha: float = 0.5,
        beta: float = 6.0,
        stride: Sequence[float] = (8, 16, 32),
        topk2: int | None = None,
        eps: float = 1e-9,
        overlap: Overlap = ciou,
    ):
        self.topk, self.topk2 = topk, topk if topk2 is None else topk2
        if min(self.topk, self.topk2) < 1 or not stride:
            found = f"topk {topk}, topk2 {topk2}, stride {stride}"
            raise CourseError("an object needs an anchor", expected="numbers above 0 and a stride", found=found)
        self.num_classes, self.alpha, self.beta, self.eps, self.overlap = num_classes, alpha, beta, eps, overlap
        self.smallest = stride[min(1, len(stride) - 1)]

    @torch.no_grad()
    def __call__(
        self, scores: Tensor, boxes: Tensor, points: Tensor, labels: Tensor, truths: Tensor, present: Tensor
    ) -> Found:
        """Assign the anchors of a batch.

        Args:
            scores: What each anchor gives each class, between 0 and 1.
            boxes: The box of each anchor, xyxy in pixels.
            points: Its centre.
            labels: Class of each object.
            truths: Box of each object.
            present: Whether there is an object, or only padding.

        Shape:
            - scores: (B, A, C)
            - boxes: (B, A, 4)
            - points: (A, 2)
            - labels: (B, M, 1)
            - truths: (B, M, 4)
            - present: (B, M, 1)
            - returns: class (B, A), box (B, A, 4) and scores (B, A, C) to learn, foreground (B, A), object (B, A)
        """
        if truths.shape[1] == 0:
            return self._background(scores, boxes)
        candidates = self.candidates(points, truths, present)
        alignment, overlaps = self.alignment(scores, boxes, labels, truths, candidates)
        chosen = _best(alignment, self.topk) & candidates
        chosen = self.one_object_each(chosen, alignment, overlaps)
        truth = chosen.int().argmax(1)  # (B, M, A) -> (B, A)
        grade = self.grade(chosen, alignment, overlaps)
        return self.targets(labels, truths, truth, chosen.any(1), grade)

    def candidates(self, points: Tensor, truths: Tensor, present: Tensor) -> Tensor:
        """Which anchors have their centre inside which object, (B, M, A)."""
        centres = convert(truths, "xyxy", "xywh")
        enlarged = torch.cat((centres[..., :2], centres[..., 2:].clamp(min=self.smallest)), -1)
        first, last = convert(enlarged, "xywh", "xyxy")[:, :, None].split(2, -1)  # (B, M, 1, 2) each
        inside = ((points - first > self.eps) & (last - points > self.eps)).all(-1)  # (B, M, A, 2) -> (B, M, A)
        return inside & present.bool()

    def alignment(
        self, scores: Tensor, boxes: Tensor, labels: Tensor, truths: Tensor, candidates: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Score^alpha · overlap^beta of each candidate, and its overlap, (B, M, A) each; 0 for all others."""
        image, truth, anchor = pairs = candidates.nonzero(as_tuple=True)
        overlap = self.overlap(truths[image, truth], boxes[image, anchor]).clamp(min=0)
        score = scores[image, anchor, labels[image, truth, 0].long()]
        aligned = score**self.alpha * overlap**self.beta
        return tuple(values.new_zeros(candidates.shape).index_put_(pairs, values) for values in (aligned, overlap))

    def one_object_each(self, chosen: Tensor, alignment: Tensor, overlaps: Tensor) -> Tensor:
        """Leave an anchor that several objects chose to the one it overlaps most, be it among them or not."""
        nearest = torch.zeros_like(chosen).scatter_(1, overlaps.max(1, keepdim=True).indices, True)
        chosen = torch.where(chosen.sum(1, keepdim=True) > 1, nearest, chosen)
        if self.topk2 == self.topk:
            return chosen
        return chosen & _best(alignment * chosen, self.topk2)

    def grade(self, chosen: Tensor, alignment: Tensor, overlaps: Tensor) -> Tensor:
        """The score that each anchor is to learn, (B, A): the best of an object its overlap, the others less."""
        alignment, overlaps = alignment * chosen, overlaps * chosen
        best = alignment.amax(-1, keepdim=True) + self.eps
        return (alignment * overlaps.amax(-1, keepdim=True) / best).amax(1)  # (B, M, A) -> (B, A)

    def targets(self, labels: Tensor, truths: Tensor, truth: Tensor, foreground: Tensor, grade: Tensor) -> Found:
        """What each anchor is to learn, given the number of its object."""
        image = torch.arange(len(truth), device=truth.device)[:, None]
        found = labels[..., 0].long()[image, truth].clamp(min=0)  # (B, M, 1) -> (B, A)
        scores = grade.new_zeros(*truth.shape, self.num_classes)
        scores.scatter_(2, found[..., None], (grade * foreground)[..., None])
        return found, truths[image, truth], scores, foreground, truth

    def _background(self, scores: Tensor, boxes: Tensor) -> Found:
        none = torch.zeros_like(scores[..., 0], dtype=torch.long)
        return none + self.num_classes, torch.zeros_like(boxes), torch.zeros_like(scores), none.bool(), none


def _best(values: Tensor, count: int) -> Tensor:
    """Where the largest values of the last dimension stand."""
    index = values.topk(min(count, values.shape[-1]), dim=-1).indices
    return torch.zeros_like(values, dtype=torch.bool).scatter_(-1, index, True)
