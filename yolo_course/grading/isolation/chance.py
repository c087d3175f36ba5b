"""The global generators of PyTorch, NumPy and Python: the learner's code draws on from where the check stands.

What comes back is only that it has drawn, as a digest: a state of their choice could make random inputs all alike.
"""

import ctypes
import hashlib
import random
from typing import Any

import numpy as np
import torch

from yolo_course.grading.isolation.wire import WireError

_MT19937 = 4 * 625  # bytes of its state: 624 words and a place


class Chance:
    """One side's generators, and what the other side has of them."""

    def __init__(self):
        self.known: dict[str, Any] = {}  # a mark of each state

    def changes(self) -> dict[str, tuple]:
        """The states that the other side does not have."""
        now = _marks()
        told = {name: _state(name) for name, mark in now.items() if self.known.get(name) != mark}
        self.known = now
        return told

    def take(self, told: dict[str, tuple]) -> None:
        """Take over states, in the student's process."""
        for name, state in told.items():
            _set(name, state)
        if told:
            self.known = _marks()

    def digests(self) -> dict[str, str]:
        """A digest of each state that has changed since the grader told its own."""
        return {name: hashlib.sha256(repr(state).encode()).hexdigest() for name, state in self.changes().items()}

    def follow(self, told: Any) -> None:
        """Here, too, numbers were drawn: go on with others, which depend on what was drawn and cannot be chosen.

        Raises:
            WireError: Nonsense was told.
        """
        if type(told) is not dict or not all(type(each) is str for each in told.values()):
            raise WireError("no digests of generators")
        for name, digest in told.items():
            if name in self.known:
                _seed(name, int.from_bytes(hashlib.sha256(digest.encode()).digest()[:4]))
                self.known[name] = None  # the student's is another one


def _marks() -> dict[str, Any]:
    """What changes whenever numbers are drawn; asked for with every question, so NumPy's is read from memory.

    NumPy makes normal numbers in pairs and keeps the second: that one comes without a trace.
    """
    place = np.random.get_bit_generator().ctypes.state_address
    return {"torch": _state("torch"), "numpy": ctypes.string_at(place, _MT19937), "python": random.getstate()}


def _state(name: str) -> tuple:
    if name == "torch":
        return (torch.get_rng_state().numpy().tobytes(),)
    if name == "python":
        return random.getstate()
    _, words, *rest = np.random.get_state()  # noqa: NPY002 - the state that learners draw from
    return words.tobytes(), *rest


def _set(name: str, state: tuple) -> None:
    if name == "torch":
        torch.set_rng_state(torch.frombuffer(bytearray(state[0]), dtype=torch.uint8))
    elif name == "numpy":
        words = np.frombuffer(state[0], dtype=np.uint32)
        np.random.set_state(("MT19937", words, *state[1:]))  # noqa: NPY002
    else:
        random.setstate(state)


def _seed(name: str, seed: int) -> None:
    # not torch.manual_seed, which notes a traceback for each kind of accelerator that was never used
    {"torch": torch.default_generator.manual_seed, "numpy": np.random.seed, "python": random.seed}[name](seed)
