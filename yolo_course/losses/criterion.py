"""The loss of a detector, made of named terms.

```
DetectionCriterion(model)                             Ultralytics' own loss, number for number
DetectionCriterion(model, {"mine": f})                the same and a fourth term, shown as mine_loss
DetectionCriterion(model, {"cls": g, "dfl": None})    another term in place of one, and one left out
DetectionCriterion(model, weights={"box": 5.0})       another weight than the training option `box`
```

What a term is, `terms` says. The criterion returns what Ultralytics' does: a vector, one weighted number a term times
the images of the batch, which the trainer sums; and a dict of the same numbers before that, detached, from which the
progress bar, results.csv and results.png take their names. `use_criterion` makes a training run use it.
"""

from collections.abc import Callable, Mapping
from copy import copy
from functools import partial
from types import SimpleNamespace

import torch
from torch import Tensor, nn
from ultralytics.nn.modules import Detect
from ultralytics.nn.tasks import guess_model_task
from ultralytics.utils import DEFAULT_CFG_DICT, IterableSimpleNamespace
from ultralytics.utils.loss import E2ELoss, v8DetectionLoss
from ultralytics.utils.metrics import bbox_iou
from ultralytics.utils.tal import make_anchors

from yolo_course.errors import CourseError, ModelError
from yolo_course.losses.learnable import Learnable, log_weights
from yolo_course.losses.terms import Assignment, Predictions, Targets, Term, stock_terms

__all__ = ["DetectionCriterion"]

STOCK = ("box", "cls", "dfl")  # their weights are training options of these names

Weights = Mapping[str, float | Learnable]


