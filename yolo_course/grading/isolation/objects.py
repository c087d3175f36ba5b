"""The student's side of what crosses: a number for each of its objects, and what stands for the grader's things."""

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn
from torch._C import DisableTorchFunctionSubclass

from yolo_course.grading.isolation import alike, modules
from yolo_course.grading.isolation.shared import Ref, Shared
from yolo_course.grading.isolation.values import Decoder, Encoder
from yolo_course.grading.isolation.wire import WireError


class Callback:
    """Something of the grader's that can be called, or only handed back."""

    def __init__(self, ask: Callable[[str, Any], Any], number: int, name: str):
        self._ask, self._number, self.__name__ = ask, number, name

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call it; the grader runs it."""
        return self._ask("callback", [self._number, list(arguments), named])


class Handle:
    """Marks something that crosses by number although it could cross by name."""

    def __init__(self, thing: Any):
        self.thing = thing


class Objects:
    """Writes and reads what is no plain value.

    Args:
        ask: Asks the grader.
        shared: The modules that both sides have.
    """

    def __init__(self, ask: Callable[[str, Any], Any], shared: Shared):
        self.ask, self.shared = ask, shared
        self.objects: list[Any] = []  # number -> object; held, so that no id is given twice
        self.numbers: dict[int, int] = {}  # id(object) -> number
        self.given: dict[int, Any] = {}  # the grader's number -> what stands for it here
        self.givers: dict[int, int] = {}  # id(what stands for it) -> the grader's number

    def write(self, value: Any, encoder: Encoder) -> dict:
        """Write as plain data what is data at heart, by number what is not."""
        if isinstance(value, Ref):
            giver = self.givers.get(id(value.module))
            return {"t": "both", "there": self._number(value.module)} if giver is None else {"t": "both", "here": giver}
        if isinstance(value, Handle):
            return self._handle(value.thing)
        if (giver := self.givers.get(id(value))) is not None:
            return {"t": "here", "id": giver}
        if isinstance(value, nn.Module):
            return modules.describe(value, encoder, self._share, self._given)
        if isinstance(value, Tensor):
            with DisableTorchFunctionSubclass():
                return encoder(value.as_subclass(Tensor).requires_grad_(value.requires_grad))
        for base, plain in _BASES:
            if isinstance(value, base):
                return encoder(plain(value))
        kinds = (nn.Module, BaseException, *_PLAIN)
        if isinstance(value, type) and issubclass(value, kinds) and (path := modules.path_of(value)):
            return {"t": "class", "v": path}
        return alike.write(value, encoder) or self._handle(value)

    def read(self, told: dict, decoder: Decoder) -> Any:
        """Read what the grader has written."""
        kind = told["t"]
        if kind == "both":
            return self.objects[told["there"]] if "there" in told else self.given[told["here"]]
        if kind == "there":
            return self.objects[told["id"]]
        if kind == "module":
            return modules.build(told, decoder, self.given.get, _no_stranger, self._keep_module)
        if kind not in ("local", "thing"):
            return alike.read(told, decoder)
        if told["id"] in self.given:
            return self.given[told["id"]]
        if kind == "local":
            bases = tuple(modules.class_at(path) for path in told["bases"])
            names = {"__module__": told["module"], "__qualname__": told["qualname"]}
            return self._keep(told["id"], type(told["name"], bases, names))
        return self._keep(told["id"], Callback(self.ask, told["id"], told["name"]))

    def forget(self, number: int) -> None:
        """Keep a module no more; if it crosses again it is a new one."""
        module, self.objects[number] = self.objects[number], None
        del self.numbers[id(module)]
        self.shared.drop(module)

    def _number(self, thing: Any) -> int:
        """The number of an object, the same each time."""
        if id(thing) not in self.numbers:
            self.numbers[id(thing)] = len(self.objects)
            self.objects.append(thing)
        return self.numbers[id(thing)]

    def _share(self, module: nn.Module) -> int:
        self.shared.add(module)
        return self._number(module)

    def _given(self, module: nn.Module) -> dict | None:
        giver = self.givers.get(id(module))
        return None if giver is None else {"t": "here", "id": giver}

    def _handle(self, thing: Any) -> dict:
        kind = "class" if isinstance(thing, type) else "function" if callable(thing) else "object"
        name = str(getattr(thing, "__name__", type(thing).__name__))[:200]
        return {"t": "there", "id": self._number(thing), "kind": kind, "name": name}

    def _keep(self, number: int, made: Any) -> Any:
        self.given[number], self.givers[id(made)] = made, number
        return made

    def _keep_module(self, number: int, module: nn.Module) -> None:
        self.shared.add(self._keep(number, module))


def is_data(value: Any) -> bool:
    """Whether an object of a learner's class crosses as the plain data that it is at heart."""
    return isinstance(value, tuple(base for base, _ in _BASES)) and modules.path_of(type(value)) is None


def _no_stranger(node: dict) -> nn.Module:
    raise WireError("a class that only the grader has")


_BASES = (  # a subclass may lie about itself; its data crosses as the plain type does
    (str, lambda value: "".join((value, ""))),
    (int, int.__index__),
    (float, float.__float__),
    (list, lambda value: list(list.__iter__(value))),
    (tuple, lambda value: tuple(tuple.__iter__(value))),
    (dict, lambda value: dict(dict.items(value))),
    (set, lambda value: set(set.__iter__(value))),
)
_PLAIN = (bool, int, float, str, bytes, list, tuple, dict, set)
