import sys

import pytest
import torch
from torch import nn
from ultralytics.nn.modules import Conv

from yolo_course import check_block
from yolo_course.blocks import CSPBlock, ResidualBlock
from yolo_course.models.contract import deployment


class Float32Constant(ResidualBlock):
    def forward(self, x):
        return super().forward(x) + torch.linspace(0, 1, x.shape[3])


class ByWayOfNumpy(ResidualBlock):
    def forward(self, x):
        return super().forward(x) * torch.from_numpy(x.detach().numpy()).mean((1, 2, 3), keepdim=True).sigmoid()


class ConvWithGain(Conv):
    def __init__(self, c1, c2):
        super().__init__(c1, c2, 3)
        self.gain = nn.Parameter(torch.full((c2, 1, 1), 2.0))

    def forward(self, x):
        return super().forward(x) * self.gain


class ReadsItsNorm(ResidualBlock):
    def forward(self, x):
        return super().forward(x) * self.cv1.bn.eps


class LooksAtThePixels(ResidualBlock):
    def forward(self, x):
        return super().forward(x) if x.mean() > 0 else super().forward(-x)


class Median(ResidualBlock):
    def forward(self, x):
        x = super().forward(x)
        return x - x.flatten(2).median(2).values[..., None, None]


@pytest.mark.parametrize(
    ("block", "question", "reason"),
    [
        (Float32Constant, "half precision", "float32 comes out of bfloat16"),
        (ConvWithGain, "fuse", "hold a Conv instead of being one"),
        (ReadsItsNorm, "fuse", "after model.fuse.*: AttributeError"),
        (LooksAtThePixels, "torchscript", "one side of an if"),
        (Median, "onnx", "median"),
    ],
)
def test_what_export_would_do_is_checked(fails, block, question, reason):
    fails(block, question, reason)


class RawTail(nn.Sequential):
    def __init__(self, c1, c2):
        super().__init__(Conv(c1, c2), nn.Conv2d(c2, c2, 1), nn.BatchNorm2d(c2))


class NoNorm(nn.Sequential):
    def __init__(self, c1, c2):
        super().__init__(nn.Conv2d(c1, c2, 1))


@pytest.mark.parametrize(
    ("block", "status", "words"),
    [
        (CSPBlock, "pass", "5 of 5 batch norms folded"),
        (RawTail, "pass", "1 of 2 batch norms folded; 2 stays: only those inside Ultralytics' Conv are"),
        (NoNorm, "not applicable", "no batch norm to fold"),
    ],
)
def test_the_folded_norms_are_counted(block, status, words):
    report = check_block(block)
    assert report.ok, report
    fuse = next(item for item in report.items if item.name == "fuse")
    assert (fuse.status, fuse.reason) == (status, words)


def test_without_onnx_its_question_is_not_put(monkeypatch):
    monkeypatch.setattr(deployment, "find_spec", lambda name: None if name == "onnx" else sys)
    item = check_block(ResidualBlock).items[-1]
    assert (item.status, item.reason) == ("not applicable", "onnx not installed: pip install onnx")
