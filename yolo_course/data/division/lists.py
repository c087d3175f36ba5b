"""Divide a dataset by lists of its images: text files that Ultralytics reads, and a data YAML that names them."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import yaml

from yolo_course.data.dataset import Dataset
from yolo_course.data.findings import Count
from yolo_course.data.labels import scan_labels
from yolo_course.errors import DataError

Parts = Mapping[str, Sequence[Path]]


@dataclass(frozen=True)
class Division:
    """One way to divide a dataset: its data YAML, and how much each split holds."""

    yaml: Path
    counts: dict[str, Count]


def write_lists(folder: Path, home: Path, dataset: Dataset, parts: Parts, title: str, stem: str = "") -> None:
    """Write `train.txt`, `val.txt`, … and `data.yaml`; a stem comes before these names.

    Args:
        folder: Where to write.
        home: Where the folder will lie at last; paths of images are relative to it, so that the dataset can be moved
            together with its lists.
        dataset: Whose images they are.
        parts: Images by split.
        title: First line of the data YAML.
        stem: `fold1` makes `fold1-train.txt` and `fold1.yaml`.

    Raises:
        DataError: An image has a name that no list can hold.
    """
    before = f"{stem}-" if stem else ""
    for split, images in parts.items():
        text = "".join(f"{_line(image, home)}\n" for image in sorted(images))
        (folder / f"{before}{split}.txt").write_text(text, encoding="utf-8", newline="\n")
    entries = {split: f"{before}{split}.txt" for split in parts} | {"names": dataset.names}
    text = yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=1000)
    lines = f"# {title}\n# No `path:`, so the lists are looked for beside this file; their images relative to them.\n"
    (folder / f"{stem or 'data'}.yaml").write_text(lines + text, encoding="utf-8", newline="\n")


def fingerprint(home: Path, parts: Parts) -> str:
    """Return a hash of what the lists will say."""
    digest = blake2b(digest_size=16)
    for split, images in parts.items():
        digest.update("\n".join([split, *(_line(image, home) for image in sorted(images)), ""]).encode())
    return digest.hexdigest()


def count_parts(dataset: Dataset, parts: Parts) -> dict[str, Count]:
    """Count images, those that show nothing, and boxes by class, for each split."""
    return {split: _count(dataset, images) for split, images in parts.items()}


def _count(dataset: Dataset, images: Sequence[Path]) -> Count:
    boxes, empty = Counter(dict.fromkeys(dataset.names.values(), 0)), 0
    for image in images:
        file = dataset.label_of(image)
        rows = scan_labels(file)[0] if file.exists() else []
        known = [dataset.names[int(row[0])] for _, row in rows if int(row[0]) in dataset.names]
        boxes.update(known)
        empty += not known
    return Count(len(images), empty, dict(boxes))


def _line(image: Path, home: Path) -> str:
    """A path as Ultralytics reads it from a list: `./` stands for the folder of the list."""
    try:
        line = f"./{Path(os.path.relpath(image, home)).as_posix()}"
    except ValueError:  # another drive of Windows
        line = image.as_posix()
    if line.splitlines() != [line] or line != line.strip() or not line.isprintable():
        raise DataError("a list can't hold this name", expected="no line break, no blank at its end", found=repr(line))
    return line
