"""The whole life of a model made of a user's own blocks: train, stop, go on, load elsewhere, validate, fuse, export."""

import copy
import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from ultralytics import YOLO
from ultralytics.nn import tasks
from ultralytics.nn.modules import Conv
from ultralytics.utils import LOGGER

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model_file(pepper):
    return Path(pepper.__path__[0], "pepper.yaml")


@pytest.fixture(scope="module")
def trainer(model_file, training):
    """A finished run of two epochs, which remembers the weights it started with."""

    def remember(trainer):
        trainer.start = copy.deepcopy(trainer.model.state_dict())

    model = YOLO(model_file)
    model.add_callback("on_train_start", remember)
    model.train(**training, epochs=2, name="life")
    return model.trainer


@pytest.fixture(scope="module")
def image():
    return np.random.default_rng(1).integers(0, 255, (64, 64, 3), dtype=np.uint8)


@pytest.fixture
def best(trainer, tmp_path):
    """A copy of the run's best.pt, so that what is exported beside it goes with the test."""
    path = tmp_path / "best.pt"
    path.write_bytes(trainer.best.read_bytes())
    return path


def test_training_moves_every_parameter_of_our_blocks(trainer):
    ours = [f"model.{layer.i}." for layer in trainer.model.model if layer.type.startswith("pepper.")]
    learnt = {name: p for name, p in trainer.model.named_parameters() if name.startswith(tuple(ours))}
    still = [name for name, p in learnt.items() if torch.equal(p, trainer.start[name])]
    assert len(ours) == 6
    assert still == []
    assert all(torch.isfinite(p).all() for p in learnt.values())


def test_average_of_weights_is_what_is_saved(trainer):
    saved = tasks.load_checkpoint(trainer.last)[0]
    averaged = trainer.ema.ema
    assert type(saved.model[7]) is type(averaged.model[7])
    assert trainer.ema.updates > 0
    assert any(not torch.equal(a, b) for a, b in zip(averaged.parameters(), trainer.model.parameters(), strict=True))
    for ours, theirs in zip(saved.parameters(), averaged.parameters(), strict=True):
        assert torch.equal(ours, theirs.half().float())  # checkpoints are written in half precision


def test_fresh_process_predicts_and_trains_on(best, image, training, fresh, tmp_path):
    np.save(tmp_path / "image.npy", image)
    run = {**training, "project": str(tmp_path / "again"), "epochs": 1, "name": "fresh"}
    out = fresh(
        "import json, numpy as np\n"
        "from ultralytics import YOLO\n"  # nothing of ours is imported: the checkpoint brings it
        f"model = YOLO({str(best)!r})\n"
        "boxes = model.predict(np.load('image.npy'), imgsz=64, conf=0.0001, verbose=False)[0].boxes.data\n"
        f"model.train(**{run!r})\n"
        "print(json.dumps(boxes.tolist()))\n"
    )
    there = torch.tensor(json.loads(out.splitlines()[-1]))
    here = YOLO(best).predict(image, imgsz=64, conf=0.0001, verbose=False)[0].boxes.data
    assert len(here)
    assert torch.allclose(here, there, atol=1e-4)
    assert (tmp_path / "again" / "fresh" / "weights" / "best.pt").exists()


def test_validates(best, training):
    metrics = YOLO(best).val(**{**training, "name": "val"})
    assert 0 <= metrics.box.map50 <= 1


def test_resumes_where_it_stopped(model_file, training):
    class Stop(Exception): ...

    def stop(trainer):
        if trainer.epoch == 1:
            raise Stop

    model = YOLO(model_file)
    model.add_callback("on_train_epoch_start", stop)
    with pytest.raises(Stop):
        model.train(**training, epochs=3, name="stopped")
    resumed = YOLO(model.trainer.last)
    epochs = []
    resumed.add_callback("on_train_epoch_end", lambda trainer: epochs.append(trainer.epoch))
    resumed.train(resume=True)
    assert epochs == [1, 2]


def test_fusing_changes_nothing_but_the_norms(best, image):
    model = tasks.load_checkpoint(best)[0]
    fused = copy.deepcopy(model).fuse(verbose=False)
    x = torch.from_numpy(image).permute(2, 0, 1)[None] / 255  # (H, W, 3) -> (1, 3, H, W)
    with torch.no_grad():
        assert torch.allclose(fused(x)[0], model(x)[0], atol=1e-4)
    assert any(isinstance(m, torch.nn.BatchNorm2d) for m in model.modules())
    assert not any(isinstance(m, torch.nn.BatchNorm2d) for m in fused.modules())
    assert sum(isinstance(m, Conv) for m in fused.modules()) == sum(isinstance(m, Conv) for m in model.modules())


def test_exports_give_equal_outputs(best, image):
    x = torch.from_numpy(image).permute(2, 0, 1)[None].contiguous() / 255  # (H, W, 3) -> (1, 3, H, W)
    with torch.no_grad():
        expected = tasks.load_checkpoint(best)[0](x)[0]
    script = torch.jit.load(YOLO(best).export(format="torchscript", imgsz=64, device="cpu"))
    assert torch.allclose(script(x), expected, atol=1e-3)
    onnx = YOLO(best).export(format="onnx", imgsz=64, simplify=False, device="cpu")
    session = onnxruntime.InferenceSession(onnx, providers=["CPUExecutionProvider"])
    found = session.run(None, {session.get_inputs()[0].name: x.numpy()})[0]
    assert np.allclose(found, expected.numpy(), atol=1e-3)


def test_augmented_prediction_is_not_refused(best, image):
    told = []
    LOGGER.addFilter(remember := lambda record: told.append(record.getMessage()) or True)
    model = tasks.load_checkpoint(best)[0]
    x = torch.from_numpy(image).permute(2, 0, 1)[None] / 255  # (H, W, 3) -> (1, 3, H, W)
    with torch.no_grad():
        plain, augmented = model(x)[0], model(x, augment=True)[0]
    LOGGER.removeFilter(remember)
    assert not any("augment" in line for line in told)
    assert augmented.shape[2] > plain.shape[2]


def test_restricted_loading_in_a_fresh_process(best, image, fresh, tmp_path):
    np.save(tmp_path / "image.npy", image)
    code = (
        "import numpy as np, pepper\n"
        "from ultralytics import YOLO\n"
        f"print(len(YOLO({str(best)!r}).predict(np.load('image.npy'), imgsz=64, verbose=False)))\n"
    )
    assert fresh(code, ULTRALYTICS_SAFE_LOAD="1").splitlines()[-1] == "1"
