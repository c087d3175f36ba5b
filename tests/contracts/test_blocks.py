"""What every block of the library promises, checked over all of them from one table."""

import io
import warnings

import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn
from ultralytics.nn.modules import Conv

from yolo_course import blocks, check_block
from yolo_course.errors import CourseError

# name -> (class, arguments after the widths, stride); every block stands here at its defaults and at its limits
TABLE = {
    "CSPBlock": (blocks.CSPBlock, {}, 1),
    "CSPBlock(n=2, shortcut=False)": (blocks.CSPBlock, {"n": 2, "shortcut": False}, 1),
    "CSPBlock(n=0)": (blocks.CSPBlock, {"n": 0}, 1),
    "CSPBlock(e=0.1)": (blocks.CSPBlock, {"e": 0.1}, 1),
    "NeckBlock": (blocks.NeckBlock, {}, 1),
    "NeckBlock(n=2)": (blocks.NeckBlock, {"n": 2}, 1),
    "ChannelSpatialAttention": (blocks.ChannelSpatialAttention, {}, 1),
    "ChannelSpatialAttention(k=3)": (blocks.ChannelSpatialAttention, {"reduction": 4, "k": 3}, 1),
    "ECA": (blocks.ECA, {}, 1),
    "ResidualBlock": (blocks.ResidualBlock, {}, 1),
    "ResidualBlock(s=2)": (blocks.ResidualBlock, {"s": 2}, 2),
    "InvertedResidual": (blocks.InvertedResidual, {}, 1),
    "InvertedResidual(n=3, s=2)": (blocks.InvertedResidual, {"n": 3, "s": 2}, 2),
    "InvertedResidual(e=1)": (blocks.InvertedResidual, {"n": 2, "e": 1}, 1),
    "DualPathDownsample": (blocks.DualPathDownsample, {}, 2),
    "ResNetBottleneck": (blocks.ResNetBottleneck, {}, 1),
    "ResNetBottleneck(s=2)": (blocks.ResNetBottleneck, {"s": 2}, 2),
    "ResNetStage": (blocks.ResNetStage, {}, 1),
    "ResNetStage(n=3, s=2)": (blocks.ResNetStage, {"n": 3, "s": 2}, 2),
    "TransformerStage": (blocks.TransformerStage, {}, 1),
    "TransformerStage(n=2, heads=3)": (blocks.TransformerStage, {"n": 2, "heads": 3}, 1),
}
every_block = pytest.mark.parametrize("name", TABLE)


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Maps this small take many times longer on threads that wait for each other than on one."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def make(name, c1=8, c2=16, seed=0):
    """Build a block in eval mode whose batch norms carry statistics of their own, as after training."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        cls, arguments, _ = TABLE[name]
        block = cls(c1, width_out(name, c1, c2), **arguments).eval()
        for module in block.modules():
            if isinstance(module, nn.BatchNorm2d):
                for values, low, high in (
                    (module.running_mean, -0.5, 0.5),
                    (module.running_var, 0.5, 1.5),
                    (module.weight.data, 0.5, 1.5),
                    (module.bias.data, -0.5, 0.5),
                ):
                    values.uniform_(low, high)
    return block


def width_out(name, c1, c2):
    """The nearest width that the block can give."""
    return c1 if name == "ECA" else max(c2, 2) if name == "DualPathDownsample" else c2


def image(c=8, height=8, width=8, batch=2, seed=0):
    return torch.randn(batch, c, height, width, generator=torch.Generator().manual_seed(seed))


def test_the_table_has_every_public_block():
    assert {name.partition("(")[0] for name in TABLE} == set(blocks.__all__)


@every_block
@pytest.mark.parametrize(("c1", "c2"), [(8, 16), (16, 16), (5, 7), (7, 5), (1, 1), (3, 1), (1, 3), (32, 65)])
@pytest.mark.parametrize(("height", "width"), [(8, 8), (7, 5), (2, 3), (1, 1)])
@torch.no_grad()
def test_any_width_and_any_size_give_the_promised_shape(name, c1, c2, height, width):
    stride = TABLE[name][2]
    found = make(name, c1, c2)(image(c1, height, width))
    assert found.shape == (2, width_out(name, c1, c2), -(-height // stride), -(-width // stride))
    assert found.isfinite().all()
    assert found.is_contiguous()


@every_block
@pytest.mark.parametrize(("c1", "c2"), [(32, 64), (16, 16)])
def test_check_block_finds_nothing(name, c1, c2):
    cls, arguments, _ = TABLE[name]
    report = check_block(cls, c1, c2, **arguments)
    assert report.ok, report
    reasons = {item.name: item.reason for item in report.items}
    assert reasons["tiny widths"].startswith(f"down to {width_out(name, 1, 1)} channel")
    assert "stays" not in reasons["fuse"]


@every_block
def test_the_activation_of_a_model_yaml_is_followed(name, monkeypatch):
    monkeypatch.setattr(Conv, "default_act", nn.Hardswish())
    assert not [label for label, module in make(name).named_modules() if isinstance(module, nn.SiLU)]


@every_block
@pytest.mark.parametrize("compiled_by", ["trace", "script"])
@torch.no_grad()
def test_torchscript_computes_the_same_at_other_sizes_too(name, compiled_by):
    block = make(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiled = torch.jit.trace(block, image()) if compiled_by == "trace" else torch.jit.script(block)
    for x in (image(), image(height=7, width=5, batch=1, seed=1)):
        torch.testing.assert_close(compiled(x), block(x))


@every_block
@torch.no_grad()
def test_onnx_computes_the_same_at_other_sizes_too(name):
    block, file = make(name), io.BytesIO()
    axes = {0: "batch", 2: "height", 3: "width"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            block,
            image(),
            file,
            dynamo=False,
            input_names=["x"],
            output_names=["y"],
            dynamic_axes={"x": axes, "y": axes},
        )
    options = onnxruntime.SessionOptions()
    options.log_severity_level, options.intra_op_num_threads = 3, 1
    session = onnxruntime.InferenceSession(file.getvalue(), options, providers=["CPUExecutionProvider"])
    for x in (image(), image(height=7, width=5, batch=1, seed=1), image(height=1, width=1)):
        (found,) = session.run(None, {"x": x.numpy()})
        np.testing.assert_allclose(found, block(x).numpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: blocks.ECA(8, 16), "expected 8, found 16"),
        (lambda: blocks.ChannelSpatialAttention(8, 8, k=4), "odd"),
        (lambda: blocks.ChannelSpatialAttention(8, 8, reduction=0), "reduction"),
        (lambda: blocks.DualPathDownsample(8, 1), "c2 of 2"),
        (lambda: blocks.TransformerStage(8, 8, heads=0), "heads"),
    ],
)
def test_mistakes_are_told_in_words(call, words):
    with pytest.raises(CourseError, match=words):
        call()
