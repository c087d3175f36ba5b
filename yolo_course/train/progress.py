"""One line an epoch, in place of progress bars that fill a notebook."""

import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from time import perf_counter

from ultralytics.engine.trainer import BaseTrainer


def epoch_lines(say: Callable[[str], None]) -> Callable[[BaseTrainer], None]:
    """Return the callback for `on_fit_epoch_end` that says how each epoch went.

    Args:
        say: Takes one line, `print` for example. What it prints goes where printing goes now, not where it goes
            during the training.
    """
    started, stdout = perf_counter(), sys.stdout

    def report(trainer: BaseTrainer) -> None:
        if trainer.epoch < trainer.epochs:  # the event fires once more, after the last epoch, for best.pt
            with redirect_stdout(stdout):
                say(_line(trainer, perf_counter() - started))

    return report


def _line(trainer: BaseTrainer, seconds: float) -> str:
    """`epoch  3/20   box 1.52  cls 2.10  l1 0.40   mAP50 0.412   7 s`."""
    digits = len(str(trainer.epochs))
    losses = "  ".join(f"{name.removesuffix('_loss')} {float(value):.2f}" for name, value in trainer.tloss.items())
    score = trainer.metrics.get("metrics/mAP50(B)", float("nan"))
    return f"epoch {trainer.epoch + 1:{digits}}/{trainer.epochs}   {losses}   mAP50 {score:.3f}   {seconds:.0f} s"
