"""What a check sees of another process: the two sides of a check, over a real connection, one of them forked."""

import copy
import os
import random
import signal
import socket

import numpy as np
import pytest
import torch
from torch import nn
from ultralytics.cfg import get_cfg

from yolo_course.grading.elsewhere import look_elsewhere, there
from yolo_course.grading.isolation import errors
from yolo_course.grading.isolation.grader import Grader
from yolo_course.grading.isolation.shared import Ref
from yolo_course.grading.isolation.student import Student
from yolo_course.grading.isolation.wire import NoAnswer, WireError

CELL = """
import random

import numpy as np
import torch
from torch import nn

class Owner(nn.Module):
    def __init__(self, part, friend=None):
        super().__init__()
        self.part, self.friends = part, (friend,)
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x):
        return self.part(x) * self.scale

    def with_friend(self, x):
        return self.part(x) + self.friends[0](x)

    def grow(self):
        with torch.no_grad():
            self.scale += 1

    def add(self, name, module):
        setattr(self, name, module)
        return self

class Stubborn(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm2d(2)

    def train(self, mode=True):
        super().train(mode)
        self.norm.eval()
        return self

def double(module):
    module.weight.data.mul_(2)

def freeze(module):
    module.requires_grad_(False)

def back(module):
    return module

def run(module, x):
    return module(x)

kept = Owner(nn.Linear(2, 2))

def mine():
    return kept

def ask(function, x):
    return function(x)

def run_after(function, module, x):
    function(x)
    return module(x)

def clamp(x):
    return x.clamp_(0, 1)

class Shelf(dict):
    def put(self, name):
        self[name] = len(self)
        return self

def draw():
    return random.random(), np.random.rand(), torch.rand(1).item()

def normal():
    return np.random.randn()

def zeros():
    state = torch.get_rng_state()
    state[24:] = 0
    torch.set_rng_state(state)
"""


class Honest:
    """The names of CELL, as a check sees them."""

    def __init__(self, grader):
        self.grader = grader

    def __getattr__(self, name):
        return self.grader.named([name])[name]


@pytest.fixture
def serving():
    """Serve a cell's names in a fork; `change(Student)` may spoil the server first. Gives the grader of one check."""
    children, sockets = [], []

    def start(change=lambda student: None):
        ours, theirs = socket.socketpair()
        child = os.fork()
        if child == 0:
            try:
                ours.close()
                names = {"__name__": "__main__"}
                exec(CELL, names)
                change(Student)
                Student(theirs, names).serve()
            finally:
                os._exit(0)
        theirs.close()
        children.append(child)
        sockets.append(ours)
        return Grader(ours, 20, lambda name: None)

    yield start
    for ours in sockets:
        ours.close()
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


@pytest.fixture
def cell(serving):
    return Honest(serving())


def test_a_module_that_was_lent_stays_itself_inside_of_a_learners(cell):
    part = nn.Linear(2, 2)
    mine = cell.Owner(part)
    assert mine.part is part
    assert cell.back(part) is part
    assert [name for name, _ in mine.named_parameters()] == ["scale", "part.weight", "part.bias"]


def test_what_a_call_changes_in_a_module_that_it_does_not_mention_is_seen(cell):
    mine, friend = cell.Owner(nn.Conv2d(3, 2, 1), nn.BatchNorm2d(3)), nn.BatchNorm2d(3)
    mine = cell.Owner(nn.Conv2d(3, 3, 1), friend)
    before = friend.running_mean.clone()
    mine.with_friend(torch.rand(2, 3, 4, 4) + 5)
    assert not torch.equal(friend.running_mean, before)
    kept = friend.running_mean.clone()
    friend.eval()
    mine.with_friend(torch.rand(2, 3, 4, 4))
    assert torch.equal(friend.running_mean, kept)


def test_a_change_behind_autograds_back_is_seen_on_either_side(cell):
    part, x = nn.Linear(2, 2), torch.rand(3, 2)
    mine = cell.Owner(part)
    before = part.weight.clone()
    cell.double(part)
    assert torch.equal(part.weight, 2 * before)
    part.weight.data.zero_()
    part.bias.data.zero_()
    assert torch.equal(mine(x), torch.zeros(3, 2))
    mine.grow()
    assert mine.scale.item() == 2


def test_gradients_reach_what_was_lent_from_the_first_call_on(cell):
    part, x = nn.Linear(2, 2), torch.rand(3, 2)
    cell.run(part, x).sum().backward()
    assert torch.allclose(part.weight.grad, x.sum(0).expand(2, 2))
    mine, friend = cell.Owner(nn.Linear(2, 2)), nn.Linear(2, 2)
    mine = cell.Owner(part, friend)
    mine(x).sum().backward()
    assert friend.weight.grad is None
    mine.with_friend(x).sum().backward()
    assert friend.weight.grad is not None


