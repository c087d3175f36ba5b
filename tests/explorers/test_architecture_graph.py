"""The architecture graph: every model is drawn, what is told is what Ultralytics builds, and mistakes are marked."""

import base64
import copy
import time
from xml.etree import ElementTree

import pytest
import torch
import yaml
from ultralytics.nn import tasks
from ultralytics.utils import ROOT

import yolo_course.blocks  # noqa: F401  registers the blocks that the zoo names
from yolo_course.errors import ModelError
from yolo_course.explorers.architecture_graph import architecture_graph
from yolo_course.models.names import ZOO

SMALL = """
nc: 3
scales:
  n: [0.33, 0.25, 1024]
  s: [0.33, 0.50, 1024]
backbone:
  - [-1, 1, Conv, [64, 3, 2]]
  - [-1, 3, CSPBlock, [128]]
head:
  - [[1], 1, Detect, [nc]]
"""


@pytest.fixture
def explorer():
    return architecture_graph()


def choose(explorer, name, scale):
    explorer.controls["model"].value = name
    explorer.controls["scale"].value = scale


def words(explorer):
    """The texts of the drawing, which has to be a file that a browser takes."""
    root = ElementTree.fromstring(explorer.image.value)
    return [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]


def still(explorer, monkeypatch):
    """What a page without a kernel is given."""
    shown = []
    monkeypatch.setattr("yolo_course.explorers.explorer.display", lambda bundle, raw: shown.append(bundle))
    explorer._ipython_display_()
    return shown[0]


def parameters(name, scale):
    """What Ultralytics' own parser builds, counted."""
    stock = {"yolo12": "12/yolo12.yaml", "yolo26": "26/yolo26.yaml"}
    file = ROOT / "cfg/models" / stock[name] if name in stock else ZOO / f"{name}.yaml"
    config = yaml.safe_load(file.read_text(encoding="utf-8"))
    with torch.device("meta"):
        layers = tasks.parse_model(copy.deepcopy({**config, "scale": scale}), 3, verbose=False)[0]
    return sum(each.numel() for each in layers.parameters())


@pytest.mark.parametrize(
    ("name", "scale"), [("csp-attention", "m"), ("mobilenet", "l"), ("resnet", "s"), ("yolo12", "n"), ("yolo26", "m")]
)
def test_a_model_is_drawn_and_its_parameters_are_told(explorer, name, scale):
    before = bytes(explorer.image.value)
    choose(explorer, name, scale)
    assert bytes(explorer.image.value) != before
    assert len(words(explorer)) > 30
    assert f"scale {scale}" in explorer.sentence.value
    assert f"{parameters(name, scale):,} parameters" in explorer.sentence.value
    assert "The linter finds nothing." in explorer.sentence.value


def test_the_zoo_is_among_the_choices_and_own_files_come_first(tmp_path):
    (tmp_path / "mine.yaml").write_text(SMALL, encoding="utf-8")
    names = architecture_graph(tmp_path / "mine.yaml").controls["model"].options
    assert names[0] == "mine"
    assert {file.stem for file in ZOO.glob("*.yaml")} < set(names)


def test_a_scale_that_a_model_lacks_is_told(explorer):
    choose(explorer, "pico", "x")
    assert "It has no scale x." in explorer.sentence.value


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (SMALL.replace("CSPBlock", "CSPBlok"), "Line 8, error"),
        (SMALL.replace("[1], 1, Detect", "[7], 1, Detect"), "Line 10, error"),
        ("no model at all", "error"),
        ("nc: [", "error"),
        ("", "error"),
    ],
)
def test_mistakes_are_told_and_nothing_raises(tmp_path, broken, told):
    file = tmp_path / "broken.yaml"
    file.write_text(broken, encoding="utf-8")
    explorer = architecture_graph(file)
    assert told in explorer.sentence.value
    assert "row, module × repeats, arguments" in words(explorer)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (r"Co\0nv", "Co�nv"),
        (r"Co\uFFFEnv", "Co�nv"),
        (r"a\nb", "a�b"),
        (r"<script>alert(1)</script>&amp;", "<script>alert(1)</script>&amp;"),
        (r"$\\frac{$", r"$\frac{$"),
        ("$x$", "$x$"),
    ],
)
def test_any_name_is_shown_as_it_is_written(tmp_path, monkeypatch, name, shown):
    file = tmp_path / "odd.yaml"
    file.write_text(SMALL.replace("CSPBlock", f'"{name}"'), encoding="utf-8")
    explorer = architecture_graph(file)
    assert any(shown in word for word in words(explorer))
    assert base64.b64decode(still(explorer, monkeypatch)["image/png"]).startswith(b"\x89PNG")


def test_the_same_choice_gives_the_same_file(explorer):
    choose(explorer, "pico", "n")
    before = bytes(explorer.image.value)
    choose(explorer, "mobilenet", "n")
    choose(explorer, "pico", "n")
    assert explorer.image.value == before


def test_a_file_that_was_changed_is_read_again(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(SMALL, encoding="utf-8")
    explorer = architecture_graph(file)
    first = explorer.sentence.value
    time.sleep(0.01)  # coarser clocks of file systems exist
    file.write_text(SMALL.replace("128", "256"), encoding="utf-8")
    explorer.controls["scale"].value = "s"
    explorer.controls["scale"].value = "n"
    assert explorer.sentence.value != first


def test_a_move_is_drawn_in_time_to_follow_the_hand(explorer):
    choose(explorer, "csp-attention", "n")
    took = []
    for scale in ("s", "m", "l", "x", "n"):
        begun = time.process_time()
        explorer.controls["scale"].value = scale
        took.append(time.process_time() - begun)
    assert sorted(took)[2] < 0.3


@pytest.mark.parametrize("name", ["nowhere/model.yaml", "README.md", "."])
def test_a_file_that_is_no_model_is_one_clear_error(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "README.md").write_text("no model\n")
    with pytest.raises(ModelError, match="model"):
        architecture_graph(name)
