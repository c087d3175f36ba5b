"""What every block of the library promises, checked over all of them from one table."""

import copy
import io
import pickle
import warnings

import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn
from ultralytics.nn.modules import Conv
from ultralytics.nn.tasks import BaseModel
from ultralytics.utils.torch_utils import initialize_weights

from yolo_course import blocks
from yolo_course.errors import CourseError

# name -> (constructor over (c1, c2), its stride); every block stands here at its defaults and at its limits
TABLE = {
    "CSPBlock": (blocks.CSPBlock, 1),
    "CSPBlock(n=2, shortcut=False)": (lambda c1, c2: blocks.CSPBlock(c1, c2, 2, False), 1),
    "CSPBlock(n=0)": (lambda c1, c2: blocks.CSPBlock(c1, c2, 0), 1),
    "CSPBlock(e=0.1)": (lambda c1, c2: blocks.CSPBlock(c1, c2, e=0.1), 1),
    "NeckBlock": (blocks.NeckBlock, 1),
    "NeckBlock(n=2)": (lambda c1, c2: blocks.NeckBlock(c1, c2, 2), 1),
    "ChannelSpatialAttention": (blocks.ChannelSpatialAttention, 1),
    "ChannelSpatialAttention(k=3)": (lambda c1, c2: blocks.ChannelSpatialAttention(c1, c2, 4, 3), 1),
    "ECA": (lambda c1, c2: blocks.ECA(c1, c1), 1),
    "ResidualBlock": (blocks.ResidualBlock, 1),
    "ResidualBlock(s=2)": (lambda c1, c2: blocks.ResidualBlock(c1, c2, 2), 2),
    "InvertedResidual": (blocks.InvertedResidual, 1),
    "InvertedResidual(n=3, s=2)": (lambda c1, c2: blocks.InvertedResidual(c1, c2, 3, 2), 2),
    "InvertedResidual(e=1)": (lambda c1, c2: blocks.InvertedResidual(c1, c2, 2, 1, 1), 1),
    "DualPathDownsample": (lambda c1, c2: blocks.DualPathDownsample(c1, max(c2, 2)), 2),
    "ResNetBottleneck": (blocks.ResNetBottleneck, 1),
    "ResNetBottleneck(s=2)": (lambda c1, c2: blocks.ResNetBottleneck(c1, c2, 2), 2),
    "ResNetStage": (blocks.ResNetStage, 1),
    "ResNetStage(n=3, s=2)": (lambda c1, c2: blocks.ResNetStage(c1, c2, 3, 2), 2),
    "TransformerStage": (blocks.TransformerStage, 1),
    "TransformerStage(n=2, heads=3)": (lambda c1, c2: blocks.TransformerStage(c1, c2, 2, 3), 1),
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
        block = TABLE[name][0](c1, c2).eval()
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


def image(c=8, height=8, width=8, batch=2, seed=0):
    return torch.randn(batch, c, height, width, generator=torch.Generator().manual_seed(seed))


def test_the_table_has_every_public_block():
    assert {name.partition("(")[0] for name in TABLE} == set(blocks.__all__)


@every_block
@pytest.mark.parametrize(("c1", "c2"), [(8, 16), (16, 16), (5, 7), (7, 5), (1, 1), (3, 1), (1, 3), (32, 65)])
@pytest.mark.parametrize(("height", "width"), [(8, 8), (7, 5), (2, 3), (1, 1)])
@torch.no_grad()
def test_any_width_and_any_size_give_the_promised_shape(name, c1, c2, height, width):
    stride = TABLE[name][1]
    c2 = c1 if name == "ECA" else max(c2, 2) if name == "DualPathDownsample" else c2
    found = make(name, c1, c2)(image(c1, height, width))
    assert found.shape == (2, c2, -(-height // stride), -(-width // stride))
    assert found.isfinite().all()
    assert found.is_contiguous()


@every_block
def test_a_gradient_reaches_every_parameter_and_the_input(name):
    block, x = make(name).train(), image().requires_grad_()
    y = block(x)
    (y * torch.randn(y.shape, generator=torch.Generator().manual_seed(1))).sum().backward()
    for label, tensor in (("input", x), *block.named_parameters()):
        assert tensor.grad is not None, label
        assert tensor.grad.isfinite().all(), label
        assert tensor.grad.any(), label


@every_block
@torch.no_grad()
def test_images_of_a_batch_do_not_see_each_other(name):
    block, x = make(name), image(batch=3)
    other = torch.cat((x[:1], torch.zeros_like(x[1:])))
    torch.testing.assert_close(block(other)[0], block(x)[0])
    torch.testing.assert_close(torch.cat([block(part) for part in x.split(1)]), block(x))


@every_block
@torch.no_grad()
def test_evaluation_is_deterministic(name):
    block, x = make(name), image()
    assert torch.equal(block(x), block(x))


@every_block
def test_the_input_is_left_alone_also_with_ultralytics_inplace_activations(name):
    block, x = make(name).train(), image()
    initialize_weights(block)  # sets inplace=True on every activation, as building a model does
    before = x.clone()
    block(x).sum().backward()
    assert torch.equal(x, before)


@every_block
@torch.no_grad()
def test_copies_and_pickles_compute_the_same_and_share_nothing(name):
    block, x = make(name), image()
    expected = block(x)
    for twin in (copy.deepcopy(block), pickle.loads(pickle.dumps(block))):
        assert torch.equal(twin(x), expected)
        for parameter in twin.parameters():
            parameter.zero_()
    assert torch.equal(block(x), expected)


@every_block
@torch.no_grad()
def test_bfloat16_stays_near_float32(name):
    block, x = make(name), image()
    expected = block(x)
    found = block.bfloat16()(x.bfloat16())
    assert found.dtype == torch.bfloat16
    assert (found.float() - expected).abs().max() < 0.05 * expected.abs().max()


@every_block
@torch.no_grad()
def test_fuse_folds_every_batch_norm(name):
    block, x = make(name), image()
    expected = block(x)
    model = BaseModel()
    model.model = nn.Sequential(block)
    model.info = lambda **_: None  # counts the FLOPs of a whole detector
    model.fuse()
    assert not [label for label, module in block.named_modules() if isinstance(module, nn.BatchNorm2d)]
    torch.testing.assert_close(block(x), expected, rtol=1e-4, atol=1e-5)


@every_block
@torch.no_grad()
def test_attributes_that_ultralytics_overwrites_are_free(name):
    block, x = make(name), image()
    expected = block(x)
    own = {*vars(block), *dict(block.named_children()), *dict(block.named_parameters()), *dict(block.named_buffers())}
    for attribute in ("i", "f", "type", "np"):
        assert attribute not in own
        setattr(block, attribute, -1)
    assert torch.equal(block(x), expected)


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
