"""Registered classes in restricted loading: `torch.load(weights_only=True)` and `ULTRALYTICS_SAFE_LOAD=1`."""

import sys
from collections.abc import Callable, Iterable
from functools import wraps

import torch
from ultralytics.nn import tasks

from yolo_course.registry.register import registered


def allow(classes: Iterable[type]) -> None:
    """Let restricted loading build these classes."""
    torch.serialization.add_safe_globals(list(classes))


def forbid(classes: Iterable[type]) -> None:
    """Take classes off the list; of two with the same name torch would build either."""
    if gone := list(classes):
        kept = [known for known in torch.serialization.get_safe_globals() if known not in gone]
        torch.serialization.clear_safe_globals()
        torch.serialization.add_safe_globals(kept)


def with_registered_classes(original: Callable[..., tuple[dict, str]]) -> Callable[..., tuple[dict, str]]:
    """Wrap `torch_safe_load` so that a restricted load also knows what registered classes are made of."""

    @wraps(original)
    def torch_safe_load(weight, safe_only=None):
        if tasks.SAFE_LOAD if safe_only is None else safe_only:
            allow(_parts())
        return original(weight, safe_only)

    return torch_safe_load


def _parts() -> set[type]:
    """Modules that registered classes can name in their own files: helpers written or imported there."""
    files = [
        sys.modules[entry.cls.__module__] for entry in registered().values() if entry.cls.__module__ in sys.modules
    ]
    return {
        part
        for file in files
        for part in vars(file).values()
        if isinstance(part, type) and issubclass(part, torch.nn.Module)
    }
