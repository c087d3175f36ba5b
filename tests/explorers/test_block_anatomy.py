"""The block anatomy: its numbers against PyTorch's own FLOP counter and parameter lists, its pictures, its pace."""

import statistics
import time
from xml.etree import ElementTree

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode
from ultralytics.nn.modules import Conv

from yolo_course import blocks
from yolo_course.explorers.block_anatomy import anatomy, block_anatomy

every_block = pytest.mark.parametrize("name", blocks.__all__)


def make(name: str, c1: int, c2: int) -> torch.nn.Module:
    return getattr(blocks, name)(c1, c1 if name == "ECA" else c2)


@every_block
@pytest.mark.parametrize(("c1", "c2", "side"), [(16, 16, 8), (12, 20, 7), (20, 12, 9)])
def test_flops_and_parameters_add_up_to_what_torch_counts(name, c1, c2, side):
    block = make(name, c1, c2).eval()
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        block(torch.zeros(1, c1, side, side))
    layers = anatomy(block, (c1, side, side))
    assert sum(layer.flops for layer in layers) == counter.get_total_flops()
    assert sum(layer.parameters for layer in layers) == sum(each.numel() for each in block.parameters())


@every_block
def test_the_meta_device_gives_the_same_as_a_real_run(name):
    real, meta = make(name, 12, 20), make(name, 12, 20).to("meta")
    assert anatomy(meta, (12, 9, 9)) == anatomy(real, (12, 9, 9))


def test_a_convolution_by_hand():
    (layer,) = anatomy(Conv(16, 32, 3, 2), (16, 41, 40))
    assert (layer.kind, layer.shape) == ("3×3 /2", (32, 21, 20))
    assert layer.parameters == 16 * 32 * 9 + 2 * 32
    assert layer.flops == 2 * 16 * 32 * 9 * 21 * 20


@pytest.mark.parametrize("training", [True, False])
def test_the_block_is_left_as_it_was(training):
    block = blocks.CSPBlock(8, 8).train(training)
    before = {name: value.clone() for name, value in block.state_dict().items()}
    anatomy(block, (8, 6, 6))
    assert block.training is training
    assert not any(module._forward_hooks for module in block.modules())
    assert all(torch.equal(value, before[name]) for name, value in block.state_dict().items())


@pytest.mark.parametrize("name", ["Conv 3×3", *blocks.__all__])
def test_every_block_is_drawn_and_told(name):
    explorer = block_anatomy()
    before = explorer.image.value
    explorer.controls["block"].value = name
    explorer.controls["c1"].value, explorer.controls["c2"].value = 8, 256
    assert ElementTree.fromstring(explorer.image.value).tag.endswith("svg")
    assert explorer.image.value != before
    assert name in explorer.sentence.value


def test_the_sentence_says_the_numbers_of_the_block():
    explorer = block_anatomy()
    count = sum(each.numel() for each in blocks.CSPBlock(64, 64).parameters())
    assert f"(64, 40, 40) → (64, 40, 40), {count:,} parameters" in explorer.sentence.value
    explorer.controls["block"].value = "DualPathDownsample"
    explorer.controls["side"].value = 13
    assert "(64, 13, 13) → (64, 7, 7)" in explorer.sentence.value


def test_a_move_is_drawn_in_time_to_follow_the_hand():
    explorer, seconds = block_anatomy(), []
    for control, value in [
        ("c1", 8),
        ("c1", 16),
        ("c1", 32),
        ("c2", 8),
        ("c2", 16),
        ("c2", 32),
        ("side", 20),
        ("n", 2),
    ]:
        begun = time.process_time()
        explorer.controls[control].value = value
        seconds.append(time.process_time() - begun)
    assert statistics.median(seconds) < 0.15
