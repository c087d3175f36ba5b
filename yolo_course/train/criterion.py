"""The one-line way to train with a criterion of one's own.

The trainer builds the model anew, copies it for the moving average, builds its loss when a first batch comes and again
when a run is resumed; what was put on a model by hand is gone by then. So the classes say it: the YOLO becomes one that
trains by a trainer whose models make this criterion.

A checkpoint names only the stock class, so `best.pt` opens wherever Ultralytics is, without this library.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from torch import nn
from ultralytics import YOLO
from ultralytics.models.yolo.detect.train import DetectionTrainer
from ultralytics.utils.torch_utils import unwrap_model

from yolo_course.errors import CourseError, ModelError
from yolo_course.losses.criterion import DetectionCriterion, check_terms
from yolo_course.losses.learnable import LOG_WEIGHTS, Learnable
from yolo_course.losses.terms import Term

__all__ = ["use_criterion"]

Target = TypeVar("Target", YOLO, DetectionTrainer, type[DetectionTrainer])


def use_criterion(
    target: Target,
    terms: Mapping[str, Term | None] | None = None,
    weights: Mapping[str, float | Learnable] | None = None,
    assigner: Callable[..., Callable] | None = None,
) -> Target:
    """Train with a `DetectionCriterion` from now on; a second call replaces the first.

    Terms appear in the progress bar, in results.csv and in results.png as their name with `_loss`; a learnable weight
    is trained, averaged, saved and resumed like any other, and stays in best.pt as the logarithm
    `model.loss_logit_scale[name]`. To resume a run, call this before `train(resume=True)` again: a checkpoint holds no
    functions.

    Args:
        target: A YOLO, a trainer, or a class of trainers.
        terms: As `DetectionCriterion` takes them.
        weights: As `DetectionCriterion` takes them.
        assigner: As `DetectionCriterion` takes it.

    Returns:
        The same YOLO or trainer; of a class a subclass, for `train(trainer=…)`.

    Raises:
        CourseError: The target is none of the three, or terms and weights are not what they should be.
        ModelError: The YOLO is no detector with weights to train.

    Example:
        >>> model = use_criterion(YOLO("yolo11n.yaml"), {"far": far_loss}, {"far": 0.1})  # doctest: +SKIP
        >>> model.train(data="shapes.yaml", epochs=10)  # doctest: +SKIP
    """
    check_terms(dict(terms or {}), dict(weights or {}))
    build = partial(DetectionCriterion, terms=terms, weights=weights, assigner=assigner)
    if isinstance(target, type) and issubclass(target, DetectionTrainer):
        return _subclass(_Trainer, target, build)
    if isinstance(target, YOLO):
        _check_detector(target)
        target.__class__ = _subclass(_Model, type(target), build)
    elif isinstance(target, DetectionTrainer):
        target.__class__ = _subclass(_Trainer, type(target), build)
    else:
        raise CourseError(
            "a criterion is used by what trains",
            expected="a YOLO, a DetectionTrainer or a subclass of it",
            found=target.__name__ if isinstance(target, type) else type(target).__name__,
            hint="a trainer would build a module anew; in a loop of your own call DetectionCriterion(module)"
            if isinstance(target, nn.Module)
            else None,
        )
    return target


def _check_detector(model: YOLO) -> None:
    if model.task != "detect" or not isinstance(model.model, nn.Module):
        found = f"{model.model_name}, task {model.task}"
        raise ModelError("only detectors take this criterion", expected="a .yaml or .pt of task detect", found=found)


class _Model:
    """Of a YOLO: trains by trainers that use the criterion."""

    def train(self, trainer: type | None = None, **options: object) -> object:
        chosen = trainer or self._smart_load("trainer")
        return super().train(trainer=_subclass(_Trainer, chosen, self.build_criterion), **options)


class _Trainer:
    """Of a trainer: every model that it trains makes the criterion, for as long as it trains it."""

    def train(self) -> None:
        try:
            return super().train()
        finally:  # also when a run is interrupted: what is left of it can be saved
            for model in (self.model, self.ema.ema if self.ema else None):
                _to_stock(_detector(unwrap_model(model)))

    def setup_model(self) -> dict | None:
        checkpoint = super().setup_model()
        model = _detector(self.model)
        model.__class__ = _subclass(_Detector, type(model), self.build_criterion)
        model.criterion = None  # one made before would be used, and know neither the options nor the device
        model.init_criterion()  # puts learnable weights where the optimizer, built next, finds them
        if checkpoint and self.resume:
            _take_over(model, _detector(checkpoint["ema"]))
        return checkpoint

    def save_model(self) -> bool:
        with _as_stock(_detector(self.ema.ema)):
            return super().save_model()


class _Detector:
    """Of a detection model: makes the criterion whenever Ultralytics asks for one."""

    def init_criterion(self) -> DetectionCriterion:
        return self.build_criterion(self)


def _subclass(mixin: type, base: type, build: Callable[[nn.Module], DetectionCriterion]) -> type:
    """A class that does what `base` does, and `mixin`; its name stays, for Ultralytics looks for "Trainer" in it."""
    bases = (base,) if issubclass(base, mixin) else (mixin, base)
    return type(base.__name__, bases, {"__doc__": base.__doc__, "build_criterion": staticmethod(build)})


def _detector(model: nn.Module) -> nn.Module:
    """The model itself, or the student of a distillation."""
    return getattr(model, "student_model", model)


def _take_over(model: nn.Module, before: nn.Module) -> None:
    """Go on from the learnable weights of the run that is resumed; those are no part of the model's YAML."""
    learnt, had = getattr(model, LOG_WEIGHTS, None), getattr(before, LOG_WEIGHTS, None)
    if learnt is not None and had is not None:
        learnt.load_state_dict(had.state_dict())


def _to_stock(model: object) -> None:
    if isinstance(model, _Detector):
        model.__class__ = next(cls for cls in type(model).__mro__ if not issubclass(cls, _Detector))
        model.criterion = None


@contextmanager
def _as_stock(model: nn.Module) -> Iterator[None]:
    """Let a model be of its stock class and without its criterion, which may hold anything, while it is written."""
    ours, criterion = type(model), getattr(model, "criterion", None)
    _to_stock(model)
    try:
        yield
    finally:
        model.__class__, model.criterion = ours, criterion
