import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from yolo_course.models.lint import dry_run as module
from yolo_course.models.lint.dry_run import TooMuch, dry_run


def net():
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, 2, 1, groups=1), nn.BatchNorm2d(8), nn.SiLU(), nn.ConvTranspose2d(8, 4, 2, 2)
    )


def test_shapes_and_flops_are_those_of_numbers():
    with dry_run() as run:
        dry = net().eval()(torch.empty(2, 3, 20, 16))
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        real = net().eval()(torch.zeros(2, 3, 20, 16))
    assert dry.shape == real.shape
    assert dry.is_meta
    assert run.flops == counter.get_total_flops()


def test_a_thousand_gigabytes_weigh_nothing():
    with dry_run():
        assert nn.Linear(500_000, 500_000).weight.is_meta


def test_nothing_is_built_elsewhere_even_if_told_so():
    with dry_run(), pytest.raises(NotImplementedError, match="meta"):
        nn.Linear(50_000, 50_000, device="cpu")


def test_a_batch_norm_of_the_wrong_width_is_still_refused():
    with dry_run(), pytest.raises(RuntimeError):
        nn.BatchNorm2d(8).eval()(torch.empty(1, 4, 5, 5))


def test_endless_building_and_endless_running_end(monkeypatch):
    monkeypatch.setattr(module, "MAX_STEPS", 500)
    with dry_run(), pytest.raises(TooMuch):
        nn.Sequential(*(nn.Linear(2, 2) for _ in iter(int, 1)))
    with dry_run(), pytest.raises(TooMuch):
        sum(torch.empty(1) for _ in iter(int, 1))


def test_it_leaves_nothing_behind():
    hooks = dict(nn.modules.module._global_module_registration_hooks)
    with pytest.raises(KeyError), dry_run():
        raise KeyError
    assert dict(nn.modules.module._global_module_registration_hooks) == hooks
    assert torch.is_grad_enabled()
    assert nn.Conv2d(1, 1, 1).weight.device.type == "cpu"
    assert float(nn.Conv2d(1, 1, 1).weight.detach().abs().sum()) > 0
