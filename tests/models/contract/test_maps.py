import pytest
import torch
from torch import nn
from torch.nn.functional import max_pool2d
from ultralytics.nn.modules import C2PSA, Conv, ConvTranspose, GhostBottleneck

from yolo_course import check_block
from yolo_course.blocks import ECA, ResidualBlock


class Unbuildable(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        self.conv = Conv(c1, c3, 1)  # noqa: F821


class CountsTheMiddle(nn.Sequential):
    """c2 is the width of the middle, as in torchvision's bottleneck; 4 * c2 come out."""

    def __init__(self, c1, c2):
        super().__init__(Conv(c1, c2, 1), Conv(c2, c2 * 4, 1))


class SkipsAnyway(ResidualBlock):
    def forward(self, x):
        return x + super().forward(x)


class Unpadded(nn.Sequential):
    def __init__(self, c1, c2):
        super().__init__(nn.Conv2d(c1, c2, 3))


class Transposes(ResidualBlock):
    def forward(self, x):
        return super().forward(x).transpose(2, 3)


class GivesTwo(ResidualBlock):
    def forward(self, x):
        return super().forward(x), x


class Doubles(ResidualBlock):
    def forward(self, x):
        return super().forward(x).double()


class LogOfNegatives(ResidualBlock):
    def forward(self, x):
        return super().forward(x).log()


class RoundsBothWays(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        self.cv1, self.cv2 = Conv(c1, c2, 3, 2), Conv(c1, c2, 1)

    def forward(self, x):
        return self.cv1(x) + self.cv2(max_pool2d(x, 2))


class Squeezed(ResidualBlock):
    def __init__(self, c1, c2):
        super().__init__(c1, c2)
        self.gate = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(c2, c2 // 16, 1), nn.Conv2d(c2 // 16, c2, 1))

    def forward(self, x):
        x = super().forward(x)
        return x * self.gate(x).sigmoid()


class Preserving(nn.Module):
    """Keeps its width because it has no c2; a second width would be read as the kernel."""

    def __init__(self, channels, kernel_size=3):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, kernel_size, padding=kernel_size // 2)

    def forward(self, x):
        return x * self.conv(x).sigmoid()


@pytest.mark.parametrize(
    ("block", "question", "reason"),
    [
        (Unbuildable, "constructor", "NameError: name 'c3' is not defined"),
        (CountsTheMiddle, "shape", "256 channels come out, 64 were asked for"),
        (SkipsAnyway, "shape", "must match"),
        (Unpadded, "shape", "32×48 becomes 30×46"),
        (Transposes, "shape", "32×48 becomes 48×32"),
        (GivesTwo, "shape", "forward returns a tuple"),
        (Doubles, "dtype", "float64 comes out of float32"),
        (LogOfNegatives, "dtype", "infinities or NaN"),
        (RoundsBothWays, "odd sizes", "at 11×5"),
        (Squeezed, "tiny widths", "at 8 channels: .* is empty; keep at least one channel"),
    ],
)
def test_what_comes_out_is_checked(fails, block, question, reason):
    fails(block, question, reason)


@pytest.mark.parametrize(
    ("block", "args", "words"),
    [
        (Conv, (3,), "32×32×48 -> 64×32×48, stride 1"),
        (Conv, (3, 2), "32×32×48 -> 64×16×24, stride 2"),
        (Conv, (8, 8, 0), "32×32×48 -> 64×4×6, stride 8"),
        (ConvTranspose, (), "32×32×48 -> 64×64×96, enlarges 2 times"),
        (Preserving, (), "32×32×48 -> 32×32×48, stride 1"),
        (ECA, (), "32×32×48 -> 32×32×48, stride 1"),
    ],
)
def test_the_shape_is_told(block, args, words):
    report = check_block(block, 32, 64, *args)
    assert report.ok, report
    assert {item.name: item.reason for item in report.items}["shape"] == words


@pytest.mark.parametrize("block", [ECA, C2PSA, Preserving])
def test_a_block_that_keeps_its_width_is_checked_with_it(block):
    constructor = check_block(block).items[0]
    assert (constructor.status, constructor.reason) == ("pass", "it keeps its width: 64 is not asked for")


def test_a_block_called_with_equal_widths_is_asked_for_no_others():
    report = check_block(GhostBottleneck, 64, 64)  # adds its input whatever the widths
    assert report.ok, report


def test_the_narrowest_width_is_told():
    reasons = {item.name: item.reason for item in check_block(Conv, 32, 64, 3, 1, 1, 4).items}
    assert reasons["tiny widths"].startswith("down to 4 channels; at 3: ValueError: in_channels must be divisible")


class Fuse(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        self.convs = nn.ModuleList(Conv(c, c2, 1) for c in c1)

    def forward(self, x):
        return torch.stack([conv(map_) for conv, map_ in zip(self.convs, x, strict=True)]).sum(0)


def test_several_maps_go_in():
    report = check_block(Fuse, [16, 24], 32)
    assert report.ok, report
    assert report.block == "Fuse([16, 24], 32)"
    reasons = {item.name: item.reason for item in report.items}
    assert reasons["shape"] == "16×32×48 + 24×32×48 -> 32×32×48, stride 1"
    assert reasons["yaml row"] == '@register(rule="fused"), [[a, b], 1, Fuse, [c2, …]]'
