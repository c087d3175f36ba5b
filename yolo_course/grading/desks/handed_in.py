"""What a learner handed in, read with suspicion: a folder in, a notebook with the course's own structure out."""

import copy
import hashlib
import json
import os
import stat
import warnings
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from yolo_course.errors import CourseError

LARGEST = 64 << 20  # bytes of a notebook
DELETED = "*This answer was deleted.*"

Essence = list[list[str]]


class BrokenSubmission(CourseError):
    """What was handed in cannot be graded."""


def read_bytes(folder: Path, unit: str) -> bytes:
    """Read the notebook that was handed in for a unit.

    Raises:
        BrokenSubmission: It is missing, a folder, a link, empty or huge.
    """
    file = folder / f"{unit}.ipynb"
    if not folder.is_dir():
        raise BrokenSubmission("a file was handed in, not a folder with a notebook")
    _only_files(folder)
    if not os.path.lexists(file):
        others = sorted(each.name for each in folder.glob("*.ipynb"))
        raise BrokenSubmission(f"there is no {file.name}", found=", ".join(others[:5]) or "no notebook")
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # no link, no pipe that never ends
        with os.fdopen(descriptor, "rb") as opened:
            facts = os.fstat(descriptor)
            if not stat.S_ISREG(facts.st_mode):
                raise IsADirectoryError
            data = opened.read(LARGEST + 1)
    except OSError as error:
        raise BrokenSubmission(f"{file.name} is a folder or not readable, not a notebook") from error
    if not data.strip():
        raise BrokenSubmission("the notebook is empty")
    if len(data) > LARGEST:
        raise BrokenSubmission(f"the notebook is larger than {LARGEST >> 20} MB")
    return data


def _only_files(folder: Path) -> None:
    """nbgrader copies what lies beside the notebook: through links, and out of pipes and devices that never end."""
    for here, folders, files in os.walk(folder):
        for name in (*folders, *files):
            if stat.S_IFMT(os.lstat(os.path.join(here, name)).st_mode) not in (stat.S_IFREG, stat.S_IFDIR):
                raise BrokenSubmission("the folder holds a link or a special file", found=name)


def stamp(folder: Path, unit: str) -> str:
    """A hash of what was handed in, its time included: it says later whether there is something new."""
    parts = (folder / f"{unit}.ipynb", folder / "timestamp.txt")
    return hashlib.sha256(b"\0".join(part.read_bytes() if part.is_file() else b"" for part in parts)).hexdigest()


def parse(data: bytes) -> NotebookNode:
    """Make a notebook of bytes.

    Raises:
        BrokenSubmission: They are none.
    """
    try:
        text = data.decode("utf-8")
        facts = json.loads(text)
    except (ValueError, RecursionError) as error:
        told = str(error)[:100] if isinstance(error, json.JSONDecodeError) else type(error).__name__
        raise BrokenSubmission("not a notebook: the file is cut off or no JSON", found=told) from error
    if not isinstance(facts, dict) or not isinstance(facts.get("cells", facts.get("worksheets")), list):
        raise BrokenSubmission("not a notebook: JSON without cells")
    try:
        with warnings.catch_warnings():  # cells without ids, ids that come twice
            warnings.simplefilter("ignore")
            return nbformat.reads(text, as_version=4, capture_validation_error={})
    except Exception as error:  # nbformat's conversions trust what they read
        raise BrokenSubmission("not a sound notebook", found=f"{type(error).__name__}: {error}"[:200]) from error


def restore(nb: NotebookNode, source: NotebookNode) -> None:
    """Give a submission the course's structure again, in place; doing it twice changes nothing more.

    Graded cells get the ids, types and metadata of the instructor's notebook, whatever theirs had become; of several
    with one name the last counts, as in nbgrader. Checks and written answers that were deleted come back. All else is
    the learner's own.

    Raises:
        BrokenSubmission: It holds no exercise of the unit.
    """
    try:
        nb.cells = [cell for cell in map(_cleaned, nb.cells) if cell is not None]
        owners = _owners(nb, source)
    except Exception as error:  # JSON may hold anything anywhere
        raise BrokenSubmission("not a sound notebook", found=f"{type(error).__name__}: {error}"[:200]) from error
    graded = {cell.id for cell in source.cells if _name(cell)}
    if not graded & {mine.id for mine in owners.values()}:
        unit = nb.metadata.get("yolo_course")
        found = str(unit.get("unit"))[:60] if isinstance(unit, dict) else None
        raise BrokenSubmission("a notebook of another unit: none of the exercises is in it", found=found)
    added = 0
    for index, cell in enumerate(nb.cells):
        if (mine := owners.get(index)) is not None:
            _own_again(cell, mine)
        else:
            added += 1
            cell.id, cell.metadata = f"added-{added}", NotebookNode()
    _bring_back(nb, source)
    nb.metadata = copy.deepcopy(source.metadata)
    nb.nbformat_minor = max(nb.nbformat_minor, 5)  # the first version with ids


