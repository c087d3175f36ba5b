"""What the README says is so: its example, its table of units, its figures and its links."""

import contextlib
import io
import json
import re
from pathlib import Path
from statistics import median

import pytest

import yolo_course.blocks  # noqa: F401 - registered before anything is forgotten again
from yolo_course.grading.build import find_course
from yolo_course.registry.register import isolated

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COURSE = find_course(ROOT)
FIGURES = ROOT / "benchmarks" / "results" / "first_detector.json"
GRADING = FIGURES.with_name("grading.json")


def test_the_example_prints_what_its_comments_say():
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), isolated():
        exec(code, {"__name__": "readme"})
    assert printed.getvalue().splitlines() == re.findall(r"print\(.*\)  # (.*)", code)


@pytest.mark.parametrize("name", COURSE.names())
def test_the_table_has_each_unit_as_its_header_tells_it(name):
    unit = COURSE.unit(name)
    facts, syllabus = unit.facts, unit.syllabus()
    row = (
        f"| [{name[:2]}](notebooks/{name}.ipynb) | {facts['title']} | {facts['promise']} "
        f"| {len(syllabus.exercises)} | {syllabus.points:g} | {facts['minutes']} min | under {facts['budget']} s |"
    )
    assert row in README, f"README.md lacks this row:\n{row}"


def test_every_link_to_a_file_leads_to_one():
    links = re.findall(r"\]\((?!https?://)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def figures(runs):
    """The medians of one row, as the README writes them; the score of a model that gave up says nothing new."""
    for figure in ("milliseconds", "images_a_second", "to_goal", "map50"):
        values = [run[figure] for run in runs if figure in run]
        if values:
            yield "not reached" if None in values else f"{median(values):.3g}"


@pytest.mark.skipif(not FIGURES.exists(), reason="`make bench` has not been run on a quiet machine yet")
def test_the_figures_are_those_of_the_benchmark():
    measured = json.loads(FIGURES.read_text(encoding="utf-8"))
    assert not measured["quick"]
    section = README.split("## Measured")[1].split("\n## ")[0]
    assert measured["machine"]["cpu"] in section
    for what, runs in measured["results"].items():
        row = next(line for line in section.splitlines() if line.startswith(f"| {what} "))
        assert [figure for figure in figures(runs) if figure not in row] == [], row


def test_what_grading_takes_is_what_the_benchmark_says():
    measured = json.loads(GRADING.read_text(encoding="utf-8"))
    assert not measured["quick"]
    for each in measured["ours"]:
        row = f"| grade {each['submissions']} submissions of unit 01 | {each['seconds']:.3g} s |"
        line = next(line for line in README.splitlines() if line.startswith(row))
        assert f"{each['stock_seconds']:.0f} s" in line
        assert not each["stock_is_measured"]
