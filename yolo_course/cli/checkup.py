"""What `yolo-course doctor` examines.

Each examination yields findings and may fail in any way without touching the others. Whatever loads compiled code
runs in a Python of its own, since a broken build can take its process down.
"""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from textwrap import dedent
from typing import Any, Literal

_PYTHONS = (3, 11), (3, 14)
_OPENCV = {"opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless"}
_OPTIONAL = {
    "jupyterlab": ("lab", "the course is read in it"),
    "ipywidgets": ("lab", "the explorers are made of it"),
    "anywidget": ("lab", "the loss landscape is made of it"),
    "nbgrader": ("grade", "instructors build and grade with it"),
}
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
_GIB = 2**30
_MATCH = (
    "torch and torchvision come from different builds, such as a CPU-only torch beside a torchvision for CUDA: "
    "pip uninstall -y torch torchvision && pip install torch torchvision"
)
_LIBRARIES = "Debian, Ubuntu: apt install libgl1 libglib2.0-0. Else: pip install --force-reinstall opencv-python"


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's table; `fix` is empty when all is well."""

    status: Literal["ok", "warning", "failed"]
    what: str
    found: str
    fix: str = ""


class _Broken(Exception):
    """The other Python stopped; the message is the last line it wrote."""


def examine() -> list[Finding]:
    """Run all examinations, side by side, and return their findings in a fixed order."""
    with ThreadPoolExecutor() as pool:
        return [finding for findings in pool.map(_isolated, _EXAMINATIONS) for finding in findings]


def _isolated(examination: Callable[[], Iterator[Finding]]) -> list[Finding]:
    findings = []
    try:
        findings.extend(examination())
    except Exception as error:
        what = examination.__name__.strip("_").replace("_", " ")
        findings.append(Finding("failed", what, f"{type(error).__name__}: {error}", "report this: the doctor stumbled"))
    return findings


def _python() -> Iterator[Finding]:
    oldest, newest = _PYTHONS
    found = f"{platform.python_version()} in {sys.prefix}"
    fix = f"make the environment anew with Python {'.'.join(map(str, oldest))} to {'.'.join(map(str, newest))}"
    if sys.version_info[:2] < oldest:
        yield Finding("failed", "Python", found, fix)
    elif sys.version_info[:2] > newest:
        yield Finding("warning", "Python", f"{found}, newer than the locked versions are built for", fix)
    else:
        yield Finding("ok", "Python", found)


def _torch() -> Iterator[Finding]:
    code = """
        import torch
        say(torch.__version__, torch.version.cuda, torch.backends.mps.is_available(),
            torch.cuda.get_device_name() if torch.cuda.is_available() else None)
    """
    try:
        version, cuda, mps, gpu = _ask(code)
    except _Broken as broken:
        yield Finding("failed", "torch", str(broken), "pip install torch torchvision")
        return
    yield Finding("ok", "torch", version)
    if gpu or mps:
        yield Finding("ok", "accelerator", f"CUDA {cuda}: {gpu}" if gpu else "Apple MPS")
    elif shutil.which("nvidia-smi"):
        fix = "nvidia-smi shows the driver; a GPU build comes with: pip install --force-reinstall torch torchvision"
        yield Finding("warning", "accelerator", "an NVIDIA driver is here, but torch sees no GPU", fix)
    else:
        yield Finding("ok", "accelerator", "none; the course is made for two CPU cores")


def _torchvision() -> Iterator[Finding]:
    code = """
        import torch, torchvision
        boxes = torch.tensor([[0.0, 0.0, 4.0, 4.0], [0.0, 0.0, 4.0, 3.0]])
        say(torchvision.__version__, torchvision.ops.nms(boxes, torch.tensor([0.9, 0.8]), 0.5).tolist())
    """
    try:
        version, kept = _ask(code)
    except _Broken as broken:
        yield Finding("failed", "torchvision", str(broken), _torchvision_fix(str(broken)))
        return
    if kept == [0]:
        yield Finding("ok", "torchvision", f"{version}, nms works")
    else:
        yield Finding("failed", "torchvision", f"{version}, nms kept boxes {kept} instead of [0]", _MATCH)


def _torchvision_fix(message: str) -> str:
    return "pip install torch torchvision" if "No module named" in message else _MATCH


