"""Tell which unit a submitted notebook is of, whatever its file is called."""

import json
import re
from functools import cached_property
from typing import Any

from yolo_course.grading.course.root import CourseRoot

_COPY = re.compile(r"( *\(\d+\)|-\d+|[-_ ]+copy\d*)+$", re.IGNORECASE)  # what browsers, Canvas and JupyterLab add


class Recogniser:
    """Knows the course's units by name and by their cells.

    Args:
        root: The course.
    """

    def __init__(self, root: CourseRoot):
        self._root = root

    def unit(self, name: str, data: bytes) -> str | None:
        """Name the unit: by what the notebook says of itself, by nbgrader's cells in it, or by its file's name.

        Args:
            name: The file's name.
            data: The file.

        Raises:
            ValueError: It is no notebook.
        """
        notebook = _notebook(data)
        cells = notebook["cells"]
        said = _get(notebook, "metadata", "yolo_course", "unit")
        ids = {_get(cell, "metadata", "nbgrader", "grade_id") for cell in cells}
        shared = {unit: len(ids & known) for unit, known in self._grade_ids.items()}
        best = max(shared, key=shared.get, default="")
        stem = _COPY.sub("", name.removesuffix(".ipynb"))
        for candidate in (said, best if shared.get(best) else None, stem):
            if candidate in self._grade_ids:
                return candidate
        return None

    @cached_property
    def _grade_ids(self) -> dict[str, set[str]]:
        known = {}
        for unit in self._root.units():
            cells = _notebook(self._root.source(unit).read_bytes())["cells"]
            known[unit] = {_get(cell, "metadata", "nbgrader", "grade_id") for cell in cells} - {None}
        return known


def _notebook(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError("not a notebook: " + ("it is empty" if not data.strip() else "no JSON")) from error
    if not isinstance(found, dict) or not isinstance(found.get("cells"), list):
        raise ValueError("not a notebook: it has no cells")
    return found


def _get(found: Any, *keys: str) -> str | None:
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, str) else None
