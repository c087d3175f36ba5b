"""Building: widths, repeats, arguments, bookkeeping, process state."""

import copy

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from ultralytics.nn import tasks
from ultralytics.nn.modules import C2f, C3k2, Conv, Detect

from yolo_course.errors import ModelError
from yolo_course.registry.register import isolated, register, registered

pytestmark = pytest.mark.usefixtures("forgetful")


def tiny(*rows: list, head: list | None = None, **more: object) -> dict:
    """A model of these rows with a detector on the last."""
    return {
        "nc": 2,
        "backbone": [[-1, 1, "Conv", [8, 3, 2]], *rows],
        "head": head or [[[-1], 1, "Detect", ["nc"]]],
        **more,
    }


def build(d: dict) -> tasks.DetectionModel:
    return tasks.DetectionModel(copy.deepcopy(d), verbose=False)


def make_divisible(x: float) -> int:
    return -(-int(x) // 8) * 8 if x == int(x) else (int(x) // 8 + 1) * 8


@pytest.mark.parametrize("scale", "nsmlx")
def test_builds_at_every_scale(pepper_yaml, scale):
    d = pepper_yaml(scale)
    depth, width, widest = d["scales"][scale]
    model = tasks.DetectionModel(d, verbose=False)

    def w(c):
        return make_divisible(min(c, widest) * width)

    assert model.stride.tolist() == [8, 16, 32]
    assert model.model[1].wide.conv.weight.shape == (w(64), w(32), 3, 3)
    assert len(model.model[2].grind) == max(round(3 * depth), 1)
    assert model.model[2].grind[0].shortcut is True
    assert model.model[5].gates[1].weigh.in_channels == w(128)
    assert [bring.conv.in_channels for bring in model.model[7].bring] == [w(128), w(512)]
    assert [bring.conv.in_channels for bring in model.model[8].bring] == [w(128), w(128), w(64)]
    assert [branch[0].conv.in_channels for branch in model.model[9].cv2] == [w(64), w(128), w(512)]
    assert model.save == [2, 3, 5, 6, 6, 7, 8]


def test_layers_carry_what_ultralytics_sets(pepper_yaml):
    model = tasks.DetectionModel(pepper_yaml("n"), verbose=False).model
    assert [layer.i for layer in model] == list(range(10))
    assert [layer.f for layer in model] == [-1] * 7 + [[5, 6], [3, -1, 2], [8, 7, 6]]
    assert model[2].type == "pepper.blocks.PepperMill"
    assert all(layer.np == sum(p.numel() for p in layer.parameters()) for layer in model)


def test_no_trace_of_stand_ins_in_the_model(pepper_yaml):
    model = tasks.DetectionModel(pepper_yaml("n"), verbose=False)
    assert len(model.model) == len(pepper_yaml("n")["backbone"]) + len(pepper_yaml("n")["head"])
    assert model.yaml["backbone"][2] == [-1, 3, "PepperMill", [64, True]]


def test_repeats_of_a_scaled_block_stand_one_after_the_other():
    model = build(tiny([-1, 3, "Corn", [8, 1]]))
    assert isinstance(model.model[1], nn.Sequential)
    assert len(model.model[1]) == 3
    assert model.model[1].i == 1


def test_repeats_that_change_the_width_are_refused():
    with pytest.raises(ModelError, match=r"row 1 \(Corn\).*take 8 channels and give 16.*stacked"):
        build(tiny([-1, 2, "Corn", [16]]))


def test_names_in_arguments_are_resolved_as_the_parser_does():
    @register("same")
    class Keeper(nn.Identity):
        def __init__(self, c1, *args):
            super().__init__()
            self.kept = args

    model = build(tiny([-1, 1, "Keeper", ["nc", "None", "nearest", "[1, 2]", "reg_max"]], reg_max=4))
    assert model.model[1].kept == (2, None, "nearest", [1, 2], 4)


def test_activation_reaches_registered_modules_and_nothing_after():
    before = Conv.default_act
    model = build(tiny([-1, 1, "Corn", [8]], activation="nn.ReLU()"))
    assert isinstance(model.model[1].wide.act, nn.ReLU)
    assert Conv.default_act is before


def test_reads_the_image():
    model = tasks.DetectionModel(
        {"nc": 2, "backbone": [[-1, 1, "Corn", [8, 3, 2]]], "head": [[[-1], 1, "Detect", ["nc"]]]}, ch=5, verbose=False
    )
    assert model.model[0].wide.conv.in_channels == 5


def test_head_of_ones_own_learns_and_detects():
    @register("head")
    class PlainDetect(Detect):
        def __init__(self, nc, ch):
            super().__init__(nc, 8, False, ch)

    model = build(tiny([-1, 1, "Conv", [16, 3, 2]], head=[[[0, 1], 1, "PlainDetect", ["nc"]]]))
    assert model.stride.tolist() == [2, 4]
    assert model(torch.zeros(1, 3, 32, 32))["boxes"].shape == (1, 4 * 8, 16 * 16 + 8 * 8)


def test_head_gets_reg_max_and_end2end_where_it_asks():
    @register("head")
    class TwinDetect(Detect):
        pass

    stock, twin = (
        build(tiny(head=[[[0], 1, name, ["nc"]]], reg_max=1, end2end=True)).model[-1]
        for name in ("Detect", "TwinDetect")
    )
    assert (twin.nc, twin.reg_max) == (2, 1)
    assert "one2one_cv2" in str(twin)
    assert str(twin) == str(stock).replace("Detect", "TwinDetect", 1)


@pytest.mark.parametrize("base", [C2f, C3k2])
def test_head_is_of_the_kind_that_the_stock_model_would_get(base):
    register("stacked")(type("Twin", (base,), {"__module__": __name__}))
    head = [[[-1], 1, "Detect", ["nc"]]]
    stock, twin = (build(tiny([-1, 1, name, [8]], head=head)) for name in (base.__name__, "Twin"))
    assert str(stock.model[-1]) == str(twin.model[-1])


def test_stock_models_go_straight_through():
    d = tasks.yaml_model_load("yolov8n.yaml")
    torch.manual_seed(0)
    ours = tasks.parse_model(copy.deepcopy(d), 3, verbose=False)
    torch.manual_seed(0)
    stock = tasks.parse_model.__wrapped__(copy.deepcopy(d), 3, verbose=False)
    assert ours[1] == stock[1]
    assert all(torch.equal(a, b) for a, b in zip(ours[0].parameters(), stock[0].parameters(), strict=True))


def test_the_yaml_is_not_written_to():
    d = tiny([-1, 1, "Corn", [8, "3"]])
    before = copy.deepcopy(d)
    tasks.parse_model(d, 3, verbose=False)
    assert d == before


def test_a_cell_run_again_changes_the_next_model_only():
    models = []
    for c in (4, 6):

        class Cell(nn.Module):
            def __init__(self, c1, width=c):
                super().__init__()
                self.m = Conv(c1, width)

        Cell.__module__, Cell.__qualname__ = "__main__", "Cell"
        register("same")(Cell)
        models.append(tasks.parse_model(tiny([-1, 1, "Cell", []]), 3, verbose=False)[0])
    assert [model[1].m.conv.out_channels for model in models] == [4, 6]
    assert models[0][1].type == "Cell"


@st.composite
def graphs(draw):
    """Rows of stock modules in which each may read any layer before it."""
    rows = [[-1, 1, "Conv", [8]]]
    for i in range(1, draw(st.integers(2, 8))):
        layer = st.integers(-i, i - 1)
        rows.append(
            draw(
                st.one_of(
                    st.tuples(
                        layer, st.just(1), st.just("Conv"), st.tuples(st.integers(1, 64), st.sampled_from([1, 3]))
                    ),
                    st.tuples(layer, st.integers(1, 4), st.just("C2f"), st.tuples(st.integers(8, 64), st.booleans())),
                    st.tuples(st.lists(layer, min_size=1, max_size=3), st.just(1), st.just("Concat"), st.just((1,))),
                )
            )
        )
    return [[*row[:3], list(row[3])] for row in rows]


@settings(max_examples=30, deadline=None)
@given(graphs(), st.sampled_from([[0.33, 0.25, 1024], [1.0, 1.5, 32], [2.0, 1.0, 512]]))
def test_any_graph_of_twins_is_that_of_their_originals(rows, scale):
    twins = {
        "Conv": register("scaled")(type("GraphConv", (Conv,), {"__module__": __name__})),
        "C2f": register("stacked")(type("GraphC2f", (C2f,), {"__module__": __name__})),
    }
    twin_rows = [[f, n, twins[m].__name__ if m in twins else m, args] for f, n, m, args in rows]
    (stock, saved), (twin, twin_saved) = (
        tasks.parse_model(
            copy.deepcopy({"nc": 1, "backbone": some, "head": [], "scales": {"n": scale}, "scale": "n"}),
            3,
            verbose=False,
        )
        for some in (rows, twin_rows)
    )
    assert twin_saved == saved
    assert {k: v.shape for k, v in twin.state_dict().items()} == {k: v.shape for k, v in stock.state_dict().items()}
    assert [layer.f for layer in twin] == [layer.f for layer in stock]


def test_two_states_of_the_registry_side_by_side():
    x, models = torch.rand(1, 8, 4, 4), []
    for factor in (2, 3):
        with isolated():

            @register("same")
            class Times(nn.Module):
                def __init__(self, c1, factor=factor):
                    super().__init__()
                    self.factor = factor

                def forward(self, x):
                    return x * self.factor

            models.append(build(tiny([-1, 1, "Times", []])))
    assert "Times" not in registered()
    assert [torch.equal(model.model[1](x), x * factor) for model, factor in zip(models, (2, 3), strict=True)]
    with pytest.raises(ModelError, match="Times"):
        build(tiny([-1, 1, "Times", []]))


@pytest.mark.parametrize(
    "broken",
    [
        [-1, 1, "Conv", ["nonsense", 3]],  # the parser fails
        [-1, 1, "Corn", [8, 3, 1, "a surplus argument"]],  # our module's constructor fails
        [-1, 1, "NoSuchBlock", [8]],
    ],
)
def test_failed_build_leaves_no_trace(broken):
    act, legacy = Conv.default_act, Detect.legacy
    parameters = sum(p.numel() for p in Detect(2, ch=(8,)).parameters())
    with pytest.raises(ModelError):
        build(
            tiny(
                [-1, 1, "Corn", [8]],
                head=[[[-1], 1, "Detect", ["nc"]], [0, 1, "Conv", [8]], broken],
                activation="nn.ReLU()",
            )
        )
    assert Conv.default_act is act
    assert Detect.legacy is legacy
    assert sum(p.numel() for p in Detect(2, ch=(8,)).parameters()) == parameters


@pytest.mark.parametrize("name", ["i", "f", "type", "np"])
def test_reserved_attribute_is_refused(name):
    class Taker(nn.Module):
        def __init__(self, c1):
            super().__init__()
            setattr(self, name, nn.Identity() if name == "f" else 3)

    register("same")(Taker)
    with pytest.raises(ModelError, match=rf"row 1 \(Taker\).*{name}.*rename"):
        build(tiny([-1, 1, "Taker", []]))