def gradients(run, run_after):
    """Of four modules, in turn frozen, thawed and made in the middle of a call."""
    torch.manual_seed(0)
    x, parts = torch.rand(3, 2), [nn.Linear(2, 2) for _ in range(3)]

    def step(*modules):
        for part in parts:
            part.zero_grad()
        sum(run(module, x).square().sum() for module in modules).backward()
        return [part.weight.grad for part in parts]

    found = step(*parts)
    parts[0].requires_grad_(False)
    found += step(*parts)
    parts[2].weight.requires_grad_(False)
    found += step(parts[2], parts[1])
    parts[0].requires_grad_(True)
    found += step(parts[1], parts[0])

    def inner(value):
        parts.insert(0, nn.Linear(2, 2))  # lent while the outer call runs
        parts[1].requires_grad_(False)
        return run(parts[0], value)

    for part in parts:
        part.zero_grad()
    run_after(inner, parts[1], x).sum().backward()
    return [*found, *(part.weight.grad for part in parts)]


def test_gradients_are_those_of_one_process_whoever_comes_and_goes(cell):
    found = gradients(cell.run, cell.run_after)
    names = {}
    exec(CELL, names)
    expected = gradients(names["run"], names["run_after"])
    assert [each is None for each in found] == [each is None for each in expected]
    for one, other in zip(found, expected, strict=True):
        assert one is None or torch.allclose(one, other)


def test_a_call_that_does_not_cross_leaves_the_next_ones_right(cell):
    first, second, x = nn.Linear(2, 2), nn.Linear(2, 2), torch.rand(3, 2)
    cell.run(first, x)
    with pytest.raises(WireError):
        cell.run(second, x.to_sparse())
    cell.run(second, x).sum().backward()
    assert torch.allclose(second.weight.grad, x.sum(0).expand(2, 2))


def test_who_freezes_a_module_freezes_it_here(cell):
    part = nn.Linear(2, 2)
    cell.freeze(part)
    assert not any(each.requires_grad for each in part.parameters())
    assert not cell.run(part, torch.rand(1, 2)).requires_grad


def test_an_optimizer_here_trains_what_computes_there(cell):
    part, x = nn.Linear(2, 1), torch.rand(8, 2)
    mine = cell.Owner(part)
    optimizer = torch.optim.SGD(mine.parameters(), 0.1)
    losses = []
    for _ in range(5):
        optimizer.zero_grad()
        loss = ((mine(x) - 3) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0] / 2


def test_a_module_that_comes_again_is_the_same_with_what_has_become_of_it(cell):
    mine = cell.Owner(nn.Identity())
    scale = mine.scale
    assert mine.add("more", nn.Linear(1, 1)) is mine
    assert mine.scale is scale
    assert isinstance(mine.more, nn.Linear)


def test_a_module_that_is_gone_here_is_gone_there_and_may_come_again(serving):
    def held(student):
        return len(student.objects.numbers), len(student.shared.modules)

    grader = serving(lambda student: setattr(student, "do_held", held))
    cell = Honest(grader)
    cell.clamp(torch.ones(1))
    before = grader.ask("held", [])
    first = cell.mine()
    assert grader.ask("held", []) == tuple(number + add for number, add in zip(before, (3, 2), strict=True))
    del first
    cell.clamp(torch.ones(1))
    assert grader.ask("held", []) == (before[0] + 1, before[1])  # `mine` is a function: it stays

    again, x = cell.mine(), torch.rand(3, 2)
    with torch.no_grad():
        again.scale.fill_(3)
    torch.testing.assert_close(cell.run(again, x), 3 * again.part(x))
    again.grow()
    assert again.scale.item() == 4


def test_a_container_of_ours_may_hold_modules_of_theirs(cell):
    mine = cell.Owner(nn.Identity())
    both, x = nn.Sequential(mine, nn.Linear(2, 2)), torch.rand(3, 2)
    with torch.no_grad():
        assert torch.equal(cell.run(both, x), both(x))
    assert cell.back(both) is both


def test_a_class_that_overrides_train_is_heard(cell):
    mine = cell.Stubborn().train()
    assert mine.training
    assert not mine.norm.training


def test_modes_cross_both_ways(cell):
    part = nn.Dropout(0.5)
    mine = cell.Owner(part).eval()
    x = torch.ones(50, 50)
    assert torch.equal(mine(x), x)
    part.train()
    assert not torch.equal(mine(x), x)


def test_a_copy_is_another_module(cell):
    mine = cell.Owner(nn.Linear(2, 2))
    other = copy.deepcopy(mine)
    mine.grow()
    assert other.scale.item() == 1
    assert other.part is not mine.part
    assert torch.equal(other.part.weight, mine.part.weight)


def test_a_callback_sees_what_has_changed_meanwhile(cell):
    mine = cell.Owner(nn.Identity())
    assert cell.ask(lambda x: mine.grow() or mine.scale.item(), 0) == 2


