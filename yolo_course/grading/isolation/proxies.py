"""What a check cell holds instead of the learner's functions, classes and modules: names for things in the sandbox.

A call crosses as plain values and comes back as plain values. A module comes back as a mirror: its weights and layers
of installed classes are real ones here, what is the learner's own runs there. Gradients cross back as values cross.
"""

import socket
import time
import types
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from yolo_course.grading.isolation import errors, modules
from yolo_course.grading.isolation.after import change
from yolo_course.grading.isolation.crossing import Crossing, Tape
from yolo_course.grading.isolation.exchange import Exchange
from yolo_course.grading.isolation.leaves import learning, refresh
from yolo_course.grading.isolation.wire import Decoder, Encoder, WireError


class Grader:
    """The grader's end of a session: asks the student's process, and answers when it calls back.

    Args:
        session: The connection.
        seconds: How long everything of one check may take.
        code: Finds the compiled code of a name in the learner's cells, without running it.
    """

    def __init__(self, session: socket.socket, seconds: float, code: Callable[[str], types.CodeType | None]):
        self.exchange = Exchange(session, self.write, self.read, self.answer, errors.rebuild, errors.tell, (WireError,))
        self.exchange.until = time.monotonic() + seconds
        self.code = code
        self.things: dict[int, Any] = {}  # the student's number -> what stands for it here
        self.lent: list[Any] = []  # number -> what was given to the student
        self.numbers: dict[int, int] = {}  # id(what was given) -> number
        self.owners: weakref.WeakKeyDictionary[nn.Module, int] = weakref.WeakKeyDictionary()
        self.synced: dict[tuple[int, str], tuple] = {}
        self.modes: dict[int, bool] = {}
        self.dropped: list[int] = []

    def end(self) -> None:
        """Say that the check is over."""
        self.exchange.ask("end", None)

    def named(self, names: list[str]) -> dict[str, Any]:
        """Those of the names that the learner's cells have defined."""
        found = self.exchange.ask("names", [names])
        if not isinstance(found, dict):
            raise WireError("names were asked for")
        return {name: value for name, value in found.items() if name in names}

    def reach(self, thing: Any) -> Any:
        """A class or function of an installed package, as it is in the student's process."""
        return self.exchange.ask("reach", [f"{thing.__module__}:{thing.__qualname__}"])

    def call(self, thing: Any, arguments: tuple, named: dict) -> Any:
        """Call something of the student's with plain values, modules and functions."""
        taking_part = [each for each in (thing, *modules.among((arguments, named))) if isinstance(each, nn.Module)]
        taking_part = [each for each in taking_part if each in self.owners]
        grad = torch.is_grad_enabled()
        learners = [
            (owner, name, tensor)
            for module in taking_part
            for _, owner, name, tensor in modules.named_tensors(module)
            if grad and tensor.requires_grad and owner in self.owners
        ]
        inputs = [*learning([list(arguments), named]), *(tensor for *_, tensor in learners)] if grad else []
        facts = {
            "rng": torch.get_rng_state(),
            "grad": grad,
            "learn": [[_Number(self.owners[owner]), name] for owner, name, _ in learners],
        }
        self._drop()
        states = [self._state(module) for module in taking_part]
        answer = self.exchange.ask("call", [self._as_number(thing), list(arguments), named, states, facts])
        return self._taken_in(answer, arguments, named, inputs)

    def _taken_in(self, answer: Any, arguments: tuple, named: dict, inputs: list[Tensor]) -> Any:
        try:
            value, tape, after = answer["value"], answer["tape"], answer["after"]
            torch.set_rng_state(answer["rng"])
            for owner, name, tensor in answer["changed"]:
                self._take_over(owner, name, tensor)
            for owner, training in answer["modes"]:
                owner.training = bool(training)
            if after is not None:
                change([list(arguments), named], after)
            outputs = learning(value)
            if not outputs:
                return value
            if tape is None or not inputs:
                return refresh(value, (each.detach() for each in outputs))
            joined = Crossing.apply(
                Tape(self.exchange, int(tape), self.dropped),
                len(outputs),
                *(each.detach() for each in outputs),
                *inputs,
            )
            return refresh(value, iter(joined))
        except (KeyError, TypeError, ValueError, AttributeError, RuntimeError) as error:
            raise WireError("a malformed answer") from error

    def copy(self, module: nn.Module) -> Any:
        """A deep copy of a mirrored module."""
        return self.exchange.ask("copy", [self._as_number(module), [self._state(module)]])

    def answer(self, verb: str, payload: Any) -> Any:
        """Serve the student's process: it may call what it was given, nothing else."""
        if verb != "callback":
            raise WireError("no such question")
        number, arguments, named = payload
        thing = self.lent[number] if type(number) is int and 0 <= number < len(self.lent) else None
        if not callable(thing) or not all(isinstance(name, str) for name in named):
            raise TypeError("this cannot be called")
        return thing(*arguments, **named)

    def write(self, value: Any, encoder: Encoder) -> dict:
        """Write what is no plain value."""
        if isinstance(value, _Number):
            return {"t": "there", "id": value.number}
        if isinstance(value, Thing):
            return {"t": "there", "id": vars(value)["_number"]}
        if isinstance(value, nn.Module) and value in self.owners:
            return {"t": "there", "id": self.owners[value]}
        if isinstance(value, Tensor):
            return encoder(value.as_subclass(Tensor))
        if isinstance(value, BaseException):
            return {"t": "raised", "v": encoder(errors.tell(value))}
        if isinstance(value, nn.Module):
            return modules.describe(value, encoder, self._lend)
        number = self._lend(value)
        if isinstance(value, type):
            return self._class(value, number)
        return {"t": "thing", "id": number, "name": str(getattr(value, "__name__", type(value).__name__))}

    def _class(self, cls: type, number: int) -> dict:
        if path := modules.path_of(cls):
            return {"t": "class", "v": path}
        bases = [path for base in cls.__bases__ if (path := modules.path_of(base)) and base is not object]
        names = {"name": cls.__name__, "module": cls.__module__, "qualname": cls.__qualname__}
        return {"t": "local", "id": number, "bases": bases, **names}

    def _lend(self, value: Any) -> int:
        if id(value) not in self.numbers:
            self.numbers[id(value)] = len(self.lent)
            self.lent.append(value)
        return self.numbers[id(value)]

    def read(self, told: dict, decoder: Decoder) -> Any:
        """Read what is no plain value."""
        kind, number = told["t"], told.get("id")
        if kind == "here":
            return self.lent[number] if type(number) is int and 0 <= number < len(self.lent) else _nonsense()
        if kind == "class":
            return modules.class_at(told["v"])
        if kind == "raised":
            return errors.rebuild(decoder(told["v"]))
        if kind == "module":
            return self._mirror(told, decoder)
        if kind != "there" or type(number) is not int:
            _nonsense()
        if number not in self.things:
            made = {"class": Class, "function": Function, "object": Thing}.get(told["kind"], Thing)
            self.things[number] = made(self, number, str(told["name"])[:200])
        return self.things[number]

    def _mirror(self, told: dict, decoder: Decoder) -> nn.Module:
        fresh: list[tuple[int, nn.Module]] = []
        made = modules.build(
            told, decoder, lambda node: _stranger(self, node), lambda number, module: fresh.append((number, module))
        )
        number = told["v"].get("id")
        if number in self.things and isinstance(self.things[number], nn.Module):
            return self.things[number]
        for number, module in fresh:
            if type(number) is not int:
                _nonsense()
            self.owners[module] = number
            self.things[number] = module
            self.modes[number] = module.training
        self._note(made)
        return made

    def _as_number(self, thing: Any) -> Any:
        return _Number(self.owners[thing]) if isinstance(thing, nn.Module) and thing in self.owners else thing

    def _state(self, root: nn.Module) -> list:
        """What has changed here since both sides last had the same."""
        weights, modes = [], []
        for _, owner in modules.named_owners(root):
            if (number := self.owners.get(owner)) is not None and self.modes.get(number) is not owner.training:
                self.modes[number] = owner.training
                modes.append([_Number(number), owner.training])
        for _, owner, name, tensor in modules.named_tensors(root):
            if (number := self.owners.get(owner)) is not None and self.synced.get((number, name)) != _mark(tensor):
                kind = "parameter" if name in owner._parameters else "buffer"
                weights.append([_Number(number), kind, name, tensor.detach(), tensor.requires_grad])
        self._note(root)
        return [_Number(self.owners[root]), weights, modes]

    def _note(self, root: nn.Module) -> None:
        for _, owner, name, tensor in modules.named_tensors(root):
            if (number := self.owners.get(owner)) is not None:
                self.synced[number, name] = _mark(tensor)

    def _take_over(self, owner: Any, name: str, tensor: Tensor) -> None:
        kept = owner._parameters if name in owner._parameters else owner._buffers
        mine = kept[name]
        with torch.no_grad():
            if mine is not None and mine.shape == tensor.shape and mine.dtype == tensor.dtype:
                mine.copy_(tensor)
            elif mine is not None:
                mine.data = tensor
        if owner in self.owners:
            self.synced[self.owners[owner], name] = _mark(mine)

    def _drop(self) -> None:
        if self.dropped:
            dropped, self.dropped = self.dropped, []
            self.exchange.ask("drop", [dropped])


