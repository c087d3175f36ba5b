"""Submissions that use up time, memory, processes, disk or output: each costs itself only, and the next one grades."""

import os
import time

import pytest

pytestmark = pytest.mark.slow


@pytest.mark.attacks("greedy_cells")
def test_a_greedy_cell_costs_itself_only(graded, solutions, attack):
    """The exercises before it and behind it keep their points, which is also how the next submission fares."""
    started = time.monotonic()
    found = graded({**solutions, "Scale": attack})
    assert found.passed == ["double", "lengths"], found.said
    assert time.monotonic() - started < 45
    assert len(found.shown) < 200_000


def test_the_next_submission_grades_rightly_and_nothing_is_left(honest):
    honest()
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                assert "98765" not in file.read().split(")")[0]
        except OSError:
            continue


@pytest.mark.attacks("greedy_functions")
def test_a_greedy_function_costs_its_check_only(graded, solutions, attack):
    found = graded({**solutions, "double": attack})
    assert [name for name in found.passed if name != "double"] == ["Scale", "lengths"], found.said
    assert "double" not in found.passed or "fork" in attack


def test_what_a_function_leaves_behind_is_there_in_the_next_check_as_in_a_notebook(graded, solutions):
    counts = "calls = []\ndef double(x):\n    calls.append(x)\n    return 2 * x"
    found = graded(
        {**solutions, "double": counts, "lengths": "def lengths(words):\n    return [*map(len, calls and words)]"}
    )
    assert found.passed == ["double", "Scale", "lengths"], found.said


def test_memory_that_one_function_keeps_costs_no_other_check(graded, solutions):
    """Together they take too much; each alone may."""
    keeps = "kept = []\ndef double(x):\n    kept.append(b'x' * (60 << 20))\n    return 2 * x"
    takes = "import time\ndef lengths(words):\n    b'x' * (320 << 20), time.sleep(0.3)\n    return [*map(len, words)]"
    found = graded({**solutions, "double": keeps, "lengths": takes})
    assert found.passed == ["double", "Scale", "lengths"], found.said
