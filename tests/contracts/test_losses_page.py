"""docs/losses.md says what the benchmarks measured."""

import importlib.util
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "losses.md").read_text(encoding="utf-8")
RESULTS = ROOT / "benchmarks" / "results"


def test_the_table_of_variants_is_the_one_that_was_measured():
    file = ROOT / "benchmarks" / "loss_variants.py"
    spec = importlib.util.spec_from_file_location("loss_variants", file)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.table(json.loads((RESULTS / "loss_variants.json").read_text())) in PAGE


def test_the_four_variants_of_the_course_reach_stock_less_two_hundredths():
    seeds = json.loads((RESULTS / "loss_variants.json").read_text())["results"]
    means = {name: sum(run["map50"] for run in runs.values()) / len(runs) for name, runs in seeds.items()}
    assert all(len(runs) == 3 for runs in seeds.values())
    for name in ("iou-aware", "smooth-l1", "attention", "class-weighted"):
        assert means[name] >= means["stock"] - 0.02


@pytest.mark.parametrize(
    "case", json.loads((RESULTS / "criterion.json").read_text())["cases"], ids=lambda case: case["model"]
)
def test_the_cost_of_the_criterion_is_the_measured_one(case):
    assert f"| {case['model']} | {case['side']} px × {case['images']} | {case['ratio']:.3f} |" in PAGE
    assert case["ratio"] <= 1.05
