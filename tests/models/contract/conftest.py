"""A broken block is found out by one question of the contract and by no other."""

import re
from collections.abc import Callable

import pytest
from torch import nn

from yolo_course import check_block


@pytest.fixture
def fails() -> Callable[..., None]:
    def check(block: type[nn.Module], question: str, reason: str, *args: object, **kwargs: object) -> None:
        report = check_block(block, *args, **kwargs)
        failures = {item.name: item.reason for item in report.items if item.status == "fail"}
        assert failures.keys() == {question}
        assert re.search(reason, failures[question]), failures[question]
        assert not report.ok

    return check
