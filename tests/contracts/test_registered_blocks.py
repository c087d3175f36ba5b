"""Every block of the library, and every name that guides give it, works in a model YAML after `import yolo_course`."""

import pytest
import torch
from torch import nn
from ultralytics.nn import tasks

import yolo_course
from yolo_course import blocks
from yolo_course.registry.register import registered

# name in a YAML -> class, arguments of its row, stride
ROWS = {
    "CSPBlock": (blocks.CSPBlock, [64], 1),
    "CustomCSPBlock": (blocks.CSPBlock, [64, False], 1),
    "ChannelSpatialAttention": (blocks.ChannelSpatialAttention, [64], 1),
    "CustomAttentionBlock": (blocks.ChannelSpatialAttention, [64, 8], 1),
    "ECA": (blocks.ECA, [64], 1),
    "EfficientChannelAttention": (blocks.ECA, [64], 1),
    "ResidualBlock": (blocks.ResidualBlock, [64, 2], 2),
    "CustomResidualBlock": (blocks.ResidualBlock, [64], 1),
    "InvertedResidual": (blocks.InvertedResidual, [64, 2, 4], 2),
    "DualPathDownsample": (blocks.DualPathDownsample, [64], 2),
    "CustomDownsample": (blocks.DualPathDownsample, [64], 2),
    "NeckBlock": (blocks.NeckBlock, [64], 1),
    "CustomNeckBlock": (blocks.NeckBlock, [64], 1),
    "ResNetBottleneck": (blocks.ResNetBottleneck, [64, 2], 2),
    "ResBottleneck": (blocks.ResNetBottleneck, [64], 1),
    "ResNetStage": (blocks.ResNetStage, [64, 2], 2),
    "ResStage": (blocks.ResNetStage, [64], 1),
    "TransformerStage": (blocks.TransformerStage, [64, 4], 1),
}


def test_the_table_is_complete():
    assert {name for name, entry in registered().items() if entry.cls.__module__.startswith("yolo_course.")} == set(
        ROWS
    )
    assert {cls for cls, *_ in ROWS.values()} == {getattr(blocks, name) for name in blocks.__all__}
    assert yolo_course.register is not None


@pytest.mark.parametrize("repeats", [1, 3])
@pytest.mark.parametrize("name", ROWS)
def test_block_builds_from_its_row(name, repeats):
    cls, args, stride = ROWS[name]
    model, _ = tasks.parse_model(
        {
            "nc": 1,
            "scales": {"n": [0.67, 0.25, 1024]},
            "scale": "n",
            "backbone": [[-1, 1, "Conv", [64]], [-1, repeats, name, args]],
            "head": [],
        },
        ch=3,
        verbose=False,
    )
    stacked = "n" in cls.__init__.__annotations__
    layers = [model[1]] if stacked or repeats == 1 else list(model[1])
    assert [type(layer) for layer in layers] == [cls] * (1 if stacked or repeats == 1 else 2)
    with torch.no_grad():
        y = model.eval()(torch.rand(1, 3, 32, 32))
    assert y.shape == (1, 16, *[32 // stride ** len(layers)] * 2)
    if stacked:
        once = cls(16, 16, 1, *args[1:])
        grows = sum(p.numel() for p in nn.Module.parameters(model[1])) > sum(p.numel() for p in once.parameters())
        assert grows == (repeats > 1)
