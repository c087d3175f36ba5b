"""A module as a tree of plain values, and back: installed classes by name, weights as tensors.

Both sides use it. What a class of the learner's own is on the grader's side is the grader's business (`stranger`).
"""

import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor, equal, isclose, nn  # as they are now: a learner may patch them

from yolo_course.grading.isolation.values import Decoder, Encoder
from yolo_course.grading.isolation.wire import WireError

PACKAGES = ("torch", "torchvision", "ultralytics", "yolo_course")
# Whose modules the grader builds and calls. They compute; none of them opens, loads or fetches what an attribute names,
# as `ultralytics.YOLO`, which is a module too, would do with its `model`.
MODULES = (
    "torch.nn.modules.",
    "torchvision.models.",
    "torchvision.ops.",
    "ultralytics.nn.modules.",
    "ultralytics.utils.loss:",
    "ultralytics.utils.tal:",
    "yolo_course.blocks.",
    "yolo_course.losses.",
    *(
        f"ultralytics.nn.tasks:{name}Model"
        for name in ("Base", "Classification", "Detection", "OBB", "Pose", "Segmentation")
    ),
)
_MACHINERY = frozenset(vars(nn.Module())) - {"training"}


def path_of(cls: type) -> str | None:
    """The dotted name of a class that both sides have installed; None for any other one."""
    module, name = cls.__module__, cls.__qualname__
    if not isinstance(module, str) or module.partition(".")[0] not in (*PACKAGES, "builtins"):
        return None
    return f"{module}:{name}" if _look_up(module, name) is cls and _may_cross(cls) else None


def class_at(path: str) -> type:
    """The class of that name, if it is a module, an error, a namespace or a plain type of an installed package.

    Raises:
        WireError: There is none, or it is something else.
    """
    module, _, name = path.partition(":")
    found = _look_up(module, name) if module.partition(".")[0] in (*PACKAGES, "builtins") else None
    plain = (bool, int, float, str, bytes, list, tuple, dict, set, frozenset, type(None), Tensor)
    kinds = (nn.Module, BaseException, SimpleNamespace)
    if isinstance(found, type) and (found in plain or (issubclass(found, kinds) and _may_cross(found))):
        return found
    raise WireError(f"no class of that name crosses: {path[:80]}")


def _may_cross(cls: type) -> bool:
    """Whether a class may, by its own name: the path that led to it may go through any other module."""
    return not issubclass(cls, nn.Module) or f"{cls.__module__}:{cls.__qualname__}".startswith(MODULES)


def _look_up(module: str, name: str) -> Any:
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = None if part.startswith("_") else getattr(found, part, None)
    return found


def tree(module: nn.Module) -> Iterator[nn.Module]:
    """The module and all below it, each once, read where PyTorch keeps them."""
    seen = {id(module): module}
    for each in (waiting := [module]):
        for child in each.__dict__["_modules"].values():
            if child is not None and id(child) not in seen:
                seen[id(child)] = child
                waiting.append(child)
    yield from waiting


def among(value: Any) -> Iterator[nn.Module]:
    """The modules that stand in a value of lists, tuples and dicts."""
    if isinstance(value, nn.Module):
        yield value
    elif isinstance(value, (list, tuple, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from among(each)


def describe(
    module: nn.Module,
    encoder: Encoder,
    identify: Callable[[nn.Module], int],
    refer: Callable[[nn.Module], dict | None],
) -> dict:
    """Write a module as plain values.

    Args:
        module: The module.
        encoder: Writes its attributes and weights.
        identify: Gives each module of the tree a number by which it can be called later.
        refer: How a module below it is mentioned that the other side has given; None for any other one.
    """
    seen: dict[int, int] = {}

    def tell(each: nn.Module) -> dict:
        if id(each) in seen:
            return {"again": seen[id(each)]}
        if each is not module and (known := refer(each)) is not None:
            return {"known": known}
        seen[id(each)] = len(seen)
        state = each.__dict__
        return {
            "cls": next((path for cls in type(each).__mro__ if (path := path_of(cls))), None),
            "own": path_of(type(each)) is None,
            "trains": type(each).train is not nn.Module.train,
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
    told: dict,
    decoder: Decoder,
    recall: Callable[[int], nn.Module | None],
    stranger: Callable[[dict], nn.Module],
    keep: Callable[[int, nn.Module], None],
) -> nn.Module:
    """Make a module from plain values; one that has crossed before stays the same object and is brought up to date.

    Args:
        told: What `describe` wrote.
        decoder: Reads its attributes and weights.
        recall: The module that has crossed under this number before.
        stranger: Makes an empty module for a class that only the other side has.
        keep: Told the number and the module, for each one of the tree, once its weights are there.

    Raises:
        WireError: The tree is malformed.
    """
    made: list[Any] = []

    def grow(node: Any) -> nn.Module:
        if "again" in node:
            return made[node["again"]]
        if "known" in node:
            return _a_module(decoder(node["known"]))
        module = recall(node["id"])
        if module is None:
            module = stranger(node) if node["own"] else _empty(class_at(node["cls"]))
        made.append(module)
        state = module.__dict__
        for name, value in node["attributes"]:
            if name not in _MACHINERY:
                state[str(name)] = decoder(value, 2)
        old = state["_parameters"] | state["_buffers"]
        for kept in ("_parameters", "_buffers"):
            state[kept] = {
                str(name): tensor(value, old.get(name), kept == "_parameters", learns)
                for name, value, learns in node[kept.strip("_")]
            }
        state["_non_persistent_buffers_set"] = set(map(str, node["fleeting"]))
        keep(node["id"], module)
        state["_modules"] = {str(name): None if child is None else grow(child) for name, child in node["children"]}
        return module

    def tensor(value: Any, old: Tensor | None, parameter: bool, learns: bool) -> Tensor | None:
        if value is None:
            return None
        if "again" in value:
            return made[value["again"]]
        made.append(renewed(old, decoder(value), parameter, bool(learns)))
        return made[-1]

    try:
        return grow(told["v"])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RuntimeError) as error:
        raise WireError("a malformed module") from error
    finally:
        made.clear()  # `grow` holds itself and this list: the modules would live until the next collection


def renewed(old: Tensor | None, new: Tensor, parameter: bool, learns: bool) -> Tensor:
    """The same tensor with new values, or a new one where there is none or another kind is needed."""
    if old is None or isinstance(old, nn.Parameter) is not parameter:
        return nn.Parameter(new, requires_grad=learns) if parameter else new.requires_grad_(learns)
    if old.shape != new.shape or old.dtype != new.dtype or old.device != new.device:
        old.data = new
    elif not same(old, new):  # a graph that was made with these values stays usable
        with torch.no_grad():
            old.copy_(new)
    return old.requires_grad_(learns) if old.requires_grad is not learns else old


def same(one: Tensor, other: Tensor) -> bool:
    """Whether two tensors have the same type, shape and values; NaN is NaN."""
    if one.dtype is not other.dtype:
        return False
    try:
        if equal(one, other):  # the usual case, asked for every weight with every question
            return True
    except RuntimeError:  # no numbers, or another device's
        pass
    if one.shape != other.shape or one.device != other.device:
        return False
    return one.is_meta or bool(isclose(one.detach(), other.detach(), rtol=0, atol=0, equal_nan=True).all())


def _empty(cls: type) -> nn.Module:
    if not issubclass(cls, nn.Module):
        raise WireError("a module of a class that is none")
    module = cls.__new__(cls)
    nn.Module.__init__(module)
    return module


def _a_module(value: Any) -> nn.Module:
    if not isinstance(value, nn.Module):
        raise WireError("a child that is no module")
    return value
