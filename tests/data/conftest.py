"""Small datasets, made once a session; tests that spoil one take a copy."""

import shutil
from pathlib import Path

import pytest

from yolo_course import data


@pytest.fixture(scope="session")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return data.make("shapes", tmp_path_factory.mktemp("made") / "shapes", images=25, size=64)


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return data.make("digits", tmp_path_factory.mktemp("made") / "digits", images=60, size=96)


@pytest.fixture
def copy(shapes: Path, tmp_path: Path) -> Path:
    """The data YAML of a copy of shapes, to be spoilt."""
    return Path(shutil.copytree(shapes.parent, tmp_path / "copy")) / "shapes.yaml"
