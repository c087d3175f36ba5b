"""The models of Ultralytics: no false alarm, and the very figures that Ultralytics builds."""

import pytest
import torch
import yaml
from torch import nn
from torch.utils.flop_counter import FlopCounterMode
from ultralytics.nn import tasks

from yolo_course import lint

SOME = [
    *("yolov8", "yolov8-cls", "yolov8-world", "yolov9t", "yolov10n", "yolo11-pose", "yolo11-cls-resnet18", "yolo12"),
    *("yolo26", "yolo26-sem", "yolo26-depth", "yoloe-26-seg"),
]
RUN = ["yolov3-tiny", "yolov5", "yolov8", "yolov9t", "yolov10n", "yolo11-seg", "yolo12", "yolo26"]


def config(path, scale=None):
    d = yaml.safe_load(path.read_text())
    return d | {"scale": scale or next(iter(d.get("scales", {})), "")}


def built_at_once(path, scale=None):
    """All layers by Ultralytics' own parser in one go, on the meta device; torchvision's without their weights."""
    d = config(path, scale)
    for row in d["backbone"]:
        if row[2] == "TorchVision":
            row[3][2] = None
    with torch.device("meta"):
        return tasks.parse_model.__wrapped__(d, 3, verbose=False)[0]


def assert_same_rows(report, layers):
    for row, layer in zip(report.rows, layers, strict=True):
        assert row.params == layer.np, row
        assert row.repeats == (len(layer) if type(layer) is nn.Sequential else row.repeats)
    assert [row.source for row in report.rows] == [layer.f for layer in layers]


@pytest.mark.parametrize("stem", SOME)
def test_no_false_alarm_and_the_same_parameters(stem, stock):
    report = lint(stock[stem])
    assert report.findings == ()
    assert_same_rows(report, built_at_once(stock[stem]))


@pytest.mark.slow
def test_no_false_alarm_in_any_file_at_any_scale(stock):
    assert len(stock) == 66
    for path in stock.values():
        for scale in config(path).get("scales") or [None]:
            report = lint(path, scale)
            assert report.findings == (), (path.name, scale)
            assert_same_rows(report, built_at_once(path, scale))


def test_the_zoo_has_no_mistake(zoo):
    for path in zoo.values():
        for scale in config(path)["scales"]:
            assert lint(path, scale).findings == (), (path.name, scale)


def shapes_and_flops(model, imgsz):
    """Shapes of all layers' outputs and FLOPs of a model that really runs, its head as in training."""
    shapes = []
    for layer in model.model[:-1]:
        layer.register_forward_hook(lambda layer, inputs, output: shapes.append(tuple(output.shape[1:])))
    model.eval().model[-1].training = True
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(torch.zeros(1, 3, imgsz, imgsz))
    return shapes, counter.get_total_flops()


@pytest.mark.parametrize("stem", RUN)
def test_shapes_strides_and_flops_are_those_of_the_model_that_runs(stem, stock):
    model = tasks.DetectionModel(config(stock[stem]), verbose=False)
    if "seg" in stem:
        model = tasks.SegmentationModel(config(stock[stem]), verbose=False)
    report = lint(stock[stem], imgsz=128)
    shapes, flops = shapes_and_flops(model, 128)
    assert [row.shape for row in report.rows[:-1]] == shapes
    assert [row.c_out for row in report.rows[:-1]] == [shape[0] for shape in shapes]
    assert [row.stride for row in report.rows[:-1]] == [round(128 / shape[1]) for shape in shapes]
    assert [report.rows[i].stride for i in report.rows[-1].source] == model.stride.tolist()
    assert report.flops == flops
    assert report.params == sum(p.numel() for p in model.parameters())


@pytest.mark.parametrize("stem", ["csp-attention", "mobilenet", "transformer"])
def test_models_of_registered_blocks_too(stem, zoo):
    model = tasks.DetectionModel(config(zoo[stem]), verbose=False)
    report = lint(zoo[stem], imgsz=128)
    shapes, flops = shapes_and_flops(model, 128)
    assert [row.shape for row in report.rows[:-1]] == shapes
    assert report.flops == flops
    assert [row.params for row in report.rows] == [layer.np for layer in model.model]
