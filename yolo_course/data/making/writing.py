"""The files of a detection dataset: images, labels, masks and the data YAML, laid out as Ultralytics reads them."""

from pathlib import Path

import cv2
import numpy as np

from yolo_course.errors import DataError

# encoder settings by suffix; OpenCV warns about a setting that is not the format's own
_ENCODER = {".jpg": [cv2.IMWRITE_JPEG_QUALITY, 92], ".png": [cv2.IMWRITE_PNG_COMPRESSION, 3]}


def write_image(file: Path, image: np.ndarray) -> None:
    """Write an RGB picture, or a one-channel mask; the suffix says in which format.

    Raises:
        DataError: OpenCV can't encode it.
        OSError: The file can't be written.
    """
    pixels = cv2.cvtColor(image, cv2.COLOR_RGB2BGR) if image.ndim == 3 else image
    done, coded = cv2.imencode(file.suffix, pixels, _ENCODER[file.suffix])
    if not done:
        raise DataError("can't encode the image", where=file)
    file.write_bytes(coded.tobytes())  # cv2.imwrite would return False instead of saying what is wrong


def write_labels(file: Path, classes: np.ndarray, boxes: np.ndarray, size: int) -> None:
    """Write one `class x y w h` line a box, centre and size as fractions of the image.

    Shape:
        classes (n,), boxes (n, 4) as x1 y1 x2 y2 in pixels.
    """
    centres, sides = (boxes[:, :2] + boxes[:, 2:]) / 2 / size, (boxes[:, 2:] - boxes[:, :2]) / size
    rows = zip(classes.tolist(), np.hstack((centres, sides)).tolist(), strict=True)
    text = "".join(f"{cls} {x:.6f} {y:.6f} {w:.6f} {h:.6f}\n" for cls, (x, y, w, h) in rows)
    file.write_text(text, encoding="utf-8", newline="\n")


def write_data_yaml(file: Path, names: tuple[str, ...], title: str, **extra: str) -> None:
    """Write a data YAML whose folder can be moved and trained on from anywhere.

    It has no `path:`: Ultralytics then looks beside the YAML (`check_det_dataset`), while a relative `path:` means the
    current folder first and the user's own datasets folder second.
    """
    lines = [f"# {title}", "# No `path:`, so the splits are looked for beside this file, wherever it lies."]
    lines += ["train: images/train", "val: images/val", *(f"{key}: {value}" for key, value in extra.items())]
    lines += ["names:", *(f"  {index}: {name}" for index, name in enumerate(names))]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def make_folders(root: Path, kinds: tuple[str, ...]) -> None:
    """Make `kind/train` and `kind/val` for each kind."""
    for kind in kinds:
        for split in ("train", "val"):
            (root / kind / split).mkdir(parents=True)
