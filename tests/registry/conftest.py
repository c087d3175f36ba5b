"""What the registry's tests share: a user's package, tiny data, a registry that forgets, a fresh process."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

USER_PACKAGE = Path(__file__).parent / "userpkg"
TRAINING = {
    "imgsz": 64,
    "batch": 4,
    "device": "cpu",
    "workers": 0,
    "plots": False,
    "verbose": False,
    "optimizer": "SGD",
    "nbs": 4,
    "warmup_epochs": 0,
    "amp": False,
}


@pytest.fixture(autouse=True, scope="package")
def one_thread() -> Iterator[None]:
    """Models this small run fastest on one thread, on a busy machine by far."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def pepper() -> object:
    """The user's package, imported once and for good, as a user's would be."""
    sys.path.insert(0, str(USER_PACKAGE))
    import pepper

    return pepper


@pytest.fixture
def forgetful(pepper: object) -> Iterator[None]:
    """What a test registers is gone after it."""
    from yolo_course.registry.register import isolated

    with isolated():
        yield


@pytest.fixture(scope="session")
def pepper_yaml() -> Callable[[str], dict]:
    """The package's model at a scale, parsed as Ultralytics parses it."""
    from ultralytics.nn.tasks import yaml_model_load

    return lambda scale: {**yaml_model_load(USER_PACKAGE / "pepper" / "pepper.yaml"), "scale": scale}


@pytest.fixture(scope="session")
def noise_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight images of noise with two boxes each; training on them proves nothing but that it runs."""
    root, rng = tmp_path_factory.mktemp("noise"), np.random.default_rng(0)
    for folder in ("images", "labels"):
        (root / folder).mkdir()
    for i in range(8):
        Image.fromarray(rng.integers(0, 255, (64, 64, 3), dtype=np.uint8)).save(root / "images" / f"{i}.png")
        boxes = np.column_stack([[0, 1], rng.uniform(0.3, 0.7, (2, 2)), rng.uniform(0.2, 0.5, (2, 2))])
        np.savetxt(root / "labels" / f"{i}.txt", boxes, fmt=["%d", *["%.4f"] * 4])
    data = root / "data.yaml"
    data.write_text(f"path: {root}\ntrain: images\nval: images\nnames: [salt, pepper]\n")
    return data


@pytest.fixture(scope="session")
def training(noise_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Keyword arguments of a training run of seconds."""
    return {**TRAINING, "data": str(noise_data), "project": str(tmp_path_factory.mktemp("runs"))}


@pytest.fixture
def fresh(tmp_path: Path) -> Callable[..., str]:
    """Run code in a new Python that can import the user's package, and give back what it printed."""

    def run(code: str, **env: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(USER_PACKAGE), **env},
            capture_output=True,
            text=True,
            timeout=200,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run
