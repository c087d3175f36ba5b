"""Read a Pascal VOC dataset (Everingham et al., "The PASCAL Visual Object Classes Challenge", 2010).

`Annotations/*.xml`, `JPEGImages/*` and `ImageSets/Main/{train,val,test}.txt`, or XML files beside their pictures in one
folder a split, as export tools write them.
"""

import os
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

from yolo_course.data.conversion.annotated import Box, Log, Picture, Source, Thing, agree, fit
from yolo_course.data.conversion.split_names import split_of_folder
from yolo_course.data.conversion.voc_xml import VocFile, VocObject, line_of, parse_voc
from yolo_course.data.making.recipes import Progress
from yolo_course.data.picture_index import PictureIndex
from yolo_course.data.picture_size import picture_size
from yolo_course.errors import DataError

Told = tuple[str, str]  # the kind of a fault, and what it is


def read_voc(
    src: str | Path,
    log: Log,
    classes: Sequence[str] | None = None,
    origin: int = 0,
    difficult: bool = True,
    progress: Progress | None = None,
) -> Source:
    """Read all annotations below a folder; what is wrong goes to the log.

    Args:
        src: The folder.
        log: Takes what was skipped or repaired.
        classes: The classes and their order; without it all that occur, in alphabetical order.
        origin: 0 if coordinates are corners counted from 0, as LabelImg writes them; 1 if they are pixels counted
            from 1, the last one included, as in the VOC sets themselves.
        difficult: Whether objects marked as difficult are kept.
        progress: Called as `progress(done, total)` after every file.

    Raises:
        DataError: There is nothing to read; or, if the log is strict, the first fault.
    """
    root = Path(src)
    home = root / "Annotations"
    files = _xml_files(home if home.is_dir() else root)
    if not files:
        raise DataError("no Pascal VOC annotations", expected="XML files", where=root)
    reader = _Reader(root, log, classes, origin, difficult)
    splits, digest, pictures = _splits(root, files, log), blake2b(digest_size=16), []
    for number, file in enumerate(files, 1):
        if split := splits.get(file):
            pictures += reader.read(file, split, digest)
        if progress:
            progress(number, len(files))
    if len(reader.used) < len(reader.index.files):
        stems = {file.stem for file in files}
        for spare in reader.index.files:
            if spare not in reader.used and spare.stem not in stems:
                log.warning("no-annotation", "left out: a picture without annotation", spare)
    names = tuple(classes) if classes else tuple(sorted({thing.name for each in pictures for thing in each.things}))
    return Source(tuple(pictures), names, digest.hexdigest())


