"""A real JupyterLab, started by `yolo-course lab`, in a real Chromium that may talk to this machine only."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

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
def lab(tmp_path_factory) -> Iterator[Lab]:
    """JupyterLab on a learner's folder, with a home, settings and data of its own."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "my-course"
    url = f"http://127.0.0.1:{_free_port()}"
    flags = ["--no-browser", f"--port={url.rsplit(':', 1)[1]}", "--ip=127.0.0.1", "--IdentityProvider.token=test"]
    log = (home / "lab.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "yolo_course", "lab", str(folder), "--", *flags, "--allow-root"],
        env=_environment(home),
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        _wait_for(f"{url}/api/contents/notebooks?token=test", process, home / "lab.log")
        yield Lab(url, folder)
    finally:
        process.terminate()
        process.wait(20)


def _environment(home: Path) -> dict[str, str]:
    settings = home / "settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text(json.dumps({"windowingMode": "none"}))
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "IPYTHON"))}
    return {
        **kept,
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "YOLO_CONFIG_DIR": str(home / "ultralytics"),
    }


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait_for(url: str, process: subprocess.Popen, log: Path, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    pytest.fail(f"JupyterLab did not answer:\n{log.read_text()[-2000:]}")


@pytest.fixture
def outside(page) -> list[str]:
    """The addresses beyond this machine that the page asked for; none is let through."""
    addresses: list[str] = []

    def stop(route):
        addresses.append(route.request.url)
        route.abort()

    page.route(lambda url: not url.startswith(LOCAL), stop)
    return addresses
