"""A room imports from rooms below it, and Ultralytics' internals stay in the rooms that are allowed to know them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import yolo_course

PACKAGE = Path(yolo_course.__file__).parent
ARCHITECTURE = PACKAGE.parent / "docs" / "architecture.md"
STAIRCASE = (
    ("errors",),
    ("registry", "boxes"),
    ("blocks", "losses", "augment", "data", "metrics"),
    ("models",),
    ("train",),
    ("visual",),
    ("explorers",),
    ("grading",),
    ("cli",),
)
RANK = {room: rank for rank, rooms in enumerate(STAIRCASE) for room in rooms} | {"__main__": len(STAIRCASE)}
PLANNED = {"metrics"}  # built with their units

INSIDERS = ("registry", "models", "train", "losses/criterion.py")
# Documented for users: the names in `ultralytics` itself, and the entry point of its command line.
PUBLIC = ("ultralytics.YOLO", "ultralytics.__version__", "ultralytics.settings", "ultralytics.cfg.entrypoint")


def imports(source: str, package: str) -> Iterator[tuple[int, str]]:
    """Every dotted name that a module imports, with its line; those inside functions and `import_module("…")` too."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, name.name) for name in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                above = package.split(".")[: len(package.split(".")) - level + 1] if level else []
                base = ".".join([*above, *([module] if module else [])])
                yield from ((node.lineno, f"{base}.{name.name}") for name in names)
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield node.lineno, name
            case ast.Attribute(value=ast.Name(id="yolo_course"), attr=name):
                yield node.lineno, f"yolo_course.{name}"


def room_of(name: str) -> str | None:
    """The room that a dotted name of ours comes from; a public name counts as the room that defines it."""
    parts = name.split(".")
    if parts[0] != "yolo_course" or len(parts) == 1:
        return None
    return (yolo_course._PUBLIC.get(parts[1], name) + ".").split(".")[1]


def trespasses(file: str, source: str) -> list[str]:
    """What `file`, a path inside the package, imports and may not."""
    place = Path(file)
    room = place.parts[0].removesuffix(".py")
    package = ".".join(("yolo_course", *place.parent.parts))
    found = []
    for line, name in imports(source, package):
        other = room_of(name)
        if other in RANK and other != room and RANK[other] >= RANK[room]:
            found.append(f"{file}:{line} {room} must not import {name}, which is not below it")
        if name.split(".")[0] == "ultralytics" and not may_know(file, room, name):
            found.append(f"{file}:{line} {room} must not know {name}, an internal of Ultralytics")
    return found


def may_know(file: str, room: str, name: str) -> bool:
    if room in ("blocks", "explorers") and name.startswith("ultralytics.nn.modules."):
        return True
    return room in INSIDERS or file in INSIDERS or name in PUBLIC


def modules() -> list[str]:
    """All modules of the rooms; the package's own `__init__` is the public face and stands above none."""
    files = (path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
    return sorted(file for file in files if file != "__init__.py")


@pytest.mark.parametrize("file", modules())
def test_imports_point_down(file: str):
    assert trespasses(file, (PACKAGE / file).read_text()) == []


def test_the_rooms_are_those_of_the_architecture():
    rooms = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert rooms - {"__init__"} == set(RANK) - PLANNED


def test_the_architecture_page_shows_this_staircase():
    lines = ARCHITECTURE.read_text().splitlines()
    for rank, rooms in enumerate(STAIRCASE):
        row = next(line for line in lines if line.startswith(f"{rank}  "))
        assert tuple(row.split()[1 : 1 + len(rooms)]) == rooms


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("blocks/csp.py", "from yolo_course.train import recipe"),
        ("blocks/csp.py", "def f():\n    import yolo_course.data.making.shapes"),
        ("blocks/csp.py", "from yolo_course import data"),
        ("blocks/csp.py", "from ..models import build"),
        ("blocks/csp.py", "from .. import models"),
        ("blocks/csp.py", "import_module('yolo_course.cli')"),
        ("blocks/csp.py", "import yolo_course\nyolo_course.train_pico()"),
        ("blocks/csp.py", "from ultralytics.nn.tasks import parse_model"),
        ("blocks/csp.py", "from ultralytics.utils import LOGGER"),
        ("boxes.py", "from yolo_course.registry import register"),
        ("visual/curves.py", "if TYPE_CHECKING:\n    from ultralytics.engine.results import Results"),
        ("losses/focal.py", "import ultralytics.utils.loss"),
        ("cli/doctor.py", "from ultralytics.utils import SETTINGS"),
    ],
)
def test_a_trespass_is_seen(file: str, source: str):
    assert len(trespasses(file, source)) == 1


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("blocks/csp.py", "from ultralytics.nn.modules import Conv\nfrom ultralytics.nn.modules.block import C2f"),
        ("blocks/csp.py", "from yolo_course.errors import CourseError\nfrom . import residual\nfrom .eca import ECA"),
        ("train/pico.py", "from ultralytics.engine.trainer import BaseTrainer\nfrom yolo_course import build, data"),
        ("losses/criterion.py", "from ultralytics.utils.loss import v8DetectionLoss"),
        ("explorers/boxes.py", "from ultralytics import YOLO\nfrom yolo_course import __version__, visual"),
        ("cli/lab.py", "import yolo_course\nprint(yolo_course.__file__)"),
    ],
)
def test_what_is_allowed_is_let_through(file: str, source: str):
    assert trespasses(file, source) == []
