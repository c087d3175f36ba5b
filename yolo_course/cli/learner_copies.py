"""A learner's own copies of the notebooks: laid down, refreshed, and never overwritten once answered.

`FOLDER/.yolo-course.json` remembers of each notebook which version was laid down. A copy that still says what was laid
down is replaced by a newer version; any other copy stays, and the newer version is laid beside it. Without
that memory every copy counts as answered.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yolo_course
from yolo_course.errors import CourseError

_MEMORY = ".yolo-course.json"


@dataclass(frozen=True)
class Copy:
    """What became of one notebook.

    Attributes:
        name: File name of the notebook.
        outcome: `new` was not there, `refreshed` replaced an older version that nobody had touched, `beside` kept the
            learner's and laid the new version at `path`, `current` needed nothing.
        path: The file that holds the version of today, or the learner's work on it.
    """

    name: str
    outcome: Literal["new", "refreshed", "beside", "current"]
    path: Path


@dataclass(frozen=True)
class _Version:
    """A notebook as it was laid down: its bytes, and what of them a learner can change by working in it."""

    file: str
    content: str | None


def course_notebooks() -> Path:
    """Find the notebooks as shipped: inside the installed package, or beside it in a clone.

    Raises:
        CourseError: This installation has none.
    """
    package = Path(yolo_course.__file__).parent
    for folder in (package / "_notebooks", package.parent / "notebooks"):
        if any(folder.glob("*.ipynb")):
            return folder
    raise CourseError(
        "this installation has no notebooks",
        where=package,
        hint="yolo-course build in a clone, or install the wheel again",
    )


def lay_copies(source: Path, folder: Path) -> list[Copy]:
    """Bring the learner's copies in `folder/notebooks` up to date with the notebooks in `source`.

    Each file appears whole or not at all. The memory is written last, so that an interrupted call is
    mended by the next one.

    Raises:
        CourseError: The folder is the course's own, or cannot be written.
    """
    target = folder / "notebooks"
    if target.resolve() == source.resolve():
        raise CourseError(
            "these are the course's own notebooks, not copies", where=target, hint="another folder, like my-course"
        )
    try:
        target.mkdir(parents=True, exist_ok=True)
        memory = _recall(folder / _MEMORY)
        copies = [_lay(path, target / path.name, memory) for path in sorted(source.glob("*.ipynb"))]
        state = {name: {"file": version.file, "content": version.content} for name, version in memory.items()}
        _write(folder / _MEMORY, json.dumps({"course": yolo_course.__version__, "notebooks": state}, indent=1).encode())
    except OSError as error:
        problem = (error.strerror or str(error)).lower()
        raise CourseError(
            f"cannot put the notebooks here: {problem}",
            where=error.filename or folder,
            hint="a folder that you may write to",
        ) from error
    return copies


def _lay(path: Path, target: Path, memory: dict[str, _Version]) -> Copy:
    shipped, new = path.read_bytes(), _version(path.read_bytes())
    laid = memory.get(path.name)
    memory[path.name] = new
    if not os.path.lexists(target):
        _write(target, shipped)
        return Copy(path.name, "new", target)
    mine = _content(target.read_bytes()) if target.is_file() else None
    if laid == new or (laid is None and mine is not None and mine == new.content):
        return Copy(path.name, "current", target)
    if laid is not None and mine is not None and mine in (laid.content, new.content):
        _write(target, shipped)
        return Copy(path.name, "refreshed", target)
    beside = target.with_name(f"{target.stem}.update-{new.file[:8]}.ipynb")
    if not os.path.lexists(beside):
        _write(beside, shipped)
    return Copy(path.name, "beside", beside)


def _version(shipped: bytes) -> _Version:
    return _Version(hashlib.sha256(shipped).hexdigest(), _content(shipped))


def _content(notebook: bytes) -> str | None:
    """Hash cells, outputs and attachments; metadata, ids and counters, which JupyterLab rewrites, are left out.

    Returns:
        None if the file is not a notebook.
    """
    try:
        cells = [
            (cell["cell_type"], "".join(cell["source"]), cell.get("outputs", []), cell.get("attachments", {}))
            for cell in json.loads(notebook)["cells"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()


def _recall(path: Path) -> dict[str, _Version]:
    """Read the memory; one that is lost or damaged is empty."""
    try:
        notebooks = json.loads(path.read_bytes())["notebooks"]
        return {name: _Version(laid["file"], laid["content"]) for name, laid in notebooks.items()}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _write(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
