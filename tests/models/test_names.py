"""Names: which file and scale they stand for, here and in Ultralytics."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from time import process_time

import pytest
from ultralytics import YOLO
from ultralytics.engine import model as engine
from ultralytics.nn import tasks

from yolo_course import build, lint
from yolo_course.errors import ModelError
from yolo_course.models.lint.document import MAX_BYTES
from yolo_course.models.names import ZOO, find, zoo
from yolo_course.models.walk import load

ZOO_NAMES = {"csp-attention", "custom-neck", "mobilenet", "pico", "resnet", "transformer"}
TEN_TIMES = "".join(
    f"{b}: &{b} {{<<: *{a}, k: [{', '.join([f'*{a}'] * 10)}]}}\n" for a, b in zip("abcde", "bcdef", strict=True)
)
HOSTILE = {
    "large": "scales: {s: [1, 1, 1024]}\n" + "# so much to say\n" * (MAX_BYTES // 16),
    "many": f"scales: {{s: [1, 1, 1024]}}\nbackbone: [{'x, ' * 30_000}]\n",
    "deep": "scales: {s: [1, 1, 1024]}\nbackbone: " + "[" * 5_000 + "]" * 5_000 + "\n",
    "aliases of aliases": "scales: {s: [1, 1, 1024]}\na: &a {x: 1}\n" + TEN_TIMES,
}


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_zoo_has_these_models():
    assert set(zoo()) == ZOO_NAMES


@pytest.mark.parametrize("name", sorted(ZOO_NAMES))
@pytest.mark.parametrize("ending", ["", ".yaml"])
def test_a_zoo_name_says_the_file_and_perhaps_the_scale(here, name, ending):
    assert find(f"{name}{ending}") == (ZOO / f"{name}.yaml", "")
    assert find(f"{name}-s{ending}") == (ZOO / f"{name}.yaml", "s")


@pytest.mark.parametrize(
    "name",
    [
        "nothing",
        "nothing.yaml",
        "-s.yaml",
        "",
        ".",
        "..",
        "csp-attention-q",
        "csp-attention.txt",
        "zoo/csp-attention-s.yaml",
        "yolo11n.yaml",
        "s",
        "x" * 5000,
        "a\0b.yaml",
        "~nobody-here/pico.yaml",
    ],
)
def test_other_names_stand_for_nothing(here, name):
    assert find(name) is None


def test_a_file_of_ones_own_has_scales_too(here):
    shutil.copy(ZOO / "pico.yaml", here / "my-model.yaml")
    assert find("my-model-s.yaml") == (Path("my-model.yaml"), "s")
    assert find(here / "my-model-s.yaml") == (here / "my-model.yaml", "s")
    assert find("my-model") is None  # a bare name is a zoo name


def test_a_file_of_the_very_name_comes_first(here):
    for name in ("csp-attention.yaml", "csp-attention-s.yaml"):
        shutil.copy(ZOO / "pico.yaml", here / name)
    assert find("csp-attention-s.yaml") == (Path("csp-attention-s.yaml"), "")
    assert find("csp-attention-x.yaml") == (ZOO / "csp-attention.yaml", "x")  # pico has no x
    assert find("csp-attention-s") == (ZOO / "csp-attention.yaml", "s")


def test_a_broken_file_is_named(here):
    (here / "mine.yaml").write_text("scales: {n: [1, 1")
    with pytest.raises(ModelError, match=r"mine\.yaml: not a YAML file"):
        find("mine-n.yaml")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_file_behind_a_scale_is_read_with_the_linters_limits(here, text):
    (here / "big.yaml").write_text(text)
    begun = process_time()
    for read in (lint, build, find, tasks.yaml_model_load):
        with pytest.raises(ModelError, match=r"big\.yaml.*: (too big|too much|nested too deep)"):
            read("big-s.yaml")
    for read in (build, load):
        with pytest.raises(ModelError, match=r"big\.yaml"):
            read("big.yaml")
    assert process_time() - begun < 2


def test_ultralytics_knows_the_names_wherever_it_looks(here):
    assert engine.yaml_model_load is tasks.yaml_model_load
    config = engine.yaml_model_load("mobilenet-m.yaml")
    assert (config["scale"], config["yaml_file"]) == ("m", "mobilenet-m.yaml")
    assert engine.yaml_model_load("mobilenet.yaml")["scale"] == ""


def test_stock_names_go_to_the_original(here):
    assert tasks.yaml_model_load("yolo11s.yaml") == tasks.yaml_model_load.__wrapped__("yolo11s.yaml")
    shutil.copy(ZOO / "pico.yaml", here / "yolo8-mine.yaml")
    assert tasks.yaml_model_load("yolo8s-mine.yaml")["scale"] == "s"  # the way that Ultralytics itself has
    with pytest.raises(FileNotFoundError, match=r"mobilenet-q\.yaml"):
        YOLO("mobilenet-q.yaml")


def test_ultralytics_loads_by_name_whichever_was_imported_first(tmp_path):
    for first, second in (("yolo_course", "ultralytics"), ("ultralytics.engine.model", "yolo_course")):
        code = f"import {first}, {second}; from ultralytics import YOLO; print(YOLO('pico-s.yaml').model.yaml['scale'])"
        out = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env=os.environ, capture_output=True, text=True, timeout=120
        )
        assert out.stdout.split()[-1:] == ["s"], out.stderr
