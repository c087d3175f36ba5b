"""The layer table explorer: which rule a row shows, where its arguments come from, its pictures, its pace."""

import statistics
import time

import pytest
from torch import nn
from ultralytics.nn import tasks

from yolo_course.errors import ModelError
from yolo_course.explorers.layer_table import _COLOURS, _origins, layer_table, rule_of
from yolo_course.models.walk import walk
from yolo_course.registry.register import isolated, register

SMALL = {
    "nc": 3,
    "scales": {"n": [0.5, 1.0, 1024], "s": [1.0, 2.0, 1024]},
    "backbone": [[-1, 1, "Conv", [16, 3, 2]], [-1, 2, "C2f", [48, True]]],
    "head": [[[0, 1], 1, "Detect", ["nc"]]],
}
# row of yolo26 -> its rule, as Ultralytics' parser treats its module
STOCK = {0: "scaled", 2: "stacked", 9: "scaled", 10: "stacked", 11: "plain", 12: "plain", 23: "head"}


@pytest.mark.parametrize("row", STOCK)
def test_the_rule_of_a_stock_row(row):
    assert rule_of(walk(tasks.yaml_model_load("yolo26n.yaml"))[row]) == STOCK[row]


@pytest.mark.parametrize("name", ["yolov8n.yaml", "yolo12n.yaml", "yolo26n.yaml", "rtdetr-l.yaml", "yolov9e.yaml"])
def test_every_argument_of_every_row_has_an_origin(name):
    for step in walk(tasks.yaml_model_load(name)):
        origins = _origins(step)
        assert len(origins) == (len(step.called) if isinstance(step.called, list) else 0)
        assert set(origins) <= set(_COLOURS)


def test_where_the_arguments_of_each_rule_come_from():
    steps = walk(tasks.yaml_model_load("yolo26n.yaml"))
    assert _origins(steps[2]) == ["channels it reads", "scaled width", "scaled repeats", "as written", "as written"]
    assert _origins(steps[9])[:3] == ["channels it reads", "scaled width", "as written"]
    assert _origins(steps[11]) == ["as written"] * 3
    assert _origins(steps[23]) == ["of the model"] * 3 + ["channels it reads"]


def test_a_registered_block_shows_its_rule():
    with isolated():

        @register("same")
        class Quiet(nn.Identity):
            def __init__(self, c1, k=3):
                super().__init__()

        model = {"backbone": [[-1, 1, "Conv", [16, 3]], [-1, 2, "Quiet", [16]], [-1, 1, "CSPBlock", [8]]], "head": []}
        explorer = layer_table(model)
        explorer.controls["row"].value = 1
        told = explorer.sentence.value
        steps = walk(model)
    assert "registered as <code>same</code>" in told
    assert "Quiet(16, 16)" in told
    assert "2 of them stand one after the other" in told
    assert _origins(steps[1]) == ["channels it reads", "as written"]
    assert rule_of(steps[2]) == "stacked"


def test_the_picture_and_the_sentence_follow_the_controls():
    explorer = layer_table(SMALL)
    before = bytes(explorer.image.value)
    assert before.startswith(b"\x89PNG")
    explorer.controls["row"].value = 1
    assert explorer.image.value != before
    assert "<code>[-1, 2, C2f, [48, True]]</code> runs <code>C2f(16, 48, 1, True)</code>" in explorer.sentence.value
    explorer.controls["scale"].value = "s"
    assert "C2f(32, 96, 2, True)" in explorer.sentence.value


def test_a_model_without_scales_has_one_control():
    assert list(layer_table({"backbone": [[-1, 1, "Conv", [8]]], "head": []}).controls) == ["row"]


def test_a_broken_model_is_told():
    with pytest.raises(ModelError, match="no such model YAML"):
        layer_table("nowhere.yaml")


def test_a_move_is_drawn_in_time_to_follow_the_hand():
    explorer, seconds = layer_table(tasks.yaml_model_load("yolo26n.yaml")), []
    for row in range(1, 9):
        begun = time.process_time()
        explorer.controls["row"].value = row
        seconds.append(time.process_time() - begun)
    assert statistics.median(seconds) < 0.15
