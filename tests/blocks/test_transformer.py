"""TransformerStage against PyTorch's own encoder layer on the flattened map."""

import pytest
import torch
from torch import nn
from ultralytics.nn.modules import Conv

from yolo_course.blocks import TransformerStage


def torch_layer(layer, c, heads, hidden):
    """Build PyTorch's pre-norm encoder layer with the weights of ours."""
    theirs = nn.TransformerEncoderLayer(c, heads, hidden, 0.0, "gelu", batch_first=True, norm_first=True)
    names = {
        "self_attn.in_proj_": "qkv.", "self_attn.out_proj.": "out.", "linear1.": "mlp.0.", "linear2.": "mlp.2.",
        "norm1.": "norm1.", "norm2.": "norm2.",
    }  # fmt: skip
    state = layer.state_dict()
    theirs.load_state_dict({old + end: state[new + end] for old, new in names.items() for end in ("weight", "bias")})
    return theirs


@pytest.mark.parametrize(("c", "n", "heads", "e"), [(16, 1, 8, 4), (12, 2, 3, 2), (7, 1, 1, 4), (1, 1, 1, 4)])
@torch.no_grad()
def test_output_agrees_with_pytorch_s_encoder_on_the_tokens(c, n, heads, e):
    stage, x = TransformerStage(c, c, n, heads, e).eval(), torch.randn(2, c, 5, 4)
    tokens = (x + stage.position(x)).flatten(2).permute(0, 2, 1)  # (B, c, H, W) -> (B, H*W, c)
    for layer in stage.layers:
        tokens = torch_layer(layer, c, heads, int(c * e)).train()(tokens)  # train: the plain path; dropout is 0
    expected = stage.norm(tokens).permute(0, 2, 1).unflatten(2, (5, 4))
    torch.testing.assert_close(stage(x), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("c2", "asked", "taken"), [(64, 8, 8), (12, 8, 6), (65, 8, 5), (7, 8, 7), (13, 8, 1), (1, 8, 1), (64, 1, 1)]
)
def test_heads_are_the_largest_number_that_divides_the_width(c2, asked, taken):
    assert TransformerStage(4, c2, heads=asked).layers[0].heads == taken


@torch.no_grad()
def test_every_place_looks_at_every_other_place_of_its_own_image():
    stage, x = TransformerStage(8, 8).eval(), torch.randn(2, 8, 9, 9)
    changed = x.clone()
    changed[0, :, 0, 0] += 1
    difference = (stage(changed) - stage(x)).abs().amax(1)  # (B, H, W)
    assert (difference[0] > 0).all()
    assert not difference[1].any()


@torch.no_grad()
def test_only_the_positions_tell_places_apart():
    stage, x = TransformerStage(8, 8).eval(), torch.randn(1, 8, 6, 6)
    assert not torch.allclose(stage(x.flip(3)).flip(3), stage(x), atol=1e-4)
    stage.position.conv.weight.zero_()
    torch.testing.assert_close(stage(x.flip(3)).flip(3), stage(x))


def test_gradients_are_right_for_a_single_image():
    """On the CPU torch 2.15 gets batch norm's gradient wrong at batch 1 if it arrives as a transposed token map."""
    torch.manual_seed(0)
    block = nn.Sequential(Conv(2, 4), TransformerStage(4, 4, heads=2)).double()
    x = torch.randn(1, 2, 5, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(block, x, eps=1e-6, atol=1e-4)
