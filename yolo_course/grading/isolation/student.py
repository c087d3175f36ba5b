"""The student's end of a check: answers the grader's questions about what the cells have defined.

It runs beside the learner's code, which may change it at will: nothing that it says counts as more than data.
"""

import contextlib
import copy
import importlib
import socket
from typing import Any

import torch
from torch import Tensor

from yolo_course.grading.isolation import errors
from yolo_course.grading.isolation.chance import Chance
from yolo_course.grading.isolation.exchange import Exchange
from yolo_course.grading.isolation.leaves import learning
from yolo_course.grading.isolation.objects import Handle, Objects, is_data
from yolo_course.grading.isolation.shared import Shared
from yolo_course.grading.isolation.values import Encoder
from yolo_course.grading.isolation.wire import WireError

TAPES = 200  # graphs kept for a backward pass
MANY = 20_000  # items of an iterator that cross at most


class Student:
    """Answers questions about one process's objects.

    Args:
        session: The connection.
        names: What the cells have defined.
    """

    def __init__(self, session: socket.socket, names: dict[str, Any]):
        self.names, self.shared, self.chance = names, Shared(), Chance()
        self.objects = Objects(self.ask, self.shared)
        self.learners: list[list] = []  # pairs of a module and the name of a parameter that wants a gradient
        self.tapes: dict[int, tuple[list[Tensor], list[Tensor]]] = {}
        self.exchange = Exchange(
            session, self.objects.write, self.objects.read, self.answer, errors.rebuild, errors.tell, (WireError,)
        )

    def serve(self) -> None:
        """Answer until the check is over or the grader is gone."""
        with contextlib.suppress(WireError):
            self.exchange.serve_until("end")
        self.exchange.until = 0.0  # the learner's code may have kept something of the grader's: it answers no more

    def answer(self, verb: str, told: list) -> list:
        """Answer one question, with what has changed here."""
        value = getattr(self, f"do_{verb}")(*self._up_to_date(told))
        return [value, self.shared.changes(), self.chance.digests()]

    def ask(self, verb: str, payload: Any) -> Any:
        """Ask the grader."""
        return self._up_to_date(self.exchange.ask(verb, [payload, self.shared.changes(), self.chance.digests()]))

    def _up_to_date(self, told: list) -> Any:
        """Take over what has changed at the grader's; return what it says."""
        payload, changes, states = told
        self.shared.take(changes)
        self.chance.take(states)
        return payload

    def do_names(self, wanted: list[str]) -> dict:
        """Which of these names are defined, and as what."""
        return {name: self.names[name] for name in wanted if name in self.names}

    def do_call(
        self,
        call: Any,
        arguments: list,
        named: dict,
        grad: bool,
        learn: list | None,
        dropped: list[int],
        gone: list[int],
    ) -> dict:
        """Call something.

        Args:
            call: What to call.
            arguments: Positional arguments.
            named: Keyword arguments.
            grad: Whether gradients are wanted.
            learn: The parameters that want them, if any are wanted: how many of the last call's, from the first on, and
                who comes after them, as pairs of a module and a name.
            dropped: Tapes that nobody needs any more.
            gone: Numbers of modules that the grader has no more.

        Returns:
            The value, the arguments if the call has changed them (`after`), and `tape`, for a backward pass.
        """
        for tape in dropped:
            self.tapes.pop(tape, None)
        for number in gone:
            self.objects.forget(number)
        if learn is not None:
            stay, more = learn
            self.learners = [*self.learners[:stay], *more]
        learners = self.learners if grad else []  # of this call: what it calls may come back with other ones
        inputs = learning([arguments, named])
        before = self._written([arguments, named])
        with torch.set_grad_enabled(grad):
            value = call(*arguments, **named)
        outputs = learning(value) if grad else []
        inputs += [owner._parameters[name] for owner, name in learners]
        return {
            "value": Handle(value) if type(value) is call and is_data(value) else value,
            "tape": self._record(outputs, inputs) if outputs and inputs else None,
            "after": [arguments, named] if self._written([arguments, named]) != before else None,
        }

    def do_backward(self, tape: int, gradients: list) -> list:
        """Gradients of a call's learning inputs and parameters."""
        outputs, inputs = self.tapes[tape]
        wanted = [each for each in inputs if each.requires_grad]  # the call may have frozen some
        found = iter(torch.autograd.grad(outputs, wanted, gradients, retain_graph=True, allow_unused=True))
        return [next(found) if each.requires_grad else None for each in inputs]

    def do_get(self, thing: Any, name: str) -> Any:
        """An attribute."""
        return getattr(thing, name)

    def do_set(self, thing: Any, name: str, value: Any) -> None:
        """Set an attribute."""
        setattr(thing, name, value)

    def do_item(self, thing: Any, key: Any) -> Any:
        """What stands at a key."""
        return thing[key]

    def do_put(self, thing: Any, key: Any, value: Any) -> None:
        """Put something at a key."""
        thing[key] = value

    def do_length(self, thing: Any) -> int:
        """How many items."""
        return len(thing)

    def do_items(self, thing: Any) -> list:
        """All items of something that can be iterated over."""
        found = []
        for each in thing:
            found.append(each)
            if len(found) > MANY:
                raise ValueError(f"more than {MANY} items")
        return found

    def do_holds(self, thing: Any, item: Any) -> bool:
        """Whether an item is in it."""
        return item in thing

    def do_enter(self, thing: Any) -> Any:
        """Enter a context."""
        return type(thing).__enter__(thing)

    def do_exit(self, thing: Any) -> None:
        """Leave a context."""
        type(thing).__exit__(thing, None, None, None)

    def do_is(self, thing: Any, cls: Any) -> bool:
        """Whether it is an instance of a class."""
        return isinstance(thing, cls)

    def do_train(self, module: Any, mode: bool) -> None:
        """Switch a module's mode as its own class does."""
        module.train(mode)

    def do_copy(self, thing: Any) -> Any:
        """A deep copy."""
        return copy.deepcopy(thing)

    def do_reach(self, path: str) -> Any:
        """Something of an installed package, as it is in this process."""
        module, _, name = path.partition(":")
        found = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
        return Handle(found)

    def _record(self, outputs: list[Tensor], inputs: list[Tensor]) -> int:
        if len(self.tapes) >= TAPES:
            self.tapes.pop(next(iter(self.tapes)))
        number = max(self.tapes, default=-1) + 1
        self.tapes[number] = outputs, inputs
        return number

    def _written(self, value: Any) -> tuple:
        """A value as bytes, to see later whether it was changed."""
        encoder = Encoder(lambda other, encoder: {"t": "same", "v": id(other)})
        return encoder(value), [bytes(each) for each in encoder.buffers]
