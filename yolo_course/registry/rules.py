"""The five rules: how a row of a model YAML becomes the arguments of a constructor.

`c2` is the row's number scaled by the model's width, as for Ultralytics' own modules; `c1`, `ca` and `cb` are the
channels of what the row reads. Further arguments are passed on as they are written.

- `same` is for modules that give as many channels as they take; n repeats of it or of a `scaled` one stand one after
  the other, which for `scaled` needs `c1 == c2`.
- `head` is for detection heads. One whose constructor also takes `reg_max` and `end2end` gets the YAML's before the
  channels, as `Detect` does. Ultralytics guesses the task from its name, so that should contain "detect", and augments
  predictions for `Detect` itself only.
- A subclass of `C3k2`, `A2C2f` or `C2fCIB` gives the model the light kind of head that those give it. Other modules do
  not: a model without any of the three gets the head of v8.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """What the parser found for a row.

    Args:
        cls: The registered class.
        inputs: Channels of each layer it reads.
        c2: Channels that the rows after it count on.
        n: Repeats, scaled by the model's depth.
        args: The row's arguments, names such as `nc` resolved.
        head: The YAML's `reg_max` and `end2end`.
    """

    cls: type
    inputs: list[int]
    c2: int
    n: int
    args: list
    head: dict


@dataclass(frozen=True)
class Rule:
    """One way to read a row.

    Args:
        row: How it is written.
        constructor: What it builds.
        arguments: Turns what the parser found into the constructor's arguments.
        stand_in: The stock module that keeps the parser's books meanwhile.
        takes: How many of the row's arguments the stand-in needs.
        copies: Whether n repeats mean n modules one after the other.
    """

    row: str
    constructor: str
    arguments: Callable[[Found], list]
    stand_in: str
    takes: int = 1
    copies: bool = False

    @property
    def several(self) -> bool:
        """Whether the row reads a list of layers."""
        return self.row.startswith("[[")


def _scaled(found: Found) -> list:
    return [found.inputs[0], found.c2, *found.args[1:]]


def _stacked(found: Found) -> list:
    return [found.inputs[0], found.c2, found.n, *found.args[1:]]


def _same(found: Found) -> list:
    return [found.inputs[0], *found.args]


def _fused(found: Found) -> list:
    return [found.inputs, found.c2, *found.args[1:]]


def _head(found: Found) -> list:
    accepted = inspect.signature(found.cls).parameters
    return [*found.args, *(value for name, value in found.head.items() if name in accepted), found.inputs]


RULES = {
    "scaled": Rule("[-1, 1, Block, [c2, …]]", "Block(c1, c2, …)", _scaled, "Conv", copies=True),
    "stacked": Rule("[-1, n, Block, [c2, …]]", "Block(c1, c2, n, …)", _stacked, "Conv"),
    "same": Rule("[-1, 1, Block, […]]", "Block(c1, …)", _same, "nn.Identity", takes=0, copies=True),
    "fused": Rule("[[a, b], 1, Block, [c2, …]]", "Block([ca, cb], c2, …)", _fused, "Conv"),
    "head": Rule("[[a, b], 1, Block, [nc, …]]", "Block(nc, …, [ca, cb])", _head, "Detect"),
}
