"""What has become of a shared module's weights is seen however it came about, and what is as it was is not told."""

import pytest
import torch
from torch import nn

from yolo_course.grading.isolation.shared import Shared


class Odd(nn.Module):
    """Weights of all kinds: in a row, not in a row, of complex numbers, without numbers, none at all."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.arange(6.0).reshape(2, 3))
        self.across = nn.Parameter(torch.arange(6.0).reshape(2, 3).t())
        self.square = nn.Parameter(torch.tensor([[1.0, float("nan")], [3.0, 4.0]]))
        self.register_buffer("whole", torch.tensor(3))
        self.register_buffer("turned", torch.tensor([1 + 2j, 3j]))
        self.register_buffer("empty", torch.zeros(0, 4))
        self.register_buffer("missing", None)
        self.register_buffer("unreal", torch.empty(3, device="meta"))


def swap(parameter, value):
    parameter.data = value


CHANGES = {
    "in place": ("weight", lambda m: m.weight.data.fill_(1)),
    "one bit": ("weight", lambda m: m.weight.data.view(torch.int32)[0, 1].bitwise_xor_(1)),
    "another shape": ("weight", lambda m: swap(m.weight, torch.arange(6.0).reshape(3, 2))),
    "another type": ("weight", lambda m: swap(m.weight, m.weight.data.double())),
    "the same bytes as another type": ("whole", lambda m: setattr(m, "whole", torch.tensor(3).view(torch.float64))),
    "turned around": ("square", lambda m: swap(m.square, m.square.data.t())),
    "not in a row": ("across", lambda m: m.across.data[0].add_(1)),
    "NaN is a number now": ("square", lambda m: m.square.data.nan_to_num_(7)),
    "complex": ("turned", lambda m: m.turned.mul_(2)),
    "numbers in place of none": ("unreal", lambda m: setattr(m, "unreal", torch.zeros(3))),
    "a buffer more": ("missing", lambda m: setattr(m, "missing", torch.ones(1))),
    "a buffer less": ("whole", lambda m: setattr(m, "whole", None)),
    "no gradient": ("weight", lambda m: m.weight.requires_grad_(False)),
}


@pytest.fixture
def shared():
    module, made = Odd(), Shared()
    made.add(module)
    return module, made


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_told_once(shared, change):
    module, both = shared
    name, act = CHANGES[change]
    with torch.no_grad():
        act(module)
    ((weights, modes),) = [both.changes()]
    assert [(ref.module, told) for ref, _, told, *_ in weights] == [(module, name)]
    assert modes == []
    assert both.changes() == [[], []]


def test_what_is_as_it_was_is_not_told(shared):
    module, both = shared
    module.load_state_dict(module.state_dict())
    module.weight.data = module.weight.data.clone()
    module.across.data = module.across.data.clone()
    assert both.changes() == [[], []]


def test_the_mode_is_told(shared):
    module, both = shared
    module.eval()
    weights, ((ref, training),) = both.changes()
    assert (weights, ref.module, training) == ([], module, False)
