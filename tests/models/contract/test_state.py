from functools import partial
from threading import Lock

import pytest
import torch
from torch import nn
from ultralytics.nn.modules import Conv

from yolo_course import check_block
from yolo_course.blocks import ResidualBlock


class PlainList(ResidualBlock):
    def __init__(self, c1, c2):
        super().__init__(c1, c2)
        self.more = [Conv(c2, c2, 1), Conv(c2, c2, 1)]

    def forward(self, x):
        return self.more[1](self.more[0](super().forward(x)))


class PlainTensor(ResidualBlock):
    def __init__(self, c1, c2):
        super().__init__(c1, c2)
        self.gain = torch.full((c2, 1, 1), 0.5)

    def forward(self, x):
        return super().forward(x) * self.gain


class NestedParameter(ResidualBlock):
    def __init__(self, c1, c2):
        super().__init__(c1, c2)
        self.gains = {"last": (nn.Parameter(torch.ones(())),)}

    def forward(self, x):
        return super().forward(x) * self.gains["last"][0]


class OverwrittenName(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        self.f = Conv(c1, c2, 1)

    def forward(self, x):
        return self.f(x)


class OverwrittenProperty(ResidualBlock):
    @property
    def np(self):
        return 0


class Lambda(ResidualBlock):
    def __init__(self, c1, c2):
        super().__init__(c1, c2)
        self.last = lambda x: x.tanh()

    def forward(self, x):
        return self.last(super().forward(x))


class PartialLocal(ResidualBlock):
    def __init__(self, c1, c2):
        super().__init__(c1, c2)

        def scale(x, by):
            return x * by

        self.last = partial(scale, by=2)

    def forward(self, x):
        return self.last(super().forward(x))


class Hooked(ResidualBlock):
    def __init__(self, c1, c2):
        super().__init__(c1, c2)
        self.cv1.register_forward_hook(lambda module, args, out: None)


class KeepsItsMap(ResidualBlock):
    def forward(self, x):
        self.last = super().forward(x)
        return self.last


class SharesItself(ResidualBlock):
    def __deepcopy__(self, memo):
        return self


class HoldsALock(ResidualBlock):
    def __init__(self, c1, c2):
        super().__init__(c1, c2)
        self.lock = Lock()


class HoldsAnIterator(ResidualBlock):
    """Copies well, as its copy is built anew, but cannot be pickled."""

    def __init__(self, c1, c2):
        super().__init__(c1, c2)
        self.widths, self.calls = (c1, c2), (call for call in range(9))

    def __deepcopy__(self, memo):
        twin = type(self)(*self.widths)
        twin.load_state_dict(self.state_dict())
        return twin


def local_class():
    class Local(ResidualBlock):
        pass

    return Local


def notebook_class():
    return type("Cell", (ResidualBlock,), {"__module__": "__main__"})


@pytest.mark.parametrize(
    ("block", "question", "reason"),
    [
        (PlainList, "registered", "^more holds a Conv .* nn.ModuleList"),
        (PlainTensor, "registered", "^gain holds a Tensor .* register_buffer"),
        (NestedParameter, "registered", "^gains holds a Parameter .* nn.ParameterList"),
        (OverwrittenName, "reserved names", "^f: Ultralytics overwrites i, f, type, np"),
        (OverwrittenProperty, "reserved names", "^np: "),
        (Lambda, "no lambdas", "^last is .*<lambda>"),
        (PartialLocal, "no lambdas", "^last is .*<locals>.scale"),
        (Hooked, "no lambdas", "^cv1._forward_hooks is .*<lambda>"),
        (KeepsItsMap, "deep copy", "keep no activations on self"),
        (SharesItself, "deep copy", "shares its parameters"),
        (HoldsALock, "deep copy", "cannot pickle '_thread.lock' object$"),
        (HoldsAnIterator, "pickling", "cannot pickle 'generator' object"),
        (local_class(), "pickling", "<locals>.Local cannot be imported"),
        (notebook_class(), "pickling", "__main__, .*Can't get attribute 'Cell'"),
    ],
)
def test_what_a_block_holds_is_checked(fails, block, question, reason):
    fails(block, question, reason)


class SameModuleTwice(ResidualBlock):
    """A second way to a module that is registered already."""

    def __init__(self, c1, c2):
        super().__init__(c1, c2)
        self.order = [self.cv1, self.cv2]
        self.named = {"norm": torch.nn.functional.silu}


def test_a_second_name_for_a_registered_module_is_no_fault():
    report = check_block(SameModuleTwice)
    assert report.ok, report
