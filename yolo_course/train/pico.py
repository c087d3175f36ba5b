"""Train the course's own small detector, on a CPU and in less than a minute."""

import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import torch
from ultralytics import YOLO
from ultralytics.engine.trainer import BaseTrainer

from yolo_course import data as datasets
from yolo_course.errors import CourseError, ModelError
from yolo_course.models.build import build
from yolo_course.models.quiet import quiet
from yolo_course.train.progress import epoch_lines
from yolo_course.train.recipe import recipe

STOPPERS = {"patience", "time", "save"}  # options that may end a run before its middle, or decide about saving


@dataclass(frozen=True)
class TrainResult:
    """What a training run left behind.

    Args:
        model: The weights of the best epoch, ready to predict.
        best: Their checkpoint.
        save_dir: Folder of the run.
        map50: Mean average precision of `best` on the val split, at an overlap of 0.5.
        map5095: The same, averaged over overlaps from 0.5 to 0.95.
        seconds: Wall time of the training, validation included.
        curves: The run's results.csv, one row an epoch.
    """

    model: YOLO = field(repr=False)
    best: Path
    save_dir: Path
    map50: float
    map5095: float
    seconds: float
    curves: Path


def train_pico(
    data: str | Path,
    *,
    epochs: int = 16,
    imgsz: int = 128,
    batch: int = 16,
    seed: int = 0,
    out: str | Path | None = None,
    weights: str | Path | None = None,
    progress: Callable[[str], None] | None = print,
    **overrides: object,
) -> TrainResult:
    """Train pico with a recipe that really applies.

    Args:
        data: Name of a dataset of the course, made if need be, or the path of a data YAML.
        epochs: Passes over the train split.
        imgsz: Side of the images in pixels.
        batch: Images a step of the optimizer.
        seed: Of the weights, the order and the augmentation. Same seed, same machine, same weights.
        out: Folder of the run; an earlier run in it is replaced. Without it, a new folder in `runs/`.
        weights: Checkpoint to go on from, in place of a fresh pico.
        progress: Takes one line an epoch; None is silent.
        **overrides: Any other training option of Ultralytics.

    Raises:
        DataError: No such dataset, or one that can't be trained on.
        ModelError: `weights` is no detector's checkpoint.
        CourseError: An option that doesn't exist, has a wrong value or is decided by an argument above.

    Example:
        >>> result = train_pico("shapes")  # doctest: +SKIP
        >>> result.model("image.jpg")  # doctest: +SKIP
    """
    options = recipe(epochs, imgsz, batch, seed, overrides)
    model = build("pico") if weights is None else _checkpoint(weights)
    dataset = datasets.load(_data_yaml(data))
    options |= {"data": str(dataset.yaml.resolve()), "pretrained": weights is not None, **_folder(out)}
    model.add_callback("on_pretrain_routine_start", _use_workers(options["workers"]))
    model.add_callback("on_pretrain_routine_end", _use_channels_last)
    if not STOPPERS & overrides.keys():
        model.add_callback("on_train_epoch_start", _save_late)
    if progress is not None:
        model.add_callback("on_fit_epoch_end", epoch_lines(progress))
    start = perf_counter()
    with quiet():
        model.train(**options)
    return _result(model, perf_counter() - start)


def _use_workers(count: int) -> Callable[[BaseTrainer], None]:
    """Ask for workers again: on a CPU the trainer has just set them to 0."""

    def restore(trainer: BaseTrainer) -> None:
        trainer.args.workers = count

    return restore


def _use_channels_last(trainer: BaseTrainer) -> None:
    """Keep a pixel's channels side by side, as Ultralytics does on CUDA: a tenth less time on an x86 CPU with Linux.

    Checkpoints are as ever. Windows, where it cost Ultralytics time, calls the same processors AMD64.
    """
    wanted = trainer.args.channels_last is not False
    if wanted and trainer.device.type == "cpu" and platform.machine() == "x86_64":
        for model in (trainer.model, trainer.ema.ema):
            model.to(memory_format=torch.channels_last)


def _save_late(trainer: BaseTrainer) -> None:
    """Look for the best epoch in the second half only: before, nearly each is the best so far, and saving costs."""
    middle = trainer.epochs // 2
    trainer.args.save = trainer.epoch >= middle
    if trainer.epoch == middle:
        trainer.best_fitness = None


def _data_yaml(data: str | Path) -> str | Path:
    """What has the suffix of a YAML is a path, anything else the name of a dataset."""
    return data if Path(data).suffix in {".yaml", ".yml"} else datasets.ensure(str(data))


def _folder(out: str | Path | None) -> dict[str, object]:
    """Absolute, because Ultralytics puts a relative project below `runs/detect/`; without an earlier run's weights."""
    folder = Path("runs/pico" if out is None else out).expanduser().resolve()
    made = folder.parent if out is None else folder
    try:
        made.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError("can't make the folder of the run", found=error.strerror, where=made) from error
    if out is not None:
        for name in ("best.pt", "last.pt"):
            (folder / "weights" / name).unlink(missing_ok=True)
    return {"project": str(folder.parent), "name": folder.name, "exist_ok": out is not None}


def _checkpoint(weights: str | Path) -> YOLO:
    path = Path(weights).expanduser().resolve()
    if path.suffix != ".pt" or not path.is_file():
        raise ModelError("no such checkpoint", expected="the path of a .pt file", found=str(weights))
    try:
        with quiet():
            model = YOLO(path)
    except Exception as error:  # unpickling raises whatever the bytes make it raise
        found = f"{type(error).__name__}: {error}"
        raise ModelError("not a checkpoint of Ultralytics", found=found, where=path) from error
    if model.task != "detect":
        raise ModelError("not a detector", expected="a model of task detect", found=model.task, where=path)
    return model


def _result(model: YOLO, seconds: float) -> TrainResult:
    trainer, box = model.trainer, model.metrics.box
    with quiet():
        best = YOLO(trainer.best)  # `model` still holds the trainer with its datasets and callbacks
    return TrainResult(
        model=best,
        best=trainer.best,
        save_dir=trainer.save_dir,
        map50=float(box.map50),
        map5095=float(box.map),
        seconds=seconds,
        curves=trainer.csv,
    )
