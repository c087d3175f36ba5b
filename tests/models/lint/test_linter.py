"""`lint` itself: what it takes, what it leaves behind, and files that wish it ill."""

import json
import os
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from time import process_time

import pytest
import torch
from torch import nn
from ultralytics.nn.modules import Conv, Detect

from yolo_course import lint
from yolo_course.errors import ModelError
from yolo_course.registry.register import isolated, register

STATM = Path("/proc/self/statm")
ROW = "  - [-1, 1, Conv, [64, 3, 1]]\n"
HEAD = "head:\n  - [[-1], 1, Detect, [nc]]\n"


def test_names_of_the_zoo_of_ultralytics_and_of_files(tmp_path, stock):
    assert lint("pico").path.name == "pico.yaml"
    assert lint("csp-attention-s").scale == "s"
    assert (lint("yolo11s.yaml").scale, lint("yolo11s.yaml").path) == ("s", stock["yolo11"])
    named = tmp_path / "yolo8s-mine.yaml"
    named.write_text(stock["yolov8"].read_text())
    assert lint(named).scale == "s"
    assert lint(named, scale="n").scale == "n"
    assert lint(str(named)).params == 11_166_560  # as the stock file says of its scale s


def test_what_is_no_model_file_is_refused(tmp_path):
    for name in (tmp_path, tmp_path / "none.yaml", "nosuch", "[*].yaml", "/dev/null"):
        with pytest.raises(ModelError):
            lint(name)
    for imgsz in (0, 33, 65_536, "big"):
        with pytest.raises(ModelError, match="image size"):
            lint("pico", imgsz=imgsz)
    with pytest.raises(ModelError, match="unknown scale"):
        lint("pico", scale="z")


def test_the_report_is_plain_data(lint_text):
    report = lint_text("nc: 3\nbackbone:\n" + ROW + HEAD)
    record = json.loads(json.dumps(report.record()))
    assert record["ok"] is True
    assert record["rows"][0]["from"] == -1
    assert record["params"] == report.params == sum(row["params"] for row in record["rows"])
    with pytest.raises(AttributeError):
        report.rows[0].params = 3


def test_a_warning_leaves_it_ok_and_an_error_does_not(lint_text):
    assert lint_text("nc: 3\nscale: s\nbackbone:\n" + ROW + HEAD).ok
    assert not lint_text("nc: 0\nbackbone:\n" + ROW + HEAD).ok


def test_a_registered_module_is_known_and_another_is_not(lint_text):
    text = "nc: 3\nbackbone:\n" + ROW + "  - [-1, 1, Halver, [32]]\n" + HEAD
    assert [f.rule for f in lint_text(text).findings] == ["module"]
    with isolated():

        @register(rule="scaled")
        class Halver(nn.Module):
            def __init__(self, c1, c2):
                super().__init__()
                self.conv = nn.Conv2d(c1, c2, 3, 2, 1)

            def forward(self, x):
                return self.conv(x)

        report = lint_text(text)
        assert report.findings == ()
        assert report.rows[1].shape == (32, 320, 320)
        assert report.rows[1].params == 64 * 32 * 9 + 32
        repeated = lint_text(text.replace("[-1, 1, Halver", "[-1, 2, Halver"))
        assert [f.rule for f in repeated.findings] == ["repeats"]


def test_a_block_that_needs_numbers_is_not_judged(lint_text):
    with isolated():

        @register(rule="same")
        class Rates(nn.Module):
            def __init__(self, c1):
                super().__init__()
                self.rates = [rate.item() for rate in torch.linspace(0, 0.1, 3)]

            def forward(self, x):
                return x

        report = lint_text("nc: 3\nbackbone:\n" + ROW + "  - [-1, 1, Rates, []]\n" + HEAD)
    assert report.ok
    assert [(f.rule, f.severity, f.line) for f in report.findings] == [("not-judged", "note", 4)]


def test_it_leaves_nothing_behind(lint_text):
    default, legacy = Conv.default_act, Detect.legacy
    lint_text("nc: 3\nactivation: nn.ReLU()\nbackbone:\n" + ROW + "  - [-1, 1, C3k2, [64]]\n" + HEAD)
    assert Conv.default_act is default
    assert Detect.legacy is legacy


@pytest.mark.skipif(not STATM.exists(), reason="reads the memory of the process as Linux tells it")
def test_no_weights_in_memory():
    def resident():
        return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    lint("yolov8x.yaml")
    before = resident()
    report = lint("yolov8x.yaml", imgsz=4096)
    assert report.params == 68_229_648  # 273 MB of weights
    assert resident() - before < 30e6


def nested(levels):
    """Lists of lists of lists, each by name."""
    names = "abcdefghijklm"[:levels]
    return "a: &a [x]\n" + "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in pairwise(names))


HOSTILE = {
    "ten megabytes": "nc: 3\nbackbone:\n" + ROW * 340_000 + HEAD,
    "rows without end": "nc: 3\nbackbone:\n" + ROW * 8000 + HEAD,
    "unknown modules": "nc: 3\nbackbone:\n" + "".join(f"  - [-1, 1, Mod{i}, [8]]\n" for i in range(1500)) + HEAD,
    "deep": "[" * 200_000,
    "aliases": nested(12),
    "channels": f"nc: 3\nbackbone:\n  - [-1, 1, Conv, [{10**30}]]\n" + HEAD,
    "digits": f"nc: 3\nbackbone:\n  - [-1, 1, Conv, [{'9' * 6000}]]\n" + HEAD,
    "repeats": "nc: 3\nbackbone:\n  - [-1, 1000000000, Conv, [64]]\n" + HEAD,
    "depth": "nc: 3\nscales: {n: [1.0e9, 1, 64]}\nbackbone:\n  - [-1, 3, C2f, [64]]\n" + HEAD,
    "many repeats": "nc: 3\nbackbone:\n" + "  - [-1, 1000, C2f, [64]]\n" * 60 + HEAD,
    "layers in one": "nc: 3\nbackbone:\n  - [-1, 1, ResNetLayer, [3, 64, 1, false, 60000]]\n" + HEAD,
    "loops in one": "nc: 3\nbackbone:\n  - [-1, 1, SPPF, [64, 5, 60000]]\n" + HEAD,
    "a head of thousands": "nc: 3\nbackbone:\n" + ROW + f"head:\n  - [[{'0,' * 6000}0], 1, Detect, [nc]]\n",
    "code in a tag": "a: !!python/object/apply:os.system ['touch pwned']\nnc: 3\nbackbone:\n" + ROW + HEAD,
    "code in a call": "nc: 3\nactivation: open('pwned','w')\nbackbone:\n" + ROW + HEAD,
    "control characters": "nc: 3\x00\nbackbone:\n" + ROW + HEAD,
    "a list": "- 1\n",
    "nothing": "",
    "keys": "".join(f"k{i}: 1\n" for i in range(9000)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_an_error_soon(name, lint_text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    start = process_time()
    with suppress(ModelError):
        assert not lint_text(HOSTILE[name]).ok
    assert process_time() - start < 10
    assert not (tmp_path / "pwned").exists()


def test_a_report_can_be_printed(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("nc: 2\nbackbone:\n  - [-1, 1, Convv, [16, 3, 2]]\nhead:\n  - [[0], 1, Detect, [nc]]\n")
    first, *others, last = str(lint(file)).splitlines()
    assert first == "mine.yaml:3: error [module] row 0: no module has this name"
    assert others[0].startswith("    expected Conv; found Convv; try ")
    assert last.startswith("mine.yaml, 640 px: 2 rows, ")
    assert last.endswith("errors: 1, warnings: 0")
