"""`yolo-course check`, on the library's blocks and on a file in the current folder."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yolo_course import CourseError
from yolo_course.cli import app
from yolo_course.cli import check as _  # noqa: F401

MINE = """
import torch
from torch import nn
from ultralytics.nn.modules import Conv

print("a module that talks while it is imported")

class Edge(nn.Module):
    def __init__(self, c1, c2, k=3):
        super().__init__()
        self.conv = Conv(c1, c2, k)

    def forward(self, x):
        print("a block that talks")
        return self.conv(x)

class Leaky(Edge):
    def forward(self, x):
        return self.conv(x) + torch.rand(1)
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A user's file of blocks, found because it lies in the current folder."""
    (tmp_path / "mine_of_check.py").write_text(MINE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield "mine_of_check"
    sys.modules.pop("mine_of_check", None)


def check(*arguments: str):
    return CliRunner().invoke(app, ["check", *arguments], catch_exceptions=False)


def test_a_block_that_passes(mine: str):
    result = check(f"{mine}:Edge", "5", "--c1", "8", "--c2", "16")
    assert result.exit_code == 0
    assert "Edge(8, 16, 5): 19 passed, 0 failed, 0 not applicable" in result.output


def test_a_block_that_fails_has_exit_code_1_and_json_of_its_own(mine: str):
    result = check(f"{mine}:Leaky", "--json")
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert not report["ok"]
    assert [item["name"] for item in report["items"] if item["status"] == "fail"] == ["determinism"]


def test_arguments_are_read_as_a_yaml_row_would_give_them():
    result = check("ultralytics.nn.modules:Conv", "3", "s=2", "act=false", "p=null", "--json")
    assert json.loads(result.stdout)["block"] == "Conv(32, 64, 3, s=2, act=False, p=None)"


def test_several_widths_go_in():
    result = check("ultralytics.nn.modules:Concat", "--c1", "16,32", "--json")
    reasons = {item["name"]: item["reason"] for item in json.loads(result.stdout)["items"]}
    assert reasons["shape"].startswith("16×32×48 + 32×32×48 -> 48×32×48")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["yolo_course.blocks"], "expected module:Class, found yolo_course.blocks"),
        (["yolo_course.blocks:CSPBlok"], "did you mean CSPBlock"),
        (["yolo_course.blcks:CSPBlock"], "no module is called yolo_course.blcks. Try: did you mean yolo_course.blocks"),
        (["yolo_coarse:X"], "did you mean yolo_course"),
        (["math:sin"], "only a class can be checked"),
        (["yolo_course.blocks:ECA", "--c1", "wide"], "--c1: c1 is not a width"),
        (["yolo_course.blocks:ECA", "--c2", "0"], "1 or more: found 0"),
        (["yolo_course.blocks:ECA", "[3"], "an argument cannot be read"),
    ],
)
def test_a_mistake_is_told_with_the_nearest_name(arguments: list[str], words: str):
    with pytest.raises(CourseError, match=words):
        check(*arguments)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import nowhere_at_all", "No module named 'nowhere_at_all'"),
        ("def f(:", "SyntaxError"),
        ("1 / 0", "ZeroDivision"),
    ],
)
def test_a_file_that_cannot_be_imported_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, words: str
):
    (tmp_path / "faulty_of_check.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    with pytest.raises(CourseError, match=f"faulty_of_check cannot be imported: .*{words}"):
        check("faulty_of_check:Block")
