"""Names: who may take which, and what happens to a class that comes again."""

import logging

import pytest
import torch
from torch import nn

from yolo_course.errors import ModelError
from yolo_course.registry.register import isolated, register, registered

pytestmark = pytest.mark.usefixtures("forgetful")


def block(name: str = "Block", module: str = "somewhere", **attributes: object) -> type:
    return type(name, (nn.Module,), {"__module__": module, **attributes})


@pytest.fixture
def warnings():
    """What Ultralytics' logger is told; it does not pass on to the root."""
    told = []
    handler = logging.Handler()
    handler.emit = lambda record: told.append(record.getMessage())
    logging.getLogger("ultralytics").addHandler(handler)
    yield told
    logging.getLogger("ultralytics").removeHandler(handler)


def test_class_comes_back_as_it_is_under_all_its_names():
    cls = block()
    assert register("scaled", aliases=["Brick", "Stone"])(cls) is cls
    assert {name for name, entry in registered().items() if entry.cls is cls} == {"Block", "Brick", "Stone"}


def test_a_cell_run_again_replaces_its_class_and_old_aliases():
    old, new = block(), block()
    register("scaled", aliases=["Brick", "Stone"])(old)
    register("stacked", aliases=["Brick"])(new)
    assert registered()["Block"].cls is registered()["Brick"].cls is new
    assert "Stone" not in registered()
    assert new in torch.serialization.get_safe_globals()
    assert old not in torch.serialization.get_safe_globals()


@pytest.mark.parametrize("names", [{"name": "Block"}, {"name": "Other", "alias": "Block"}])
def test_a_name_from_elsewhere_is_a_clash(names):
    register("scaled")(block())
    with pytest.raises(ModelError, match=r"Block is taken.*somewhere\.Block.*elsewhere\."):
        register("scaled", aliases=filter(None, [names.get("alias")]))(block(names["name"], "elsewhere"))
    assert registered()["Block"].cls.__module__ == "somewhere"


@pytest.mark.parametrize("name", ["Conv", "C3k2", "Detect", "torch"])
def test_a_name_of_ultralytics_is_a_clash(name):
    with pytest.raises(ModelError, match=f"the name {name} belongs to Ultralytics"):
        register("scaled", aliases=[name])(block())
    assert "Block" not in registered()


@pytest.mark.parametrize("name", ["i", "f", "type", "np"])
def test_a_class_that_defines_a_reserved_name_is_refused(name):
    with pytest.raises(ModelError, match=f"Block defines {name}, which Ultralytics overwrites"):
        register("scaled")(block(**{name: lambda self: None}))


@pytest.mark.parametrize("thing", [nn.Identity(), len, dict])
def test_only_modules_are_registered(thing):
    with pytest.raises(ModelError, match="only a class"):
        register("scaled")(thing)


@pytest.mark.parametrize("rule", ["base", None, block()])
def test_unknown_rule(rule):
    with pytest.raises(ModelError, match="unknown rule: expected scaled, stacked, same, fused, head"):
        register(rule)


def test_a_notebook_class_warns_once(warnings):
    for _ in range(3):
        register("scaled")(block(module="__main__"))
    register("scaled")(block("Elsewhere"))
    assert len(warnings) == 1
    assert "Block is defined in a notebook or script" in warnings[0]


def test_isolated_forgets_also_after_an_error():
    before = registered()

    def fail_inside() -> None:
        with isolated():
            register("scaled")(block())
            assert "Block" in registered()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_inside()
    assert registered() == before


def test_registered_is_a_copy():
    registered().clear()
    assert registered()
