"""ResidualBlock against torchvision's BasicBlock with the same weights."""

import pytest
import torch
from torch import nn
from torchvision.models.resnet import BasicBlock, conv1x1

from yolo_course.blocks import ResidualBlock

NAMES = {
    "conv1": "cv1.conv", "bn1": "cv1.bn", "conv2": "cv2.conv", "bn2": "cv2.bn",
    "downsample.0": "shortcut.conv", "downsample.1": "shortcut.bn",
}  # fmt: skip


@pytest.mark.parametrize(("c1", "c2", "s"), [(8, 8, 1), (8, 16, 1), (8, 8, 2), (6, 9, 2)])
@torch.no_grad()
def test_the_weights_of_torchvision_s_block_give_its_outputs(c1, c2, s):
    changes = s != 1 or c1 != c2
    project = nn.Sequential(conv1x1(c1, c2, s), nn.BatchNorm2d(c2)) if changes else None
    theirs = BasicBlock(c1, c2, s, project).eval()
    theirs.relu = nn.SiLU()
    ours = ResidualBlock(c1, c2, s).eval()
    state = theirs.state_dict()
    ours.load_state_dict(
        {key.replace(old, new): v for old, new in NAMES.items() for key, v in state.items() if key.startswith(old)}
    )
    x = torch.randn(2, c1, 7, 6)
    torch.testing.assert_close(ours(x), theirs(x))


def test_the_shortcut_is_free_where_the_shape_stays():
    assert not list(ResidualBlock(8, 8).shortcut.parameters())
