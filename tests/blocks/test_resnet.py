"""ResNetBottleneck and ResNetStage against torchvision's, with the same weights."""

import pytest
import torch
from torch import nn
from torchvision.models import resnet50
from torchvision.models.resnet import Bottleneck, conv1x1

from yolo_course.blocks import ResNetBottleneck, ResNetStage

NAMES = {
    "conv1": "cv1.conv", "bn1": "cv1.bn", "conv2": "cv2.conv", "bn2": "cv2.bn", "conv3": "cv3.conv", "bn3": "cv3.bn",
    "downsample.0": "shortcut.conv", "downsample.1": "shortcut.bn",
}  # fmt: skip


def torchvision_block(c1, c2, s):
    changes = s != 1 or c1 != c2
    project = nn.Sequential(conv1x1(c1, c2, s), nn.BatchNorm2d(c2)) if changes else None
    block = Bottleneck(c1, c2 // 4, s, project)
    block.relu = nn.SiLU()
    return block.eval()


def renamed(state):
    return {key.replace(old, new): v for old, new in NAMES.items() for key, v in state.items() if old in key}


@pytest.mark.parametrize(("c1", "c2", "s"), [(8, 8, 1), (8, 16, 1), (8, 8, 2), (6, 12, 2)])
@torch.no_grad()
def test_the_weights_of_torchvision_s_bottleneck_give_its_outputs(c1, c2, s):
    theirs, ours = torchvision_block(c1, c2, s), ResNetBottleneck(c1, c2, s).eval()
    ours.load_state_dict(renamed(theirs.state_dict()))
    x = torch.randn(2, c1, 7, 6)
    torch.testing.assert_close(ours(x), theirs(x))


@pytest.mark.parametrize(("n", "s"), [(1, 1), (3, 2)])
@torch.no_grad()
def test_a_stage_strides_and_widens_once(n, s):
    theirs = nn.Sequential(torchvision_block(8, 16, s), *(torchvision_block(16, 16, 1) for _ in range(n - 1)))
    ours = ResNetStage(8, 16, n, s).eval()
    ours.load_state_dict(renamed(theirs.state_dict()))
    x = torch.randn(2, 8, 7, 6)
    torch.testing.assert_close(ours(x), theirs(x))


def test_four_stages_have_the_parameters_of_resnet50():
    with torch.device("meta"):
        theirs = resnet50()
        rows = [(64, 256, 3, 1), (256, 512, 4, 2), (512, 1024, 6, 2), (1024, 2048, 3, 2)]
        stages = [ResNetStage(*row) for row in rows]
    for ours, layer in zip(stages, (theirs.layer1, theirs.layer2, theirs.layer3, theirs.layer4), strict=True):
        assert sum(p.numel() for p in ours.parameters()) == sum(p.numel() for p in layer.parameters())


def test_the_middle_keeps_a_channel():
    assert ResNetBottleneck(4, 3).cv2.conv.out_channels == 1
