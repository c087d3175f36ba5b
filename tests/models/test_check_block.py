import json
from dataclasses import FrozenInstanceError, asdict

import pytest
import torch
from torch import nn
from ultralytics.nn import modules as stock

from yolo_course import CourseError, blocks, check_block
from yolo_course.models.check_block import CONTRACT

WELL_MADE = {
    "Conv",
    "DWConv",
    "GhostConv",
    "LightConv",
    "RepConv",
    "ConvTranspose",
    "Bottleneck",
    "BottleneckCSP",
    "C1",
    "C2",
    "C2f",
    "C3",
    "C3k2",
    "C3TR",
    "C3Ghost",
    "C2fCIB",
    "RepC3",
    "SPP",
    "SPPF",
    "PSA",
    "C2PSA",
    "C2fPSA",
    "CIB",
    "AConv",
    "ADown",
    "CBAM",
    "ChannelAttention",
    "AIFI",
}


@pytest.mark.parametrize("name", sorted(WELL_MADE))
def test_ultralytics_blocks_keep_the_contract(name):
    report = check_block(getattr(stock, name))
    assert report.ok, report


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("A2C2f", "tiny widths"),  # "Dimension of ABlock must be a multiple of 32"
        ("Focus", "odd sizes"),  # slices of odd maps differ by one
        ("ResNetLayer", "shape"),  # gives 4 * c2
        ("GhostBottleneck", "shape"),  # adds its input whatever the widths
    ],
)
def test_what_ultralytics_blocks_cannot_do_is_found(name, question):
    assert [item.name for item in check_block(getattr(stock, name)).items if item.status == "fail"] == [question]


def test_a_report_is_complete_frozen_and_plain_data():
    report = check_block(stock.Conv, 16, 24, 3, s=2)
    assert report.block == "Conv(16, 24, 3, s=2)"
    assert [item.name for item in report.items] == list(CONTRACT)
    assert all(item.seconds >= 0 for item in report.items)
    assert json.loads(json.dumps(asdict(report)))["items"][0]["status"] == "pass"
    assert len(repr(report).splitlines()) == 1 + len(CONTRACT)
    with pytest.raises(FrozenInstanceError):
        report.items[0].status = "fail"


class Raises(nn.Module):
    def __init__(self, c1, c2):
        raise RuntimeError("out of\nluck")


def test_a_constructor_that_raises_is_one_failure():
    first, *rest = check_block(Raises).items
    assert (first.name, first.status, first.reason) == ("constructor", "fail", "RuntimeError: out of luck")
    assert {(item.status, item.reason) for item in rest} == {("not applicable", "mend constructor first")}


def test_the_caller_s_process_is_left_as_it_was():
    torch.manual_seed(7)
    threads, expected = torch.get_num_threads(), torch.rand(3)
    torch.manual_seed(7)
    check_block(Raises)
    check_block(blocks.ECA)
    assert torch.equal(torch.rand(3), expected)
    assert torch.get_num_threads() == threads
    assert torch.is_grad_enabled()


def test_the_answer_is_the_same_every_time():
    once, twice = ([(item.name, item.status, item.reason) for item in check_block(stock.C2f).items] for _ in range(2))
    assert once == twice


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((nn.Conv2d(1, 1, 1),), "only a class can be checked"),
        ((dict,), "only a class can be checked"),
        ((stock.Conv, 0), "1 or more: found 0"),
        ((stock.Conv, 8, 2.5), "1 or more: found 2.5"),
        ((stock.Concat, [8, -1]), "1 or more: found -1"),
    ],
)
def test_what_cannot_be_checked_is_told_in_words(args, words):
    with pytest.raises(CourseError, match=words):
        check_block(*args)
