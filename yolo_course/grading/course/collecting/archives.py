"""Read an export of hand-ins, a folder or a zip file, as what it is: files of strangers.

Nothing is unpacked: files are read one at a time into memory, up to a limit, so that no name leads anywhere and no bomb
goes off. A zip file inside counts as a folder.
"""

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from yolo_course.errors import CourseError

LARGEST = 64 << 20  # bytes of a file, and of all files of a zip file inside
MOST = 200_000  # files of an export
MOST_INSIDE = 1_000  # files of a zip file inside
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


class Unreadable(Exception):
    """A file of an export cannot be read; says why in a few words."""


@dataclass(frozen=True)
class Entry:
    """A file of an export.

    Attributes:
        path: Its path from the top of the export.
        problem: Why it is not to be read; empty if it can be tried.
    """

    path: PurePosixPath
    problem: str
    _bytes: Callable[[], bytes]

    def read(self) -> bytes:
        """Read the file.

        Raises:
            Unreadable: It is too large, broken, or no plain file.
        """
        if self.problem:
            raise Unreadable(self.problem)
        try:
            return self._bytes()
        except _BROKEN as error:
            raise Unreadable(f"broken: {error}") from error


class Export:
    """An open export; use it in a `with`.

    Args:
        source: A folder or a zip file.

    Attributes:
        entries: Its files, without hidden ones, sorted by path.

    Raises:
        CourseError: It is neither, or not readable.
    """

    def __init__(self, source: Path):
        self._zip = None
        try:
            if source.is_dir():
                found = (each for file in _folder(source) for each in _opened(file))
            elif zipfile.is_zipfile(source):
                self._zip = zipfile.ZipFile(source)
                found = (each for member in _members(self._zip) for each in _opened(member))
            else:
                found = "nothing there" if not source.exists() else "a file that is no zip file, or half of one"
                raise CourseError(
                    "not an export of hand-ins", expected="a folder or a zip file", found=found, where=source
                )
            self.entries = sorted((e for e in found if not _hidden(e.path)), key=lambda entry: entry.path)
        except _BROKEN as error:
            self.close()
            raise CourseError("cannot read the export", found=error, where=source) from error
        if len(self.entries) > MOST:
            self.close()
            raise CourseError("too many files", expected=f"{MOST} at most", found=len(self.entries), where=source)

    def close(self) -> None:
        """Close the zip file, if it is one."""
        if self._zip:
            self._zip.close()

    def __enter__(self) -> "Export":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _hidden(path: PurePosixPath) -> bool:
    return any(part == "__MACOSX" or (part.startswith(".") and part != "..") for part in path.parts)


def _folder(top: Path) -> Iterator[Entry]:
    for folder, folders, names in os.walk(top):
        linked = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in [*names, *linked]:
            file = Path(folder, name)
            found = file.lstat()
            kind = "" if stat.S_ISREG(found.st_mode) else "a link or a device"
            path = PurePosixPath(file.relative_to(top).as_posix())
            yield Entry(path, kind or _size(found.st_size), file.read_bytes)


def _members(opened: zipfile.ZipFile) -> Iterator[Entry]:
    """The files of a zip file; zipfile reads no more of each than the size that it claims."""
    for info in opened.infolist():
        if not info.is_dir():
            path = PurePosixPath(info.filename.replace("\\", "/"))
            if ".." in path.parts or path.is_absolute():
                problem = "its name leads out of the folder"
            elif stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
                problem = "a link or a device"
            else:
                problem = _size(info.file_size)
            yield Entry(path, problem, partial(opened.read, info))


def _opened(entry: Entry) -> Iterator[Entry]:
    """The files inside of a zip file, in place of it; any other file as it is."""
    if entry.path.suffix.lower() != ".zip" or entry.problem:
        yield entry
        return
    try:
        with zipfile.ZipFile(io.BytesIO(entry.read())) as opened:
            inside = list(_members(opened))
            claimed = sum(info.file_size for info in opened.infolist())
    except (Unreadable, *_BROKEN) as error:
        yield replace(entry, problem="broken: " + str(error).removeprefix("broken: "))
        return
    if claimed > LARGEST or len(inside) > MOST_INSIDE:
        yield replace(entry, problem="unpacks to too much")
        return
    for number, each in enumerate(inside):
        path = entry.path.with_suffix("").joinpath(*(part for part in each.path.parts if part != "/"))
        yield Entry(path, each.problem, partial(_again, entry, number))


def _again(entry: Entry, number: int) -> bytes:
    """Read a file of a zip file inside, which is opened anew for each, so that not all of them stay in memory."""
    with zipfile.ZipFile(io.BytesIO(entry.read())) as opened:
        return list(_members(opened))[number].read()


def _size(size: int) -> str:
    return f"too large: {size >> 20} MB" if size > LARGEST else ""
