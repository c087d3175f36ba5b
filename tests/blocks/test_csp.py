"""CSPBlock against Ultralytics' C3, which has the same branches, and where C3 fails."""

import pytest
import torch
from ultralytics.nn.modules import C3

from yolo_course.blocks import CSPBlock


@pytest.mark.parametrize(
    "arguments", [(8, 16), (16, 16, 3), (12, 8, 2, False), (8, 16, 1, True, 4), (8, 16, 1, True, 1, 0.25)]
)
@torch.no_grad()
def test_the_state_of_a_c3_gives_its_outputs(arguments):
    ours, theirs = CSPBlock(*arguments).eval(), C3(*arguments).eval()
    ours.load_state_dict(theirs.state_dict())
    x = torch.randn(2, arguments[0], 6, 5)
    assert torch.equal(ours(x), theirs(x))


@pytest.mark.parametrize(("c2", "e"), [(1, 0.5), (3, 0.3), (9, 0.1)])
def test_a_branch_keeps_a_channel_where_the_share_is_below_one(c2, e):
    block = CSPBlock(4, c2, e=e)
    assert block.cv1.conv.out_channels == 1
    assert block(torch.randn(2, 4, 5, 5)).shape == (2, c2, 5, 5)


def test_shortcut_adds_the_input_of_each_bottleneck():
    assert [step.add for step in CSPBlock(8, 8, 2, True).m] == [True, True]
    assert [step.add for step in CSPBlock(8, 8, 2, False).m] == [False, False]