def test_ultralytics_settings_cross_as_plain_values(cell):
    model = nn.Linear(1, 1)
    model.args = get_cfg(overrides={"box": 3.5})
    assert cell.ask(lambda value: value, model.args).box == 3.5
    assert cell.back(model).args.box == 3.5


def test_what_cannot_be_written_to_here_cannot_there(cell):
    with pytest.raises(RuntimeError, match="more than one element"):
        cell.clamp(torch.rand(1, 3).expand(4, 3))
    x = torch.tensor([-1.0, 2.0])
    cell.clamp(x)
    assert x.tolist() == [0, 1]


def test_what_a_class_makes_is_an_object_even_if_it_is_data_at_heart(cell):
    shelf = cell.Shelf()
    assert shelf.put("a") == {"a": 0}
    assert "a" in shelf
    assert len(shelf) == 1


def test_the_learners_code_draws_on_from_where_the_check_stands(cell):
    random.seed(4)
    np.random.seed(4)  # noqa: NPY002
    torch.manual_seed(4)
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()  # noqa: NPY002
    found = cell.draw()
    random.setstate(states[0])
    np.random.set_state(states[1])  # noqa: NPY002
    torch.set_rng_state(states[2])
    assert found == (random.random(), np.random.rand(), torch.rand(1).item())  # noqa: NPY002


def test_the_second_number_of_numpys_pairs_is_not_drawn_twice(cell):
    normal = np.random.randn
    np.random.seed(0)  # noqa: NPY002
    expected = [normal() for _ in range(3)]
    np.random.seed(0)  # noqa: NPY002
    cell.clamp(torch.ones(1))
    assert normal() == expected[0]
    cell.clamp(torch.ones(1))  # the learner's process has the second one in store now
    assert normal() == expected[1]
    assert cell.normal() == expected[2]


def test_that_it_drew_is_seen_and_what_comes_next_is_not_its_choice(cell):
    random.seed(4)
    before, here = random.getstate(), torch.get_rng_state()
    cell.zeros()
    assert random.getstate() == before
    assert not torch.equal(torch.get_rng_state(), here)
    assert len(torch.rand(100).unique()) > 90
    cell.draw()
    assert random.getstate() != before


def test_there_reaches_installed_packages_only(cell):
    def of_a_cell():
        return 1

    of_a_cell.__module__ = "__main__"
    with look_elsewhere(cell.grader.reach):
        assert there(type)(cell.Shelf()).__name__ == "Shelf"
        with pytest.raises(TypeError, match="of no installed package"):
            there(of_a_cell)
    assert there(of_a_cell) is of_a_cell


def lying(changes):
    """A server that says this of shared modules with each answer."""

    def change(student):
        honest = student.answer

        def answer(self, verb, told):
            value, (weights, modes), drawn = honest(self, verb, told)
            return [value, [weights + changes(self), modes], drawn]

        student.answer = answer

    return change


def test_a_change_of_what_was_never_lent_is_not_heard(serving):
    oracle = nn.Linear(2, 2)
    before = oracle.weight.clone()

    def changes(self):
        self.stranger = nn.Linear(2, 2)
        self.objects.givers[id(self.stranger)] = 0  # the first thing that was lent: a method, no module
        claim = [Ref(self.stranger), "parameter", "weight", torch.zeros(2, 2), True]
        return [claim] if self.objects.given else []

    cell = Honest(serving(lying(changes)))
    assert cell.ask(oracle.forward, torch.ones(1, 2)) is not None
    assert torch.equal(oracle.weight, before)


@pytest.mark.parametrize("value", ["text", [1], nn.Linear(1, 1), {"a": 1}], ids=["text", "list", "module", "dict"])
def test_a_change_into_nonsense_ends_the_check(serving, value):
    def changes(self):
        return [[Ref(each), "parameter", "weight", value, True] for each in self.shared.modules.values()]

    cell = Honest(serving(lying(changes)))
    with pytest.raises(WireError):
        cell.back(nn.Linear(2, 2))


def test_what_was_kept_of_one_check_cannot_speak_in_the_next():
    ours, theirs = socket.socketpair()
    with theirs:
        student = Student(theirs, {})
        ours.close()
        student.serve()
        with pytest.raises(NoAnswer, match="in time"):
            student.ask("callback", [0, [], {}])


def test_an_error_in_place_of_an_end_is_a_dead_session(serving):
    def change(student):
        def serve(self):
            self.exchange._receive()
            self.exchange._send(["error", None], errors.tell(SystemExit(0)))

        student.serve = serve

    with pytest.raises(WireError, match="in place of an end"):
        serving(change).end()


def test_a_forged_verdict_is_an_error_like_any_other(serving):
    from yolo_course.grading.checks import CheckFailed

    def change(student):
        def answer(self, verb, told):
            raise CheckFailed.__new__(CheckFailed, "passed")

        student.answer = answer

    with pytest.raises(CheckFailed) as raised:
        serving(change).named(["Owner"])
    assert errors.is_theirs(raised.value)