def essence(nb: NotebookNode, source: NotebookNode) -> Essence:
    """All of a restored submission that grading depends on: id, name and text of its code, and what stands around."""
    ours = {cell.id: cell for cell in source.cells}
    kept = []
    for cell in nb.cells:
        role = ours[cell.id].metadata.get("yolo_course", {}).get("role") if cell.id in ours else "added"
        if role in ("exercise", "clinic") or (role == "added" and cell.cell_type == "code"):
            kept.append([cell.id, _name(cell), cell.source])
        elif role != "added":
            kept.append([cell.id, "", ""])
    return kept


def from_essence(cells: Essence) -> NotebookNode:
    """The notebook that grading needs."""
    made = [
        {
            "id": identity,
            "cell_type": "code",
            "source": text,
            "metadata": {"nbgrader": {"grade_id": name}} if name else {},
        }
        for identity, name, text in cells
    ]
    return nbformat.from_dict({"cells": made, "metadata": {}})  # for the grader alone: nothing to validate


def _cleaned(cell: NotebookNode) -> NotebookNode | None:
    """A cell whose parts have the types that the format wants, without outputs; None for what is no cell."""
    if cell.cell_type not in ("code", "markdown", "raw"):
        return None
    if not isinstance(cell.source, str):
        raise TypeError("a cell's source is no text")
    cell.source = cell.source.encode("utf-8", "replace").decode("utf-8")  # JSON may hold halves of characters
    if not isinstance(cell.get("metadata"), dict):
        cell.metadata = NotebookNode()
    if not isinstance(cell.metadata.get("nbgrader", {}), dict):
        del cell.metadata["nbgrader"]
    cell.pop("attachments", None)
    _become(cell, cell.cell_type)
    return cell


def _become(cell: NotebookNode, kind: str) -> None:
    cell.cell_type = kind
    for key in ("outputs", "execution_count"):
        cell.pop(key, None)
    if kind == "code":
        cell.outputs, cell.execution_count = [], None


def _owners(nb: NotebookNode, source: NotebookNode) -> dict[int, NotebookNode]:
    """Which cell of the course each cell of the submission is: by nbgrader's name, by id, or by the same text."""
    owners: dict[int, NotebookNode] = {}
    for key in (_name, lambda cell: cell.get("id"), _text):
        taken = {mine.id for mine in owners.values()}
        ours = {key(cell): cell for cell in source.cells if key(cell) and cell.id not in taken}
        for index in reversed(range(len(nb.cells))):
            if index not in owners and (mine := ours.pop(key(nb.cells[index]), None)) is not None:
                owners[index] = mine
    return owners


def _name(cell: NotebookNode) -> str:
    name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    return name if isinstance(name, str) else ""


def _text(cell: NotebookNode) -> str:
    """The text of a lesson's cell, for front ends that drop ids."""
    return "" if _name(cell) else cell.source.strip()


def _own_again(cell: NotebookNode, mine: NotebookNode) -> None:
    checksum = cell.metadata.get("nbgrader", {}).get("checksum")
    cell.id, cell.metadata = mine.id, copy.deepcopy(mine.metadata)
    if "nbgrader" in mine.metadata and isinstance(checksum, str):
        cell.metadata.nbgrader["checksum"] = checksum  # nbgrader has put it there from its gradebook, or is going to
    if cell.cell_type != mine.cell_type:
        _become(cell, mine.cell_type)


def _bring_back(nb: NotebookNode, source: NotebookNode) -> None:
    """Put back what carries points, each behind the cell that it stood behind."""
    there, before = {cell.id for cell in nb.cells}, None
    for mine in source.cells:
        if mine.id not in there:
            if not mine.metadata.get("nbgrader", {}).get("grade"):
                continue
            again = copy.deepcopy(mine)
            if again.cell_type == "markdown":
                again.source = DELETED
            place = next((index for index, cell in enumerate(nb.cells) if cell.id == before), -1)
            nb.cells.insert(place + 1, again)
        before = mine.id
