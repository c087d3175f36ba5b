"""`yolo-course doctor` in environments that are really broken: packages on PYTHONPATH that fail as the real ones do."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from yolo_course.cli import checkup

COMMAND = (sys.executable, "-P", "-c", "from yolo_course.cli import main; main()", "doctor")
ROOT = Path(__file__).parents[2]
NMS = 'raise RuntimeError("operator torchvision::nms does not exist")'
Doctor = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def doctor(tmp_path: Path) -> Doctor:
    """Run the doctor with files laid over the real packages."""

    def run(*arguments: str, files: dict[str, str], **environment: str) -> subprocess.CompletedProcess[str]:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        path = os.pathsep.join([str(tmp_path), str(ROOT)])
        return subprocess.run(
            [*COMMAND, *arguments],
            env={**os.environ, "COLUMNS": "200", **environment, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    return run


def findings(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, str]]:
    return {finding["what"]: finding for finding in json.loads(done.stdout)["findings"]}


def wheel(name: str, version: str = "1.0") -> dict[str, str]:
    """What pip leaves of an installed distribution that importlib.metadata reads."""
    folder = f"{name.replace('-', '_')}-{version}.dist-info"
    return {f"{folder}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"}


@pytest.mark.slow
def test_a_sound_environment_passes(doctor: Doctor):
    done = doctor("--json", files={})
    found = findings(done)
    failed = {what: finding["found"] for what, finding in found.items() if finding["status"] == "failed"}
    assert (done.returncode, failed) == (0, {})
    assert {
        "Python",
        "torch",
        "torchvision",
        "OpenCV",
        "Ultralytics",
        "self-test",
        "disk space",
        "this folder",
    } <= found.keys()
    assert all(finding["fix"] for finding in found.values() if finding["status"] != "ok")


def test_the_nms_trap_is_explained_and_fails_nothing_else(doctor: Doctor):
    done = doctor("--json", files={"torchvision/__init__.py": NMS})
    found = findings(done)
    assert done.returncode == 1
    assert found["torchvision"]["status"] == "failed"
    assert "operator torchvision::nms does not exist" in found["torchvision"]["found"]
    assert "CPU-only torch beside a torchvision for CUDA" in found["torchvision"]["fix"]
    assert (found["torch"]["status"], found["OpenCV"]["status"], found["Ultralytics"]["status"]) == ("ok", "ok", "ok")


def test_everything_broken_at_once_is_a_table_not_a_crash(doctor: Doctor):
    crash = "import os; os.kill(os.getpid(), 11)"
    files = {
        "torch/__init__.py": crash,
        "torchvision/__init__.py": NMS,
        "cv2/__init__.py": 'raise ImportError("libGL.so.1")',
    }
    settings = "/proc/nowhere"  # a folder that nobody can make
    done = doctor(
        files={**files, **wheel("opencv-python-headless"), **wheel("ultralytics", "8.0.0")}, YOLO_CONFIG_DIR=settings
    )
    assert (done.returncode, done.stderr) == (1, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["status", "what", "found", "fix"] in lines
    broken = {line[1] for line in lines if line and line[0] == "failed"}
    assert broken == {"torch", "torchvision", "OpenCV", "Ultralytics", "self-test"}
    assert "pip uninstall -y opencv-python opencv-python-headless && pip install opencv-python" in " ".join(
        done.stdout.split()
    )


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_changed_internals_and_a_settings_folder_that_cannot_be_made(doctor: Doctor, tmp_path: Path):
    real = Path(find_spec("ultralytics").origin).parent
    shutil.copytree(real, tmp_path / "ultralytics", ignore=shutil.ignore_patterns("__pycache__", "assets"))
    tasks = (real / "nn" / "tasks.py").read_text() + "\nparse_model = lambda d: None\n"
    done = doctor("--json", files={"ultralytics/nn/tasks.py": tasks}, YOLO_CONFIG_DIR="/proc/nowhere")
    found = findings(done)
    assert done.returncode == 1
    assert found["Ultralytics"]["status"] == "ok"
    assert found["self-test"]["status"] == "failed"
    assert "parse_model" in found["self-test"]["found"]
    assert "ultralytics==8.4.190" in found["self-test"]["fix"]
    assert found["settings folder"]["status"] == "warning"
    assert "YOLO_CONFIG_DIR" in found["settings folder"]["fix"]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import nowhere_to_be_found", "No module named 'nowhere_to_be_found'"),
        ("import os; os._exit(3)", "ended with code 3"),
        ("import os; os.kill(os.getpid(), 9)", "ended with code -9"),
    ],
)
def test_a_python_that_stops_is_told_by_its_last_words(code: str, message: str):
    with pytest.raises(checkup._Broken, match=message):
        checkup._ask(code)


def test_noise_before_the_answer_is_ignored():
    assert checkup._ask("print('warning: noise')\nsay(1, None, 'x')") == [1, None, "x"]


def test_an_examination_that_stumbles_is_a_finding_of_its_own():
    def _new_device():
        yield checkup.Finding("ok", "first", "fine")
        raise LookupError("gone")

    assert [finding.status for finding in checkup._isolated(_new_device)] == ["ok", "failed"]
    assert checkup._isolated(_new_device)[1].what == "new device"


def test_a_folder_that_may_not_be_written_fails(tmp_path: Path):
    gone = tmp_path / "gone"
    finding = checkup._writable("this folder", gone, "make it")
    assert (finding.status, finding.fix) == ("failed", "make it")
    assert "no such file" in finding.found
