"""`yolo-course yolo`: what it passes on, and whose blocks it knows."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

USER_PACKAGE = Path(__file__).parents[1] / "registry" / "userpkg"
MODEL = """
nc: 2
backbone:
  - [-1, 1, Conv, [8, 3, 2]]
  - [-1, 1, {block}, [8]]
head:
  - [[-1], 1, Detect, [nc]]
"""
EXPORT = ("export", "model=model.yaml", "format=torchscript", "imgsz=32", "device=cpu")


@pytest.fixture
def yolo(tmp_path: Path):
    """Run the command in an empty folder with a model of one block."""

    def run(*arguments: str, block: str = "ECA", **env: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "model.yaml").write_text(MODEL.format(block=block))
        return subprocess.run(
            [sys.executable, "-m", "yolo_course", "yolo", *arguments],
            cwd=tmp_path,
            env={**os.environ, "OMP_NUM_THREADS": "1", **env},
            capture_output=True,
            text=True,
            timeout=240,
        )

    return run


@pytest.mark.slow
def test_passes_everything_on(yolo):
    assert yolo("version").stdout.strip().splitlines()[-1] == "8.4.190"
    assert "yolo TASK MODE ARGS" in yolo("--help").stdout


@pytest.mark.slow
def test_knows_the_blocks_of_the_course(yolo, tmp_path):
    done = yolo(*EXPORT)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "model.torchscript").exists()


@pytest.mark.slow
def test_knows_the_blocks_of_a_users_package(yolo, tmp_path):
    done = yolo("--import", "pepper", *EXPORT, block="PepperCorn", PYTHONPATH=str(USER_PACKAGE))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "model.torchscript").exists()


@pytest.mark.slow
def test_mistakes_are_one_line(yolo):
    done = yolo("--import", "no_such_package", "checks")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "no module is called no_such_package" in done.stderr
    done = yolo(*EXPORT, block="PepperCorn")
    assert done.returncode == 2
    assert "error: model.yaml, row 1 (PepperCorn): no module has this name" in done.stderr.splitlines()[-1]
