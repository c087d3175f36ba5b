"""Start a Jupyter server with a home, settings and data of its own."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def start_jupyter(
    command: list[str], home: Path, answers: str, token: str, folder: Path | None = None
) -> Iterator[str]:
    """The address of a server, once it answers.

    Args:
        command: Arguments of Python; the server's own flags are put behind them.
        home: An empty folder for whatever it keeps.
        answers: The path that tells that it is ready.
        token: What a browser must know.
        folder: Where it starts.
    """
    url = f"http://127.0.0.1:{_free_port()}"
    flags = ["--no-browser", f"--port={url.rsplit(':', 1)[1]}", "--ip=127.0.0.1", f"--IdentityProvider.token={token}"]
    log = home / "server.log"
    with log.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, *command, *flags, "--allow-root"],
            cwd=folder,
            env=_environment(home),
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
    try:
        _wait_for(f"{url}/{answers}?token={token}", process, log)
        yield url
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
    pytest.fail(f"Jupyter did not answer:\n{log.read_text()[-2000:]}")
