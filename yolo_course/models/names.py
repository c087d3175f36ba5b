"""What a model's name stands for: a YAML, and a scale of it.

Ultralytics reads the scale off file names of its own kind, `yolo11s.yaml`, and off no others; it overwrites a `scale:`
written in the YAML. Here `NAME-S.yaml` stands for scale S of `NAME.yaml`, unless there is a file of that very name, and
names without a folder are looked up in the zoo too. Importing this module teaches both to Ultralytics.
"""

import os
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path

import yaml
from ultralytics.nn import tasks

from yolo_course.errors import ModelError
from yolo_course.models.lint.document import parse, read_text

__all__ = ["ZOO", "find", "read", "zoo"]

ZOO = Path(__file__).with_name("yaml")
SUFFIXES = (".yaml", ".yml")


def zoo() -> dict[str, Path]:
    """The zoo's YAMLs, by name."""
    return {file.stem: file for file in sorted(ZOO.glob("*.yaml"))}


def find(name: str | Path) -> tuple[Path, str] | None:
    """Return the YAML that a name stands for, and the scale that it says, if any.

    Args:
        name: `csp-attention`, `csp-attention-s`, either with `.yaml`, or the path of a YAML, with `-S` before its
            suffix for scale S.

    Raises:
        ModelError: The name says a scale, and the file that should have it is no YAML.

    Example:
        >>> file, scale = find("csp-attention-s.yaml")
        >>> file.name, scale
        ('csp-attention.yaml', 's')
    """
    for path in _candidates(Path(os.path.expanduser(name))):
        if os.path.isfile(path):
            return path, ""
        stem, _, scale = path.stem.rpartition("-")
        file = path.with_name(stem + path.suffix)
        if stem and os.path.isfile(file) and scale in _scales(file):
            return file, scale
    return None


def read(file: Path) -> dict:
    """Read a YAML that holds a mapping, with the linter's limits: no file takes long, however it was made.

    Raises:
        ModelError: It does not, or it is too large or too deep to be a model.
    """
    text = read_text(file)
    try:
        config = parse(text).value
    except yaml.YAMLError as error:
        raise ModelError("not a YAML file", found=" ".join(str(error).split()), where=file) from error
    except ModelError as error:
        raise ModelError(error.message, expected=error.expected, where=f"{file}, {error.where}") from error
    if not isinstance(config, dict):
        raise ModelError("not a model YAML", expected="backbone and head", found="neither", where=file)
    return config


def _candidates(path: Path) -> Iterator[Path]:
    """Where a name may lead: to itself, if it says that it is a file, and into the zoo, if it says no folder."""
    if path.suffix in SUFFIXES:
        yield path
    if path.name and path.parent == Path():
        yield ZOO / (path.name if path.suffix == ".yaml" else f"{path.name}.yaml")


def _scales(file: Path) -> dict:
    scales = read(file).get("scales")
    return scales if isinstance(scales, dict) else {}


def _with_names(original: Callable[[str | Path], dict]) -> Callable[[str | Path], dict]:
    """Wrap `yaml_model_load` so that it knows the names; what they do not cover goes to the original."""

    @wraps(original)
    def yaml_model_load(path):
        found = find(path)
        if not found:
            return original(path)
        file, scale = found
        config = original(file) | {"yaml_file": str(path)}
        return config | {"scale": scale} if scale else config

    yaml_model_load.knows_names = True
    return yaml_model_load


def _install() -> None:
    """Put the wrapper where Ultralytics looks: into `tasks`, and into `engine.model`, which may have a copy already."""
    if not hasattr(tasks.yaml_model_load, "knows_names"):
        tasks.yaml_model_load = _with_names(tasks.yaml_model_load)
    if engine := sys.modules.get("ultralytics.engine.model"):
        engine.yaml_model_load = tasks.yaml_model_load


_install()
