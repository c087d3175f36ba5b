"""Which classes the grader builds because a submission says so: none that opens, loads or fetches anything."""

import pytest
import torch
import ultralytics
from ultralytics.nn import modules as bricks
from ultralytics.nn import tasks

from yolo_course import blocks
from yolo_course.grading.isolation.modules import class_at, path_of
from yolo_course.grading.isolation.wire import WireError

COMPUTES = (torch.nn.Conv2d, torch.nn.Module, bricks.Detect, tasks.DetectionModel, blocks.ECA, ValueError, dict)
OPENS = (ultralytics.YOLO, tasks.WorldModel, torch.jit.ScriptModule, torch.fx.GraphModule)


@pytest.mark.parametrize("cls", COMPUTES, ids=lambda cls: cls.__name__)
def test_a_class_that_computes_crosses_by_its_name(cls):
    assert class_at(path_of(cls)) is cls


@pytest.mark.parametrize("cls", OPENS, ids=lambda cls: cls.__name__)
def test_a_class_that_opens_files_does_not(cls):
    assert path_of(cls) is None
    with pytest.raises(WireError, match="no class of that name"):
        class_at(f"{cls.__module__}:{cls.__qualname__}")


def test_nor_by_a_path_through_another_module():
    assert class_at("ultralytics.nn.modules.block:nn.Linear") is torch.nn.Linear
    with pytest.raises(WireError):
        class_at("ultralytics.nn.modules.block:torch.jit.ScriptModule")


@pytest.mark.parametrize("path", ["os:system", "builtins:eval", "torch:load", "ultralytics:YOLO", "", "torch", ":"])
def test_nothing_else_crosses(path):
    with pytest.raises(WireError):
        class_at(path)
