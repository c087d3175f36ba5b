"""What a split is made of, in numbers: classes, sizes, shapes, places, objects per image."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from yolo_course.data.dataset import Dataset, load
from yolo_course.data.making.recipes import Progress
from yolo_course.data.picture_size import picture_size
from yolo_course.data.sound_labels import sound_labels

SMALL, LARGE = 32**2, 96**2  # square pixels; COCO's borders between small, medium and large


@dataclass(frozen=True)
class Statistics:
    """The boxes and images of one split.

    Args:
        names: Class names by class id.
        split: train, val or test.
        sizes: Height and width of each image in pixels.
        owners: Which image each box belongs to.
        rows: Class, centre and size of each box, fractions of its image.
        left_out: Lines of label files that hold no sound box.

    Shape:
        sizes (images, 2) int64; owners (boxes,) int64; rows (boxes, 5) float64.
    """

    names: dict[int, str]
    split: str
    sizes: np.ndarray
    owners: np.ndarray
    rows: np.ndarray
    left_out: int = 0

    @property
    def classes(self) -> np.ndarray:
        """Class id of each box. Shape: (boxes,) int64."""
        return self.rows[:, 0].astype(np.int64)

    @property
    def per_image(self) -> np.ndarray:
        """Boxes of each image. Shape: (images,) int64."""
        return np.bincount(self.owners, minlength=len(self.sizes))

    def sides(self, imgsz: int | None = None) -> np.ndarray:
        """Width and height of each box in pixels, of its image or of it with its longer side resized to `imgsz`.

        Shape:
            (boxes, 2) float64.
        """
        scale = 1 if imgsz is None else imgsz / self.sizes.max(1, keepdims=True)
        return self.rows[:, 3:] * (self.sizes * scale)[self.owners][:, ::-1]

    def aspects(self) -> np.ndarray:
        """Width by height of each box in pixels. Shape: (boxes,)."""
        sides = self.sides()
        return sides[:, 0] / sides[:, 1]

    def record(self, imgsz: int = 640) -> dict:
        """The numbers as plain values, ready for JSON.

        Args:
            imgsz: Pixels of the images' longer side at which the boxes are measured.
        """
        per_image = self.per_image
        return {
            "split": self.split,
            "images": len(self.sizes),
            "empty": int((per_image == 0).sum()),
            "boxes": len(self.rows),
            "left_out": self.left_out,
            "imgsz": imgsz,
            "per_image": dict(zip(("least", "median", "most"), _range(per_image), strict=True)),
            "sizes": sorted({(int(height), int(width)) for height, width in self.sizes.tolist()}),
            "classes": list(self._by_class(imgsz)),
        }

    def _by_class(self, imgsz: int) -> Iterator[dict]:
        sides, aspects = self.sides(imgsz), self.aspects()
        for cls, name in self.names.items():
            own = self.classes == cls
            areas = sides[own].prod(1)
            yield {
                "name": name,
                "boxes": int(own.sum()),
                "images": len(np.unique(self.owners[own])),
                "pixels": _range(np.sqrt(areas)),  # side of a square of the same area
                "aspect": _range(aspects[own]),
                "small": int((areas < SMALL).sum()),
                "medium": int(((areas >= SMALL) & (areas <= LARGE)).sum()),
                "large": int((areas > LARGE).sum()),
            }


def stats(data: str | Path | Dataset, split: str = "train", progress: Progress | None = None) -> Statistics:
    """Measure a split. Boxes with an error of their own are left out and counted; `check` says what is wrong with them.

    Args:
        data: A data YAML, or what `load` made of it.
        split: train, val or test.
        progress: Called as `progress(done, total)`.

    Raises:
        DataError: A broken data YAML, no such split, or an image that can't be read.
    """
    dataset = data if isinstance(data, Dataset) else load(data)
    images = dataset.images(split)
    sizes, owners, rows, left_out = [], [], [], 0
    for number, image in enumerate(images):
        _, boxes, findings = sound_labels(dataset, image)
        sizes.append(picture_size(image)[::-1])  # (width, height) -> (height, width)
        owners += [number] * len(boxes)
        rows.append(boxes)
        left_out += len({finding.line for finding in findings if finding.severity == "error"})
        if progress:
            progress(number + 1, len(images))
    return Statistics(dataset.names, split, np.array(sizes), np.array(owners, np.int64), np.concatenate(rows), left_out)


def _range(values: np.ndarray) -> list[float]:
    """Least, median and most; nothing of nothing."""
    return [round(float(value), 4) for value in np.quantile(values, (0, 0.5, 1))] if len(values) else []
