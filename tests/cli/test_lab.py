"""`yolo-course lab`, run as an installed package would run it: outside the clone, with notebooks inside the package."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

import yolo_course

FIRST = "00_first_detector.ipynb"
COMMAND = (sys.executable, "-P", "-c", "from yolo_course.cli import main; main()", "lab")
Lab = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package as the wheel lays it out."""
    site = tmp_path_factory.mktemp("site")
    package = Path(yolo_course.__file__).parent
    shutil.copytree(package, site / "yolo_course", ignore=shutil.ignore_patterns("__pycache__", "_notebooks"))
    (site / "yolo_course" / "_notebooks").mkdir()
    for name in (FIRST, "01_modules.ipynb"):
        cells = [nbformat.v4.new_markdown_cell(f"# {name}")]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), site / "yolo_course" / "_notebooks" / name)
    return site


@pytest.fixture
def lab(installed: Path, tmp_path: Path) -> Lab:
    environment = {**os.environ, "PYTHONPATH": str(installed)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def with_data(folder: Path) -> Path:
    """The folder of a learner who has data already, so that none is made."""
    (folder / "datasets" / "shapes").mkdir(parents=True)
    return folder


def test_notebooks_and_data_are_put_in_the_default_folder(lab: Lab, tmp_path: Path):
    done = lab("--no-start")
    assert (done.returncode, done.stderr) == (0, "")
    mine = tmp_path / "my-course"
    assert {path.name for path in (mine / "notebooks").iterdir()} == {FIRST, "01_modules.ipynb"}
    assert (mine / "datasets" / "shapes" / "shapes.yaml").is_file()
    assert f"new       {FIRST}" in done.stdout
    assert "2 notebooks in" in done.stdout


def test_an_answer_is_kept_and_the_update_is_named(lab: Lab, tmp_path: Path, installed: Path):
    mine = with_data(tmp_path / "mine")
    assert lab("mine", "--no-start").returncode == 0
    (mine / "notebooks" / FIRST).write_text("answered")
    memory = json.loads((mine / ".yolo-course.json").read_text())
    memory["notebooks"][FIRST]["file"] = "of an older version"
    (mine / ".yolo-course.json").write_text(json.dumps(memory))
    done = lab("mine", "--no-start")
    (update,) = (mine / "notebooks").glob("00_first_detector.update-*.ipynb")
    assert f"kept      {FIRST}, your work. The new version is beside it: {update.name}" in done.stdout
    assert (mine / "notebooks" / FIRST).read_text() == "answered"
    assert update.read_bytes() == (installed / "yolo_course" / "_notebooks" / FIRST).read_bytes()


def test_a_file_instead_of_a_folder_is_one_line_and_exit_code_2(lab: Lab, tmp_path: Path):
    (tmp_path / "mine").write_text("a file")
    done = lab("mine", "--no-start")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "cannot put the notebooks here" in done.stderr


def test_a_folder_that_cannot_be_made_is_exit_code_2(lab: Lab):
    done = lab("/proc/my-course", "--no-start")  # not even root may
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_the_clone_is_found_when_the_package_carries_no_notebooks(lab: Lab, installed: Path, tmp_path: Path):
    carried = installed / "yolo_course" / "_notebooks"
    with_data(tmp_path / "mine")
    try:
        carried.rename(installed / "notebooks")
        assert "2 notebooks in" in lab("mine", "--no-start").stdout
        (installed / "notebooks").rename(installed / "elsewhere")
        done = lab("mine", "--no-start")
        assert (done.returncode, "no notebooks" in done.stderr) == (2, True)
    finally:
        next(path for path in (installed / "notebooks", installed / "elsewhere") if path.exists()).rename(carried)


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [("mine", "--"), ("--",)], ids=["folder", "default folder"])
def test_jupyterlab_serves_the_folder_with_the_given_flags(installed: Path, tmp_path: Path, arguments: tuple[str, ...]):
    place = with_data(tmp_path / ("mine" if "mine" in arguments else "my-course"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    flags = ["--no-browser", f"--port={port}", "--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=t", "--allow-root"]
    environment = {**os.environ, "PYTHONPATH": str(installed), "HOME": str(tmp_path)}
    server = subprocess.Popen([*COMMAND, *arguments, *flags], cwd=tmp_path, env=environment, start_new_session=True)
    try:
        listing = json.loads(_get(f"http://127.0.0.1:{port}/api/contents/notebooks?token=t", server))
        assert {entry["name"] for entry in listing["content"]} == {FIRST, "01_modules.ipynb"}
        page = _get(f"http://127.0.0.1:{port}/?token=t", server)
        assert f'"treePath": "notebooks/{FIRST}"' in page
        assert '"@jupyterlab/apputils-extension:announcements"' in page
        assert (place / "notebooks" / FIRST).exists()
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _get(url: str, server: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + 90
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.read().decode()
        except (urllib.error.URLError, ConnectionError):
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.3)
