"""Read COCO annotations (Lin et al., "Microsoft COCO: Common Objects in Context", 2014): one JSON file a split."""

import os
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np

from yolo_course.data.conversion.annotated import Box, Log, Picture, Source, Thing, agree, fit
from yolo_course.data.conversion.coco_json import CocoFile, CocoImage, finite, parse_coco
from yolo_course.data.conversion.coco_outline import read_outline
from yolo_course.data.conversion.split_names import split_of_file, split_of_folder
from yolo_course.data.making.recipes import Progress
from yolo_course.data.picture_size import picture_size
from yolo_course.errors import DataError


def read_coco(
    src: str | Path,
    log: Log,
    classes: Sequence[str] | None = None,
    images: str | Path | None = None,
    segments: bool = False,
    progress: Progress | None = None,
) -> Source:
    """Read one JSON file, or all of a folder; what is wrong goes to the log.

    Args:
        src: A JSON file, or a folder with some in it, in its `annotations`, or in one folder a split. A file's name or
            its folder's tells the split; a file that tells none is train.
        log: Takes what was skipped or repaired. Crowds are skipped: no label of YOLO can say "many, not counted".
        classes: The classes and their order; without it the categories in the order of the first file.
        images: Folder of the images; without it the usual places around the files are tried.
        segments: Read outlines, too; boxes alone are much faster.
        progress: Called as `progress(done, total)` after every image of a file.

    Raises:
        DataError: There is nothing to read; or, if the log is strict, the first fault.
    """
    root, digest, parsed = Path(src), blake2b(digest_size=16), {}
    for split, file in _files(root).items():
        try:
            raw = file.read_bytes()
        except OSError as error:
            raise DataError("can't read the annotations", found=error.strerror, where=file) from error
        digest.update(raw)
        parsed[split] = parse_coco(raw, file, log)
    names = (
        tuple(classes) if classes else tuple(dict.fromkeys(n for p in parsed.values() for n in p.categories.values()))
    )
    pictures: list[Picture] = []
    done, total = 0, sum(len(file.images) for file in parsed.values())
    for split, file in parsed.items():
        reader = _Reader(file, split, set(names), _Finder(root, file.file, split, images), segments, log)
        for image in file.images:
            pictures += reader.read(image)
            done += 1
            if progress:
                progress(done, total)
    return Source(tuple(pictures), names, digest.hexdigest(), _ids(names, parsed))


class _Reader:
    """Turns the entries of one file into pictures."""

    def __init__(self, coco: CocoFile, split: str, names: set[str], finder: "_Finder", segments: bool, log: Log):
        self.coco, self.split, self.names, self.finder = coco, split, names, finder
        self.segments, self.log = segments, log

    def read(self, image: CocoImage) -> Iterator[Picture]:
        """Yield the picture of an entry, or nothing."""
        file = self.finder.find(image.name)
        if file is None:
            self.log.error("missing-image", f"image {image.id} skipped: no picture {image.name}", self.coco.file)
            return
        try:
            size = picture_size(file)
        except DataError as error:
            self.log.error("unreadable", f"skipped: can't be read: {error.found}", file)
            return
        factors, wrong = agree(image.size, size)
        if wrong:
            self.log.error("size", f"image {image.id} ({image.name}) {wrong}", self.coco.file)
        if factors:
            things = (self._thing(each, size, factors) for each in self.coco.annotations.get(image.id, ()))
            yield Picture(file, self.split, image.name, size, tuple(thing for thing in things if thing))

    def _thing(self, entry: dict, size: tuple[int, int], factors: tuple[float, float]) -> Thing | None:
        name = (
            self.coco.categories.get(category) if isinstance(category := entry.get("category_id"), int | str) else None
        )
        if name not in self.names:
            why = f"class {name} is not one of those given" if name else f"no category has the id {category!r}"
            self._note("unknown-class", f"skipped: {why}", entry)
            return None
        if entry.get("iscrowd"):
            self.log.warning("crowd", f"annotation {entry.get('id')} ({name}) skipped: a crowd", self.coco.file)
            return None
        outline = self._outline(entry, size, factors) if self.segments or not entry.get("bbox") else None
        box, kind, message = self._box(entry, outline, size, factors)
        if kind:
            self._note(kind, message, entry)
        if box is None:
            return None
        return Thing(name, box, outline)

    def _box(
        self, entry: dict, outline: np.ndarray | None, size: tuple[int, int], factors: tuple[float, float]
    ) -> tuple[Box | None, str, str]:
        bbox = entry.get("bbox")
        if finite(bbox, 4):
            x, y, w, h = bbox
            return fit((x * factors[0], y * factors[1], (x + w) * factors[0], (y + h) * factors[1]), size)
        if outline is None:
            return None, "malformed", f"skipped: bbox must be four numbers, found {str(bbox)[:40]}"
        (x1, y1), (x2, y2) = outline.min(0).tolist(), outline.max(0).tolist()
        box, kind, message = fit((x1, y1, x2, y2), size)
        return box, kind or "malformed", message or "repaired: no bbox, taken from its outline"

    def _outline(self, entry: dict, size: tuple[int, int], factors: tuple[float, float]) -> np.ndarray | None:
        outline, told = read_outline(entry.get("segmentation"), size, factors)
        for kind, message in told:
            if kind == "no-outline" and not self.segments:
                continue  # nobody asked for one
            if kind in ("joined", "no-outline"):
                self.log.warning(kind, f"annotation {entry.get('id')} {message}", self.coco.file)
            else:
                self._note(kind, message, entry)
        return outline

    def _note(self, kind: str, message: str, entry: dict) -> None:
        self.log.error(kind, f"annotation {entry.get('id')} of image {entry.get('image_id')} {message}", self.coco.file)


