"""The modules that stand on both sides: each side tells the other what has become of their weights and modes.

Both sides use it. What was told last is kept as values: `tensor.data` changes without a trace.
"""

import weakref
from typing import Any

from torch import Tensor, nn

from yolo_course.grading.isolation.modules import renewed, same
from yolo_course.grading.isolation.wire import WireError


class Ref:
    """Stands in a message for a module that both sides have."""

    def __init__(self, module: nn.Module):
        self.module = module


class Shared:
    """What both sides have."""

    def __init__(self):
        self.modules: weakref.WeakValueDictionary[int, nn.Module] = weakref.WeakValueDictionary()  # by its id
        self.known: dict[int, dict[str, tuple[Tensor, bool]]] = {}  # what the other side has of a module's weights
        self.modes: dict[int, bool] = {}

    def __contains__(self, module: nn.Module) -> bool:
        return id(module) in self.modules

    def add(self, module: nn.Module) -> None:
        """From now on both sides have this module, without those below it, as it is now."""
        self.modules[id(module)] = module
        self.known[id(module)] = {
            name: (tensor.detach().clone(), tensor.requires_grad) for _, name, tensor in _weights(module)
        }
        self.modes[id(module)] = module.training

    def drop(self, module: nn.Module) -> None:
        """The other side has this module no more."""
        for each in (self.modules, self.known, self.modes):
            each.pop(id(module), None)

    def changes(self) -> list:
        """What has changed here since both sides had the same; to be told to the other side."""
        weights, modes = [], []
        if len(self.known) > len(self.modules):
            for identity in [each for each in self.known if each not in self.modules]:
                del self.known[identity], self.modes[identity]
        for identity, module in self.modules.items():
            if self.modes[identity] is not module.training:
                modes.append([Ref(module), module.training])
            known, found = self.known[identity], 0
            for kind, name, tensor in _weights(module):
                value, learned = known.get(name, (None, False))
                found += value is not None
                if value is None or tensor.requires_grad is not learned or not same(tensor, value):
                    weights.append([Ref(module), kind, name, tensor.detach(), tensor.requires_grad])
            if found < len(known):
                gone = set(known) - {name for _, name, _ in _weights(module)}
                weights += [[Ref(module), "", name, None, False] for name in gone]
        for module in {id(each.module): each.module for each, *_ in (*weights, *modes)}.values():
            self.add(module)
        return [weights, modes]

    def take(self, changes: Any) -> None:
        """Bring the modules here up to what the other side says; what it says of others is not heard.

        Raises:
            WireError: It says nonsense.
        """
        try:
            weights, modes = ([each for each in told if each[0] in self] for told in changes)
            for module, kind, name, value, learns in weights:
                _put(module, kind, str(name), value, bool(learns))
            for module, training in modes:
                module.training = bool(training)
            for module, *_ in (*weights, *modes):
                self.add(module)
        except (KeyError, TypeError, ValueError, AttributeError, RuntimeError) as error:
            raise WireError("a malformed change") from error

    def learning(self) -> list[tuple[nn.Module, str, Tensor]]:
        """All parameters that want a gradient: owner, name, value."""
        return [
            (module, name, tensor)
            for module in self.modules.values()
            for kind, name, tensor in _weights(module)
            if kind == "parameter" and tensor.requires_grad
        ]


def _weights(module: nn.Module) -> list[tuple[str, str, Tensor]]:
    """Kind, name and value of each parameter and buffer of a module's own, read where PyTorch keeps them."""
    state = module.__dict__
    found = [("parameter", name, tensor) for name, tensor in state["_parameters"].items() if tensor is not None]
    return found + [("buffer", name, tensor) for name, tensor in state["_buffers"].items() if tensor is not None]


def _put(module: nn.Module, kind: str, name: str, value: Tensor | None, learns: bool) -> None:
    if value is None:
        for kept in (module.__dict__["_parameters"], module.__dict__["_buffers"]):
            if name in kept:
                kept[name] = None
        return
    kept = module.__dict__["_parameters" if kind == "parameter" else "_buffers"]
    kept[name] = renewed(kept.get(name), value, kind == "parameter", learns)
