"""The zoo: each model is what its YAML says at any scale, trains, and gives the same once it is exported."""

import copy
import json
import re
from importlib.util import module_from_spec, spec_from_file_location
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
import torchvision
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from ultralytics import YOLO
from ultralytics.nn import tasks
from ultralytics.utils import ASSETS

from yolo_course import build, data
from yolo_course.models.names import zoo

ROOT = Path(__file__).parents[2]
CONFIGS = {name: yaml.safe_load(file.read_text()) for name, file in zoo().items()}
MODELS = [(name, scale) for name, config in CONFIGS.items() for scale in config["scales"]]
ROW = re.compile(r"\s+- (?P<row>\[.*\]) # (?P<number>\d+)(-P(?P<level>\d)/(?P<stride>\d+))?(?P<says>.*)")
TRAINING = {
    "batch": 4,
    "nbs": 4,
    "device": "cpu",
    "workers": 0,
    "amp": False,
    "plots": False,
    "verbose": False,
    "val": False,
}


def layers_of(name, scale, **changes):
    """The layers at a scale, a key or three numbers, without weights."""
    config = copy.deepcopy(CONFIGS[name]) | changes
    if not isinstance(scale, str):
        config["scales"], scale = {"any": list(scale)}, "any"
    with torch.device("meta"):
        return tasks.parse_model(config | {"scale": scale}, 3, verbose=False)[0]


def maps_of(layers, side=64):
    """The shape of every layer's map, the head's aside: what each reads is put together by hand."""
    kept, x = [], torch.empty(1, 3, side, side, device="meta")
    for layer in layers[:-1]:
        sources = layer.f if isinstance(layer.f, list) else [layer.f]
        read = [(kept[source] if kept else x) for source in sources]
        kept.append(layer(read if isinstance(layer.f, list) else read[0]))
    return [tuple(each.shape[1:]) for each in kept]


def parameters(*layers):
    return sum(p.numel() for layer in layers for p in layer.parameters())


def rounded_up(channels, width):
    return -(-round(channels * width, 6) // 8) * 8


@pytest.mark.slow
@pytest.mark.parametrize("name", CONFIGS)
@settings(max_examples=8, deadline=None)
@given(depth=st.floats(0.1, 2), width=st.floats(0.25, 1.5))
def test_strides_are_8_16_32_at_any_depth_and_width(name, depth, width):
    layers = layers_of(name, (depth, width, 2048))
    maps = maps_of(layers)
    assert [64 / maps[level][1] for level in layers[-1].f] == [8, 16, 32]
    assert all(height == side for _, height, side in maps)


@pytest.mark.parametrize("name", CONFIGS)
def test_each_scale_is_larger_than_the_one_before(name):
    sizes = [parameters(layers_of(name, scale)) for scale in CONFIGS[name]["scales"]]
    assert all(large > 1.3 * small for small, large in pairwise(sizes))


@pytest.mark.parametrize(("name", "scale"), MODELS)
def test_no_width_is_cut_and_every_width_is_the_rows_number_scaled(name, scale):
    _, width, _ = CONFIGS[name]["scales"][scale]
    layers = layers_of(name, scale)
    rows = [*CONFIGS[name]["backbone"], *CONFIGS[name]["head"]]
    for (_, _, module, args), (channels, _, _) in zip(rows[:-1], maps_of(layers), strict=True):
        if not module.startswith(("nn.", "Concat")):
            assert channels == rounded_up(args[0], width)


@pytest.mark.parametrize("name", CONFIGS)
def test_comments_give_row_numbers_and_strides(name):
    head = CONFIGS[name]["head"]
    maps = maps_of(layers_of(name, "n"))
    rows = [match for line in zoo()[name].read_text().splitlines() if (match := ROW.match(line))]
    assert rows
    numbered = {int(match["number"]): match for match in rows}
    for i, row in enumerate([*CONFIGS[name]["backbone"], *head]):
        if match := numbered.get(i):
            assert yaml.safe_load(match["row"]) == row
            if match["stride"]:
                assert 2 ** int(match["level"]) == int(match["stride"]) == 64 / maps[i][1]


@pytest.mark.parametrize("name", sorted(set(CONFIGS) - {"pico"}))
def test_comments_say_which_rows_the_neck_reads(name):
    rows = [match for line in zoo()[name].read_text().splitlines() if (match := ROW.match(line))]
    first = len(CONFIGS[name]["backbone"])
    layers = layers_of(name, "n")
    read = {
        source % layer.i for layer in layers[first:] for source in (layer.f if isinstance(layer.f, list) else [layer.f])
    }
    assert [int(match["number"]) for match in rows] == list(range(len(layers)))
    assert {int(m["number"]) for m in rows if "to the neck" in m["says"]} == {row for row in read if row < first}


def test_mobilenet_has_the_stages_of_the_paper():
    stock = torchvision.models.mobilenet_v2(weights=None).features[:-1]
    ours = layers_of("mobilenet", "m")[:8]
    assert parameters(ours) == parameters(stock)
    assert [len(stage) for stage in ours[1:]] == [1, 2, 3, 4, 3, 3, 1]
    assert [64 // side for _, _, side in maps_of(layers_of("mobilenet", "m"))[:8]] == [2, 2, 4, 8, 16, 16, 32, 32]


def test_resnet_at_full_depth_and_width_is_resnet_50():
    stock = torchvision.models.resnet50(weights=None)
    ours = layers_of("resnet", (1, 1, 2048))[:6]
    assert parameters(ours) == parameters(stock) - parameters(stock.fc)
    assert [channels for channels, _, _ in maps_of([*ours, nn.Identity()])] == [64, 64, 256, 512, 1024, 2048]


@pytest.mark.parametrize("scale", CONFIGS["transformer"]["scales"])
def test_transformer_has_the_heads_that_are_asked_for(scale):
    (row,) = [row for row in CONFIGS["transformer"]["backbone"] if row[2] == "TransformerStage"]
    stage = layers_of("transformer", scale)[CONFIGS["transformer"]["backbone"].index(row)]
    assert {layer.heads for layer in stage.layers} == {row[3][1]}


@pytest.fixture(scope="module")
def benchmark():
    """The benchmark's script, and what it measured last."""
    spec = spec_from_file_location("benchmarks_zoo", ROOT / "benchmarks" / "zoo.py")
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    if not script.RESULTS.exists():
        pytest.skip("the benchmark has not been run: python benchmarks/zoo.py")
    return script, json.loads(script.RESULTS.read_text())


def test_the_page_shows_what_was_measured(benchmark):
    script, report = benchmark
    assert script.section(report) in script.PAGE.read_text()


def test_what_was_measured_are_these_models(benchmark):
    script, report = benchmark
    ours = {f"{name}-{scale}": parameters(layers_of(name, scale, nc=script.CLASSES)) for name, scale in MODELS}
    assert {name: row["parameters"] for name, row in report["results"].items() if name not in script.STOCK} == ours


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    """Six images to train on, two to validate."""
    return data.make("shapes", out=tmp_path_factory.mktemp("data") / "shapes", images=8, size=64)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "scale"), MODELS)
