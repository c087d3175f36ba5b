"""The global generators of PyTorch, NumPy and Python: the learner's code draws on from where the check stands.

What comes back is only that it has drawn, as a digest: a state of their choice could make random inputs all alike.
"""

import hashlib
import random
from typing import Any

import numpy as np
import torch

from yolo_course.grading.isolation.wire import WireError


class Chance:
    """One side's generators, and what the other side has of them."""

    def __init__(self):
        self.known: dict[str, tuple | None] = {}

    def changes(self) -> dict[str, tuple]:
        """The states that the other side does not have."""
        now = _states()
        told = {name: state for name, state in now.items() if self.known.get(name) != state}
        self.known = now
        return told

    def take(self, told: dict[str, tuple]) -> None:
        """Take over states, in the student's process."""
        for name, state in told.items():
            _set(name, state)
        if told:
            self.known = _states()

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


def _states() -> dict[str, tuple]:
    _, words, *rest = np.random.get_state()  # noqa: NPY002 - the state that learners draw from
    torchs = torch.get_rng_state().numpy().tobytes()
    return {"torch": (torchs,), "numpy": (words.tobytes(), *rest), "python": random.getstate()}


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
