"""Restricted loading knows registered classes and what they are made of."""

import pytest
import torch
from ultralytics.nn import tasks

from yolo_course.errors import ModelError
from yolo_course.registry import register
from yolo_course.registry.loading import allow, forbid


class Stranger(torch.nn.Module):
    """Nobody registers it."""


@pytest.fixture
def checkpoint(pepper_yaml, pepper, tmp_path):
    model = tasks.DetectionModel(pepper_yaml("n"), verbose=False)
    path = tmp_path / "pepper.pt"
    torch.save({"model": model, "train_args": {}}, path)
    return path, model


def test_restricted_load_gives_the_same_weights(checkpoint):
    path, model = checkpoint
    loaded = tasks.torch_safe_load(path, safe_only=True)[0]["model"]
    assert type(loaded.model[2].grind[0]).__name__ == "Grinder"
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), loaded.parameters(), strict=True))


def test_unregistered_classes_stay_out(tmp_path):
    torch.save({"model": Stranger()}, tmp_path / "stranger.pt")
    with pytest.raises(TypeError, match="outside the supported"):
        tasks.torch_safe_load(tmp_path / "stranger.pt", safe_only=True)


def test_allow_and_forbid_undo_each_other():
    before = set(torch.serialization.get_safe_globals())
    cls = type("Passing", (torch.nn.Module,), {})
    allow([cls])
    assert set(torch.serialization.get_safe_globals()) == before | {cls}
    forbid([cls])
    assert set(torch.serialization.get_safe_globals()) == before


def test_a_checkpoint_whose_package_is_not_registered_says_what_to_do(checkpoint, monkeypatch):
    model = tasks.load_checkpoint(checkpoint[0])[0]
    monkeypatch.setattr(register, "_entries", {})
    with pytest.raises(ModelError, match=r"PepperCorn.*import the package that registers it"):
        tasks.DetectionModel(model.yaml, verbose=False)
