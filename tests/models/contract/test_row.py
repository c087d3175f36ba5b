import pytest
from torch import nn
from ultralytics.nn.modules import C2f, Conv, HGBlock, SpatialAttention

from yolo_course import blocks, check_block
from yolo_course.blocks import ResidualBlock


class StrideOfEveryRepeat(nn.Sequential):
    def __init__(self, c1, c2, n=1):
        super().__init__(*(Conv(c2 if i else c1, c2, 3, 2) for i in range(n)))


class WidthLast(ResidualBlock):
    def __init__(self, c1, k, c2):
        super().__init__(c1, c2)


class OneScaleOnly(nn.Sequential):
    def __init__(self, c1, c2):
        super().__init__(Conv(32, 64, 3))


class NamedOnly(ResidualBlock):
    def __init__(self, c1, c2, *, s):
        super().__init__(c1, c2, s)


class TakesAModule(nn.Sequential):
    def __init__(self, c1, c2, act):
        super().__init__(Conv(c1, c2), act)


@pytest.mark.parametrize(
    ("block", "reason", "args", "kwargs"),
    [
        (StrideOfEveryRepeat, r"n=1 gives \(64, 4, 4\), n=2 gives \(64, 2, 2\)", (), {}),
        (WidthLast, "c2 is argument 3", (3,), {}),
        (OneScaleOnly, "to have 32 channels, but got 48", (), {}),
        (NamedOnly, "s is taken by name only", (), {"s": 1}),
        (TakesAModule, r"cannot write the argument Tanh\(\)", (nn.Tanh(),), {}),
        (SpatialAttention, "takes no c1", (), {}),
    ],
)
def test_what_no_row_can_build_is_found(fails, block, reason, args, kwargs):
    fails(block, "yaml row", reason, 32, 64, *args, **kwargs)


@pytest.mark.parametrize(
    ("block", "args", "words"),
    [
        (blocks.ResidualBlock, (), '@register(rule="scaled"), [-1, 1, ResidualBlock, [c2, …]]'),
        (blocks.ResidualBlock, (2,), '@register(rule="scaled"), [-1, 1, ResidualBlock, [c2, …]], stride 2'),
        (blocks.CSPBlock, (2,), '@register(rule="stacked"), [-1, n, CSPBlock, [c2, …]]'),
        (nn.InstanceNorm2d, (), '@register(rule="same"), [-1, 1, InstanceNorm2d, […]]'),
        (nn.Conv2d, (1,), '@register(rule="scaled"), [-1, 1, Conv2d, [c2, …]]'),
        (C2f, (), "Ultralytics' own: its parser knows the name"),
        (HGBlock, (16,), "Ultralytics' own: its parser knows the name"),
    ],
)
def test_the_rule_and_the_row_are_told(block, args, words):
    report = check_block(block, 32, 64, *args)
    assert {item.name: item.reason for item in report.items}["yaml row"] == words


def test_repeats_may_be_given_by_name():
    report = check_block(blocks.CSPBlock, n=3)
    assert report.ok, report
    assert report.block == "CSPBlock(32, 64, n=3)"
