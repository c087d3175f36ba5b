"""A row becomes constructor arguments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from yolo_course.registry.rules import RULES, Found

HEAD = {"reg_max": 16, "end2end": None}


class Detector(nn.Module):
    def __init__(self, nc, reg_max, end2end, ch): ...


class Classifier(nn.Module):
    def __init__(self, nc, ch): ...


@pytest.mark.parametrize(
    ("rule", "cls", "args", "expected"),
    [
        ("scaled", nn.Module, [64, 3, 2], [8, 16, 3, 2]),
        ("stacked", nn.Module, [64, True], [8, 16, 5, True]),
        ("same", nn.Module, [7], [8, 7]),
        ("fused", nn.Module, [64, 7], [[8, 24], 16, 7]),
        ("head", Detector, [80], [80, 16, None, [8, 24]]),
        ("head", Classifier, [80], [80, [8, 24]]),
    ],
)
def test_arguments(rule, cls, args, expected):
    inputs = [8, 24] if RULES[rule].several else [8]
    assert RULES[rule].arguments(Found(cls, inputs, c2=16, n=5, args=args, head=HEAD)) == expected


@given(st.lists(st.integers(), min_size=1, max_size=5), st.integers(1, 9))
def test_what_follows_the_width_is_passed_on(args, n):
    found = Found(nn.Module, [8], c2=16, n=n, args=args, head=HEAD)
    for rule in ("scaled", "stacked", "fused"):
        built = RULES[rule].arguments(found)
        assert built[len(built) - len(args) + 1 :] == args[1:]
        assert built[1] == 16
    assert found.args == args
