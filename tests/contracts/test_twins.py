"""Upgrades pass here or nowhere: stock models rebuilt from registered twins must be the very same models.

A twin is a subclass that adds nothing. Every row of a base module is swapped for its twin, so that the registry has to
find the channels, the repeats and the kind of head that Ultralytics' own parser gives.
"""

import copy

import pytest
import torch
from ultralytics.nn import modules, tasks

from yolo_course.registry.register import isolated, register

# SPPF is not among them: old YAMLs rely on an activation that the parser gives to that very class and to no other.
STACKED = ["C2f", "C2PSA", "C2fCIB", "C3", "C3Ghost", "C3k2", "A2C2f"]
SCALED = ["Conv", "GhostConv", "SCDown", "ADown", "AConv", "ELAN1", "RepNCSPELAN4", "SPPELAN", "PSA"]
HEADS = ["Detect"]
YAMLS = {
    "yolov8n": "DetectionModel",
    "yolov8n-seg": "SegmentationModel",
    "yolov8n-pose": "PoseModel",
    "yolov8n-p6": "DetectionModel",
    "yolov8n-ghost": "DetectionModel",
    "yolov9t": "DetectionModel",
    "yolov10n": "DetectionModel",
    "yolo11n": "DetectionModel",
    "yolo12n": "DetectionModel",
    "yolo26n": "DetectionModel",
}


@pytest.fixture(autouse=True)
def twins():
    """Twin classes under the stock names with `Twin` before them, for the length of a test."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # small maps: on a busy machine several threads are 100 times slower than one
    with isolated():
        for rule, names in {"stacked": STACKED, "scaled": SCALED, "head": HEADS}.items():
            for name in names:
                twin = type(f"Twin{name}", (getattr(modules, name),), {"__module__": __name__})
                globals()[twin.__name__] = register(rule)(twin)
        yield
    torch.set_num_threads(threads)


def swapped(d: dict) -> tuple[dict, int]:
    """The YAML with its rows swapped, and how many were."""
    twin, count = copy.deepcopy(d), 0
    for row in twin["backbone"] + twin["head"]:
        if row[2] in STACKED + SCALED + HEADS:
            row[2], count = f"Twin{row[2]}", count + 1
    return twin, count


def tensors(output: object) -> list[torch.Tensor]:
    """All tensors of a nested output, in order."""
    if isinstance(output, torch.Tensor):
        return [output]
    parts = output.values() if isinstance(output, dict) else output if isinstance(output, list | tuple) else ()
    return [tensor for part in parts for tensor in tensors(part)]


@pytest.mark.parametrize("name", YAMLS)
def test_twin_is_the_stock_model(name):
    d = tasks.yaml_model_load(f"{name}.yaml")
    other, count = swapped(d)
    model_class = getattr(tasks, YAMLS[name])
    stock, twin = model_class(d, nc=3, verbose=False), model_class(other, nc=3, verbose=False)

    assert count >= len(d["backbone"] + d["head"]) // 2
    assert twin.load_state_dict(stock.state_dict(), strict=True)
    assert twin.save == stock.save
    assert torch.equal(twin.stride, stock.stride)
    for ours, theirs in zip(twin.model, stock.model, strict=True):
        assert (ours.i, ours.f, ours.np) == (theirs.i, theirs.f, theirs.np)
    x = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    for training in (True, False):  # in training the normalisation keeps signals alive in a model of random weights
        with torch.no_grad():
            outputs = [tensors(model.train(training)(x)) for model in (twin, stock)]
        assert len(outputs[0]) > 2
        assert all(torch.equal(ours, theirs) for ours, theirs in zip(*outputs, strict=True))
