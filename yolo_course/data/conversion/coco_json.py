"""One COCO JSON file, taken apart into pictures and annotations that can be trusted to have the right types."""

import json
import math
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from yolo_course.data.conversion.annotated import Log
from yolo_course.data.picture_index import safe_name
from yolo_course.errors import DataError

_NUMBERS = frozenset((int, float))  # and not bool, which is an int to isinstance


@dataclass(frozen=True, slots=True)
class CocoImage:
    """One entry of `images`: its id, its name as a safe relative path, and the size that it tells, if it does."""

    id: int | str
    name: str
    size: tuple[int, int] | None


@dataclass(frozen=True)
class CocoFile:
    """One JSON file.

    Args:
        file: Where it lies.
        images: Pictures with a usable id and name, each once.
        annotations: Annotations by image id, as they are written.
        categories: Class names by category id, in the order of the file.
    """

    file: Path
    images: tuple[CocoImage, ...]
    annotations: dict[int | str, list[dict]]
    categories: dict[int | str, str]


def parse_coco(raw: bytes, file: Path, log: Log) -> CocoFile:
    """Take one file apart; single entries that are of no use go to the log.

    Raises:
        DataError: It is no JSON, or not of COCO's form.
    """
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise DataError("broken JSON", found=error, where=file) from error
    keys = ("images", "annotations", "categories")
    if not isinstance(data, dict) or not all(isinstance(data.get(key), list) for key in keys):
        found = ", ".join(data) if isinstance(data, dict) else type(data).__name__
        raise DataError("no COCO file", expected="lists of images, annotations and categories", found=found, where=file)
    categories = _categories(data["categories"], file, log)
    images = _images(data["images"], file, log)
    return CocoFile(file, tuple(images.values()), _by_image(data["annotations"], images, file, log), categories)


def finite(values: object, count: int) -> bool:
    """Whether something is a list of that many finite numbers."""
    if not isinstance(values, list) or len(values) != count:
        return False
    return _NUMBERS.issuperset(map(type, values)) and math.isfinite(sum(values))


def _categories(entries: list, file: Path, log: Log) -> dict[int | str, str]:
    categories: dict[int | str, str] = {}
    for entry in entries:
        if not isinstance(entry, dict) or not _key(entry.get("id")) or not str(entry.get("name") or "").strip():
            log.error("malformed", f"skipped: a category needs an id and a name, found {_short(entry)}", file)
        elif entry["id"] in categories:
            log.error("malformed", f"skipped: category id {entry['id']} is there twice, as {_short(entry)}", file)
        else:
            name = str(entry["name"]).strip()
            if name in categories.values():
                log.error("two-categories", f"repaired: category id {entry['id']} has the name {name}, too", file)
            categories[entry["id"]] = name
    return categories


def _images(entries: list, file: Path, log: Log) -> dict[int | str, CocoImage]:
    images: dict[int | str, CocoImage] = {}
    for entry in entries:
        if not isinstance(entry, dict) or not _key(entry.get("id")) or not isinstance(entry.get("file_name"), str):
            log.error("malformed", f"skipped: an image needs an id and a file_name, found {_short(entry)}", file)
        elif entry["id"] in images:
            log.error("malformed", f"skipped: image id {entry['id']} is there twice, as {entry['file_name']}", file)
        elif (name := safe_name(entry["file_name"])) is None:
            log.error("malformed", f"skipped: file_name {entry['file_name']!r} leaves the folder of the images", file)
        else:
            size = entry.get("width"), entry.get("height")
            good = finite(list(size), 2) and min(size) >= 1
            images[entry["id"]] = CocoImage(entry["id"], name, (int(size[0]), int(size[1])) if good else None)
    return images


def _by_image(entries: list, images: dict, file: Path, log: Log) -> dict[int | str, list[dict]]:
    annotations = defaultdict(list)
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict):
            log.error("malformed", f"annotation {number} in order skipped: found {_short(entry)}", file)
        elif not _key(entry.get("image_id")) or entry["image_id"] not in images:
            message = f"annotation {entry.get('id')} skipped: no image has the id {_short(entry.get('image_id'))}"
            log.error("unknown-image", message, file)
        else:
            annotations[entry["image_id"]].append(entry)
    return annotations


def _key(value: object) -> bool:
    return type(value) is int or (isinstance(value, str) and bool(value))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
