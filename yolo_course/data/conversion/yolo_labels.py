"""Read a YOLO dataset as annotated pictures, its outlines included."""

import os
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

import numpy as np

from yolo_course.data.conversion.annotated import Log, Picture, Source, Thing, fit
from yolo_course.data.dataset import Dataset, load, read_yaml
from yolo_course.data.labels import COLUMNS, scan_labels
from yolo_course.data.making.recipes import Progress
from yolo_course.data.picture_size import picture_size
from yolo_course.errors import DataError


def read_yolo(data_yaml: str | Path, log: Log, progress: Progress | None = None) -> Source:
    """Read the dataset of a data YAML; what is wrong with its labels goes to the log.

    Args:
        data_yaml: The data YAML.
        log: Takes what was skipped or repaired.
        progress: Called as `progress(done, total)` after every picture.

    Raises:
        DataError: The data YAML is broken; or, if the log is strict, the first fault.
    """
    dataset = load(data_yaml)
    names = tuple(dataset.names[number] for number in sorted(dataset.names))
    pictures, digest, seen = [], blake2b(digest_size=16), set()
    done, total = 0, sum(map(len, dataset.splits.values()))
    for split, images in dataset.splits.items():
        new = [image for image in images if image not in seen]
        if len(new) < len(images):
            message = f"left out: {len(images) - len(new)} pictures of {split} are in a split before it, too"
            log.warning("two-splits", message, dataset.yaml)
        seen.update(new)
        above = os.path.commonpath([image.parent for image in new]) if new else ""
        for image in new:
            pictures += _picture(dataset, image, split, os.path.relpath(image, above), names, log, digest)
            done += 1
            if progress:
                progress(done, total)
    return Source(tuple(pictures), names, digest.hexdigest(), _ids(dataset.yaml, names))


def _picture(
    dataset: Dataset, image: Path, split: str, name: str, names: tuple[str, ...], log: Log, digest: blake2b
) -> Iterator[Picture]:
    try:
        size = picture_size(image)
    except DataError as error:
        log.error("unreadable", f"skipped: can't be read: {error.found}", image)
        return
    file = dataset.label_of(image)
    things = tuple(_things(file, size, names, log, digest)) if file.exists() else ()
    yield Picture(image, split, Path(name).as_posix(), size, things)


def _things(file: Path, size: tuple[int, int], names: tuple[str, ...], log: Log, digest: blake2b) -> Iterator[Thing]:
    rows, findings = scan_labels(file)
    for finding in findings:
        log.error(finding.kind, f"skipped: {finding.message}", file, finding.line)
    lines = file.read_text(encoding="utf-8-sig").splitlines() if rows else []
    digest.update("\n".join(lines).encode())
    for number, (cls, x, y, w, h) in rows:
        if cls >= len(names):
            log.error("unknown-class", f"skipped: class {cls:g}, but the last one is {len(names) - 1}", file, number)
            continue
        width, height = size
        corners = (x - w / 2) * width, (y - h / 2) * height, (x + w / 2) * width, (y + h / 2) * height
        box, kind, message = fit(corners, size)
        if kind:
            log.error(kind, message, file, number)
        if box:
            yield Thing(names[int(cls)], box, _outline(lines[number - 1].split(), size))


def _outline(fields: list[str], size: tuple[int, int]) -> np.ndarray | None:
    if len(fields) == COLUMNS:
        return None
    points = np.array(fields[1:], dtype=np.float64).reshape(-1, 2)  # (2n,) -> (n, 2)
    return np.clip(points * size, 0, size)


def _ids(data_yaml: Path, names: tuple[str, ...]) -> tuple[int, ...] | None:
    """The category ids that a conversion from COCO left in the data YAML."""
    ids = read_yaml(data_yaml).get("category_ids")
    whole = isinstance(ids, list) and all(type(number) is int for number in ids)
    return tuple(ids) if whole and len(ids) == len(set(ids)) == len(names) else None
