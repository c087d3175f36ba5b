"""What a training run really does, beside what its arguments asked for.

Ultralytics replaces some arguments in silence: `optimizer="auto"` chooses its own learning rate, mosaic is off in the
last `close_mosaic` epochs even if those are all there are, and gradients pile up until `nbs` images have been seen.
"""

from dataclasses import dataclass

from ultralytics import YOLO
from ultralytics.data.augment import Mosaic
from ultralytics.engine.trainer import BaseTrainer


@dataclass
class Record:
    """What a run did, filled in while it trains.

    Args:
        optimizer: Class of the optimizer.
        lr: Learning rate the schedule starts from.
        epochs: Epochs begun.
        mosaic_epochs: Those of them in which mosaic was on.
        batches: Batches seen.
        steps: Times the optimizer changed the weights.
    """

    optimizer: str = ""
    lr: float = 0.0
    epochs: int = 0
    mosaic_epochs: int = 0
    batches: int = 0
    steps: int = 0


def record(model: YOLO) -> Record:
    """Watch the next training run of a model.

    Args:
        model: The model whose `train` will be called.

    Returns:
        A record that the run fills in.

    Example:
        >>> done = record(model)  # doctest: +SKIP
        >>> model.train(data="shapes.yaml", epochs=5, lr0=0.01)  # doctest: +SKIP
        >>> done.lr  # optimizer="auto" has its own mind  # doctest: +SKIP
        0.001429
    """
    done = Record()

    def begin(trainer: BaseTrainer) -> None:
        done.optimizer = type(trainer.optimizer).__name__
        done.lr = min(group["initial_lr"] for group in trainer.optimizer.param_groups)  # MuSGD triples the head's
        trainer.optimizer.register_step_post_hook(step)

    def step(*_: object) -> None:
        done.steps += 1

    def batch(trainer: BaseTrainer) -> None:
        done.batches += 1
        if done.epochs <= trainer.epoch:  # mosaic is closed before an epoch's first batch
            done.epochs = trainer.epoch + 1
            done.mosaic_epochs += _has_mosaic(trainer.train_loader.dataset.transforms)

    model.add_callback("on_train_start", begin)
    model.add_callback("on_train_batch_start", batch)
    return done


def _has_mosaic(transform: object) -> bool:
    """Whether a transform, or one inside it, is a mosaic that is switched on."""
    if isinstance(transform, Mosaic):
        return transform.p > 0
    return any(_has_mosaic(inner) for inner in getattr(transform, "transforms", ()))