def _opencv() -> Iterator[Finding]:
    names = {re.sub(r"[-_.]+", "-", dist.name).lower() for dist in metadata.distributions() if dist.name}
    wheels = sorted(_OPENCV & names)
    if len(wheels) > 1:
        fix = f"they overwrite one another's files: pip uninstall -y {' '.join(wheels)} && pip install opencv-python"
        yield Finding("failed", "OpenCV", f"{len(wheels)} wheels: {', '.join(wheels)}", fix)
        return
    try:
        (version,) = _ask("import cv2; say(cv2.__version__)")
    except _Broken as broken:
        yield Finding("failed", "OpenCV", str(broken), _LIBRARIES if wheels else "pip install opencv-python")
    else:
        yield Finding("ok", "OpenCV", f"{version}, {wheels[0] if wheels else 'not installed by pip'}")


def _ultralytics() -> Iterator[Finding]:
    wanted = next(line for line in metadata.requires("yolo-course") or () if line.startswith("ultralytics=="))
    try:
        found = metadata.version("ultralytics")
    except metadata.PackageNotFoundError:
        yield Finding("failed", "Ultralytics", "not installed", f"pip install {wanted}")
        return
    if wanted == f"ultralytics=={found}":
        yield Finding("ok", "Ultralytics", found)
    else:
        yield Finding(
            "failed", "Ultralytics", f"{found}; the course is written for {wanted[13:]}", f"pip install {wanted}"
        )
    yield from _ultralytics_inside(wanted)


def _ultralytics_inside(wanted: str) -> Iterator[Finding]:
    code = """
        from ultralytics.utils import USER_CONFIG_DIR
        from yolo_course.registry.upstream import drift
        say(drift(), str(USER_CONFIG_DIR))
    """
    try:
        sentences, folder = _ask(code)
    except _Broken as broken:
        yield Finding(
            "failed", "self-test", str(broken), f"mend torch and torchvision first, then: pip install {wanted}"
        )
        return
    if sentences:
        more = f" And {len(sentences) - 1} more." if len(sentences) > 1 else ""
        yield Finding("failed", "self-test", sentences[0] + more, f"pip install {wanted}")
    else:
        yield Finding("ok", "self-test", "Ultralytics' internals are as expected")
    yield _writable("settings folder", Path(folder), "set YOLO_CONFIG_DIR to a folder that you may write to")
    if not folder.endswith("Ultralytics"):  # its own fallback, a temporary folder
        yield Finding(
            "warning", "settings folder", f"temporary: {folder}", "set YOLO_CONFIG_DIR to a folder that stays"
        )


def _optional_packages() -> Iterator[Finding]:
    for name, (extra, reason) in _OPTIONAL.items():
        try:
            yield Finding("ok", name, metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Finding("warning", name, f"not installed; {reason}", f'pip install "yolo-course[{extra}]"')


def _browser() -> Iterator[Finding]:
    path = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if path:
        yield Finding("ok", "Chromium", path)
    else:
        fix = "only needed to run the browser tests. Debian: apt install chromium"
        yield Finding("warning", "Chromium", "not found; the browser tests skip", fix)


def _folders() -> Iterator[Finding]:
    free = shutil.disk_usage(Path.cwd()).free / _GIB
    status = "failed" if free < 0.5 else "warning" if free < 2 else "ok"
    fix = "" if status == "ok" else "free some space: data, runs and weights of the course want 2 GiB"
    yield Finding(status, "disk space", f"{free:.1f} GiB free", fix)
    yield _writable("this folder", Path.cwd(), "work in a folder that you may write to, such as one in your home")


def _writable(what: str, folder: Path, fix: str) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Finding("ok", what, f"writable: {folder}")
    except OSError as error:
        return Finding("failed", what, f"{folder}: {(error.strerror or str(error)).lower()}", fix)


def _ask(code: str) -> list[Any]:
    """Run code in another Python and return what it passed to `say`."""
    script = "import json\ndef say(*values): print(json.dumps(values))\n" + dedent(code)
    environment = {**os.environ, "YOLO_OFFLINE": "true", "YOLO_AUTOINSTALL": "false", "YOLO_VERBOSE": "false"}
    try:
        run = subprocess.run(
            [sys.executable, "-P", "-c", script],
            capture_output=True,
            text=True,
            timeout=180,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _Broken("no answer within three minutes") from error
    if run.returncode:
        last = next((line for line in reversed(run.stderr.splitlines()) if line.strip()), "")
        raise _Broken(last.strip() or f"its Python ended with code {run.returncode}")
    return json.loads(run.stdout.splitlines()[-1])


_EXAMINATIONS = (_python, _torch, _torchvision, _opencv, _ultralytics, _optional_packages, _browser, _folders)
