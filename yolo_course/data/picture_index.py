"""Find a picture by the name that an annotation gives it."""

import os
import re
from pathlib import Path, PurePosixPath, PureWindowsPath

from yolo_course.data.dataset import FORMATS

_PLAIN = re.compile(r"[^./\\:\0][^/\\:\0]*")  # a single name, as nearly all are


class PictureIndex:
    """All pictures below some folders, by file name and by stem."""

    def __init__(self, *folders: Path):
        self.files: list[Path] = []
        self._names: dict[str, list[Path]] = {}
        self._stems: dict[str, list[Path]] = {}
        for folder in dict.fromkeys(folders):
            self._add(folder)

    def find(self, name: str, near: Path) -> Path | None:
        """Return the picture of that name; of several, the one in the same folder as `near`, else the nearest.

        The annotation's own stem decides when no picture has the name.
        """
        last = name.rpartition("/")[2].rpartition("\\")[2]
        found = self._names.get(last) or self._stems.get(near.stem)
        if not found:
            return None
        return found[0] if len(found) == 1 else max(found, key=lambda file: _shared(file, near))

    def _add(self, folder: Path) -> None:
        for place, folders, files in os.walk(folder):
            folders.sort()
            for name in sorted(files):
                stem, _, suffix = name.rpartition(".")
                if suffix.lower() in FORMATS:
                    path = Path(place, name)
                    self.files.append(path)
                    self._names.setdefault(name, []).append(path)
                    self._stems.setdefault(stem, []).append(path)


def _shared(file: Path, near: Path) -> int:
    """How many folders two files share; whichever shares more is nearer."""
    return len(Path(os.path.commonpath((file.parent, near.parent))).parts)


def safe_name(name: str) -> str | None:
    """Return a relative name with forward slashes, or None if it would leave the folder it is put into."""
    if _PLAIN.fullmatch(name):
        return name
    windows = PureWindowsPath(name)
    parts = PurePosixPath(windows.as_posix()).parts
    if windows.drive or windows.root or ".." in parts or not parts or "\0" in name:
        return None
    return "/".join(parts)
