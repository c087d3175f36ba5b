"""The student's process: runs cells, holds what they define, and answers the grader's questions about it.

It is not trusted. Nothing that it says counts as more than data, and no code of the grader depends on its honesty.
"""

import contextlib
import copy
import importlib
import os
import random
import signal
import socket
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from yolo_course.grading.isolation import errors, modules, wire
from yolo_course.grading.isolation.cells import Shell
from yolo_course.grading.isolation.exchange import Exchange
from yolo_course.grading.isolation.leaves import learning
from yolo_course.grading.isolation.namespaces import Limits
from yolo_course.grading.isolation.wire import Decoder, Encoder, WireError

TAPES = 200  # graphs kept for a backward pass
MANY = 20_000  # items of an iterator that cross at most


def work(session: socket.socket, shell: Shell, limits: Limits) -> None:
    """Run the cells that the grader sends, one by one; then a fork serves each check.

    Messages of the grader: `{"run": source}`, answered with what the cell showed; `{"serve": true}`, after which a fork
    of this process serves on the connection until the check is over; `{"end": true}`.
    """
    seed()
    own = Own(session)
    while True:
        message, _ = wire.receive(session, limits.total)
        if "run" in message:
            shown = shell.run(message["run"], limits)
            end_others()
            wire.send(session, shown, [], limits.cell)
        elif "serve" in message:
            child = own.fork()
            if child == 0:
                Student(session, shell.names).serve()
                os._exit(0)
            os.waitpid(child, 0)
            end_others()
        else:
            return


class Own:
    """Keeps the connection from processes that the learner's code forks: they would speak on it, too."""

    def __init__(self, session: socket.socket):
        self.session, self.ours = session, False
        os.register_at_fork(after_in_child=self._hang_up)

    def fork(self) -> int:
        """Fork a process that keeps the connection."""
        self.ours = True
        child = os.fork()
        self.ours = False
        return child

    def _hang_up(self) -> None:
        if not self.ours:
            self.session.close()


def end_others() -> None:
    """Nothing that a cell or a check has started outlives it: kill what is left in these namespaces, and reap it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(-1, signal.SIGKILL)  # all but this process and process 1
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def seed() -> None:
    """Every submission starts from the same random state, not from its parent's."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - the state that learners draw from
    torch.manual_seed(0)


