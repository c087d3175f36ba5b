"""Fetch a file: resumed where an earlier try ended, whole or not there at all."""

import hashlib
import http.client
import json
import time
import urllib.error
import urllib.request
from pathlib import Path

from yolo_course.data.making.recipes import Progress
from yolo_course.errors import DataError

CHUNK = 1 << 16  # bytes
TRIES = 3
TIMEOUT = 30  # seconds without a byte
PAUSE = 0.5  # seconds before the second try, twice that before the third


def download(url: str, file: Path, progress: Progress | None = None, timeout: float = TIMEOUT) -> Path:
    """Fetch a URL into a file, unless that is there already.

    What has come is kept in `<file>.part` and continued by the next call, as long as the server says by its ETag or
    date that the rest belongs to the same file.

    Args:
        url: Where from, by http or https.
        file: Where to.
        progress: Called as `progress(done, total)` in bytes; the total is 0 where the server doesn't tell.
        timeout: Seconds to wait for a byte.

    Raises:
        DataError: No network, no such file, or the connection broke again and again.
    """
    if file.exists():
        return file
    part = file.with_name(f"{file.name}.part")
    for attempt in range(1, TRIES + 1):
        if not (reason := _attempt(url, part, progress, timeout)):
            break
        if attempt == TRIES:
            again = f"run it again, it goes on at byte {_have(part)}" if _have(part) else "run it again with a network"
            hint = f"{again}; or fetch that file elsewhere and give it as --archive FILE"
            raise DataError("can't download", found=reason, where=url, hint=hint)
        time.sleep(PAUSE * attempt)
    part.replace(file)
    _state(part).unlink(missing_ok=True)
    return file


def sha256(file: Path) -> str:
    """Return the checksum of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _attempt(url: str, part: Path, progress: Progress | None, timeout: float) -> str:
    """Try once; why another try is worth it, empty if all has come."""
    try:
        return "" if _continue(url, part, progress, timeout) else "the connection broke off"
    except urllib.error.HTTPError as error:
        if error.code == 416:  # more is here than there is: of another file, or whole already and never renamed
            part.unlink()
        elif error.code < 500 and error.code not in (408, 429):
            raise DataError("the server refuses", found=f"{error.code} {error.reason}", where=url) from error
        return f"the server answers {error.code}"
    except urllib.error.URLError as error:
        return _plain(error.reason)
    except (OSError, http.client.HTTPException) as error:
        if getattr(error, "filename", None):  # the disk, not the network
            raise DataError("can't write the download", found=error.strerror, where=error.filename) from error
        return _plain(error)


def _continue(url: str, part: Path, progress: Progress | None, timeout: float) -> bool:
    """Fetch what is missing; whether it is whole now."""
    have, version = _have(part), _version(part, url)
    headers = {"User-Agent": "yolo-course", "Accept-Encoding": "identity"}
    if have and version:
        headers |= {"Range": f"bytes={have}-", "If-Range": version}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=timeout) as answer:
        resumed = answer.status == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
        have = have if resumed else 0
        length = answer.headers.get("Content-Length")
        total = have + int(length) if length and length.isdigit() else 0
        tag = answer.headers.get("ETag") or ""
        version = tag if tag and not tag.startswith("W/") else answer.headers.get("Last-Modified") or ""
        part.parent.mkdir(parents=True, exist_ok=True)
        _state(part).write_text(json.dumps({"url": url, "version": version}), encoding="utf-8")
        with part.open("ab" if resumed else "wb") as stream:
            while chunk := answer.read(CHUNK):
                stream.write(chunk)
                have += len(chunk)
                if progress:
                    progress(have, total)
    return not total or have == total


def _have(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _version(part: Path, url: str) -> str:
    """What the server called the version that the part is of; without that, it can't be continued safely."""
    try:
        state = json.loads(_state(part).read_text(encoding="utf-8"))
        return str(state["version"]) if state["url"] == url else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _state(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _plain(reason: object) -> str:
    if isinstance(reason, TimeoutError):
        return "no answer"
    return getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
