"""What every loss of the library promises, checked over all of them from one table."""

import copy
import importlib
import inspect
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
import torch
from torch import Tensor, nn

from yolo_course import losses as L
from yolo_course.errors import CourseError
from yolo_course.losses.iou import KINDS


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def normal(*shape: int) -> Callable[[int, int], Tensor]:
    return lambda n, seed: torch.randn(n, *shape, generator=seeded(seed), dtype=torch.float64)


def uniform(*shape: int, high: float = 1.0) -> Callable[[int, int], Tensor]:
    return lambda n, seed: (torch.rand(n, *shape, generator=seeded(seed), dtype=torch.float64) * high).round(decimals=1)


def boxes(n: int, seed: int) -> Tensor:
    corners = 5 + torch.rand(n, 2, 2, generator=seeded(seed), dtype=torch.float64) * 40
    return torch.cat((corners.amin(1), corners.amax(1) + 1), -1)


def classes(n: int, seed: int) -> Tensor:
    return torch.randint(0, 3, (n, 4, 5), generator=seeded(seed)).sort(-1).values


def odd_boxes() -> tuple[Tensor, Tensor]:
    """Points, lines, swapped corners, equal boxes, areas that float16 and float32 cannot hold; each with each."""
    odd = [(0, 0, 0, 0), (3, 3, 3, 3), (3, 3, 9, 3), (3, 1, 3, 9), (9, 9, 3, 3), (9, 3, 3, 9), (0, 0, 1, 1)]
    odd += [
        (3, 3, 9, 9),
        (0, 0, 10_000, 10_000),
        (-10_000, 20, 10_000, 21),
        (9_990, 9_990, 10_000, 10_000),
        (0, 0, 1e-25, 1e-25),
    ]
    rows = torch.tensor(odd, dtype=torch.float64)
    return rows.repeat_interleave(len(odd), 0), rows.repeat(len(odd), 1)


def extreme(columns: int, *targets: float | tuple) -> tuple[Tensor, Tensor]:
    """Logits of -10,000, 0 and 10,000, each first, as (B, columns), and each of the targets with each of them."""
    values = torch.tensor([-1e4, 0, 1e4], dtype=torch.float64)
    logits = torch.stack([values.roll(i).repeat(2)[:columns] for i in range(3)])
    return logits.repeat(len(targets), 1), torch.tensor(targets).repeat_interleave(3, 0)


def odd_shares() -> tuple[Tensor, Tensor]:
    logits, targets = extreme(3, (0.0,) * 3, (0.5,) * 3, (1.0,) * 3)
    return logits[..., None], targets[..., None].double()  # (B, 3, 1)


def odd_classes() -> tuple[Tensor, Tensor]:
    logits, targets = extreme(3, 0, 1, 2, 255)
    return logits[..., None, None], targets[..., None, None]  # (B, 3, 1, 1) and (B, 1, 1)


def odd_distances() -> tuple[Tensor, Tensor]:
    logits, targets = extreme(6, -3.0, 0.0, 2.5, 5.0, 9.0)
    return logits, targets.double()


def odd_pairs() -> tuple[Tensor, Tensor]:
    logits, _ = extreme(6, 0, 0, 0)
    return logits, logits.roll(1, 0)


# what a loss compares -> predictions of any number, their targets, and both at their worst
DATA = {
    "boxes": (boxes, boxes, odd_boxes),
    "values": (normal(3, 4, 5), normal(3, 4, 5), odd_pairs),
    "logits and shares": (normal(3, 4, 5), uniform(3, 4, 5), odd_shares),
    "logits and classes": (normal(3, 4, 5), classes, odd_classes),
    "bins and distances": (normal(4, 6), uniform(4, high=5), odd_distances),
    "bins": (normal(4, 6), normal(4, 6), odd_pairs),
}


@dataclass(frozen=True)
class Case:
    """A loss, what it compares, its options, and the module beside it."""

    function: Callable
    data: str
    options: dict = field(default_factory=dict)
    module: type[nn.Module] | None = None

    def __call__(self, pred: Tensor, target: Tensor, *args, **kwargs) -> Tensor:
        return self.function(pred, target, *args, **kwargs, **self.options)

    def example(self, n: int = 5, dtype: torch.dtype = torch.float32) -> tuple[Tensor, Tensor]:
        pred, target, _ = DATA[self.data]
        return cast(pred(n, 0), dtype).requires_grad_(), cast(target(n, 1), dtype)

    def odd(self, dtype: torch.dtype = torch.float32) -> tuple[Tensor, Tensor]:
        pred, target = DATA[self.data][2]()
        return cast(pred, dtype).requires_grad_(), cast(target, dtype)


