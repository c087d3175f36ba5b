"""Which module a name in a row stands for, without calling anything that the YAML names."""

import re
from difflib import get_close_matches
from functools import cache

import torchvision
from torch import nn
from ultralytics.nn import tasks

from yolo_course.registry.register import registered

_PREFIXES = {"nn.": nn, "torchvision.ops.": torchvision.ops}
_LONGEST = 100  # characters of a name that something may be near to


def resolve(name: str) -> type | None:
    """The class that Ultralytics would build for a name; None if there is none, or it is no layer."""
    if name in registered():
        return registered()[name].cls
    prefix = next((prefix for prefix in _PREFIXES if name.startswith(prefix)), "")
    found = vars(_PREFIXES.get(prefix, tasks)).get(name.removeprefix(prefix))
    return found if _is_layer(found) else None


def nearest(name: str) -> str | None:
    """The module that was probably meant, prefix and capitals included."""
    if len(name) > _LONGEST:
        return None
    known = {bare.lower(): bare for bare in (*_known_to_torch(), *_known_to_ultralytics(), *registered())}
    bare = re.split(r"\W", name)[-1].lower()
    for wanted in (name.lower(), f"nn.{bare}", bare):
        if wanted in known:
            return known[wanted]
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.7)
    return known[near[0]] if near else None


@cache
def _known_to_torch() -> tuple[str, ...]:
    return tuple(
        f"{prefix}{name}"
        for prefix, module in _PREFIXES.items()
        for name, value in vars(module).items()
        if _is_layer(value)
    )


@cache
def _known_to_ultralytics() -> tuple[str, ...]:
    return tuple(name for name, value in vars(tasks).items() if _is_layer(value))


def _is_layer(value: object) -> bool:
    """A module class, but not the bare one, and not a whole model: that would build from another YAML."""
    is_module = isinstance(value, type) and issubclass(value, nn.Module)
    return is_module and value is not nn.Module and not issubclass(value, tasks.BaseModel)
