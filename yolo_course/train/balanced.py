"""Balanced sampling in Ultralytics' training: its train loader draws images by weight, rare classes more often.

Ultralytics' own remedy, `cls_pw`, weighs the loss instead: all images are drawn alike, but a box of a rare class pushes
the weights harder. It works even where every image shows both rare and common classes, where drawing can change
little. Drawing shows the rare images more often, each time augmented in another way. The two can be combined.

Mosaic dilutes it: of the four images of a mosaic the sampler chooses the first only. The others come from all alike
with `cache="ram"`, else from those loaded lately, among which each lies once, however often it was drawn. Two images of
40 that are drawn half of the time make up half of the images read, but with a mosaic only a fifth.
"""

from collections.abc import Callable
from functools import partial

import torch.distributed as dist
from torch.utils.data import DataLoader
from ultralytics import YOLO
from ultralytics.engine.trainer import BaseTrainer

from yolo_course.data.samplers import BalancedSampler, balanced_weights
from yolo_course.errors import CourseError

TASKS = ("detect", "segment", "pose", "obb")  # whose datasets have a class for each object
EVENT = "on_pretrain_routine_end"  # in every process of a data-parallel run; the loaders stand, no worker runs yet


def with_balance(model: YOLO, power: float = 0.5) -> YOLO:
    """Have a model's training draw its images by `balanced_weights`.

    An epoch is as long as before, validation stays as it is, and so does all augmentation. A second call replaces the
    first.

    Args:
        model: Its next `train` draws by weight.
        power: 0 draws all images alike, 1 balances fully.

    Returns:
        The model, so that `train` can follow on the same line.

    Raises:
        CourseError: The power is out of range. While training: a task without boxes, or `rect=True`, which sorts the
            images into batches of one shape.

    Example:
        >>> with_balance(model, 0.5).train(data="cells.yaml", epochs=50)  # doctest: +SKIP
        >>> model.train(data="cells.yaml", epochs=50, cls_pw=0.5)  # the native way  # doctest: +SKIP
    """
    balanced_weights([], power)  # a power out of range is refused now, not when training has started
    callbacks = model.callbacks[EVENT]
    callbacks[:] = [callback for callback in callbacks if not isinstance(callback, Balance)]
    model.add_callback(EVENT, Balance(power))
    return model


class Balance:
    """The callback that gives a trainer's train loader a sampler, and one that is built later, too.

    A trainer builds its loader again, with a smaller batch, when the GPU's memory runs out.
    """

    def __init__(self, power: float):
        self.power = power

    def __call__(self, trainer: BaseTrainer) -> None:
        if trainer.args.task not in TASKS:
            raise CourseError("balancing needs boxes", expected=" or ".join(TASKS), found=trainer.args.task)
        trainer.train_loader = self.draw(trainer.train_loader, trainer.args.seed)
        trainer.get_dataloader = partial(self._load, trainer.get_dataloader, trainer.args.seed)

    def _load(
        self, load: Callable, seed: int, dataset_path: str, batch_size: int = 16, rank: int = 0, mode: str = "train"
    ) -> DataLoader:
        loader = load(dataset_path, batch_size, rank, mode)
        return self.draw(loader, seed) if mode == "train" else loader

    def draw(self, loader: DataLoader, seed: int) -> DataLoader:
        """Return a loader's like that draws by weight."""
        parts = getattr(loader.dataset, "datasets", [loader.dataset])
        if any(part.rect for part in parts):
            raise CourseError("rect=True and balancing exclude each other", hint="train with rect=False")
        weights = balanced_weights([label["cls"] for part in parts for label in part.labels], self.power)
        place = (dist.get_rank(), dist.get_world_size()) if dist.is_initialized() else (0, 1)
        return redraw(loader, BalancedSampler(weights, seed, *place))


def redraw(loader: DataLoader, sampler: BalancedSampler) -> DataLoader:
    """Return a loader's like with another sampler: a loader doesn't let its own be exchanged.

    Args:
        loader: Of any kind, its workers not yet started.
        sampler: Draws indices of the loader's dataset.
    """
    return type(loader)(
        loader.dataset,
        batch_size=loader.batch_size,
        sampler=sampler,
        num_workers=loader.num_workers,
        collate_fn=loader.collate_fn,
        pin_memory=loader.pin_memory,
        drop_last=loader.drop_last,
        worker_init_fn=loader.worker_init_fn,
        generator=loader.generator,
        prefetch_factor=loader.prefetch_factor,
    )
