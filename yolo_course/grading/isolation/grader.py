"""The grader's end of a check: asks the student's process, and answers when it calls back what it was given.

Gradients cross as values cross: a backward pass that arrives at a call's outputs goes on in the sandbox.
"""

import socket
import time
import types
import weakref
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from yolo_course.grading.isolation import alike, errors, modules, things
from yolo_course.grading.isolation.after import change
from yolo_course.grading.isolation.chance import Chance
from yolo_course.grading.isolation.crossing import Crossing, Tape
from yolo_course.grading.isolation.exchange import Exchange
from yolo_course.grading.isolation.leaves import learning, refresh
from yolo_course.grading.isolation.shared import Ref, Shared
from yolo_course.grading.isolation.things import Class, Function, Thing, must_be
from yolo_course.grading.isolation.values import Decoder, Encoder
from yolo_course.grading.isolation.wire import WireError


class Grader:
    """Asks the student's process for the length of one check.

    Args:
        session: The connection.
        seconds: How long everything of one check may take.
        code: Finds the compiled code of a name in the learner's cells, without running it.
    """

    def __init__(self, session: socket.socket, seconds: float, code: Callable[[str], types.CodeType | None]):
        self.exchange = Exchange(session, self.write, self.read, self.answer, errors.rebuild, errors.tell, (WireError,))
        self.exchange.until = time.monotonic() + seconds
        self.code, self.shared, self.chance = code, Shared(), Chance()
        self.things: dict[int, Thing] = {}  # the student's number -> what stands for it here
        self.mirrors: weakref.WeakValueDictionary[int, nn.Module] = (
            weakref.WeakValueDictionary()
        )  # the same for modules
        self.owners: weakref.WeakKeyDictionary[nn.Module, int] = weakref.WeakKeyDictionary()  # mirror -> that number
        self.mirrored: set[int] = set()  # numbers of modules that the student keeps for us
        self.lent: list[Any] = []  # number -> what was given to the student
        self.numbers: dict[int, int] = {}  # id(what was given) -> number
        self.dropped: list[int] = []
        self.learners: list[tuple[nn.Module, str]] = []  # what wanted a gradient at the last call, as it was told

    def end(self) -> None:
        """Say that the check is over.

        Raises:
            WireError: The student's process does not take it as it should.
        """
        try:
            self.exchange.ask("end", None)
        except BaseException as error:
            if isinstance(error, WireError) or not errors.is_theirs(error):
                raise
            raise WireError("an error in place of an end") from error

    def ask(self, verb: str, payload: Any) -> Any:
        """Ask a question; what has changed on either side crosses with it and with the answer."""
        told = self.exchange.ask(verb, [payload, self.shared.changes(), self.chance.changes()])
        if not isinstance(told, list) or len(told) != 3:
            raise WireError("neither a value nor what has changed")
        self.shared.take(told[1])
        self.chance.follow(told[2])
        return told[0]

    def named(self, names: list[str]) -> dict[str, Any]:
        """Those of the names that the learner's cells have defined."""
        found = must_be(dict, self.ask("names", [names]))
        return {name: value for name, value in found.items() if name in names}

    def reach(self, thing: Any) -> Any:
        """A class or function of an installed package, as it is in the student's process.

        Raises:
            TypeError: It is something that a cell has defined, whose name may be another thing there.
        """
        if thing.__module__ == "__main__":
            raise TypeError(f"`{thing.__qualname__}` is of no installed package")
        return self.ask("reach", [f"{thing.__module__}:{thing.__qualname__}"])

    def has(self, module: nn.Module) -> bool:
        """Whether a module mirrors one of the student's."""
        return module in self.owners

    def call(self, thing: Any, arguments: tuple, named: dict) -> Any:
        """Call something of the student's with plain values, modules and functions."""
        grad = torch.is_grad_enabled()
        for module in modules.among((arguments, named)):
            self._share(module)
        learners = self.shared.learning() if grad else []
        inputs = [*learning([list(arguments), named]), *(tensor for *_, tensor in learners)] if grad else []
        learn = self._learners([(owner, name) for owner, name, _ in learners]) if grad else None
        dropped, self.dropped[:] = self.dropped[:], []
        gone = self.mirrored.difference(self.mirrors.keys(), self.things)
        self.mirrored -= gone
        try:
            answer = self.ask("call", [thing, list(arguments), named, grad, learn, dropped, list(gone)])
        except BaseException:
            self.learners = []  # it may not have arrived: the next call tells all of them
            raise
        try:
            return self._taken_in(answer, arguments, named, inputs)
        except (KeyError, TypeError, ValueError, AttributeError, RuntimeError) as error:
            raise WireError("a malformed answer") from error

    def _learners(self, now: list[tuple[nn.Module, str]]) -> list:
        """How many of those of the last call still want a gradient, from the first on, and who comes after them."""
        stay = 0
        for (one, name), (other, its) in zip(self.learners, now, strict=False):
            if one is not other or name != its:
                break
            stay += 1
        self.learners = now
        return [stay, [[Ref(owner), name] for owner, name in now[stay:]]]

    def _taken_in(self, answer: Any, arguments: tuple, named: dict, inputs: list[Tensor]) -> Any:
        value, tape, after = answer["value"], answer["tape"], answer["after"]
        if after is not None:
            change([list(arguments), named], after)
        outputs = learning(value)
        if not outputs:
            return value
        found = [each.detach() for each in outputs]
        if tape is not None and inputs:
            found = Crossing.apply(Tape(self.ask, int(tape), self.dropped), len(found), *found, *inputs)
        return refresh(value, iter(found))

    def answer(self, verb: str, told: Any) -> Any:
        """Serve the student's process: it may call what it was given, nothing else."""
        if verb != "callback":
            raise WireError("no such question")
        (number, arguments, named), changes, drawn = told
        thing = self._lent(number)
        if not callable(thing) or not all(isinstance(name, str) for name in named):
            raise TypeError("this cannot be called")
        self.shared.take(changes)
        self.chance.follow(drawn)
        return [thing(*arguments, **named), self.shared.changes(), self.chance.changes()]

    def write(self, value: Any, encoder: Encoder) -> dict:
        """Write what is no plain value."""
        if isinstance(value, Ref):
            mirror = self.owners.get(value.module)
            return {"t": "both", "here": self._lend(value.module)} if mirror is None else {"t": "both", "there": mirror}
        if isinstance(value, Thing):
            return {"t": "there", "id": vars(value)["_number"]}
        if isinstance(value, Tensor):
            return encoder(value.as_subclass(Tensor))
        if isinstance(value, nn.Module):
            return self._mirrored(value) or modules.describe(value, encoder, self._lend_module, self._mirrored)
        if (told := alike.write(value, encoder)) is not None:
            return told
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

    def _mirrored(self, module: nn.Module) -> dict | None:
        return {"t": "there", "id": self.owners[module]} if self.has(module) else None

    def _lend(self, value: Any) -> int:
        if id(value) not in self.numbers:
            self.numbers[id(value)] = len(self.lent)
            self.lent.append(value)
        return self.numbers[id(value)]

    def _lend_module(self, module: nn.Module) -> int:
        self.shared.add(module)
        return self._lend(module)

    def _share(self, root: nn.Module) -> None:
        """What is about to be lent for the first time: its weights may want a gradient of the very first call."""
        for module in modules.tree(root):
            if module not in self.shared:
                self._lend_module(module)

    def read(self, told: dict, decoder: Decoder) -> Any:
        """Read what is no plain value."""
        kind, number = told["t"], told.get("id")
        if kind == "both":
            return self.mirrors.get(told["there"]) if "there" in told else self._lent(told["here"])
        if kind == "here":
            return self._lent(number)
        if kind == "module":
            return modules.build(told, decoder, self.mirrors.get, self._stranger, self._keep_mirror)
        if kind != "there":
            return alike.read(told, decoder)
        if (mirror := self.mirrors.get(must_be(int, number))) is not None:
            return mirror
        if number not in self.things:
            made = {"class": Class, "function": Function}.get(told["kind"], Thing)
            self.things[number] = made(self, number, str(told["name"])[:200])
        return self.things[number]

    def _lent(self, number: Any) -> Any:
        if must_be(int, number) not in range(len(self.lent)):
            raise WireError("something that was never given")
        return self.lent[number]

    def _stranger(self, node: dict) -> nn.Module:
        return things.stranger(self, node)

    def _keep_mirror(self, number: int, module: nn.Module) -> None:
        self.owners[module] = must_be(int, number)
        self.mirrors[number] = module
        self.mirrored.add(number)
        self.shared.add(module)
