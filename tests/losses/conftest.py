"""Detectors small enough for a test, and random batches for them."""

from collections.abc import Callable

import pytest
import torch
from torch import nn
from ultralytics.cfg import get_cfg
from ultralytics.nn import tasks

from yolo_course.models.names import ZOO

CLASSES, SIDE = 5, 64


def build(name: str) -> tasks.DetectionModel:
    """yolo11 (a single head with bins), yolo26 (two heads without) or pico (one head without), an eighth as wide."""
    path = ZOO / "pico.yaml" if name == "pico" else f"{name}.yaml"
    config = tasks.yaml_model_load(path) | {"nc": CLASSES, "scales": {"n": [0.33, 0.125, 1024]}, "scale": "n"}
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = tasks.DetectionModel(config, verbose=False)
    model.args = get_cfg()
    head = model.model[-1]
    for branch in (*head.cv3, *getattr(head, "one2one_cv3", ())):
        nn.init.zeros_(branch[-1].bias)  # a fresh head doubts everything, and boxes would weigh next to nothing
    return model


@pytest.fixture(scope="session")
def detectors() -> dict[str, tasks.DetectionModel]:
    """One of each kind; tests leave them as they are."""
    return {name: build(name) for name in ("yolo11", "yolo26", "pico")}


@pytest.fixture(scope="session")
def random_batch() -> Callable[..., dict[str, torch.Tensor]]:
    """Four images of noise with up to `most` objects each, one image without any."""

    def make(seed: int = 0, most: int = 6, images: int = 4) -> dict[str, torch.Tensor]:
        rng = torch.Generator().manual_seed(seed)
        counts = torch.randint(most + 1, (images,), generator=rng)
        counts[seed % images] = 0
        n = int(counts.sum())
        centres, sizes = (torch.rand(n, 2, generator=rng) for _ in range(2))
        return {
            "img": torch.rand(images, 3, SIDE, SIDE, generator=rng),
            "batch_idx": torch.arange(images).repeat_interleave(counts).float(),
            "cls": torch.randint(CLASSES, (n, 1), generator=rng).float(),
            "bboxes": torch.cat(
                (0.1 + 0.8 * centres, 0.01 + 0.6 * sizes**2), 1
            ),  # from less than a pixel to most of it
        }

    return make


@pytest.fixture(scope="session")
def predict(detectors: dict) -> Callable[..., dict]:
    """What a detector says of a batch, louder at random, as leaves that take a gradient."""
    raw = {}

    def leaves(preds: dict, rng: torch.Generator) -> dict:
        if "boxes" not in preds:
            return {head: leaves(values, rng) for head, values in preds.items()}
        noise = {name: torch.randn(preds[name].shape, generator=rng) for name in ("boxes", "scores")}
        return preds | {name: (preds[name] + 3 * noise[name]).requires_grad_() for name in noise}

    def predict(name: str, batch: dict, seed: int = 0) -> dict:
        if name not in raw:
            with torch.no_grad():
                raw[name] = detectors[name].train()(batch["img"])
        return leaves(raw[name], torch.Generator().manual_seed(seed))

    return predict