def cast(values: Tensor, dtype: torch.dtype) -> Tensor:
    return values.to(dtype) if values.is_floating_point() else values


RARE = [0.5, 1.0, 1.5]
CASES = [Case(L.iou_loss, "boxes", {"kind": kind}, L.IoULoss) for kind in KINDS]
CASES += [
    Case(L.l1_loss, "values", {}, L.L1Loss),
    Case(L.smooth_l1_loss, "values", {}, L.SmoothL1Loss),
    Case(L.smooth_l1_loss, "values", {"beta": 0}, L.SmoothL1Loss),
    Case(L.sigmoid_focal_loss, "logits and shares", {}, L.FocalLoss),
    Case(L.sigmoid_focal_loss, "logits and shares", {"alpha": None, "gamma": 0.5}, L.FocalLoss),
    Case(L.varifocal_loss, "logits and shares", {}, L.VarifocalLoss),
    Case(L.varifocal_loss, "logits and shares", {"alpha": 0.5, "gamma": 0.5}, L.VarifocalLoss),
    Case(L.distribution_focal_loss, "bins and distances", {}, L.DistributionFocalLoss),
    Case(L.dice_loss, "logits and shares", {}, L.DiceLoss),
    Case(L.dice_loss, "logits and shares", {"exclusive": True}, L.DiceLoss),
    Case(L.cross_entropy_loss, "logits and classes", {}, L.CrossEntropyLoss),
    Case(L.cross_entropy_loss, "logits and classes", {"class_weight": RARE, "smoothing": 0.1}, L.CrossEntropyLoss),
    Case(L.boundary_free_focal_loss, "logits and classes", {"border": 0}, L.BoundaryFreeFocalLoss),
    Case(
        L.boundary_free_focal_loss,
        "logits and classes",
        {"gamma": 0.5, "border": 1, "class_weight": RARE},
        L.BoundaryFreeFocalLoss,
    ),
    Case(L.feature_distillation, "values"),
    Case(L.feature_distillation, "values", {"standardize": True}),
    Case(L.logit_distillation, "values"),
    Case(L.box_distillation, "bins", {"temperature": 4.0}),
]
NAMES = [f"{case.function.__name__}({', '.join(f'{k}={v}' for k, v in case.options.items())})" for case in CASES]
every_loss = pytest.mark.parametrize("case", CASES, ids=NAMES)


def test_the_table_has_every_public_loss():
    named = {name for name in L.__all__ if name.endswith(("_loss", "_distillation"))}
    assert {case.function.__name__ for case in CASES} == named - {"weighted_loss", "reduce_loss"}
    modules = {name for name in L.__all__ if name.endswith("Loss")}
    assert {case.module.__name__ for case in CASES if case.module} == modules


@every_loss
def test_gradients_are_right(case: Case, monkeypatch: pytest.MonkeyPatch):
    pred, target = case.example(dtype=torch.float64)
    if case.options.get("kind") == "ciou":
        freeze("_trade_off", monkeypatch)
    assert torch.autograd.gradcheck(lambda values: case(values, target, reduction="none"), (pred,))
    weight = torch.rand_like(case(pred, target, reduction="none").detach()).requires_grad_()
    assert torch.autograd.gradcheck(lambda *args: case(args[0], target, args[1], "mean", 2), (pred, weight))
    case(pred, target).backward()
    assert pred.grad.any()


