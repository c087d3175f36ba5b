"""Building blocks of detectors, each `(c1, c2, …)`: channels in, channels out, then what is particular to it.

A block that repeats takes the number of repeats `n` third, which is where Ultralytics' YAML puts it. All
of them take any number of channels (`DualPathDownsample` gives at least 2) and any height and width from 1, and
fold their batch normalisation in `model.fuse()`. Unit 01 builds them step by step.
"""

from yolo_course.blocks.attention import ChannelSpatialAttention
from yolo_course.blocks.csp import CSPBlock
from yolo_course.blocks.downsample import DualPathDownsample
from yolo_course.blocks.eca import ECA
from yolo_course.blocks.inverted_residual import InvertedResidual
from yolo_course.blocks.neck import NeckBlock
from yolo_course.blocks.residual import ResidualBlock
from yolo_course.blocks.resnet import ResNetBottleneck, ResNetStage
from yolo_course.blocks.transformer import TransformerStage

__all__ = [
    "ECA",
    "CSPBlock",
    "ChannelSpatialAttention",
    "DualPathDownsample",
    "InvertedResidual",
    "NeckBlock",
    "ResNetBottleneck",
    "ResNetStage",
    "ResidualBlock",
    "TransformerStage",
]
