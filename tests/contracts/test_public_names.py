"""The public names are a promise: this list, importable, and cheap until used."""

import subprocess
import sys

import pytest

import yolo_course

NAMES = {
    "CourseError",
    "augment",
    "blocks",
    "boxes",
    "build",
    "check_block",
    "data",
    "lint",
    "losses",
    "register",
    "train_pico",
    "use_criterion",
    "visual",
    "with_balance",
    "with_transforms",
}
HEAVY = {"torch", "torchvision", "ultralytics", "numpy", "cv2", "matplotlib", "sklearn", "IPython", "typer"}


def python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120).stdout


def test_the_public_names_are_these():
    assert set(yolo_course.__all__) == NAMES | {"__version__"}
    assert dir(yolo_course) == sorted(yolo_course.__all__)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_public_name_stands_for_what_it_says(name: str):
    value = getattr(yolo_course, name)
    defined = getattr(value, "__module__", None) or value.__name__
    assert defined.startswith("yolo_course.")
    assert value.__doc__
    assert value.__name__.rpartition(".")[2] == name


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'block_s'"):
        yolo_course.block_s  # noqa: B018


def test_importing_the_package_loads_nothing_heavy():
    loaded = python("import sys, yolo_course; print(*sorted({name.split('.')[0] for name in sys.modules}))")
    assert HEAVY & set(loaded.split()) == set()


def test_importing_the_package_takes_50_ms_at_most():
    """The best of five, since a busy machine only ever adds; 9 ms were measured on two busy cores."""
    code = "from time import perf_counter as now; start = now(); import yolo_course; print(now() - start)"
    assert min(float(python(code)) for _ in range(5)) < 0.050