class Thing:
    """An object of the student's process. It has no truth value and equals nothing: ask for plain values."""

    def __init__(self, grader: Grader, number: int, name: str):
        vars(self).update(_grader=grader, _number=number, __name__=name)

    def _ask(self, verb: str, *payload: Any) -> Any:
        return vars(self)["_grader"].exchange.ask(verb, [self, *payload])

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__") and name not in ("__len__",):
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
        return _as(int, self._ask("length"))

    def __iter__(self) -> Iterator[Any]:
        return iter(_as(list, self._ask("items")))

    def __contains__(self, item: Any) -> bool:
        return _as(bool, self._ask("holds", item))

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
        owners = vars(self)["_grader"].owners
        crossing = isinstance(thing, Thing) or (isinstance(thing, nn.Module) and thing in owners)
        return crossing and _as(bool, vars(self)["_grader"].exchange.ask("is", [thing, self]))


class Mirror(nn.Module):
    """A module whose class is the learner's own: what it computes, it computes there."""

    _grader: Grader

    def forward(self, *arguments: Any, **named: Any) -> Any:
        """Run the learner's module with these weights."""
        return self._grader.call(self, arguments, named)

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)
        except AttributeError:
            if name.startswith("__") or self not in self._grader.owners:
                raise
        return self._grader.exchange.ask("get", [self, name])

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name != "training" and not isinstance(value, (Tensor, nn.Module)) and self in self._grader.owners:
            self._grader.exchange.ask("set", [self, name, value])

    def __deepcopy__(self, memo: dict) -> Any:
        return self._grader.copy(self)


def _stranger(grader: Grader, node: dict) -> nn.Module:
    """An empty mirror; an instance, too, of the installed class that the learner's class comes from."""
    base = modules.class_at(node["cls"])
    bases = (Mirror,) if base is nn.Module else (Mirror, base)
    cls = type(str(node["name"])[:200], bases, {"_grader": grader, "__module__": "__main__"})
    module = cls.__new__(cls)
    nn.Module.__init__(module)
    return module


class _Number:
    """Stands in a message for an object of the student's."""

    def __init__(self, number: int):
        self.number = number


def _mark(tensor: Tensor) -> tuple:
    """Changes whenever the tensor does."""
    return id(tensor), tensor._version, tensor.dtype, tensor.requires_grad, tensor.data_ptr()


def _as(kind: type, value: Any) -> Any:
    return value if type(value) is kind else _nonsense()


def _nonsense() -> Any:
    raise WireError("an answer that makes no sense")
