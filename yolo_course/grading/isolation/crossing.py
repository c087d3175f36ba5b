"""Joins the graph here and the graph there: a backward pass that arrives at a call's outputs goes on in the sandbox."""

import weakref
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from yolo_course.grading.isolation.wire import WireError


class Tape:
    """A graph that the student's process keeps until this is gone.

    Args:
        ask: Asks the student's process.
        number: Its number there.
        dropped: Takes the number once nobody needs the graph any more.
    """

    def __init__(self, ask: Callable[[str, Any], Any], number: int, dropped: list[int]):
        self.ask, self.number = ask, number
        weakref.finalize(self, dropped.append, number)


class Crossing(torch.autograd.Function):
    """Joins the graph here and the graph there."""

    @staticmethod
    def forward(ctx: Any, tape: Tape, count: int, *tensors: Tensor) -> tuple[Tensor, ...]:
        """Take over the outputs of a call; the inputs behind them are what a backward pass asks for."""
        ctx.tape, ctx.count = tape, count
        ctx.shapes = [each.shape for each in tensors[count:]]
        return tuple(each.view_as(each) for each in tensors[:count])

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple:
        """Ask for the gradients of the inputs."""
        found = ctx.tape.ask("backward", [ctx.tape.number, list(gradients)])
        fits = isinstance(found, list) and len(found) == len(ctx.shapes)
        if not fits or any(
            each is not None and getattr(each, "shape", None) != shape
            for each, shape in zip(found, ctx.shapes, strict=True)
        ):
            raise WireError("gradients of other shapes than asked for")
        return None, None, *[None] * ctx.count, *found
