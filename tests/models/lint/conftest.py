"""Model YAMLs to lint: those of Ultralytics, those of the zoo, whatever a test writes, and sound ones made unsound.

The mutator knows the text and the model that Ultralytics builds of it, never how the linter works.
"""

import random
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import torch
import ultralytics
import yaml
from ultralytics.nn import tasks

from yolo_course.models.names import ZOO

STOCK = sorted((Path(ultralytics.__file__).parent / "cfg" / "models").glob("*/*.yaml"))
BASES = [
    *("yolov8", "csp-attention", "yolo11", "custom-neck", "yolov5", "mobilenet", "yolo12", "pico", "yolov9t", "resnet"),
    *("yolo26-seg", "transformer", "yolov6", "yolov10n", "yolov8-pose", "yolo11-obb", "yolov3-tiny"),
]
EACH = 3  # models that each mistake is made in
SMALL = """\
nc: 3
backbone:
  - [-1, 1, Conv, [16, 3, 2]]
  - [-1, 1, Conv, [32, 3, 2]]
  - [-1, 1, Conv, [64, 3, 2]]
  - [-1, 1, Conv, [64, 3, 2]]
head:
  - [-1, 1, nn.Upsample, [None, 2, nearest]]
  - [[-1, 2], 1, Concat, [1]]
  - [-1, 1, C2f, [64]]
  - [[6, 3], 1, Detect, [nc]]
"""


@pytest.fixture(scope="session")
def stock():
    """Finds a stock YAML by its stem."""
    return {path.stem: path for path in STOCK}


@pytest.fixture(scope="session")
def zoo():
    return {path.stem: path for path in sorted(ZOO.glob("*.yaml"))}


@pytest.fixture
def lint_text(tmp_path):
    """Lints a text, as a file of that name."""
    from yolo_course import lint

    def lint_it(text, name="model.yaml", **options):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return lint(path, **options)

    return lint_it


@pytest.fixture
def lint_small(lint_text):
    """Lints a sound little detector in which one text has been put in place of another."""

    def lint_it(old, new, **options):
        assert old in SMALL
        return lint_text(SMALL.replace(old, new, 1), **options)

    return lint_it


@dataclass
class Text:
    """A model YAML as lines, with the line of each row; a LookupError says that it has no row for a mistake."""

    lines: list[str]
    rng: random.Random
    rows: list[list] = field(init=False)
    at: list[int] = field(init=False)

    def __post_init__(self):
        d = yaml.safe_load("\n".join(self.lines))
        self.rows = d["backbone"] + d["head"]
        self.at = [i for i, line in enumerate(self.lines) if re.match(r"\s*- \[", line)]
        assert len(self.at) == len(self.rows)

    def some(self, *names: str, where=lambda row: True) -> int:
        """The number of a row of one of these modules."""
        found = [i for i, row in enumerate(self.rows) if row[2] in names and where(row)]
        if not found:
            raise LookupError
        return self.rng.choice(found)

    @property
    def strides(self) -> list[int]:
        """Strides of the rows but the last, from the model that Ultralytics builds."""
        d = yaml.safe_load("\n".join(self.lines))
        layers, _ = tasks.parse_model(d | {"scale": next(iter(d.get("scales", {})), "")}, 3, verbose=False)
        x, outputs = torch.zeros(1, 3, 128, 128), []
        for layer in layers.eval()[:-1]:
            read = [x if f == -1 else outputs[f] for f in ([layer.f] if isinstance(layer.f, int) else layer.f)]
            x = layer(read[0] if isinstance(layer.f, int) else read)
            outputs.append(x)
        return [128 // x.shape[-1] for x in outputs]

    def rewrite(self, number: int, *row: object) -> int:
        """Put another row in its place; the line it stands on, from 1."""
        margin = re.match(r"\s*", self.lines[self.at[number]])[0]
        self.lines[self.at[number]] = f"{margin}- {yaml.safe_dump([*row], default_flow_style=True, width=999).strip()}"
        return self.at[number] + 1

    def line_of(self, pattern: str) -> int:
        found = [i for i, line in enumerate(self.lines) if re.match(pattern, line)]
        if not found:
            raise LookupError
        return found[0]


def mutants(mistakes, files):
    """Each mistake in some of the models, the next ones for the next mistake."""
    names = [*BASES]
    for make in mistakes:
        made = 0
        for name in [*names]:
            lines = files[name].read_text().split("\n")
            text = Text(lines, random.Random(f"{make.__name__} {name}"))
            try:
                line, rules = make(text)
            except LookupError:
                continue
            names.append(names.pop(names.index(name)))
            yield f"{make.__name__} in {name}", "\n".join(text.lines), line, rules
            made += 1
            if made == EACH:
                break


@pytest.fixture
def found_on_their_line(stock, zoo, lint_text):
    """Makes mistakes, each in some models; tells how many were made, and which were not found on their line."""

    def find(mistakes):
        missed, made = [], 0
        for name, text, line, rules in mutants(mistakes, stock | zoo):
            made += 1
            found = [(f.line, f.rule) for f in lint_text(text).findings]
            if not any((line, rule) in found for rule in rules):
                missed.append(f"{name}: line {line}, {rules}, found {found}")
        return made, missed

    return find
