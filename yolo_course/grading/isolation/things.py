"""What a check cell holds instead of the learner's functions, classes and modules: names for things in the sandbox.

A call crosses as plain values and comes back as plain values. A module comes back as a mirror: its weights and layers
of installed classes are real ones here, what is the learner's own runs there.
"""

import types
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn

from yolo_course.grading.isolation import modules
from yolo_course.grading.isolation.wire import WireError

if TYPE_CHECKING:
    from yolo_course.grading.isolation.grader import Grader


class Thing:
    """An object of the student's process. It has no truth value and equals nothing: ask for plain values."""

    def __init__(self, grader: "Grader", number: int, name: str):
        vars(self).update(_grader=grader, _number=number, __name__=name)

    def _ask(self, verb: str, *payload: Any) -> Any:
        return vars(self)["_grader"].ask(verb, [self, *payload])

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return self._ask("get", name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._ask("set", name, value)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return vars(self)["_grader"].call(self, arguments, named)

    def __getitem__(self, key: Any) -> Any:
        return self._ask("item", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._ask("put", key, value)

    def __len__(self) -> int:
        return must_be(int, self._ask("length"))

    def __iter__(self) -> Iterator[Any]:
        return iter(must_be(list, self._ask("items")))

    def __contains__(self, item: Any) -> bool:
        return must_be(bool, self._ask("holds", item))

    def __enter__(self) -> Any:
        return self._ask("enter")

    def __exit__(self, *error: object) -> None:
        self._ask("exit")

    def __bool__(self) -> bool:
        raise TypeError(f"an object of the learner's, {self!r}, has no truth value: ask it for plain values")

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if other is None or isinstance(other, (str, int, float, tuple, list, dict, Tensor, type)):
            return False
        raise TypeError(f"an object of the learner's, {self!r}, cannot be compared: ask it for plain values")

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"<{vars(self)['__name__']} of yours>"


class Function(Thing):
    """A function or method of the learner's."""

    @property
    def __code__(self) -> types.CodeType | None:
        return vars(self)["_grader"].code(vars(self)["__name__"])


class Class(Function):
    """A class of the learner's; calling it makes an instance there."""

    def __instancecheck__(self, thing: Any) -> bool:
        grader = vars(self)["_grader"]
        crossing = isinstance(thing, Thing) or (isinstance(thing, nn.Module) and grader.has(thing))
        return crossing and must_be(bool, self._ask_is(thing))

    def _ask_is(self, thing: Any) -> Any:
        return vars(self)["_grader"].ask("is", [thing, self])


class Mirror(nn.Module):
    """A module whose class is the learner's own: what it computes, it computes there."""

    _grader: "Grader"
    _trains: bool

    def forward(self, *arguments: Any, **named: Any) -> Any:
        """Run the learner's module with these weights."""
        return self._grader.call(self, arguments, named)

    def train(self, mode: bool = True) -> "Mirror":
        """Switch the mode, there where the learner has said how."""
        if self._trains:
            self._grader.ask("train", [self, mode])
            return self
        return super().train(mode)

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)
        except AttributeError:
            if name.startswith("__") or not self._grader.has(self):
                raise
        return self._grader.ask("get", [self, name])

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name != "training" and not isinstance(value, Tensor) and self._grader.has(self):
            self._grader.ask("set", [self, name, value])

    def __deepcopy__(self, memo: dict) -> Any:
        return self._grader.ask("copy", [self])


def stranger(grader: "Grader", node: dict) -> nn.Module:
    """An empty mirror; an instance, too, of the installed class that the learner's class comes from."""
    base = modules.class_at(node["cls"])
    bases = (Mirror,) if base is nn.Module else (Mirror, base)
    facts = {"_grader": grader, "_trains": bool(node["trains"]), "__module__": "__main__"}
    cls = type(str(node["name"])[:200], bases, facts)
    module = cls.__new__(cls)
    nn.Module.__init__(module)
    return module


def must_be(kind: type, value: Any) -> Any:
    """An answer of the type that was asked for.

    Raises:
        WireError: It is of another one.
    """
    if type(value) is not kind:
        raise WireError("an answer that makes no sense")
    return value
