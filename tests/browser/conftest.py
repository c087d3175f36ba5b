"""A real JupyterLab, started by `yolo-course lab`, in a real Chromium that may talk to this machine only."""

import json
import shutil
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from start_jupyter import start_jupyter

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LOCAL = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items):
    if CHROMIUM is None:
        for item in items:
            if item.path.is_relative_to(Path(__file__).parent):
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine: apt install chromium"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": {"width": 1400, "height": 1000}}


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab."""

    url: str
    folder: Path

    def page_of(self, notebook: str) -> str:
        return f"{self.url}/lab/tree/notebooks/{notebook}.ipynb?token=test&reset"


@pytest.fixture(scope="session")
def lab_of_the_session(tmp_path_factory) -> Iterator[Lab]:
    """JupyterLab on a learner's folder, with a home, settings and data of its own."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "my-course"
    command = ["-m", "yolo_course", "lab", str(folder), "--"]
    with start_jupyter(command, home, "api/contents/notebooks", "test") as url:
        yield Lab(url, folder)


@pytest.fixture
def lab(lab_of_the_session) -> Iterator[Lab]:
    """JupyterLab without a kernel: the next test of a notebook would go on in the one that a test leaves."""
    yield lab_of_the_session
    with urllib.request.urlopen(f"{lab_of_the_session.url}/api/sessions?token=test", timeout=30) as answer:
        sessions = json.load(answer)
    for session in sessions:
        address = f"{lab_of_the_session.url}/api/sessions/{session['id']}?token=test"
        urllib.request.urlopen(urllib.request.Request(address, method="DELETE"), timeout=30).close()


@pytest.fixture
def outside(page) -> list[str]:
    """The addresses beyond this machine that the page asked for; none is let through."""
    addresses: list[str] = []

    def stop(route):
        addresses.append(route.request.url)
        route.abort()

    page.route(lambda url: not url.startswith(LOCAL), stop)
    return addresses
