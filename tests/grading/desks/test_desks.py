"""A desk grades what it is given, is replaced when it dies, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict

import nbformat
import psutil
import pytest

from yolo_course.grading import notebooks
from yolo_course.grading.desks.desks import DeskError, Desks
from yolo_course.grading.isolation.namespaces import Limits
from yolo_course.grading.isolation.sandbox import SandboxError

pytestmark = pytest.mark.slow
RIGHT = "def double(x):\n    return x + x"
SLEEPS = "import time\ntime.sleep(60)"


@pytest.fixture
def job(course):
    """Make a job of an answer."""
    source = nbformat.writes(notebooks.source_notebook(course.unit("00"))).replace('start(\\"00_doubling\\")', "pass")

    def make(answer, **limits):
        cells = [["exercise-double", "double", answer]]
        return {"source": source, "cells": cells, "limits": asdict(Limits(**limits))}

    return make


@pytest.fixture(scope="module")
def desks():
    with Desks() as made:
        yield made


def graded(desks, job):
    try:
        return desks(job)
    except SandboxError as error:
        pytest.skip(f"no sandbox here: {error}")


def family(desks):
    """Every process that the desks have started, directly or not."""
    return [each for desk in desks._all for each in psutil.Process(desk._process.pid).children(recursive=True)]


def gone(processes, seconds=20):
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    return [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []


def test_it_grades_and_the_next_one_too(desks, job):
    for _ in range(2):
        answer = graded(desks, job(RIGHT))
        outcomes = answer["told"]["outcomes"]
        assert {name: each["status"] for name, each in outcomes.items()} == {
            "double": "passed",
            "triple": "not attempted",
        }
        assert 0 < answer["seconds"] < 60
        assert set(answer["environment"]) >= {"torch", "yolo_course"}
    assert len(desks._all) == 1


def test_a_desk_that_dies_is_replaced_and_the_job_tried_again(desks, job):
    graded(desks, job(RIGHT))
    [desk] = desks._all
    os.kill(desk._process.pid, signal.SIGKILL)
    assert graded(desks, job(RIGHT))["told"]["outcomes"]["double"]["status"] == "passed"
    assert desk not in desks._all


def test_closing_ends_desks_at_work_and_all_below_them(job):
    desks, told = Desks(), []

    def work():
        try:
            told.append(desks(job(SLEEPS)))
        except (DeskError, SandboxError) as error:
            told.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    until = time.monotonic() + 120
    while len(processes := family(desks)) < 6 and thread.is_alive() and time.monotonic() < until:
        time.sleep(0.1)
    desks.close()
    thread.join(30)
    if isinstance(told[0], SandboxError):
        pytest.skip(f"no sandbox here: {told[0]}")
    assert isinstance(told[0], DeskError)
    assert len(processes) >= 6  # desk, bubblewrap, warm parent, keeper, the learner's process, the check's
    assert gone(processes)
    with pytest.raises(DeskError, match="stopped"):
        desks(job(RIGHT))


OWNER = """
import json, sys
from yolo_course.grading.desks.desks import Desks
desks = Desks()
desks(json.loads(sys.argv[1]))
"""


def test_when_its_owner_is_killed_nothing_survives(job):
    owner = subprocess.Popen([sys.executable, "-c", OWNER, json.dumps(job(SLEEPS))], stderr=subprocess.DEVNULL)
    processes, until = [], time.monotonic() + 120
    while len(processes) < 7 and owner.poll() is None and time.monotonic() < until:
        processes = psutil.Process(owner.pid).children(recursive=True)
        time.sleep(0.1)
    if owner.poll() is not None:
        pytest.skip("no sandbox here")
    owner.kill()
    owner.wait()
    assert len(processes) >= 7
    assert gone(processes)
