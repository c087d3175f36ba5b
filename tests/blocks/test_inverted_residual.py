"""InvertedResidual against torchvision's MobileNetV2, with the same weights."""

import pytest
import torch
from torch import nn
from torchvision.models import mobilenet_v2
from torchvision.models.mobilenetv2 import InvertedResidual as TorchvisionBlock

from yolo_course.blocks import InvertedResidual


@pytest.mark.parametrize(
    ("c1", "c2", "n", "s", "e"), [(8, 8, 1, 1, 6), (8, 12, 1, 2, 6), (8, 12, 3, 2, 4), (8, 8, 2, 1, 1), (5, 7, 2, 1, 3)]
)
@torch.no_grad()
def test_the_weights_of_torchvision_s_blocks_give_their_outputs(c1, c2, n, s, e, monkeypatch):
    monkeypatch.setattr("ultralytics.nn.modules.Conv.default_act", nn.ReLU6())
    rows = [(c1, c2, s, e), *[(c2, c2, 1, e)] * (n - 1)]
    theirs, ours = (
        nn.Sequential(*(TorchvisionBlock(*row) for row in rows)).eval(),
        InvertedResidual(c1, c2, n, s, e).eval(),
    )
    values = zip(ours.state_dict(), theirs.state_dict().values(), strict=True)  # both in the order of the data flow
    ours.load_state_dict(dict(values))
    x = torch.randn(2, c1, 7, 6)
    torch.testing.assert_close(ours(x), theirs(x))


def test_seven_stages_have_the_parameters_of_mobilenet_v2():
    rows = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
    with torch.device("meta"):
        theirs, c1, ours = mobilenet_v2().features[1:18], 32, []
        for e, c2, n, s in rows:
            ours.append(InvertedResidual(c1, c2, n, s, e))
            c1 = c2
    count = sum(p.numel() for stage in ours for p in stage.parameters())
    assert count == sum(p.numel() for p in theirs.parameters())


@pytest.mark.parametrize("n", [1, 2, 4])
def test_repeats_stride_once(n):
    assert InvertedResidual(8, 8, n, 2)(torch.randn(2, 8, 16, 16)).shape == (2, 8, 8, 8)


def test_the_shortcut_is_taken_only_where_shapes_agree():
    assert [block.add for block in InvertedResidual(8, 12, 3, 2)] == [False, True, True]
    assert [block.add for block in InvertedResidual(8, 8, 2, 2)] == [False, True]
    assert [block.add for block in InvertedResidual(8, 8, 2, 1)] == [True, True]
