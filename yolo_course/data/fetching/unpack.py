"""Unpack a zip or tar archive that a stranger may have made: plain files inside the target, and no bomb."""

import bz2
import gzip
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from yolo_course.data.making.recipes import Progress
from yolo_course.data.picture_index import safe_name
from yolo_course.errors import DataError

CHUNK = 1 << 20  # bytes
GROWTH, SPARE = 20, 64 << 20  # an archive may unpack to so many times its size, and so many bytes more
MOST = 1_000_000  # members
_OPENERS = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\0": lzma.open}

Member = tuple[str, bool, int, object]  # name, whether it is a folder, bytes that it claims, the archive's own entry


def unpack(archive: str | Path, folder: Path, limit: int | None = None, progress: Progress | None = None) -> None:
    """Unpack into an empty folder. An archive with a single bad member is refused as a whole, before a byte is written.

    Bad is what lies outside of the folder, has an absolute name, is a link, a device or anything else that is no plain
    file or folder, or comes twice.

    Args:
        archive: A zip, tar, tar.gz, tar.bz2 or tar.xz file; its contents tell which.
        folder: Where to.
        limit: Bytes that it may unpack to; without it 20 times its own size and 64 MiB.
        progress: Called as `progress(done, total)` in members.

    Raises:
        DataError: It is no archive, a broken one, or not a safe one.
    """
    path = Path(archive)
    try:
        limit = GROWTH * path.stat().st_size + SPARE if limit is None else limit
        with _open(path) as opened:
            _unpack(path, opened, folder, limit, progress)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, NotImplementedError) as error:
        raise DataError("broken archive", found=error, where=path) from error
    except RuntimeError as error:  # zipfile's way to say that a password is missing
        raise DataError("can't unpack the archive", found=error, where=path) from error
    except OSError as error:
        reason = error.strerror or error
        raise DataError("can't unpack the archive", found=reason, where=error.filename or path) from error


@contextmanager
def _open(path: Path) -> Iterator[zipfile.ZipFile | tarfile.TarFile]:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as opened:
            yield opened
        return
    with path.open("rb") as file:
        start = file.read(8)
    opener = next((opener for magic, opener in _OPENERS.items() if start.startswith(magic)), Path.open)
    with opener(path, "rb") as stream:
        try:
            opened = tarfile.TarFile(fileobj=_Sips(stream))
        except tarfile.ReadError as error:
            raise DataError("no archive", expected="zip or tar", found=error, where=path) from error
        yield opened


class _Sips:
    """A stream that gives little at a time: tarfile reads a whole name into memory, and an archive says how long."""

    def __init__(self, stream: IO[bytes]):
        self.stream, self.seek, self.tell = stream, stream.seek, stream.tell

    def read(self, size: int) -> bytes:
        if size > CHUNK:
            raise tarfile.ReadError(f"a header of {size} bytes")
        return self.stream.read(size)


def _unpack(
    path: Path, opened: zipfile.ZipFile | tarfile.TarFile, folder: Path, limit: int, progress: Progress | None
) -> None:
    members = list(_checked(path, _members(opened), limit))
    left = limit
    for done, (name, is_folder, _, entry) in enumerate(members, 1):
        target = folder / name
        if is_folder:
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            with _stream(opened, entry) as source, target.open("xb") as sink:
                left -= _copy(source, sink, left, path)
        if progress:
            progress(done, len(members))


def _members(opened: zipfile.ZipFile | tarfile.TarFile) -> Iterator[tuple[str, str, int, object]]:
    """Name, kind, claimed bytes and entry of every member; kind is `file`, `folder` or something else."""
    if isinstance(opened, zipfile.ZipFile):
        for info in opened.infolist():
            mode = stat.S_IFMT(info.external_attr >> 16)  # 0 where the archive was made on Windows
            kind = "folder" if info.is_dir() else "file" if mode in (0, stat.S_IFREG) else "link or device"
            yield info.filename, kind, info.file_size, info
    else:
        for info in opened:
            kind = "folder" if info.isdir() else "file" if info.isreg() else "link or device"
            yield info.name, kind, info.size, info


def _checked(path: Path, members: Iterator[tuple[str, str, int, object]], limit: int) -> Iterator[Member]:
    """Yield the members; raise at the first bad one."""
    seen, size = set(), 0
    for number, (given, kind, claimed, entry) in enumerate(members, 1):
        name = safe_name(given)
        if name is None and kind == "folder" and given.strip("./") == "":
            continue  # the archive's own root
        if name is None:
            raise DataError("not a safe archive", expected="names inside the folder", found=repr(given), where=path)
        if kind not in ("file", "folder"):
            raise DataError("not a safe archive", expected="plain files", found=f"{given}, a {kind}", where=path)
        size += claimed
        if size > limit or number > MOST:
            raise DataError("not a safe archive", expected=f"{limit} bytes at most", found="more", where=path)
        if kind == "file" and name.lower() in seen:
            raise DataError("not a safe archive", expected="every file once", found=f"{given} again", where=path)
        seen.add(name.lower() if kind == "file" else name)
        yield name, kind == "folder", claimed, entry


def _stream(opened: zipfile.ZipFile | tarfile.TarFile, entry: object) -> IO[bytes]:
    return opened.open(entry) if isinstance(opened, zipfile.ZipFile) else opened.extractfile(entry)


def _copy(source: IO[bytes], sink: IO[bytes], left: int, path: Path) -> int:
    """Copy a member and count what really comes, since a header may lie."""
    size = 0
    while chunk := source.read(CHUNK):
        size += len(chunk)
        if size > left:
            raise DataError("not a safe archive", expected="no more bytes than it claims", found="more", where=path)
        sink.write(chunk)
    return size
