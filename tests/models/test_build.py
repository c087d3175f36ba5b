"""What `build` returns is what was asked for, and what is trained later."""

from pathlib import Path

import pytest
import torch
import yaml
from ultralytics import YOLO
from ultralytics.models.yolo.detect import DetectionTrainer
from ultralytics.nn.tasks import DetectionModel, yaml_model_load
from ultralytics.utils import LOGGER

from yolo_course import build
from yolo_course.errors import ModelError
from yolo_course.models.names import ZOO

PICO = ZOO / "pico.yaml"


def parameters(model):
    return sum(p.numel() for p in model.parameters())


def trained(model):
    """The model that a training run would start with."""
    trainer = DetectionTrainer.__new__(DetectionTrainer)
    trainer.data = {"nc": 3, "channels": 3, "names": {0: "a", 1: "b", 2: "c"}}
    trainer.args = type("Args", (), {"cls_remap": True})
    return trainer.get_model(model.model.yaml, weights=model.model, verbose=False)


def test_pico_is_small_and_sees_three_scales():
    model = build("pico")
    assert model.task == "detect"
    assert model.model.stride.tolist() == [8, 16, 32]
    assert parameters(model.model) < 500_000


def test_is_the_model_of_ultralytics_own_builder():
    stock = DetectionModel(yaml_model_load(PICO) | {"scale": "n"}, verbose=False)
    mine = build("pico").model
    assert {k: v.shape for k, v in mine.state_dict().items()} == {k: v.shape for k, v in stock.state_dict().items()}


@pytest.mark.parametrize("side", [96, 128, 160])
def test_one_prediction_a_cell(side):
    model = build("pico", nc=5).model.eval()
    found, _ = model(torch.rand(2, 3, side, side))
    assert found.shape == (2, 4 + 5, sum((side // stride) ** 2 for stride in (8, 16, 32)))


def test_every_parameter_gets_a_gradient():
    model = build("pico").model.train()
    outputs = model(torch.rand(2, 3, 64, 64))
    sum(value.square().mean() for value in (outputs["boxes"], outputs["scores"])).backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


def test_scale_is_built_and_survives_into_training():
    small, large = build("pico"), build("pico", scale="s")
    assert parameters(large.model) > 2 * parameters(small.model)
    assert parameters(trained(large)) == parameters(large.model)


def test_weights_survive_into_training():
    model = build("pico", nc=3)
    start = trained(model).state_dict()
    assert all(torch.equal(value, start[name]) for name, value in model.model.state_dict().items())


def test_nc_is_the_number_of_class_scores():
    model = build("pico", nc=7)
    assert model.model.yaml["nc"] == model.model.model[-1].nc == 7


def test_scale_of_a_file_name(tmp_path):
    config = yaml.safe_load(PICO.read_text())
    path = tmp_path / "yolo9s-mine.yaml"
    path.write_text(yaml.safe_dump(config))
    assert parameters(build(path).model) == parameters(build("pico", scale="s").model)
    assert parameters(build(path, scale="n").model) == parameters(build("pico").model)


@pytest.mark.parametrize(
    ("asked", "name", "scale"),
    [
        (("pico",), "pico.yaml", "n"),
        (("pico", "n"), "pico.yaml", "n"),
        (("pico", "s"), "pico-s.yaml", "s"),
        (("pico-s",), "pico-s.yaml", "s"),
        (("pico-s.yaml", "s"), "pico-s.yaml", "s"),
    ],
)
def test_scale_in_and_out_of_the_name(asked, name, scale, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model = build(*asked)
    again = YOLO(model.overrides["model"]).model
    assert Path(model.overrides["model"]).name == name
    assert model.model.yaml["scale"] == scale
    assert parameters(again) == parameters(build("pico", scale).model)


def test_two_scales_are_refused():
    with pytest.raises(ModelError, match=r"two scales.*expected s, as the name says, found n"):
        build("pico-s", scale="n")


def test_says_nothing(capfd):
    level = LOGGER.level
    build("pico")
    assert capfd.readouterr() == ("", "")
    assert LOGGER.level == level


@pytest.mark.parametrize(
    ("name", "says"),
    [("pico1", "did you mean 'pico'"), ("yolo99", "unknown model"), ("none/pico.yaml", "did you mean 'pico'")],
)
def test_unknown_name(name, says):
    with pytest.raises(ModelError, match=says):
        build(name)


@pytest.mark.parametrize(("key", "value"), [("scale", "x"), ("nc", 0), ("nc", 2.5), ("nc", True)])
def test_wrong_argument(key, value):
    with pytest.raises(ModelError, match=r"scale|class"):
        build("pico", **{key: value})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [", "not a YAML"),
        ("- 1", "not a model YAML"),
        ("nc: 3", "no backbone"),
        ("{nc: 3, backbone: [[-1, 1, Nope, [3]]], head: [[[0], 1, Detect, [nc]]]}", "Nope"),
        ("{nc: 3, backbone: [[-1, 1, Conv, [8]]], head: [[[7], 1, Detect, [nc]]]}", r"row 1 \(Detect\).*before it"),
    ],
)
def test_broken_yaml(tmp_path: Path, text, says):
    path = tmp_path / "broken.yaml"
    path.write_text(text)
    with pytest.raises(ModelError, match=says) as caught:
        build(path)
    assert path.name in str(caught.value)