class Callback:
    """Something of the grader's that can be called, or only handed back."""

    def __init__(self, student: "Student", number: int, name: str):
        self._student, self._number, self.__name__ = student, number, name

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call it; the grader runs it."""
        return self._student.exchange.ask("callback", [self._number, list(arguments), named])


class Student:
    """Answers questions about one process's objects.

    Args:
        session: The connection.
        names: What the cells have defined.
    """

    def __init__(self, session: socket.socket, names: dict[str, Any]):
        self.names = names
        self.objects: list[Any] = []  # number -> object; held, so that no id is given twice
        self.numbers: dict[int, int] = {}  # id(object) -> number
        self.given: dict[int, Any] = {}  # the grader's number -> what stands for it here
        self.givers: dict[int, int] = {}  # id(what stands for it) -> the grader's number
        self.tapes: dict[int, tuple[list[Tensor], list[Tensor]]] = {}
        self.synced: dict[tuple[int, str], tuple[int, int]] = {}
        self.exchange = Exchange(session, self.write, self.read, self.answer, errors.rebuild, errors.tell, (WireError,))

    def serve(self) -> None:
        """Answer until the check is over or the grader is gone."""
        with contextlib.suppress(WireError):
            self.exchange.serve_until("end")

    def answer(self, verb: str, payload: Any) -> Any:
        """Answer one question."""
        return getattr(self, f"do_{verb}")(*payload)

    def do_names(self, wanted: list[str]) -> dict:
        """Which of these names are defined, and as what."""
        return {name: self.names[name] for name in wanted if name in self.names}

    def do_call(self, call: Any, arguments: list, named: dict, states: list, facts: dict) -> dict:
        """Call something.

        Args:
            call: What to call.
            arguments: Positional arguments.
            named: Keyword arguments.
            states: For each module that takes part, what the grader has changed in it.
            facts: `rng`, the state of torch's generator; `grad`, whether gradients are wanted; `learn`, the parameters
                that want them, as pairs of a module and a name.

        Returns:
            The value, what the call has changed (`after`: the arguments, `changed`: the weights), and `tape`, for a
            backward pass.
        """
        taking_part = self._apply(states)
        lent = [each for each in modules.among([arguments, named]) if id(each) in self.givers]
        modes = [(owner, owner.training) for module in lent for _, owner in modules.named_owners(module)]
        kept = [
            (owner, name, tensor.detach().clone())
            for each in lent
            for _, owner, name, tensor in modules.named_tensors(each)
        ]
        inputs = learning([arguments, named])
        before = self._written([arguments, named])
        torch.set_rng_state(facts["rng"])
        with torch.set_grad_enabled(facts["grad"]):
            value = call(*arguments, **named)
        outputs = learning(value) if facts["grad"] else []
        learners = inputs + [owner._parameters[name] for owner, name in facts["learn"]]
        return {
            "value": value,
            "tape": self._record(outputs, learners) if outputs and learners else None,
            "after": [arguments, named] if self._written([arguments, named]) != before else None,
            "changed": [each for module in taking_part for each in self._changed(module)] + _differing(kept),
            "modes": [[owner, owner.training] for owner, before in modes if owner.training is not before],
            "rng": torch.get_rng_state(),
        }

    def do_backward(self, tape: int, gradients: list) -> list:
        """Gradients of a call's learning inputs and parameters."""
        outputs, inputs = self.tapes[tape]
        return list(torch.autograd.grad(outputs, inputs, gradients, retain_graph=True, allow_unused=True))

    def do_drop(self, tapes: list[int]) -> None:
        """Forget graphs that nobody needs any more."""
        for tape in tapes:
            self.tapes.pop(tape, None)

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

    def do_text(self, thing: Any) -> str:
        """The representation."""
        return repr(thing)[:2000]

    def do_is(self, thing: Any, cls: Any) -> bool:
        """Whether it is an instance of a class."""
        return isinstance(thing, cls)

    def do_copy(self, thing: Any, states: list) -> Any:
        """A deep copy."""
        self._apply(states)
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
        encoder = Encoder(self._written_other)
        return encoder(value), [bytes(each) for each in encoder.buffers]

    def _written_other(self, value: Any, encoder: Encoder) -> dict:
        return {"t": "same", "v": id(value)}

    def _apply(self, states: list) -> list[nn.Module]:
        """Bring weights and modes up to what the grader has made of them."""
        taking_part = []
        for root, weights, modes in states:
            for owner, kind, name, value, learns in weights:
                if kind == "parameter":
                    owner._parameters[name].data = value
                    owner._parameters[name].requires_grad_(learns)
                else:
                    owner._buffers[name] = value
            for owner, training in modes:
                owner.training = training
            self._note(root)
            taking_part.append(root)
        return taking_part

    def _note(self, root: nn.Module) -> None:
        for _, owner, name, tensor in modules.named_tensors(root):
            self.synced[id(owner), name] = id(tensor), tensor._version

    def _changed(self, root: nn.Module) -> list:
        changed = [
            [owner, name, tensor.detach()]
            for _, owner, name, tensor in modules.named_tensors(root)
            if self.synced.get((id(owner), name)) != (id(tensor), tensor._version)
        ]
        self._note(root)
        return changed

    def number(self, thing: Any) -> int:
        """The number of an object, the same each time."""
        if id(thing) not in self.numbers:
            self.numbers[id(thing)] = len(self.objects)
            self.objects.append(thing)
        return self.numbers[id(thing)]

    def write(self, value: Any, encoder: Encoder) -> dict:
        """Write what is no plain value: as plain data where it is data at heart, by number otherwise."""
        if isinstance(value, Handle):
            return self._handle(value.thing)
        if (giver := self.givers.get(id(value))) is not None:
            return {"t": "here", "id": giver}
        if isinstance(value, nn.Module):
            return self._module(value, encoder)
        if isinstance(value, Tensor):
            with torch._C.DisableTorchFunctionSubclass():
                return encoder(value.as_subclass(Tensor).requires_grad_(value.requires_grad))
        for base, plain in _BASES:
            if isinstance(value, base):
                return encoder(plain(value))
        if isinstance(value, BaseException):
            return {"t": "raised", "v": encoder(errors.tell(value))}
        if (
            isinstance(value, type)
            and (path := modules.path_of(value))
            and issubclass(value, (nn.Module, BaseException, *_PLAIN))
        ):
            return {"t": "class", "v": path}
        return self._handle(value)

    def _handle(self, thing: Any) -> dict:
        kind = "class" if isinstance(thing, type) else "function" if callable(thing) else "object"
        name = str(getattr(thing, "__name__", type(thing).__name__))[:200]
        return {"t": "there", "id": self.number(thing), "kind": kind, "name": name}

    def _module(self, module: nn.Module, encoder: Encoder) -> dict:
        told = modules.describe(module, encoder, self.number)
        self._note(module)
        return told

    def read(self, told: dict, decoder: Decoder) -> Any:
        """Read what is no plain value."""
        kind = told["t"]
        if kind == "there":
            return self.objects[told["id"]]
        if kind == "class":
            return modules.class_at(told["v"])
        if kind == "raised":
            return errors.rebuild(decoder(told["v"]))
        if kind == "module":
            return self._lent_module(told, decoder)
        if told["id"] in self.given:
            return self.given[told["id"]]
        if kind == "local":
            bases = tuple(modules.class_at(path) for path in told["bases"])
            made = type(told["name"], bases, {"__module__": told["module"], "__qualname__": told["qualname"]})
        else:
            made = Callback(self, told["id"], told["name"])
        return self._keep(told["id"], made)

    def _lent_module(self, told: dict, decoder: Decoder) -> nn.Module:
        """A module of the grader's, by value; the second time the same object with what it has become."""
        born: list[tuple[int, nn.Module]] = []
        made = modules.build(told, decoder, _no_stranger, lambda number, module: born.append((number, module)))
        if (known := self.given.get(told["v"]["id"])) is not None:
            known.__dict__.clear()
            known.__dict__.update(made.__dict__)
            born[0] = born[0][0], known
        for number, module in born:
            self._keep(number, module)
        self._note(born[0][1])
        return born[0][1]

    def _keep(self, number: int, made: Any) -> Any:
        self.given[number], self.givers[id(made)] = made, number
        return made


class Handle:
    """Marks something that crosses by number although it could cross by name."""

    def __init__(self, thing: Any):
        self.thing = thing


def _differing(kept: list) -> list:
    """Which weights are not what they were; values are compared, since `tensor.data` changes leave `_version` alone."""
    now = [(owner, name, owner._parameters.get(name, owner._buffers.get(name)), before) for owner, name, before in kept]
    return [
        [owner, name, each.detach()]
        for owner, name, each, before in now
        if each is not None and not _same(each, before)
    ]


def _same(one: Tensor, other: Tensor) -> bool:
    return one.shape == other.shape and one.dtype == other.dtype and torch.equal(one.nan_to_num(), other.nan_to_num())


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
