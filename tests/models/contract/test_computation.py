import pytest
import torch
from torch import nn
from torch.nn.functional import dropout
from ultralytics.nn.modules import Conv

from yolo_course import check_block
from yolo_course.blocks import ResidualBlock


class DropsInEval(ResidualBlock):
    def forward(self, x):
        return dropout(super().forward(x), 0.1)


class Counts(ResidualBlock):
    def __init__(self, c1, c2):
        super().__init__(c1, c2)
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, x):
        self.calls += 1
        return super().forward(x) * self.calls


class WritesOnItsInput(ResidualBlock):
    def forward(self, x):
        x -= x.mean((2, 3), keepdim=True)
        return super().forward(x)


class WritesOnItsInputInTraining(ResidualBlock):
    def forward(self, x):
        return super().forward(x.mul_(0.9) if self.training else x)


class InplaceOnceReloaded(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        self.conv, self.act = Conv(c1, c2, 3, act=False), nn.SiLU()

    def forward(self, x):
        y = self.conv(x)
        return y + self.act(y)


class ActivatesFirst(nn.Sequential):
    def __init__(self, c1, c2):
        super().__init__(nn.ReLU(), Conv(c1, c2))


class Unused(ResidualBlock):
    def __init__(self, c1, c2):
        super().__init__(c1, c2)
        self.old = Conv(c1, c2, 1)


class Detached(ResidualBlock):
    def forward(self, x):
        return super().forward(x.detach())


class CutsOneBranch(ResidualBlock):
    def forward(self, x):
        return self.cv2(self.cv1(x)) + self.shortcut(x).detach()


class AttendsAcrossTheBatch(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        self.conv, self.attention = Conv(c1, c2), nn.MultiheadAttention(c2, 4)  # which reads (sequence, batch, C)

    def forward(self, x):
        x = self.conv(x)
        tokens = x.flatten(2).transpose(1, 2)  # (B, C, H, W) -> (B, H*W, C)
        return self.attention(tokens, tokens, tokens)[0].transpose(1, 2).reshape(x.shape)


class BatchStatistics(ResidualBlock):
    def __init__(self, c1, c2):
        super().__init__(c1, c2)
        self.norm = nn.BatchNorm2d(c2, track_running_stats=False)

    def forward(self, x):
        return self.norm(super().forward(x))


@pytest.mark.parametrize(
    ("block", "question", "reason"),
    [
        (DropsInEval, "determinism", "training=self.training"),
        (Counts, "determinism", "keep no state"),
        (WritesOnItsInput, "input intact", "is overwritten; write y = x"),
        (WritesOnItsInputInTraining, "input intact", "is overwritten; write y = x"),
        (InplaceOnceReloaded, "input intact", "output changes once Ultralytics' loader"),
        (ActivatesFirst, "input intact", "input is overwritten once Ultralytics' loader"),
        (Unused, "gradients", r"old\.conv\.weight"),
        (Detached, "gradients", "reaches input 0$"),
        (CutsOneBranch, "gradients", r"shortcut\.bn\.bias, .*shortcut\.conv\.weight"),
        (AttendsAcrossTheBatch, "batch independence", r"\(sequence, batch, C\)"),
        (BatchStatistics, "batch independence", "statistics over dimension 0"),
    ],
)
def test_what_happens_on_the_way_is_checked(fails, block, question, reason):
    fails(block, question, reason)


class StartsAsIdentity(ResidualBlock):
    """Its branch starts with a gain of zero (ReZero): no gradient passes it before the first step."""

    def __init__(self, c1, c2):
        super().__init__(c1, c2)
        self.gain = nn.Parameter(torch.zeros(()))

    def forward(self, x):
        return self.shortcut(x) + self.gain * self.cv2(self.cv1(x))


class Narrow(ResidualBlock):
    """A hidden layer of one unit, whose ReLU is shut for half of all draws."""

    def __init__(self, c1, c2):
        super().__init__(c1, c2)
        self.gate = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(c2, 1, 1), nn.ReLU(), nn.Conv2d(1, c2, 1))

    def forward(self, x):
        x = super().forward(x)
        return x * self.gate(x).sigmoid()


class BiasBeforeNorm(nn.Sequential):
    """The norm takes the bias away again, so in training mode its gradient is nothing but rounding."""

    def __init__(self, c1, c2):
        super().__init__(nn.Conv2d(c1, c2, 3, padding=1), nn.BatchNorm2d(c2))


@pytest.mark.parametrize("block", [StartsAsIdentity, Narrow, BiasBeforeNorm])
def test_a_gradient_that_is_zero_by_chance_is_no_fault(block):
    report = check_block(block)
    assert report.ok, report
