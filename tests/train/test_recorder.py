"""The record of a run against counts of our own: what Ultralytics asks for and what it does differ."""

import pytest
from ultralytics.data.augment import Mosaic

from yolo_course import data
from yolo_course.models.build import build
from yolo_course.models.quiet import quiet
from yolo_course.train.recorder import Record, record


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    return data.make("shapes", out=tmp_path_factory.mktemp("few") / "shapes", images=20, size=64)  # 16 to train on


@pytest.fixture
def mosaics(monkeypatch):
    """Calls of a mosaic that is switched on, counted where they happen."""
    calls, original = [], Mosaic.__call__

    def counted(self, labels):
        calls.extend([self] * (self.p > 0))
        return original(self, labels)

    monkeypatch.setattr(Mosaic, "__call__", counted)
    return calls


def run(few, folder, **settings):
    model = build("pico", nc=3)
    done = record(model)
    with quiet():
        model.train(
            data=str(few),
            epochs=4,
            batch=8,
            imgsz=64,
            workers=0,
            plots=False,
            val=False,
            project=str(folder),
            **settings,
        )
    return done


@pytest.mark.slow
def test_the_defaults_ignore_lr0_wait_for_64_images_and_never_show_a_mosaic(few, tmp_path, mosaics):
    done = run(few, tmp_path, lr0=0.05)
    assert (done.optimizer, done.epochs, done.batches) == ("AdamW", 4, 8)
    assert done.lr == pytest.approx(0.002 * 5 / (4 + 3), abs=1e-6)
    assert done.steps < done.batches
    assert done.mosaic_epochs == len(mosaics) == 0


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", ["SGD", "MuSGD"])
def test_explicit_settings_are_done_as_asked(few, tmp_path, mosaics, optimizer):
    done = run(few, tmp_path, lr0=0.02, optimizer=optimizer, nbs=8, close_mosaic=1)
    assert done == Record(optimizer, lr=0.02, epochs=4, mosaic_epochs=3, batches=8, steps=8)
    assert len(mosaics) == 3 * 16
