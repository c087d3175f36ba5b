"""The table that is printed while a model is built."""

import copy
import logging

import pytest
from ultralytics.nn import tasks
from ultralytics.nn.modules import Conv
from ultralytics.utils import LOGGER

from yolo_course.registry.register import register

pytestmark = pytest.mark.usefixtures("forgetful")


@pytest.fixture
def printed():
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    LOGGER.addHandler(handler)
    yield lines
    LOGGER.removeHandler(handler)


def test_equals_the_stock_table_but_for_the_name(printed):
    twin = type("Twin", (Conv,), {"__module__": "my.blocks"})
    register("scaled")(twin)
    d = tasks.yaml_model_load("yolov8n.yaml")
    tasks.parse_model(copy.deepcopy(d), 3)
    stock = [line.replace("ultralytics.nn.modules.conv.Conv ", "my.blocks.Twin ") for line in printed]
    printed.clear()
    for row in d["backbone"] + d["head"]:
        row[2] = row[2].replace("Conv", "Twin")
    tasks.parse_model(d, 3)
    assert [line.split() for line in printed] == [line.split() for line in stock]


def test_quiet_build_prints_nothing_and_warnings_pass(printed, pepper_yaml):
    tasks.parse_model(pepper_yaml("n"), 3, verbose=False)
    assert printed == []
    tasks.parse_model({**pepper_yaml("n"), "scale": ""}, 3)
    assert "Assuming scale='n'" in printed[0]
    assert len(printed) == 1 + 1 + 10


def test_failed_build_leaves_the_logger_as_it_was():
    before = list(LOGGER.filters)
    with pytest.raises(Exception, match="Nope"):
        tasks.parse_model({"nc": 1, "backbone": [[-1, 1, "Corn", [8]], [-1, 1, "Nope", []]], "head": []}, 3)
    assert LOGGER.filters == before
