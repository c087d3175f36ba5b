"""Balanced training: what the loader really gives, counted batch by batch, and the native remedy beside it."""

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from ultralytics.cfg import get_cfg
from ultralytics.data.build import build_yolo_dataset
from ultralytics.data.utils import check_det_dataset
from ultralytics.models.yolo.detect import DetectionTrainer

from yolo_course import data
from yolo_course.data import BalancedSampler, balanced_weights
from yolo_course.errors import CourseError
from yolo_course.models.build import build
from yolo_course.models.quiet import quiet
from yolo_course.train.balanced import EVENT, Balance, with_balance
from yolo_course.train.transforms import with_transforms

RARE = ("00003", "00007")


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    """Forty images of circles, two of which show a triangle as well and one nothing."""
    yaml = data.make("shapes", tmp_path_factory.mktemp("cells") / "shapes", images=50, size=64)
    for number, label in enumerate(sorted((yaml.parent / "labels/train").glob("*.txt"))):
        rare = "2 0.7 0.7 0.3 0.3\n" if label.stem in RARE else ""
        label.write_text("" if number == 11 else f"0 0.3 0.3 0.3 0.3\n{rare}")
    yaml.write_text("train: images/train\nval: images/val\nnames: [circle, square, triangle]\n")
    return yaml


class CountingTrainer(DetectionTrainer):
    """Remembers which images the batches of each epoch hold; asks for workers again, which are 0 on a CPU."""

    drawn, wanted = [], 0

    def get_dataloader(self, *args, **kwargs):
        self.args.workers = self.wanted
        return super().get_dataloader(*args, **kwargs)

    def preprocess_batch(self, batch):
        self.drawn.append((self.epoch, [Path(file).stem for file in batch["im_file"]]))
        return super().preprocess_batch(batch)


def train(yaml, folder, balance=None, workers=0, **settings):
    """Train and return the images of each epoch, and the trainer."""
    kind = type("RunTrainer", (CountingTrainer,), {"drawn": [], "wanted": workers})
    model = build("pico", nc=3)
    if balance is not None:
        with_balance(model, balance)
    common = {"imgsz": 64, "batch": 8, "mosaic": 0.0, "plots": False, "val": False, "device": "cpu"}
    with quiet():
        model.train(trainer=kind, data=str(yaml), project=str(folder), **common | settings)
    epochs = sorted({epoch for epoch, _ in kind.drawn})
    drawn = [Counter(stem for epoch, stems in kind.drawn if epoch == number for stem in stems) for number in epochs]
    return drawn, model.trainer


@pytest.mark.slow
def test_an_epoch_draws_by_weight_and_is_as_long_as_before(cells, tmp_path):
    epochs, trainer = train(cells, tmp_path, 1.0, epochs=3, close_mosaic=1)
    weights = balanced_weights([label["cls"] for label in trainer.train_loader.dataset.labels], 1.0)
    stems = [Path(file).stem for file in trainer.train_loader.dataset.im_files]
    wanted = dict(zip(stems, weights / weights.sum() * 40, strict=True))
    assert wanted[RARE[0]] == pytest.approx(40 * 19.5 / (38 + 2 * 19.5))
    assert len(epochs) == 3
    for drawn in epochs:
        assert drawn.total() == 40
        assert all(abs(drawn[stem] - wanted[stem]) < 1 for stem in stems)
    assert epochs[0] != epochs[1]
    assert sum(map(len, epochs)) > 0
    assert "00011" in set().union(*epochs), "the image without objects comes too"
    assert len(trainer.test_loader.dataset) == 10
    assert [Path(file).parent.name for file in trainer.test_loader.dataset.im_files] == ["val"] * 10
    again = {mode: trainer.get_dataloader(trainer.data[mode], 4, -1, mode) for mode in ("train", "val")}
    assert [isinstance(loader.sampler, BalancedSampler) for loader in again.values()] == [True, False]


@pytest.mark.slow
def test_the_native_remedy_weighs_the_loss_and_draws_all_alike(cells, tmp_path):
    (drawn,), trainer = train(cells, tmp_path, epochs=1, cls_pw=0.5)
    assert set(drawn.values()) == {1}
    counts = np.array([39, np.nan, 2])
    weights = (1 / counts) ** 0.5
    weights[1] = np.nanmean(weights)  # Ultralytics gives a class without boxes the mean
    assert torch.allclose(trainer.model.class_weights.cpu().double(), torch.tensor(weights / weights.mean()), atol=1e-4)


@pytest.mark.slow
def test_workers_draw_the_same(cells, tmp_path):
    alone, _ = train(cells, tmp_path / "alone", 0.5, epochs=2)
    helped, trainer = train(cells, tmp_path / "helped", 0.5, workers=1, epochs=2)
    assert trainer.train_loader.num_workers == 1
    assert alone == helped


@pytest.mark.slow
def test_it_goes_together_with_transforms_of_ones_own(cells, tmp_path):
    seen = []

    def look(sample, rng):
        seen.append(sample.image.shape)
        return sample

    model = with_balance(with_transforms(build("pico", nc=3), look), 1.0)
    with quiet():
        model.train(data=str(cells), project=str(tmp_path), epochs=1, imgsz=64, batch=8, plots=False, val=False)
    assert seen == [(64, 64, 3)] * 40
    assert isinstance(model.trainer.train_loader.sampler, BalancedSampler)


@pytest.mark.parametrize(("mosaic", "cache"), [(0.0, False), (1.0, False), (1.0, "ram")])
def test_what_a_mosaic_leaves_of_the_balance(cells, mosaic, cache):
    """How often the rare images are read."""
    with quiet():
        described = check_det_dataset(str(cells))
        hyp = get_cfg(overrides={"imgsz": 64, "mosaic": mosaic, "cache": cache, "task": "detect"})
        dataset = build_yolo_dataset(hyp, described["train"], 2, described)
    sampler = BalancedSampler(balanced_weights([label["cls"] for label in dataset.labels], 1.0))
    read = Counter()
    whole = dataset.get_image_and_label
    dataset.get_image_and_label = lambda index: read.update([Path(dataset.im_files[index]).stem]) or whole(index)
    random.seed(0)
    for _ in range(8):
        for index in sampler:
            dataset[index]
    share = sum(read[stem] for stem in RARE) / read.total()
    drawn = 2 * 19.5 / (38 + 2 * 19.5)
    alike = drawn / 4 + 3 / 4 * 2 / 40  # one image in four is drawn, three come from all alike
    if not mosaic:
        assert share == pytest.approx(drawn, abs=0.02)
    elif cache:
        assert share == pytest.approx(alike, abs=0.03)
    else:
        assert alike < share < drawn / 2, "those loaded lately: each of them once"


@pytest.mark.slow
def test_rectangular_batches_are_refused(cells, tmp_path):
    with pytest.raises(CourseError, match="rect=True"):
        train(cells, tmp_path, 0.5, epochs=1, rect=True)


def test_a_power_out_of_range_is_refused_at_once():
    with pytest.raises(CourseError, match="power"):
        with_balance(build("pico", nc=3), 2)


def test_a_second_call_replaces_the_first():
    model = build("pico", nc=3)
    assert with_balance(with_balance(model, 0.2), 0.8) is model
    assert [callback.power for callback in model.callbacks[EVENT] if isinstance(callback, Balance)] == [0.8]