def test_builds_trains_and_exports(name, scale, shapes, tmp_path):
    model = build(name, scale=scale, nc=3)
    assert model.model.stride.tolist() == [8, 16, 32]
    start = copy.deepcopy(model.model.state_dict())
    model.train(data=shapes, epochs=1, imgsz=64, optimizer="SGD", warmup_epochs=0, project=tmp_path, **TRAINING)
    learnt = dict(model.trainer.model.named_parameters())
    head = f"model.{len(model.trainer.model.model) - 1}."  # a level of it that no object falls on learns nothing
    assert all(torch.isfinite(p).all() for p in learnt.values())
    assert [name for name, p in learnt.items() if torch.equal(p, start[name]) and not name.startswith(head)] == []

    x = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        expected = tasks.load_checkpoint(model.trainer.best)[0](x)[0].numpy()
    onnx = YOLO(model.trainer.best).export(format="onnx", imgsz=64, simplify=False, device="cpu")
    session = onnxruntime.InferenceSession(onnx, providers=["CPUExecutionProvider"])
    found = session.run(None, {session.get_inputs()[0].name: x.numpy()})[0]
    assert found.shape == (1, 4 + 3, 8 * 8 + 4 * 4 + 2 * 2)
    np.testing.assert_allclose(found, expected, atol=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("name", CONFIGS)
def test_predicts_on_a_photograph(name):
    (result,) = build(name).predict(ASSETS / "bus.jpg", imgsz=320, conf=1e-7, max_det=50, verbose=False)
    height, width = result.orig_shape
    boxes = result.boxes.xyxy
    assert (height, width) == (1080, 810)
    assert len(boxes) == 50
    assert (boxes >= 0).all()
    assert (boxes <= torch.tensor([width, height, width, height])).all()


@pytest.mark.slow
def test_learns_real_handwriting(tmp_path):
    digits = data.make("digits", out=tmp_path / "digits", images=120, size=96)
    losses = []
    model = build("transformer", nc=10)
    model.add_callback("on_train_epoch_end", lambda trainer: losses.append(float(trainer.tloss["cls_loss"])))
    model.train(
        **TRAINING | {"batch": 8, "nbs": 8},
        data=digits,
        epochs=12,
        imgsz=96,
        optimizer="AdamW",
        lr0=0.005,
        warmup_bias_lr=0,
        cls=3.0,
        close_mosaic=3,
        project=tmp_path,
    )
    assert losses[-1] < 0.75 * losses[0]
    assert model.metrics.box.map50 > 0.02
