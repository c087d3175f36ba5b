"""Settings every test shares: no network, no auto-install, no settings file of the user's, one thread.

What Ultralytics keeps on classes and its logger is put back after each test, so that their order does not matter.
"""

import os
import sys
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).parent
WHOLE_PROGRAMS = ("cli", "grading/course")  # they start our command line, or nbgrader's, for each test

os.environ.setdefault("YOLO_CONFIG_DIR", tempfile.mkdtemp(prefix="yolo-config-"))
os.environ["YOLO_AUTOINSTALL"] = "false"
os.environ["YOLO_OFFLINE"] = "true"
os.environ.setdefault("MPLBACKEND", "agg")
# kernels and commands too: tests run on all cores, and threads that wait spin
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.hookimpl(tryfirst=True)  # before `-m` looks at marks
def pytest_collection_modifyitems(items):
    """Files that take long come first, so that no core waits for another at the end."""
    for item in items:
        if any(item.path.is_relative_to(HERE / folder) for folder in WHOLE_PROGRAMS):
            item.add_marker(pytest.mark.slow)
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Tiny tensors are slower on two threads, also where torch was imported before these settings."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="session", autouse=True)
def environment_of_the_session() -> dict[str, str]:
    """The environment before the first fixture of a file ran."""
    return dict(os.environ)


@pytest.fixture(autouse=True)
def environment_as_it_was(environment_of_the_session):
    """Put back the environment: a unit's first cell quiets Ultralytics, for this process and its children.

    To what it was at the start, not before the test: a fixture of a whole file may have run such a cell.
    """
    yield
    if dict(os.environ) != environment_of_the_session:
        os.environ.clear()
        os.environ.update(environment_of_the_session)


@pytest.fixture(autouse=True)
def ultralytics_as_it_was():
    """Put back the kind of the heads, the activation of `Conv` and the level of the logger (errata X-03, X-04)."""
    yield
    if "ultralytics.nn.tasks" in sys.modules:
        from torch import nn
        from ultralytics.nn.modules import Conv, Detect
        from ultralytics.utils import LOGGER

        family = [Detect]
        for cls in family:
            family += cls.__subclasses__()
            if "legacy" in vars(cls):
                cls.legacy = False
        Conv.default_act = nn.SiLU()
        LOGGER.setLevel("INFO")


@pytest.fixture(scope="session")
def sandbox():
    """One warm parent for all tests of a process; without bubblewrap and user namespaces there is none: they skip."""
    from yolo_course.grading.isolation.sandbox import Sandbox, SandboxError

    try:
        made = Sandbox()
    except SandboxError as error:
        pytest.skip(f"no sandbox here: {error}")
    with made:
        yield made
