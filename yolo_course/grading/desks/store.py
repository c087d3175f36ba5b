"""Results of grading by what they are a function of: the submission, the checks and the environment, as hashes.

What is in the store is never graded again, by `yolo-course grade`, `nbgrader autograde` and Formgrader alike.
"""

import functools
import hashlib
import json
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

import yolo_course
from yolo_course.grading.desks.handed_in import Essence
from yolo_course.grading.isolation.namespaces import Limits
from yolo_course.grading.whole import write_whole

FOLDER = ".yolo_course"
NO_MATTER = (  # no verdict depends on these rooms
    "cli/",
    *(f"grading/{room}/" for room in ("mutation", "course/collecting", "course/feedback", "course/similarity")),
)
LIBRARIES = ("torch", "ultralytics", "nbgrader")


@dataclass(frozen=True)
class Work:
    """One submission to grade, and what its result depends on.

    Args:
        submission: Hash of the learner's cells.
        checks: Hash of the unit's code cells.
        environment: Versions, a hash of this library, the limits, and whether the sandbox is left out.
    """

    submission: str
    checks: str
    environment: dict[str, Any]

    @property
    def key(self) -> str:
        """Where its result is kept."""
        return _hash([self.submission, self.checks, self.environment])

    def differs(self, result: dict) -> list[str]:
        """What has changed since another result: some of submission, checks, environment."""
        return [name for name, value in asdict(self).items() if result.get(name) != value]

    def record(self, told: dict, seconds: float) -> dict[str, Any]:
        """The result as it is kept: what came of it and what it depends on."""
        return {"key": self.key, **asdict(self), "seconds": round(seconds, 3), **told}


def work(cells: Essence, source: NotebookNode, limits: Limits, unsafe: bool = False) -> Work:
    """Say what the result of a submission depends on."""
    checks = [
        [cell.id, cell.metadata.get("yolo_course", {}), cell.metadata.get("nbgrader", {}).get("points"), cell.source]
        for cell in source.cells
        if cell.cell_type == "code"
    ]
    return Work(_hash(cells), _hash(checks), environment() | {"limits": asdict(limits), "unsafe": unsafe})


@functools.cache
def environment() -> dict[str, str]:
    """What is installed here, as far as a verdict may depend on it."""
    library, folder = hashlib.sha256(), Path(yolo_course.__file__).parent
    for file in sorted(folder.rglob("*")):
        place = file.relative_to(folder).as_posix()
        if file.suffix in (".py", ".yaml", ".json") and not place.startswith(NO_MATTER) and file.is_file():
            library.update(place.encode() + b"\0" + file.read_bytes())
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
        "yolo_course": library.hexdigest()[:16],
    }


class Store:
    """The results in a course root, a file each; only whole ones are ever seen.

    Args:
        root: The course root.
    """

    def __init__(self, root: Path):
        self.folder = hidden(root) / "results"
        self.folder.mkdir(exist_ok=True)

    def get(self, key: str) -> dict[str, Any] | None:
        """A result, if there is one."""
        try:
            result = json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return result if isinstance(result, dict) and result.get("key") == key else None

    def put(self, result: dict[str, Any]) -> None:
        """Keep a result."""
        write_whole(self.folder / f"{result['key']}.json", json.dumps(result))


def hidden(root: Path) -> Path:
    """The folder in a course root that is nobody's business but ours; git does not see it."""
    folder = root / FOLDER
    folder.mkdir(exist_ok=True)
    if not (folder / ".gitignore").exists():
        write_whole(folder / ".gitignore", "*\n")
    return folder


def sha(data: bytes) -> str:
    """A hash of bytes, as text."""
    return hashlib.sha256(data).hexdigest()


def _hash(value: Any) -> str:
    return sha(json.dumps(value, sort_keys=True).encode())
