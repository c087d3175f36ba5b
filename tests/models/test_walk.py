"""The walk through a model YAML against the model itself: built for real, run, and each call made once more."""

import copy

import pytest
import torch
from torch import nn
from ultralytics.nn import tasks
from ultralytics.utils import LOGGER

from yolo_course.errors import ModelError
from yolo_course.models.build import ZOO
from yolo_course.models.walk import load, walk
from yolo_course.registry.register import isolated, register, registered

TINY = {
    "nc": 3,
    "scales": {"n": [0.5, 0.5, 1024], "s": [1.0, 1.0, 32]},
    "backbone": [[-1, 1, "Conv", [16, 3, 2]], [-1, 4, "CSPBlock", [64, False]], [-1, 1, "ECA", [64]]],
    "head": [[[1, 2], 1, "Concat", [1]], [-1, 3, "nn.ReLU", []], [[1, 4], 1, "Detect", ["nc"]]],
}


@pytest.mark.parametrize("name", ["yolov8n.yaml", "yolo12n.yaml", "yolo26n.yaml"])
def test_the_steps_are_those_of_the_model(name):
    config = tasks.yaml_model_load(name)
    layers, _ = tasks.parse_model(copy.deepcopy(config), 3, verbose=False)
    steps = walk(config)
    assert [(step.number, step.source, step.parameters) for step in steps] == [
        (layer.i, layer.f, layer.np) for layer in layers
    ]


@pytest.mark.parametrize("name", ["yolov8n.yaml", "yolo26n.yaml"])
def test_calling_what_a_step_says_builds_its_layer_again(name):
    for step in walk(tasks.yaml_model_load(name)):
        cls = getattr(nn, step.name[3:]) if step.name.startswith("nn.") else getattr(tasks, step.name)
        legacy = step.name == "Detect" and name.startswith("yolov8")
        if not legacy:  # the parser gives old models another kind of head
            assert sum(p.numel() for p in cls(*step.called).parameters()) == step.parameters


@pytest.mark.parametrize("scale", ["n", "s"])
def test_shapes_are_those_of_a_real_run(scale):
    model = tasks.DetectionModel({**copy.deepcopy(TINY), "scale": scale}, verbose=False)
    shapes = {}
    for layer in model.model[:-1]:
        layer.register_forward_hook(lambda module, _, output: shapes.__setitem__(module.i, tuple(output.shape[1:])))
    model(torch.zeros(1, 3, 96, 64))
    steps = walk(TINY, scale, image=(3, 96, 64))
    assert [step.shape for step in steps] == [*(shapes[i] for i in range(5)), None]
    assert steps[3].inputs == [shapes[1][0], shapes[2][0]]


def test_a_registered_block_by_hand():
    step = walk(TINY)[1]
    assert step.written_row == "[-1, 4, CSPBlock, [64, False]]"
    assert step.call == "CSPBlock(8, 32, 2, False)"
    assert (step.n, step.inputs, step.called) == (2, [8], [8, 32, 2, False])
    assert step.entry == registered()["CSPBlock"]


def test_arguments_that_are_no_plain_values_are_told_as_text():
    with isolated():

        @register("same")
        class Typed(nn.Identity):
            def __init__(self, c1, kind):
                super().__init__()

        step = walk({"backbone": [[-1, 1, "Conv", [8]], [-1, 1, "Typed", ["default_act"]]], "head": []})[1]
    assert step.call == "Typed(8, SiLU())"


def test_what_is_given_is_left_as_it_is():
    before, level, handlers = copy.deepcopy(TINY), LOGGER.level, list(LOGGER.handlers)
    walk(TINY)
    assert before == TINY
    assert (LOGGER.level, LOGGER.handlers) == (level, handlers)


def test_nothing_is_printed(capsys):
    walk(TINY)
    assert capsys.readouterr() == ("", "")


def test_a_file_and_its_content_are_the_same():
    file = ZOO / "pico.yaml"
    assert walk(file, "s") == walk(load(file), "s")


@pytest.mark.parametrize(
    ("model", "scale", "told"),
    [
        ("no-such.yaml", None, "no such model YAML"),
        (TINY, "z", "unknown scale: expected n, s, found z"),
        ({**TINY, "head": [[[0, 2], 1, "Concat", [1]]]}, None, None),
        ({"backbone": [[-1, 1, "Conv", [8, 3, 2]], [[-1, -2], 1, "Cnocat", [1]]], "head": []}, None, "Cnocat"),
        (
            {"backbone": [[-1, 1, "Conv", [8]], [-1, 1, "Conv", [8, 3, 2]], [[-1, 0], 1, "Concat", [1]]], "head": []},
            None,
            r"row 2 \(Concat\) cannot take what it reads",
        ),
    ],
)
def test_mistakes_are_told(model, scale, told):
    if told is None:
        assert walk(model, scale)[-1].shape == (40, 32, 32)  # 8 and 32 channels of the same size
        return
    with pytest.raises(ModelError, match=told):
        walk(model, scale)


def test_a_list_is_no_model(tmp_path):
    (tmp_path / "list.yaml").write_text("[1, 2]")
    with pytest.raises(ModelError, match="not a model YAML"):
        load(tmp_path / "list.yaml")
