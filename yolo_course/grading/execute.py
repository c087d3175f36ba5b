"""Run a solution notebook in a cold kernel and keep what it shows, without a trace of the machine."""

import base64
import contextlib
import io
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import papermill
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from PIL import Image

from yolo_course.errors import UnitError
from yolo_course.grading.syllabus import FOLDER_VARIABLE

LARGE = 40_000  # bytes of a picture
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def execute(notebook: NotebookNode, timeout: int, syllabus: Path) -> tuple[NotebookNode, float]:
    """Execute every cell in a new kernel, in an empty folder: it makes its own data.

    Args:
        notebook: What to run.
        timeout: Seconds a single cell may take.
        syllabus: Folder of the course's syllabus files.

    Returns:
        The executed notebook and the seconds it took, kernel start included.

    Raises:
        UnitError: If a cell raises; names the cell and its error.
    """
    with tempfile.TemporaryDirectory(prefix="unit-") as folder:
        before, after = Path(folder, "in.ipynb"), Path(folder, "out.ipynb")
        nbformat.write(notebook, before)
        environment = {
            "YOLO_OFFLINE": "true",
            "YOLO_AUTOINSTALL": "false",
            "YOLO_CONFIG_DIR": folder,
            FOLDER_VARIABLE: str(syllabus),
        }
        started = time.perf_counter()
        try:
            with _environment(environment):
                papermill.execute_notebook(
                    before, after, kernel_name="python3", cwd=folder, progress_bar=False, execution_timeout=timeout
                )
        except PapermillExecutionError as error:
            told = _COLOURS.sub("", f"{error.ename}: {error.evalue}").splitlines()[0]
            raise UnitError(f"cell {error.exec_count} raised {told}", where=error.source.strip()[:80]) from error
        seconds = time.perf_counter() - started
        executed = nbformat.read(after, as_version=4)
    return _cleaned(executed, notebook, folder), seconds


@contextlib.contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Set variables for a while; kernels inherit them."""
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _cleaned(executed: NotebookNode, plain: NotebookNode, folder: str) -> NotebookNode:
    """Keep outputs and counts alone: no time stamps, no papermill notes, no path of this machine."""
    places = _places(folder)
    for cell, original in zip(executed.cells, plain.cells, strict=True):
        cell.metadata, cell.id = original.metadata, original.id
        if "outputs" in cell:  # on its first import Ultralytics tells of its settings file
            cell.outputs = [output for output in cell.outputs if "Ultralytics Settings" not in output.get("text", "")]
        for output in cell.get("outputs", []):
            output.pop("transient", None)
            if "image/png" in output.get("data", {}):  # a file has no kernel: keep an explorer's picture alone
                output["data"].pop("application/vnd.jupyter.widget-view+json", None)
                output["data"]["image/png"] = _smaller(output["data"]["image/png"])
            for holder, key in [(output, "text"), *((output.get("data", {}), kind) for kind in output.get("data", {}))]:
                if isinstance(holder.get(key), str) and not key.startswith("image/"):
                    holder[key] = places(holder[key])
    executed.metadata = plain.metadata
    return executed


def _smaller(picture: str) -> str:
    """Write a large picture with 256 colours: a third of the bytes, and history keeps them all."""
    png = base64.b64decode(picture)
    if len(png) < LARGE:
        return picture
    buffer = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(256).save(buffer, format="png", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()


def _places(folder: str) -> Callable[[str], str]:
    root = Path(__file__).resolve().parents[2]
    known = [(folder, "."), (str(Path(folder).resolve()), "."), (str(root), "…"), (str(Path.home()), "~")]

    def shorten(text: str) -> str:
        for place, short in known:
            text = text.replace(place, short) if len(place) > 1 else text
        return text

    return shorten
