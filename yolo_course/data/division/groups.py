"""What a division of a dataset must not tear apart: identical pictures, and groups such as the frames of one video."""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np

from yolo_course.data.dataset import Dataset
from yolo_course.data.labels import scan_labels
from yolo_course.errors import DataError

Group = str | Mapping[str, str] | Callable[[Path], str]

SERIES = r"(.*?)[-_. ]*\d*"  # a name without the number at its end: clip3_0001, clip3_0002, …


def grouped(
    dataset: Dataset, kept: Collection[str], by: str, group: Group | None, least: int
) -> tuple[list[Path], np.ndarray]:
    """Put the splits of a dataset together and say which images belong together.

    Args:
        dataset: The dataset.
        kept: Splits to leave out, with all their images.
        by: `class`, where only identical files belong together, or `group`.
        group: What the groups are; `SERIES` without it.
        least: How many groups there must be.

    Returns:
        The images, each once, and the number of each one's group. Shape: (n,).

    Raises:
        DataError: An unknown `by`, a group without `by="group"`, or too few groups.
    """
    if by not in ("class", "group"):
        raise DataError("unknown way to divide", expected="class or group", found=repr(by), where="by")
    if group is not None and by != "group":
        raise DataError("groups are given, but not used", expected="by group", found=f"by {by}", where="group")
    out = {image for split in kept for image in dataset.splits[split]}
    images = [each for split, some in dataset.splits.items() if split not in kept for each in some if each not in out]
    images = list(dict.fromkeys(images))
    groups = together(images, (SERIES if group is None else group) if by == "group" else None)
    if len(groups) == 0 or groups.max() + 1 < least:
        what = "groups" if by == "group" else "different images"
        hint = "another expression for the groups" if by == "group" else None
        found = groups.max() + 1 if len(groups) else 0
        raise DataError(f"too few {what}", expected=f"{least} or more", found=found, where=dataset.yaml, hint=hint)
    return images, groups


def presence(dataset: Dataset, images: Sequence[Path]) -> np.ndarray:
    """Return which classes each image shows, whatever is wrong left aside. Shape: (n, classes), 0 or 1."""
    shown = np.zeros((len(images), len(dataset.names)), dtype=np.int64)
    for row, image in enumerate(images):
        file = dataset.label_of(image)
        if file.exists():
            classes = {int(values[0]) for _, values in scan_labels(file)[0]}
            shown[row, [cls for cls in classes if cls < shown.shape[1]]] = 1
    return shown


def together(images: Sequence[Path], group: Group | None = None) -> np.ndarray:
    """Number the groups that images belong to: files with the same bytes, and those of the same group.

    Args:
        images: The images.
        group: A regular expression that the whole stem must match, its first group being the name; a mapping from file
            name to group name; or a function of the path. Without it only identical files belong together.

    Shape:
        (n,) int, numbered from 0 in the order of the first images.

    Raises:
        DataError: The expression is broken, doesn't match an image, or the mapping lacks one.
    """
    names = [str(row) for row in range(len(images))] if group is None else [_name(group, image) for image in images]
    leader = list(range(len(images)))

    def root(row: int) -> int:
        while leader[row] != row:
            row = leader[row]
        return row

    for keys in (names, _fingerprints(images)):
        first: dict[str | bytes, int] = {}
        for row, key in enumerate(keys):
            if key is not None:
                a, b = sorted((root(row), root(first.setdefault(key, row))))
                leader[b] = a
    return np.unique([root(row) for row in range(len(images))], return_inverse=True)[1]


def told(group: Group | None) -> str | None:
    """A group rule as a record keeps it; what a function or a mapping does shows in the images alone."""
    return group if isinstance(group, str) or group is None else type(group).__name__


def _name(group: Group, image: Path) -> str:
    if callable(group):
        return str(group(image))
    if isinstance(group, Mapping):
        if image.name not in group:
            raise DataError("no group for an image", found=image.name, where="group")
        return str(group[image.name])
    try:
        match = re.fullmatch(group, image.stem)
    except re.error as error:
        raise DataError("broken regular expression", found=f"{group!r}: {error}", where="group") from error
    if not match:
        hint = f"an expression that the whole stem matches, such as {SERIES!r}"
        raise DataError("the group's expression does not match", expected=group, found=image.stem, hint=hint)
    return match[1] if match.re.groups and match[1] is not None else match[0]


def _fingerprints(images: Sequence[Path]) -> list[bytes | None]:
    """A hash of the bytes of every file that has a twin in size; others have none and need not be read."""
    sizes = [_size(image) for image in images]
    alike = defaultdict(list)
    for row, size in enumerate(sizes):
        alike[size].append(row)
    prints: list[bytes | None] = [None] * len(images)
    for size, rows in alike.items():
        for row in rows if size is not None and len(rows) > 1 else ():
            prints[row] = blake2b(images[row].read_bytes(), digest_size=16).digest()
    return prints


def _size(image: Path) -> int | None:
    try:
        return os.stat(image).st_size
    except OSError:
        return None
