"""A module as a tree of plain values, and back: installed classes by name, weights as tensors.

Both sides use it. What a class of the learner's own is on the grader's side is the grader's business (`stranger`).
"""

import sys
from collections.abc import Callable, Iterator
from typing import Any

from torch import Tensor, nn

from yolo_course.grading.isolation.wire import Decoder, Encoder, WireError

PACKAGES = ("torch", "torchvision", "ultralytics", "yolo_course")
_MACHINERY = frozenset(vars(nn.Module())) - {"training"}


def path_of(cls: type) -> str | None:
    """The dotted name of a class that both sides have installed; None for any other one."""
    module, name = cls.__module__, cls.__qualname__
    if not isinstance(module, str) or module.partition(".")[0] not in (*PACKAGES, "builtins"):
        return None
    return f"{module}:{name}" if _look_up(module, name) is cls else None


def class_at(path: str) -> type:
    """The class of that name, if it is a module, an error or a plain type of an installed package.

    Raises:
        WireError: There is none, or it is something else.
    """
    module, _, name = path.partition(":")
    found = _look_up(module, name) if module.partition(".")[0] in (*PACKAGES, "builtins") else None
    plain = (bool, int, float, str, bytes, list, tuple, dict, set, frozenset, type(None), Tensor)
    if isinstance(found, type) and (found in plain or issubclass(found, (nn.Module, BaseException))):
        return found
    raise WireError(f"no class of that name crosses: {path[:80]}")


def _look_up(module: str, name: str) -> Any:
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = None if part.startswith("_") else getattr(found, part, None)
    return found


def named_tensors(module: nn.Module) -> Iterator[tuple[str, nn.Module, str, Tensor]]:
    """Path, owner, name and value of each parameter and buffer, read where PyTorch keeps them."""
    for path, owner in _walk(module, "", set()):
        for kept in (owner.__dict__["_parameters"], owner.__dict__["_buffers"]):
            for name, tensor in kept.items():
                if tensor is not None:
                    yield f"{path}{name}", owner, name, tensor


def named_owners(module: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """Path and module, the module itself included, each once."""
    yield from _walk(module, "", set())


def _walk(module: nn.Module, path: str, seen: set[int]) -> Iterator[tuple[str, nn.Module]]:
    if id(module) in seen:
        return
    seen.add(id(module))
    yield path, module
    for name, child in module.__dict__["_modules"].items():
        if child is not None:
            yield from _walk(child, f"{path}{name}.", seen)


def among(value: Any) -> Iterator[nn.Module]:
    """The modules that stand in a value of lists, tuples and dicts."""
    if isinstance(value, nn.Module):
        yield value
    elif isinstance(value, (list, tuple, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from among(each)


def describe(module: nn.Module, encoder: Encoder, identify: Callable[[nn.Module], int | None]) -> dict:
    """Write a module as plain values.

    Args:
        module: The module.
        encoder: Writes its attributes and weights.
        identify: Gives each module of the tree a number by which it can be called later, or None.
    """
    seen: dict[int, int] = {}

    def tell(each: nn.Module) -> dict:
        if id(each) in seen:
            return {"again": seen[id(each)]}
        seen[id(each)] = len(seen)
        state = each.__dict__
        return {
            "cls": next((path for cls in type(each).__mro__ if (path := path_of(cls))), None),
            "own": path_of(type(each)) is None,
            "name": str(type(each).__name__)[:200],
            "id": identify(each),
            "attributes": _plain_attributes(state, encoder),
            "parameters": [[name, *tensor(value)] for name, value in state["_parameters"].items()],
            "buffers": [[name, *tensor(value)] for name, value in state["_buffers"].items()],
            "fleeting": sorted(state["_non_persistent_buffers_set"]),
            "children": [
                [name, tell(child) if child is not None else None] for name, child in state["_modules"].items()
            ],
        }

    def tensor(value: Tensor | None) -> tuple:
        if value is None:
            return None, False
        if id(value) in seen:
            return {"again": seen[id(value)]}, value.requires_grad
        seen[id(value)] = len(seen)
        return encoder(value.detach()), value.requires_grad

    return {"t": "module", "v": tell(module)}


def _plain_attributes(state: dict, encoder: Encoder) -> list:
    told = []
    for name, value in state.items():
        if name not in _MACHINERY:
            mark = len(encoder.buffers)
            try:
                told.append([name, encoder(value, 2)])
            except (WireError, RecursionError):  # what cannot cross is not there on the other side
                del encoder.buffers[mark:]
    return told


def build(
    told: dict, decoder: Decoder, stranger: Callable[[dict], nn.Module], born: Callable[[int | None, nn.Module], None]
) -> nn.Module:
    """Make a module from plain values.

    Args:
        told: What `describe` wrote.
        decoder: Reads its attributes and weights.
        stranger: Makes an empty module for a class that only the other side has.
        born: Told the number and the module, for each one of the tree.

    Raises:
        WireError: The tree is malformed.
    """
    made: list[Any] = []

    def grow(node: Any) -> nn.Module:
        if "again" in node:
            return made[node["again"]]
        module = stranger(node) if node["own"] else _empty(class_at(node["cls"]))
        made.append(module)
        born(node["id"], module)
        state = module.__dict__
        for name, value in node["attributes"]:
            if name not in _MACHINERY:
                state[str(name)] = decoder(value, 2)
        for name, value, learns in node["parameters"]:
            state["_parameters"][str(name)] = tensor(value, True, learns)
        for name, value, learns in node["buffers"]:
            state["_buffers"][str(name)] = tensor(value, False, learns)
        state["_non_persistent_buffers_set"].update(map(str, node["fleeting"]))
        for name, child in node["children"]:
            state["_modules"][str(name)] = None if child is None else grow(child)
        return module

    def tensor(value: Any, parameter: bool, learns: bool) -> Tensor | None:
        if value is None:
            return None
        if "again" in value:
            return made[value["again"]]
        read = decoder(value)
        made.append(nn.Parameter(read, requires_grad=bool(learns)) if parameter else read)
        return made[-1]

    try:
        return grow(told["v"])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RuntimeError) as error:
        raise WireError("a malformed module") from error


def _empty(cls: type) -> nn.Module:
    if not issubclass(cls, nn.Module):
        raise WireError("a module of a class that is none")
    module = cls.__new__(cls)
    nn.Module.__init__(module)
    return module
