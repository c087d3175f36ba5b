"""A torch dataset of labelled images that can be read in one sitting, with the samples of Ultralytics' `YOLODataset`.

What that one does in silence is an error here: it leaves out an image whose label file has a fault.
"""

import math
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor, utils

from yolo_course.boxes import convert
from yolo_course.data.dataset import Dataset, load
from yolo_course.data.letterbox import Letterbox
from yolo_course.data.pictures import read_image
from yolo_course.data.sound_labels import sound_labels
from yolo_course.errors import DataError

Transform = Callable[[np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]


class DetectionDataset(utils.data.Dataset):
    """The images of one split, letterboxed to a square, with their boxes.

    A sample is a dictionary with the keys that Ultralytics' trainer and validator read.

    Args:
        data: A data YAML, or what `load` made of it.
        split: train, val or test.
        size: Side of the square in pixels.
        transform: Takes and returns image, boxes and classes; called before the letterbox.

    Shape:
        - img: (3, size, size) uint8, RGB
        - cls: (n, 1) float32
        - bboxes: (n, 4) float32, centre and size as fractions of the square
        - batch_idx: (n,) float32, filled in by `collate`
        - transform: image (h, w, 3) uint8 RGB, boxes (n, 4) as x1 y1 x2 y2 in pixels, classes (n,)

    Raises:
        DataError: No such split, or a label file with a fault; it names file and line.

    Example:
        >>> dataset = DetectionDataset("shapes.yaml", "train", size=128)  # doctest: +SKIP
        >>> dataset[0]["img"].shape  # doctest: +SKIP
        torch.Size([3, 128, 128])
    """

    def __init__(
        self, data: str | Path | Dataset, split: str = "train", size: int = 640, transform: Transform | None = None
    ):
        described = data if isinstance(data, Dataset) else load(data)
        if isinstance(size, bool) or not isinstance(size, int) or size < 1:
            raise DataError("out of range", expected="a whole number of pixels", found=repr(size), where="size")
        self.size, self.transform, self.names = size, transform, described.names
        self.images = described.images(split)
        self.labels = [_labels(described, image) for image in self.images]

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> dict[str, object]:
        image, rows = read_pixels(self.images[index]), self.labels[index]
        classes, boxes = rows[:, 0], convert(rows[:, 1:], "xywhn", "xyxy", image.shape[:2])
        if self.transform:
            image, boxes, classes = self.transform(image, boxes, classes)
        before = image.shape[:2]
        image = _long_side(image, self.size)
        gain = image.shape[0] / before[0], image.shape[1] / before[1]
        placed = Letterbox.fit(image.shape[:2], self.size, enlarge=False)
        moved = placed.boxes(boxes * (gain[1], gain[0], gain[1], gain[0]))
        bboxes = convert(moved, "xyxy", "xywhn", (self.size, self.size))
        return {
            "img": _planes(placed.image(image)),
            "cls": torch.from_numpy(np.asarray(classes, np.float32)[:, None]),  # (n,) -> (n, 1)
            "bboxes": torch.from_numpy(bboxes.astype(np.float32)),
            "batch_idx": torch.zeros(len(bboxes)),
            "im_file": str(self.images[index]),
            "ori_shape": before,
            "resized_shape": (self.size, self.size),
            "ratio_pad": (gain, (placed.left, placed.top)),  # the validator maps boxes back with it
        }


def read_pixels(path: str | Path) -> np.ndarray:
    """Read a picture as Ultralytics does, with OpenCV, and with Pillow what that one can't read.

    Shape:
        (h, w, 3) uint8, RGB.

    Raises:
        DataError: It is missing or can't be decoded.
    """
    try:
        coded = np.fromfile(path, np.uint8)
    except OSError:
        coded = np.empty(0, np.uint8)
    image = cv2.imdecode(coded, cv2.IMREAD_COLOR) if coded.size else None
    return read_image(path) if image is None else cv2.cvtColor(image, cv2.COLOR_BGR2RGB, image)


def _labels(dataset: Dataset, image: Path) -> np.ndarray:
    """The boxes of an image, each once. Shape: (n, 5) float64."""
    _, rows, findings = sound_labels(dataset, image)
    for finding in findings:
        if finding.severity == "error":
            raise finding.error()
    _, first = np.unique(rows, axis=0, return_index=True)
    return rows[np.sort(first)]


def _long_side(image: np.ndarray, size: int) -> np.ndarray:
    """Resize so that the longer side has the size; Ultralytics rounds the shorter one up."""
    height, width = image.shape[:2]
    ratio = size / max(height, width)
    if ratio == 1:
        return image
    shape = min(math.ceil(width * ratio), size), min(math.ceil(height * ratio), size)
    return cv2.resize(image, shape, interpolation=cv2.INTER_LINEAR)


def _planes(image: np.ndarray) -> Tensor:
    """(h, w, 3) -> (3, h, w). OpenCV takes the channels apart six times faster than a transposed copy would."""
    planes = np.empty((image.shape[2], *image.shape[:2]), np.uint8)
    cv2.split(image, list(planes))
    return torch.from_numpy(planes)
