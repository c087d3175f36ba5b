"""The same jobs give the same answers on this machine's desks and on a Dask cluster of two processes."""

from dataclasses import asdict

import nbformat
import pytest

from yolo_course.errors import CourseError
from yolo_course.grading import notebooks
from yolo_course.grading.desks import pool
from yolo_course.grading.desks.desks import desks_here
from yolo_course.grading.desks.pool import grade_here, grade_on_cluster
from yolo_course.grading.isolation.namespaces import Limits
from yolo_course.grading.isolation.sandbox import SandboxError

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.slow
ANSWERS = {
    "right": "def double(x):\n    return x + x",
    "wrong": "def double(x):\n    return x",
    "ends": "import os\nos._exit(1)",
}
STATUS = {"right": "passed", "wrong": "wrong", "ends": "not attempted"}


@pytest.fixture
def jobs(course):
    source = nbformat.writes(notebooks.source_notebook(course.unit("00"))).replace('start(\\"00_doubling\\")', "pass")
    limits = asdict(Limits())
    return {
        name: {"source": source, "cells": [["exercise-double", "double", text]], "limits": limits}
        for name, text in ANSWERS.items()
    }


@pytest.fixture(scope="module")
def cluster():
    """Two worker processes on loopback."""
    options = {"dashboard_address": "127.0.0.1:0", "host": "127.0.0.1"}
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, **options) as made:
        yield made


def statuses(answers):
    return {name: answer["told"]["outcomes"]["double"]["status"] for name, answer in answers}


def test_on_this_machine(jobs):
    try:
        assert statuses(grade_here(jobs, 2)) == STATUS
    except SandboxError as error:
        pytest.skip(f"no sandbox here: {error}")


def test_on_a_cluster(jobs, cluster):
    try:
        assert statuses(grade_on_cluster(jobs, cluster.scheduler_address)) == STATUS
    except SandboxError as error:
        pytest.skip(f"no sandbox here: {error}")
    with distributed.Client(cluster, set_as_default=False) as client:
        [*desks] = client.run(lambda: len(desks_here()._all)).values()
    assert sum(desks) in (1, 2)  # they stay warm for the next run


def test_a_worker_with_other_versions_is_refused(jobs, cluster, monkeypatch):
    monkeypatch.setattr(pool, "environment", lambda: {"torch": "0.0.1"})
    with pytest.raises(CourseError, match=r"a worker would grade differently.*torch .*\(here 0\.0\.1\)"):
        [*grade_on_cluster({"right": jobs["right"]}, cluster.scheduler_address)]


def test_no_scheduler_and_no_worker_are_told(jobs, monkeypatch):
    monkeypatch.setattr(pool, "CONNECT", 2)
    with pytest.raises(CourseError, match="no Dask scheduler answers"):
        [*grade_on_cluster(jobs, "tcp://127.0.0.1:1")]
    monkeypatch.setattr(pool, "WAIT", 1)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0", host="127.0.0.1") as empty,
        pytest.raises(CourseError, match="no worker"),
    ):
        [*grade_on_cluster(jobs, empty.scheduler_address)]
