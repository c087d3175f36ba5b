"""Drift of Ultralytics, told in words."""

import ast
import subprocess
import sys
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from types import ModuleType

import pytest

import yolo_course
from yolo_course.registry import upstream


def test_the_pinned_release_has_not_drifted():
    assert upstream.drift() == []


def test_importing_it_does_not_import_ultralytics():
    code = (
        "import sys, yolo_course.registry.upstream; print(sorted({'torch', 'ultralytics', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "expected", "told"),
    [
        (
            "nn.tasks:parse_modell",
            "()",
            "The lab room relies on nn.tasks.parse_modell of Ultralytics 8.4.190: it is ",
        ),
        ("nn.no_such_file:thing", "()", "it is missing ("),
        ("nn.modules:Conv.no_such", upstream.ATTRIBUTE, "it is missing ("),
        ("nn.tasks:yaml_model_load", "(path, ch)", "expected (path, ch), found (path) in "),
        ("nn.tasks:torch", "(path)", "expected (path), found no call at all in "),
    ],
)
def test_a_difference_is_one_sentence(monkeypatch, name, expected, told):
    monkeypatch.setattr(upstream, "EXPECTED", {"lab": {name: expected}})
    (sentence,) = upstream.drift()
    assert told in sentence
    assert sentence.endswith(".")


def test_signature_without_annotations_and_objects():
    def f(a: int, *b, c: str = "x", d=None, e=object(), **g) -> int: ...

    assert upstream.signature_of(f) == "(a, *b, c='x', d=None, e=…, **g)"


def test_every_internal_that_the_library_imports_is_listed():
    public = ["YOLO", "__version__", "settings"]
    known = [
        attrgetter(path)(import_module(f"ultralytics.{module}"))
        for names in upstream.EXPECTED.values()
        for module, path in (name.split(":") for name in names)
    ]
    for file in Path(yolo_course.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ultralytics"):
                for name in [alias.name for alias in node.names if alias.name not in public]:
                    thing = getattr(import_module(node.module), name)
                    listed = isinstance(thing, ModuleType) or any(thing is other for other in known)
                    assert listed, f"{file.name}:{node.lineno} relies on {name}: add it to registry/upstream.py"
