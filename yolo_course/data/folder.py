"""Build a folder beside its place and rename it into place, so that nobody ever sees half of it."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from yolo_course.errors import DataError

RECORD = "made.json"


def record_of(folder: Path) -> dict | None:
    """Return what a made folder says it was made from, or None for any other folder."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def build(target: Path, record: dict, fill: Callable[[Path], None], force: bool = False) -> bool:
    """Make `target` by letting `fill` write into a temporary folder beside it.

    Args:
        target: Folder to make.
        record: What decides its contents; kept in `made.json`.
        fill: Writes the contents into the empty folder that it is given.
        force: Replace a folder that was made from another record. A folder that was not made here is never replaced.

    Returns:
        True if it was made, False if it stood there already.

    Raises:
        DataError: Something else stands there, or the place can't be written.
    """
    if _stands(target, record, force):
        return False
    try:
        with _beside(target) as folder:
            fill(folder)
            (folder / RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
            _settle(folder, target, record, force)
    except OSError as error:
        raise DataError("can't write the dataset", found=_reason(error), where=target) from error
    return True


def _stands(target: Path, record: dict, force: bool) -> bool:
    found = record_of(target)
    if found is None and _occupied(target):
        found = record_of(target)  # it comes whole, and may have come between the two looks
        if found is None:
            hint = "another folder (--out)"
            raise DataError("something that was not made here stands there", where=target, hint=hint)
    if found == record:
        return True
    if found is not None and not force:
        differs = {key: found.get(key) for key in record if found.get(key) != record[key]}
        expected = ", ".join(f"{key}={record[key]}" for key in differs)
        came = ", ".join(f"{key}={value}" for key, value in differs.items())
        hint = "another folder (--out), or replace this one (--force)"
        raise DataError("another dataset stands there", expected=expected, found=came, where=target, hint=hint)
    return False


def _occupied(target: Path) -> bool:
    try:
        return os.path.lexists(target) and not (target.is_dir() and not any(target.iterdir()))
    except OSError as error:
        raise DataError("can't look into the folder", found=_reason(error), where=target) from error


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(target)
    folder = target.parent / f".{target.name}.making-{os.getpid()}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(target: Path) -> None:
    """Remove what killed runs left; a run that still lives keeps its folder."""
    for left in target.parent.glob(f".{target.name}.making-*"):
        pid = left.name.rpartition("-")[2]
        if pid == str(os.getpid()) or not (pid.isdigit() and psutil.pid_exists(int(pid))):
            shutil.rmtree(left, ignore_errors=True)


def _settle(folder: Path, target: Path, record: dict, force: bool) -> None:
    """Rename into place, unless another process was faster."""
    if _stands(target, record, force):
        return
    try:
        _rename(folder, target)
    except OSError:
        if not _stands(target, record, force):
            raise


def _rename(folder: Path, target: Path) -> None:
    """Put a folder in the place of another, which goes into the temporary one's wake."""
    if not target.exists():
        folder.rename(target)
    elif not any(target.iterdir()):
        target.rmdir()
        folder.rename(target)
    else:
        old = folder.with_name(f".{target.name}.making-{os.getpid()}0")
        target.rename(old)
        folder.rename(target)
        shutil.rmtree(old, ignore_errors=True)


def _reason(error: OSError) -> str:
    return f"{error.strerror or error} ({error.filename})" if error.filename else str(error)