class _Finder:
    """Finds the pictures of one JSON file: in the folder given, or in the usual places."""

    def __init__(self, root: Path, file: Path, split: str, images: str | Path | None):
        home, stem = root if root.is_dir() else file.parent, file.stem.removeprefix("instances_")
        near = [home, file.parent, *([file.parent.parent] if file.parent.name == "annotations" else [])]
        around = [folder / below for folder in near for below in (f"images/{split}", f"images/{stem}", split, stem)]
        around += [folder / below for folder in near for below in ("images", "train_images", "JPEGImages", "")]
        self.places = [Path(images)] if images is not None else list(dict.fromkeys(filter(Path.is_dir, around)))
        if images is not None and not self.places[0].is_dir():
            raise DataError("no such folder of images", where=images)

    def find(self, name: str) -> Path | None:
        """Return the picture; the place that had the last one is tried first."""
        for number, place in enumerate(self.places):
            if os.path.isfile(file := os.path.join(place, name)):
                self.places.insert(0, self.places.pop(number))
                return Path(file)
        return None


def _files(root: Path) -> dict[str, Path]:
    """The JSON file of each split."""
    if root.is_file():
        return {_split(root): root}
    files = sorted(root.glob("annotations/*.json")) or sorted(root.glob("*.json")) or sorted(root.glob("*/*.json"))
    files = [file for file in files if file.name != "made.json"]
    if not files:
        raise DataError("no COCO annotations", expected="a JSON file, or a folder with some", where=root)
    splits: dict[str, Path] = {}
    for file in files:
        split = _split(file)
        if split in splits:
            found = f"{splits[split].name} and {file.name}"
            raise DataError("two files for one split", found=found, where=root, hint="name one of the files instead")
        splits[split] = file
    return {split: splits[split] for split in ("train", "val", "test") if split in splits}


def _split(file: Path) -> str:
    return split_of_file(file.stem) or split_of_folder(file.parent.name) or "train"


def _ids(names: tuple[str, ...], parsed: dict[str, CocoFile]) -> tuple[int, ...] | None:
    """The category id of each class, where every file gives it the same one."""
    ids: dict[str, set] = {name: set() for name in names}
    for file in parsed.values():
        for number, name in file.categories.items():
            if name in ids:
                ids[name].add(number)
    if all(len(found) == 1 and isinstance(next(iter(found)), int) for found in ids.values()):
        return tuple(next(iter(found)) for found in ids.values())
    return None
