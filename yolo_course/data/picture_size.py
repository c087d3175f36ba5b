"""The size of a picture, from its header."""

import struct
from pathlib import Path

from yolo_course.data.pictures import _open
from yolo_course.errors import DataError

_ORIENTATION = 0x0112
_TURNED = (5, 6, 7, 8)  # a quarter turn, with or without a flip
_HEAD = 4096  # bytes, which hold the header of a JPEG file unless it has much to tell
_FRAMES = {*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)}
_EXIF = 0xE1


def picture_size(path: str | Path) -> tuple[int, int]:
    """Return width and height in pixels, the way up that the EXIF tag says, as Ultralytics loads the picture.

    Raises:
        DataError: It is missing, or no picture.
    """
    try:
        with open(path, "rb") as file:
            if size := _plain_jpeg(file.read(_HEAD)):
                return size
            file.seek(0)
            image = _open(file)
            if image.format == "TIFF":  # Pillow has turned this size already
                return image.size
            return image.size[::-1] if image.getexif().get(_ORIENTATION) in _TURNED else image.size
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, KeyError, struct.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "no picture, or a broken one"
        raise DataError("can't read the image", found=reason, where=path) from error


def _plain_jpeg(head: bytes) -> tuple[int, int] | None:
    """The size in a JPEG header without EXIF, or None: a conversion spends a fifth of its time here if Pillow does it.

    Segments are a marker and a length of two bytes each; that of the frame holds height and width (ITU-T T.81, B.2.2).
    """
    if head[:3] != b"\xff\xd8\xff":
        return None
    place = 2
    while place + 9 <= len(head) and head[place] == 0xFF and head[place + 1] != _EXIF:
        if head[place + 1] in _FRAMES:
            height, width = struct.unpack_from(">HH", head, place + 5)
            return (width, height) if width and height else None
        place += 2 + int.from_bytes(head[place + 2 : place + 4])
    return None