def freeze(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a function of `losses/iou.py` give its first result again and again: the constant its paper takes it for."""
    module, kept = importlib.import_module("yolo_course.losses.iou"), []
    original = getattr(module, name)

    def once(*args):
        kept[:] = kept or [original(*args)]
        return kept[0]

    monkeypatch.setattr(module, name, once)


@every_loss
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_odd_input_gives_finite_losses_and_gradients(case: Case, dtype: torch.dtype):
    for pred, target in (case.odd(dtype), case.example(dtype=dtype)):
        loss = case(pred, target, reduction="none")
        assert loss.isfinite().all()
        assert loss.min() >= -1e-6 * max(1, loss.max())
        loss.mean().backward()
        assert pred.grad.isfinite().all()
        assert pred.grad.dtype == dtype


@every_loss
def test_half_precision_is_computed_in_float32(case: Case):
    pred, target = case.example(dtype=torch.float16)
    found = case(pred, target, reduction="none")
    assert found.dtype == torch.float32
    assert torch.equal(found, case(pred.float(), cast(target, torch.float32), reduction="none"))
    assert case(*case.example(dtype=torch.float64)).dtype == torch.float64


@every_loss
def test_an_empty_batch_costs_nothing_and_can_be_trained_on(case: Case):
    for reduction, factor in (("mean", None), ("mean", 0), ("mean", torch.tensor(0)), ("sum", None)):
        pred, target = case.example(0)
        loss = case(pred, target, reduction=reduction, avg_factor=factor)
        assert loss.item() == 0
        loss.backward()
        assert pred.grad.shape == pred.shape
    assert len(case(*case.example(0), reduction="none")) == 0


@every_loss
def test_weights_factor_and_reductions(case: Case):
    pred, target = case.example()
    plain = case(pred, target, reduction="none")
    weight = torch.rand(plain.shape, generator=seeded(2))
    torch.testing.assert_close(case(pred, target, weight, "none"), plain * weight)
    torch.testing.assert_close(case(pred, target, reduction="sum"), plain.sum())
    torch.testing.assert_close(case(pred, target, weight, avg_factor=7), (plain * weight).sum() / 7)
    torch.testing.assert_close(case(pred, target, avg_factor=torch.tensor(0.5)), plain.sum() * 2)
    if "class_weight" not in case.options:  # there the mean is by the weights of the classes
        torch.testing.assert_close(case(pred, target), plain.mean())
        torch.testing.assert_close(case(pred, target, weight), (plain * weight).mean())


@every_loss
def test_inputs_are_left_alone(case: Case):
    for pred, target in (case.odd(), case.example()):
        before = pred.detach().clone(), target.clone()
        case(pred, target)
        assert torch.equal(pred, before[0])
        assert torch.equal(target, before[1])


@every_loss
def test_compiles_in_one_graph(case: Case):
    torch.compiler.reset()
    pred, target = case.example()
    again = pred.detach().clone().requires_grad_()
    expected = case(pred, target)
    found = torch.compile(case, fullgraph=True, backend="aot_eager", dynamic=False)(again, target)
    torch.testing.assert_close(found, expected)
    expected.backward()
    found.backward()
    torch.testing.assert_close(again.grad, pred.grad)


@pytest.mark.parametrize("case", [case for case in CASES if case.module], ids=lambda case: case.module.__name__)
def test_the_module_computes_what_the_function_does(case: Case):
    pred, target = case.example()
    module = case.module(**case.options, reduction="sum", loss_weight=2.5)
    weight = torch.rand(case(pred, target, reduction="none").shape, generator=seeded(2))
    for twin in (module, copy.deepcopy(module), pickle.loads(pickle.dumps(module))):
        torch.testing.assert_close(twin(pred, target, weight), 2.5 * case(pred, target, weight, "sum"))
    factor = case.module(**case.options)(pred, target, avg_factor=3)
    torch.testing.assert_close(factor, case(pred, target, avg_factor=3))
    assert not module.state_dict()
    assert "reduction='sum'" in repr(module)
    with pytest.raises(CourseError, match="none, mean, sum"):
        case.module(reduction="average")


@every_loss
def test_mistakes_are_told_in_words(case: Case):
    pred, target = case.example()
    wide = torch.ones(*case(pred, target, reduction="none").shape, 2)
    for arguments, words in (
        ({"reduction": "average"}, "none, mean, sum"),
        ({"reduction": "sum", "avg_factor": 3}, "reduction='mean'"),
        ({"avg_factor": torch.ones(2)}, r"shape \(\)"),
        ({"weight": wide}, "broadcasts"),
        ({"weight": 0.5}, "by name"),
    ):
        with pytest.raises(CourseError, match=words):
            case(pred, target, **arguments)
    with pytest.raises(CourseError, match=r"expected .* found"):
        case(pred, case.example(2)[1])
    with pytest.raises(TypeError):
        case(pred, target, no_such_option=1)


@every_loss
def test_help_shows_every_option(case: Case):
    names = list(inspect.signature(case.function).parameters)
    assert names[2:5] == ["weight", "reduction", "avg_factor"]
    assert set(case.options) <= set(names[5:])
    assert case.function.__doc__
