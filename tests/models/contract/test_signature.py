import pytest
import torchvision
from torch import nn
from ultralytics.nn import modules as stock

from yolo_course import blocks
from yolo_course.models.contract.signature import place_of_c2, place_of_repeats, takes_c1


@pytest.mark.parametrize(
    ("cls", "c1", "c2", "n"),
    [
        (nn.Conv2d, True, 1, None),
        (nn.Identity, True, 1, None),
        (nn.BatchNorm2d, True, None, None),
        (nn.Upsample, False, None, None),
        (stock.Conv, True, 1, None),
        (stock.C2f, True, 1, 2),
        (stock.Bottleneck, True, 1, None),
        (stock.CBAM, True, None, None),
        (stock.AIFI, True, None, None),
        (stock.HGBlock, True, 2, None),
        (stock.SpatialAttention, False, None, None),
        (stock.Concat, False, None, None),
        (torchvision.models.resnet.BasicBlock, True, 1, None),
        (torchvision.models.mobilenetv2.InvertedResidual, True, 1, None),
        (blocks.ECA, True, 1, None),
        (blocks.TransformerStage, True, 1, 2),
    ],
)
def test_widths_are_found_by_name(cls, c1, c2, n):
    assert (takes_c1(cls), place_of_c2(cls), place_of_repeats(cls)) == (c1, c2, n)
