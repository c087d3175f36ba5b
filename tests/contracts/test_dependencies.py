"""pyproject.toml, requirements.lock, environment.yml, Makefile and CONTRIBUTING.md tell of the same dependencies."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from yolo_course.cli import checkup
from yolo_course.registry import upstream

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = {name: [Requirement(line) for line in lines] for name, lines in PROJECT["optional-dependencies"].items()}
CORE = [Requirement(line) for line in PROJECT["dependencies"]]
DIRECT = [*CORE, *(need for name, needs in EXTRAS.items() if name != "all" for need in needs)]
LOCK = [Requirement(line) for line in (ROOT / "requirements.lock").read_text().splitlines()]
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
PLATFORMS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
    "macos": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
}
# module that the library imports -> the declared dependency that requires its package
BROUGHT = {
    **dict.fromkeys(("cv2", "PIL", "psutil"), "ultralytics"),
    **dict.fromkeys(("IPython", "traitlets"), "ipywidgets"),
    **dict.fromkeys(("nbconvert", "sqlalchemy", "dateutil"), "nbgrader"),
    "markupsafe": "jinja2",
}


def locked(platform: str, python: str) -> dict[str, str]:
    """What `pip install -r requirements.lock` would install there."""
    environment = {**PLATFORMS[platform], "python_version": python, "python_full_version": f"{python}.9"}
    chosen = [need for need in LOCK if need.marker is None or need.marker.evaluate(environment)]
    names = [canonicalize_name(need.name) for need in chosen]
    assert len(names) == len(set(names)), "a package is locked twice for one platform"
    return {name: str(need.specifier).removeprefix("==") for name, need in zip(names, chosen, strict=True)}


def test_the_lock_holds_exact_versions_and_no_addresses():
    text = (ROOT / "requirements.lock").read_text()
    assert re.search(r"://|file:|@|\\|--", text) is None
    assert all(re.fullmatch(r"==[\w.!+]+", str(need.specifier)) and need.url is None for need in LOCK)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_lock_meets_every_direct_dependency(platform: str, python: str):
    versions = locked(platform, python)
    assert [
        str(need) for need in DIRECT if not need.specifier.contains(versions.get(canonicalize_name(need.name), "0"))
    ] == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_lock_holds_one_opencv_and_cuda_on_linux_only(platform: str):
    versions = locked(platform, "3.11")
    assert [name for name in versions if name.startswith("opencv-")] == ["opencv-python"]
    cuda = {name for name in versions if re.match(r"nvidia-|cuda-|triton", name)} - {"nvidia-ml-py"}
    assert bool(cuda) == (platform == "linux")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="walks the installed packages of the locked platform")
def test_the_lock_is_complete_here():
    """Every requirement of every locked package, walked in the installed metadata, is locked and met."""
    versions = locked("linux", f"{sys.version_info.major}.{sys.version_info.minor}")
    waiting, seen, missing = [(need, "") for need in DIRECT], set(), []
    while waiting:
        need, extra = waiting.pop()
        name = canonicalize_name(need.name)
        if not need.specifier.contains(versions.get(name, "0"), prereleases=True):
            missing.append(f"{need} for {extra}")
        for wanted in {"", *need.extras} - {done for key, done in seen if key == name}:
            seen.add((name, wanted))
            waiting += [(found, name) for found in requirements(name) if applies(found, wanted)]
    assert missing == []


@cache
def requirements(name: str) -> list[Requirement]:
    return [Requirement(line) for line in metadata.requires(name) or ()]


def applies(need: Requirement, extra: str) -> bool:
    return need.marker is None or need.marker.evaluate({"extra": extra})


def test_all_means_every_extra():
    (everything,) = EXTRAS["all"]
    assert everything.name == PROJECT["name"]
    assert everything.extras == EXTRAS.keys() - {"all"}


def test_conda_and_binder_install_the_lock():
    dependencies = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    assert dependencies[0] in [f"python={python}" for python in PYTHONS]
    assert dependencies[-1] == {"pip": ["-r requirements.lock", "-e ."]}


def test_the_supported_pythons_are_the_same_everywhere():
    classified = [name.rpartition(" ")[2] for name in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", name)]
    assert classified == PYTHONS
    assert PROJECT["requires-python"] == f">={PYTHONS[0]}"
    oldest, newest = (tuple(map(int, python.split("."))) for python in (PYTHONS[0], PYTHONS[-1]))
    assert (oldest, newest) == checkup._PYTHONS
    assert f"{oldest} <= sys.version_info[:2] <= {newest}" in (ROOT / "Makefile").read_text()


def test_ultralytics_is_pinned_to_the_version_that_the_self_test_expects():
    (pin,) = (need for need in CORE if need.name == "ultralytics")
    assert str(pin.specifier) == f"=={upstream.VERSION}"


def test_every_import_of_the_library_is_declared():
    provides = metadata.packages_distributions()
    declared = {canonicalize_name(need.name) for need in DIRECT}
    strangers = {
        f"{path.relative_to(ROOT)} imports {module}"
        for path in (ROOT / "yolo_course").rglob("*.py")
        for module in third_party(path.read_text()) - BROUGHT.keys()
        if not declared & {canonicalize_name(name) for name in provides.get(module, [])}
    }
    assert strangers == set()


@pytest.mark.parametrize(("module", "parent"), BROUGHT.items())
def test_what_is_not_declared_is_brought_by_what_is(module: str, parent: str):
    assert parent in {need.name for need in DIRECT}
    brought = {canonicalize_name(need.name) for need in requirements(parent) if applies(need, "")}
    assert brought & {canonicalize_name(name) for name in metadata.packages_distributions()[module]}


def third_party(source: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(source)))
    names = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.split(".")[0] for name in names} - sys.stdlib_module_names - {"yolo_course", ""}


def test_contributing_gives_the_reason_of_every_dependency():
    reasons = dict(re.findall(r"^\| `([\w-]+)` \| (.+) \|$", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE))
    assert {need.name for need in DIRECT} - reasons.keys() == set()