class _Reader:
    """Turns annotation files into pictures."""

    def __init__(self, root: Path, log: Log, classes: Sequence[str] | None, origin: int, difficult: bool):
        self.index, self.log, self.origin, self.difficult = PictureIndex(root), log, origin, difficult
        self.classes = set(classes) if classes else None
        self.used: set[Path] = set()

    def read(self, file: Path, split: str, digest: blake2b) -> Iterator[Picture]:
        """Yield the picture of an annotation file, or nothing."""
        try:
            with open(file, "rb", buffering=0) as stream:
                raw = stream.readall()
            digest.update(raw)
            voc = parse_voc(raw, file)
        except (OSError, DataError) as error:
            reason = error.found if isinstance(error, DataError) else error.strerror
            self.log.error("unreadable", f"skipped: can't be read: {reason}", file)
            return
        image = self.index.find(voc.filename, file)
        if image is None:
            self.log.error("missing-image", f"skipped: no picture {voc.filename!r} or {file.stem}.*", file)
            return
        if image in self.used:
            self.log.error("two-annotations", f"skipped: {image.name} has an annotation already", file)
            return
        self.used.add(image)
        try:
            size = picture_size(image)
        except DataError as error:
            self.log.error("unreadable", f"skipped: can't be read: {error.found}", image)
            return
        factors, wrong = agree(voc.size, size)
        if wrong:
            self.log.error("size", wrong, file)
        if factors:
            yield Picture(image, split, image.name, size, tuple(self._things(file, raw, voc, size, factors)))

    def _things(
        self, file: Path, raw: bytes, voc: VocFile, size: tuple[int, int], factors: tuple[float, float]
    ) -> Iterator[Thing]:
        width, height = size
        plain = self.origin == 0 and factors == (1, 1)
        for number, each in enumerate(voc.objects):
            name, box, difficult = each
            if (
                plain
                and box
                and name
                and (not difficult or self.difficult)
                and (not self.classes or name in self.classes)
            ):
                x1, y1, x2, y2 = box
                if 0 <= x1 < x2 <= width and 0 <= y1 < y2 <= height:  # nearly all are sound, and need no calls
                    yield Thing(name, box)
                    continue
            told = self._refusal(each)
            if not told:
                box, told = self._box(each.box, size, factors)
                if box:
                    yield Thing(each.name, box)
            for kind, message in told:
                note = self.log.warning if kind == "difficult" else self.log.error
                note(kind, f"object {number + 1} ({each.name or 'no name'}) {message}", file, line_of(raw, number))

    def _box(self, written: Box, size: tuple[int, int], factors: tuple[float, float]) -> tuple[Box | None, list[Told]]:
        """The box in pixels of the picture, None if nothing is left of it, and what was wrong with it."""
        x1, y1, x2, y2 = written
        told = []
        if x2 < x1 or y2 < y1:
            told.append(("swapped-corners", "repaired: its smaller coordinate stood second"))
            x1, y1, x2, y2 = min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
        x1, y1 = x1 - self.origin, y1 - self.origin
        box, kind, message = fit((x1 * factors[0], y1 * factors[1], x2 * factors[0], y2 * factors[1]), size)
        if kind:
            told = [*(told if box else ()), (kind, message)]
        return box, told

    def _refusal(self, each: VocObject) -> list[Told]:
        """Why an object is skipped without a look at its box."""
        if not each.name:
            return [("malformed", "skipped: it has no class")]
        if self.classes is not None and each.name not in self.classes:
            return [("unknown-class", "skipped: not one of the classes given")]
        if each.box is None:
            return [("malformed", "skipped: its box lacks a corner, or has one that is no number")]
        if each.difficult and not self.difficult:
            return [("difficult", "skipped: marked as difficult")]
        return []


def _xml_files(folder: Path) -> list[Path]:
    """All XML files below a folder, in order."""
    found = (
        os.path.join(place, name)
        for place, _, names in os.walk(folder)
        for name in names
        if name.lower().endswith(".xml")
    )
    return [Path(file) for file in sorted(found)]


def _splits(root: Path, files: list[Path], log: Log) -> dict[Path, str]:
    """The split of each annotation file; without lists and split folders all of them are train."""
    lists = {split: root / "ImageSets" / "Main" / f"{split}.txt" for split in ("train", "val", "test", "trainval")}
    listed = {split: _listed(file) for split, file in lists.items() if file.is_file()}
    if "train" in listed or "trainval" in listed:
        if "train" in listed:
            listed.pop("trainval", None)
        return _by_lists(
            files, {("train" if split == "trainval" else split): names for split, names in listed.items()}, lists, log
        )
    return {file: split_of_folder(*file.relative_to(root).parts[:-1]) or "train" for file in files}


def _by_lists(files: list[Path], listed: dict[str, list[str]], lists: dict[str, Path], log: Log) -> dict[Path, str]:
    by_stem = {file.stem: file for file in files}
    splits: dict[Path, str] = {}
    for split, names in listed.items():
        for name in names:
            file = by_stem.get(name)
            if file is None:
                log.error("missing-annotation", f"skipped: {name} is listed, but there is no {name}.xml", lists[split])
            elif splits.setdefault(file, split) != split:
                log.error(
                    "two-splits", f"repaired: {name} stays in {splits[file]}, but is listed here too", lists[split]
                )
    for file in files:
        if file not in splits:
            log.warning("unlisted", "left out: no list in ImageSets/Main names it", file)
    return splits


def _listed(file: Path) -> list[str]:
    try:
        return [line.split()[0] for line in file.read_text(encoding="utf-8-sig").splitlines() if line.split()]
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            "can't read the list", found=getattr(error, "strerror", None) or "no UTF-8", where=file
        ) from error
