"""Files that are seen whole or not at all, whenever the writer is stopped."""

import os
import tempfile
from pathlib import Path

from yolo_course.errors import CourseError


def write_whole(file: Path, content: str | bytes) -> Path:
    """Write a file beside its place and move it there; folders are made.

    Raises:
        CourseError: It can't be written.
    """
    data = content.encode("utf-8", errors="replace") if isinstance(content, str) else content
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, spare = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            os.chmod(spare, 0o644)  # a temporary file is for its owner alone
            os.replace(spare, file)
        except BaseException:
            Path(spare).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CourseError("can't write a file", found=error.strerror, where=file) from error
    return file
