"""The script that Ultralytics writes for data-parallel workers, run as one process on the CPU."""

import copy
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from ultralytics.models.yolo.detect import DetectionTrainer
from ultralytics.utils.callbacks.base import get_default_callbacks
from ultralytics.utils.dist import ddp_cleanup, generate_ddp_file

from yolo_course.registry.workers import MARKER


def test_marker_travels_with_every_trainer():
    assert MARKER in get_default_callbacks()["on_pretrain_routine_start"]
    assert copy.deepcopy(MARKER) is MARKER
    assert pickle.loads(pickle.dumps(MARKER)) is MARKER
    assert MARKER(object()) is None


def test_marker_names_the_modules_that_register(pepper):
    _, (modules,) = MARKER.__reduce__()
    assert "pepper.blocks" in modules
    assert "__main__" not in modules


@pytest.mark.slow
def test_worker_builds_a_model_of_registered_blocks(pepper, training, tmp_path):
    model = Path(pepper.__path__[0], "pepper.yaml")
    trainer = DetectionTrainer(overrides={**training, "model": str(model), "epochs": 1, "name": "worker"})
    assert trainer.model == str(model)  # only a name: the worker has to parse it
    script = generate_ddp_file(trainer)
    try:
        done = subprocess.run([sys.executable, script], capture_output=True, text=True, cwd=tmp_path, timeout=200)
        assert done.returncode == 0, done.stderr
        assert (trainer.save_dir / "weights" / "best.pt").exists()
    finally:
        ddp_cleanup(trainer, script)
