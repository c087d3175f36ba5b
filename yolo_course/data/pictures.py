"""Read an image of a dataset together with its labels."""

import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps

from yolo_course.data.dataset import Dataset
from yolo_course.data.labels import read_labels
from yolo_course.errors import DataError


def read_image(path: str | Path) -> np.ndarray:
    """Read a picture, the way up that its EXIF tag says.

    Shape:
        (h, w, 3) uint8, RGB.

    Raises:
        DataError: It is missing or can't be decoded.
    """
    try:
        with Path(path).open("rb") as file:
            return np.asarray(ImageOps.exif_transpose(_open(file)).convert("RGB"))
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        IndexError,
        TypeError,
        struct.error,
    ) as error:  # as Pillow's own
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "no picture, or a broken one"
        raise DataError("can't read the image", found=reason, where=path) from error


def _open(file: BinaryIO) -> Image.Image:
    """Do what `Image.open` does; once Ultralytics is imported, that one runs pip when it meets an unknown format."""
    Image.init()
    prefix = file.read(16)
    file.seek(0)
    for name in Image.ID:
        factory, accept = Image.OPEN[name]
        if accept and accept(prefix) is True:
            return factory(file, "")
    raise ValueError("unknown format")


def read_labelled(dataset: Dataset, image: Path) -> tuple[np.ndarray, np.ndarray]:
    """Read an image and its labels; no label file means that it shows nothing.

    Shape:
        (h, w, 3) uint8 and (n, 5) float64.

    Raises:
        DataError: Either can't be read.
    """
    file = dataset.label_of(image)
    return read_image(image), read_labels(file) if file.exists() else np.zeros((0, 5))
