"""What the block holds: parameters that move with it, names that are free, copies and pickles that work."""

import copy
import pickle
import sys
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from types import FunctionType

import torch
from torch import Tensor, nn

from yolo_course.models.contract.specimen import Specimen, run
from yolo_course.models.contract.verdict import Broken
from yolo_course.registry.register import RESERVED

_REGISTERED = {"_parameters", "_buffers", "_modules"}


def registered(specimen: Specimen) -> str:
    """Everything that learns or is computed with moves by `.to()`, is trained and is saved."""
    block = specimen.build()
    known = {id(thing) for thing in (*block.modules(), *block.parameters(), *block.buffers())}
    for where, value in _held(block):
        if isinstance(value, nn.Module | Tensor) and id(value) not in known:
            kind = type(value).__name__
            remedy = {True: "nn.ModuleList", False: "register_buffer"}[isinstance(value, nn.Module)]
            remedy = "nn.ParameterList" if isinstance(value, nn.Parameter) else remedy
            raise Broken(f"{where} holds a {kind} that .to(), optimizer and checkpoint do not see; use {remedy}")
    return f"{sum(parameter.numel() for parameter in block.parameters()):,} parameters"


def reserved_names(specimen: Specimen) -> str:
    """The attributes that Ultralytics writes on every layer are free."""
    block, mro = specimen.build(), specimen.cls.__mro__
    own = {*vars(block), *block._parameters, *block._buffers, *block._modules}
    own = own.union(*map(vars, mro[: mro.index(nn.Module)]))
    if taken := sorted(own.intersection(RESERVED)):
        raise Broken(f"{', '.join(taken)}: Ultralytics overwrites {', '.join(RESERVED)} on every layer; rename")
    return ""


def no_lambdas(specimen: Specimen) -> str:
    """No attribute or hook is a lambda or a function made inside another: no checkpoint can hold those."""
    for where, value in _held(specimen.build()):
        function = value.func if isinstance(value, partial) else value
        function = getattr(function, "__func__", function)
        if isinstance(function, FunctionType) and "<" in function.__qualname__:
            raise Broken(
                f"{where} is {function.__qualname__}; saving fails after the first epoch; write a named function"
            )
    return ""


def deep_copy(specimen: Specimen) -> str:
    """A copy made after a training step, as EMA makes it, computes the same and shares nothing."""
    block, images = specimen.build(), specimen.images()
    with torch.enable_grad():
        run(block.train(), images)
    try:
        twin = copy.deepcopy(block)
    except Exception as error:
        words = " ".join(str(error).split())[:160]
        remedy = "; keep no activations on self" if "graph leaves" in words else ""
        raise Broken(f"after a forward pass: {words}{remedy}") from error
    _same(block, twin, specimen)
    return ""


def pickling(specimen: Specimen) -> str:
    """Every class in it can be found by name in a fresh process, and a pickle computes the same."""
    block = specimen.build()
    for module in block.modules():
        _importable(type(module))
    _same(block, pickle.loads(pickle.dumps(block)), specimen)
    return ""


def _held(block: nn.Module) -> Iterator[tuple[str, object]]:
    """Attributes of the block and its modules, and what is in containers there, each with where it stands."""
    for name, module in block.named_modules():
        for attribute, value in vars(module).items():
            if attribute not in _REGISTERED:
                yield from _inside(f"{name}.{attribute}".lstrip("."), value)


def _inside(where: str, value: object, depth: int = 4) -> Iterator[tuple[str, object]]:
    yield where, value
    if depth and isinstance(value, dict | list | tuple | set):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _inside(where, part, depth - 1)


def _importable(cls: type) -> None:
    if cls.__module__ == "__main__":
        raise Broken(
            f"{cls.__name__} is defined in __main__, a notebook or script: it trains here, but its checkpoint loads "
            f"nowhere else (Can't get attribute '{cls.__name__}'); move it into a module"
        )
    try:
        found: object = sys.modules.get(cls.__module__) or import_module(cls.__module__)
        for name in cls.__qualname__.split("."):
            found = getattr(found, name)
    except (ImportError, AttributeError):
        found = None
    if found is not cls:
        raise Broken(
            f"{cls.__module__}.{cls.__qualname__} cannot be imported; define the class at a module's top level"
        )


def _same(block: nn.Module, twin: nn.Module, specimen: Specimen) -> None:
    images = specimen.images()
    expected = run(block.eval(), images)
    if not torch.equal(run(twin.eval(), images), expected):
        raise Broken("the copy computes something else")
    for parameter in twin.parameters():
        parameter.data.zero_()
    if not torch.equal(run(block, images), expected):
        raise Broken("the copy shares its parameters with the block")