class DetectionCriterion:
    """The loss of a detector, whether it has one head or two.

    Build it before the optimizer if a weight is learnable: the parameter is put on the model here.

    Args:
        model: The detector, `YOLO(…).model`.
        terms: Terms to add or to replace by name, a function each; None leaves a stock term out. The stock ones are
            `box`, `cls` and `dfl`; a head without bins learns its sides by L1 in place of DFL, and calls it `l1_loss`.
        weights: What a term is multiplied by, a number or `Learnable`. Without one, the training options `box`, `cls`
            and `dfl` weigh the stock terms, and others count once.
        assigner: Called as Ultralytics' `TaskAlignedAssigner` is, and in place of it; ours for example.

    Raises:
        ModelError: The model is no detector.
        CourseError: A term that is no function, a name that cannot stand in results.csv, a weight of no term.

    Example:
        >>> model = YOLO("yolo11n.yaml").model  # doctest: +SKIP
        >>> criterion = DetectionCriterion(model, {"far": far_loss}, {"far": 0.1})  # doctest: +SKIP
        >>> loss, items = criterion(model(batch["img"]), batch)  # doctest: +SKIP
        >>> loss.sum().backward()  # doctest: +SKIP
        >>> list(items)  # doctest: +SKIP
        ['box_loss', 'cls_loss', 'dfl_loss', 'far_loss']
    """

    def __init__(
        self,
        model: nn.Module,
        terms: Mapping[str, Term | None] | None = None,
        weights: Weights | None = None,
        assigner: Callable[..., Callable] | None = None,
    ):
        terms, weights = dict(terms or {}), dict(weights or {})
        check_terms(terms, weights)
        _check_model(model)
        learnt = log_weights(model, weights)
        head = partial(HeadCriterion, terms=terms, weights=weights, learnt=learnt, new_assigner=assigner)
        model = _with_settings(model)
        self.dual = getattr(model.model[-1], "one2one_cv2", None) is not None
        self.heads = E2ELoss(model, head) if self.dual else head(model)

    def __call__(self, preds: dict[str, object] | tuple, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        """Return the loss of a batch, term by term.

        Args:
            preds: What the model returns, in training or in evaluation.
            batch: `cls`, `bboxes` (xywh as shares of the image) and `batch_idx`, a row an object.

        Shape:
            - returns: (terms,), and a dict of as many numbers. With two heads the vector weighs both, and the dict
              tells the second, one-to-one, which is the one that predicts.
        """
        return self.heads(preds, batch)

    def update(self) -> None:
        """An epoch is over: with two heads, shift weight from the first to the second. The trainer calls it."""
        if self.dual:
            self.heads.update()

    @property
    def updates(self) -> int:
        """Epochs that are over; a resumed run sets it."""
        return self.heads.updates if self.dual else 0

    @updates.setter
    def updates(self, epochs: int) -> None:
        if self.dual:
            self.heads.updates = epochs


class HeadCriterion(v8DetectionLoss):
    """The loss of one head: Ultralytics' preparation, then the terms."""

    def __init__(
        self,
        model: nn.Module,
        tal_topk: int = 10,
        tal_topk2: int | None = None,
        terms: Mapping[str, Term | None] | None = None,
        weights: Weights | None = None,
        learnt: nn.ParameterDict | None = None,
        new_assigner: Callable[..., Callable] | None = None,
    ):
        super().__init__(model, tal_topk, tal_topk2)
        if new_assigner is not None:
            names = ("topk", "num_classes", "alpha", "beta", "stride", "topk2")
            self.assigner = new_assigner(**{name: getattr(self.assigner, name) for name in names})
        chosen = stock_terms(self.reg_max, _ciou) | (terms or {})
        self.terms = {name: term for name, term in chosen.items() if term is not None}
        self.weights, self.learnt = weights or {}, learnt
        stock_names = dict(zip(STOCK, self.loss_names, strict=True))
        self.loss_names = tuple(stock_names.get(name, _item(name)) for name in self.terms)
        if learnt is not None:
            self.loss_names += ("scale_loss",)
        if twice := {name for name in self.loss_names if self.loss_names.count(name) > 1}:
            raise CourseError("two terms of the same name in results.csv", found=", ".join(twice), hint="rename one")

    def loss(self, preds: dict[str, object], batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        """Return the loss of this head: E2ELoss calls it for each of two heads, and `__call__` for a single one."""
        predictions = self.predictions(preds)
        targets = self.targets(batch, predictions)
        assignment = self.assignment(predictions, targets)
        values = [self._weighted(name, term(predictions, targets, assignment)) for name, term in self.terms.items()]
        if self.learnt is not None:
            values.append(-sum(self.learnt.values()))
        loss = torch.stack(values)
        return loss * len(predictions.logits), dict(zip(self.loss_names, loss.detach(), strict=True))

    def predictions(self, preds: dict[str, object]) -> Predictions:
        """Decode what a head returned."""
        logits, sides = (preds[name].permute(0, 2, 1).contiguous() for name in ("scores", "boxes"))  # (B, A, …)
        points, strides = make_anchors(preds["feats"], self.stride, 0.5)
        boxes = self.bbox_decode(points, sides) * strides
        size = torch.tensor(preds["feats"][0].shape[2:], device=self.device, dtype=logits.dtype) * self.stride[0]
        return Predictions(logits, boxes, sides, points * strides, strides, preds["feats"], size)

    def targets(self, batch: dict[str, Tensor], predictions: Predictions) -> Targets:
        """Gather the objects of a batch by image, in pixels."""
        rows = torch.cat((batch["batch_idx"].view(-1, 1), batch["cls"].view(-1, 1), batch["bboxes"]), 1)  # (N, 6)
        width_and_height = predictions.size[[1, 0, 1, 0]]
        padded = self.preprocess(rows.to(self.device), len(predictions.logits), scale_tensor=width_and_height)
        labels, boxes = padded.split((1, 4), 2)  # (B, M, 5) -> (B, M, 1) and (B, M, 4)
        return Targets(labels, boxes, boxes.sum(2, keepdim=True) > 0, self.class_weights, batch)

    def assignment(self, predictions: Predictions, targets: Targets) -> Assignment:
        """Give anchors to objects; no gradient flows through it."""
        labels, boxes, scores, foreground, truth = self.assigner(
            predictions.logits.detach().sigmoid(),
            predictions.boxes.detach().to(targets.boxes.dtype),
            predictions.points,
            targets.labels,
            targets.boxes,
            targets.present,
        )
        return Assignment(labels.long(), boxes, scores, foreground, truth.long())  # floats in a batch without objects

    def _weighted(self, name: str, value: Tensor) -> Tensor:
        if not (isinstance(value, Tensor) and value.ndim == 0):
            found = f"shape {tuple(value.shape)}" if isinstance(value, Tensor) else type(value).__name__
            raise CourseError(
                f"the term {name} must return one number",
                expected="a tensor without dimensions",
                found=found,
                hint="divide the sum over anchors by assignment.total",
            )
        if self.learnt is not None and name in self.learnt:
            return value.float() * self.learnt[name].exp()
        return value.float() * self.weights.get(name, getattr(self.hyp, name) if name in STOCK else 1.0)


def check_terms(terms: Mapping[str, Term | None], weights: Weights) -> None:
    """Refuse terms and weights that could only fail later.

    Raises:
        CourseError: A term that is no function, a name that cannot stand in results.csv, a weight of no term.
    """
    for name, term in terms.items():
        if not (isinstance(name, str) and name.isidentifier()):
            raise CourseError("not a name for a term", expected="letters, digits and underscores", found=repr(name))
        if term is None and name not in STOCK:
            raise CourseError(f"there is no term {name} to leave out", expected=", ".join(STOCK))
        if not (term is None or callable(term)):
            expected = "a function of predictions, targets and assignment"
            raise CourseError(f"the term {name} is no function", expected=expected, found=type(term).__name__)
    kept = [name for name in (*STOCK, *terms) if terms.get(name, name) is not None]
    if not kept:
        raise CourseError("a criterion needs at least one term")
    for name, weight in weights.items():
        if name not in kept:
            raise CourseError("a weight of no term", expected=", ".join(dict.fromkeys(kept)), found=repr(name))
        if not isinstance(weight, Learnable) and not _is_weight(weight):
            raise CourseError(f"not a weight of the term {name}", expected="a number or Learnable", found=repr(weight))


def _is_weight(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < float("inf")


def _ciou(found: Tensor, true: Tensor) -> Tensor:
    """Ultralytics' own: it adds 1e-7 to heights and areas, ours does not, and the seventh digit tells."""
    return bbox_iou(found, true, xywh=False, CIoU=True).squeeze(-1)  # (P, 1) -> (P,)


def _item(name: str) -> str:
    """How a term is called in results.csv; results.png draws the columns that have "loss" in their name."""
    return f"{name.removesuffix('_loss')}_loss"


def _check_model(model: nn.Module) -> None:
    layers = getattr(model, "model", None)
    detects = isinstance(layers, nn.Sequential) and isinstance(layers[-1], Detect)
    if not detects or guess_model_task(model) != "detect":
        raise ModelError("a criterion needs a detector", expected="YOLO(…).model", found=type(model).__name__)


def _with_settings(model: nn.Module) -> nn.Module:
    """The model as a trainer has it: its options are attributes. Elsewhere they are a dict, or missing."""
    options = getattr(model, "args", {})
    if isinstance(options, SimpleNamespace):
        return model
    model = copy(model)  # shares every weight; on the original, YOLO goes on reading the dict
    model.args = IterableSimpleNamespace(**{**DEFAULT_CFG_DICT, **options})
    return model
