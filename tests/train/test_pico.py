"""A real training run on a small set does what the recipe says, and wrong arguments leave no trace."""

import platform
from collections import Counter
from pathlib import Path

import pytest
import torch
from ultralytics import YOLO
from ultralytics.data.augment import Mosaic
from ultralytics.utils.callbacks.base import default_callbacks

from yolo_course import data, train_pico
from yolo_course.errors import CourseError
from yolo_course.visual.curves import read_curves


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    return data.make("shapes", tmp_path_factory.mktemp("data") / "shapes", images=60)


@pytest.fixture
def counted(monkeypatch):
    """What the trainer really did: calls of mosaic, steps, and its optimizer."""
    seen = Counter()
    mosaic = Mosaic.__call__

    def counting(self, labels):
        seen["mosaic"] += self.p > 0
        return mosaic(self, labels)

    def begin(trainer):
        seen["optimizer"] = type(trainer.optimizer).__name__
        seen["lr"] = min(group["initial_lr"] for group in trainer.optimizer.param_groups)
        weights = [weight for model in (trainer.model, trainer.ema.ema) for weight in model.parameters()]
        kernels = [weight for weight in weights if weight.ndim == 4]
        seen["channels_last"] = all(kernel.is_contiguous(memory_format=torch.channels_last) for kernel in kernels)
        trainer.optimizer.register_step_post_hook(lambda *_: seen.update(steps=1))

    monkeypatch.setattr(Mosaic, "__call__", counting)
    monkeypatch.setitem(default_callbacks, "on_train_start", [*default_callbacks["on_train_start"], begin])
    return seen


@pytest.mark.slow
def test_learns_and_leaves_what_it_says(shapes, tmp_path, counted, capfd):
    lines = []
    options = {"epochs": 8, "batch": 4, "lr0": 0.01, "workers": 0}  # calls in another process couldn't be counted
    result = train_pico(shapes, **options, out=tmp_path / "run", progress=lines.append)
    assert capfd.readouterr().out == "", "quiet but for the progress"
    assert len(lines) == 8
    images = len(data.load(shapes).images("train"))
    assert counted.pop("channels_last") == (platform.machine() == "x86_64")
    assert counted == {"mosaic": 6 * images, "steps": 8 * images // 4, "optimizer": "MuSGD", "lr": 0.01}

    curves = read_curves(result.curves)
    score = curves["metrics/mAP50-95(B)"]
    assert curves["metrics/mAP50(B)"][-1] > curves["metrics/mAP50(B)"][0] + 0.05
    assert result.map5095 == pytest.approx(score[4:].max(), abs=0.01), "the best of the second half, rounded to 16 bits"
    assert result.save_dir == (tmp_path / "run").resolve()
    assert result.seconds > curves["time"][-1]

    again = YOLO(result.best).val(data=str(shapes), imgsz=128, plots=False, workers=0, project=tmp_path, verbose=False)
    assert again.box.map50 == pytest.approx(result.map50, abs=1e-4)
    assert result.model.names == {0: "circle", 1: "square", 2: "triangle"}


def weights(path):
    return YOLO(path).model.state_dict()


@pytest.mark.slow
def test_a_seed_gives_the_same_weights_and_another_gives_others(shapes, tmp_path):
    runs = [
        weights(train_pico(shapes, epochs=2, batch=8, seed=seed, out=tmp_path / "run", progress=None).best)
        for seed in (5, 5, 6)
    ]
    same = [all(torch.equal(value, run[name]) for name, value in runs[0].items()) for run in runs]
    assert same == [True, True, False]


@pytest.mark.slow
def test_goes_on_from_weights_and_numbers_its_folders(shapes, tmp_path, monkeypatch, counted):
    monkeypatch.chdir(tmp_path)
    options = {"epochs": 1, "batch": 16, "progress": None}
    first = train_pico(shapes, **options)
    second = train_pico(shapes, **options, lr0=0.0, channels_last=False, weights=first.best)
    assert not counted["channels_last"]
    assert first.save_dir == (tmp_path / "runs" / "pico").resolve()
    assert second.save_dir.parent == first.save_dir.parent
    assert second.save_dir != first.save_dir
    kernel = "model.0.conv.weight"
    assert torch.allclose(weights(second.best)[kernel], weights(first.best)[kernel], atol=1e-3), (
        "a rate of 0 moves nothing"
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"data": "shape"}, "shapes"),
        ({"data": "none.yaml"}, "none.yaml"),
        ({"epochs": 0}, "epochs"),
        ({"learning_rate": 1}, "unknown training option"),
        ({"weights": "none.pt"}, "no such checkpoint"),
        ({"weights": "broken.pt"}, "not a checkpoint"),
        ({"out": "broken.pt/run"}, "can't make the folder"),
        ({"out": "broken.pt"}, "can't make the folder"),
    ],
)
def test_wrong_arguments_write_nothing(shapes, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    Path("broken.pt").write_bytes(b"not a checkpoint")
    with pytest.raises(CourseError, match=says):
        train_pico(**{"data": shapes, "progress": None, **arguments})
    assert [path.name for path in tmp_path.iterdir()] == ["broken.pt"]
