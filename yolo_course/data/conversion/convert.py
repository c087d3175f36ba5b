"""From Pascal VOC or COCO to YOLO, and from YOLO to COCO."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from yolo_course.data.conversion.annotated import Log, Source
from yolo_course.data.conversion.coco import read_coco
from yolo_course.data.conversion.coco_folder import write_coco
from yolo_course.data.conversion.voc import read_voc
from yolo_course.data.conversion.yolo_folder import count, write_yolo
from yolo_course.data.conversion.yolo_labels import read_yolo
from yolo_course.data.findings import Finding, Report
from yolo_course.data.folder import build
from yolo_course.data.making.recipes import Progress
from yolo_course.errors import DataError

KINDS = ("voc", "coco", "yolo")


@dataclass(frozen=True)
class Conversion:
    """What came of a conversion.

    Args:
        entry: The data YAML, or the folder of a COCO dataset.
        report: What was skipped or repaired, and how much each split holds.
        fresh: False if the same had been converted before and was left as it stood.
    """

    entry: Path
    report: Report
    fresh: bool = True


def convert(
    kind: str,
    src: str | Path,
    out: str | Path,
    *,
    classes: Sequence[str] | None = None,
    images: str | Path | None = None,
    segments: bool = False,
    origin: int = 0,
    difficult: bool = True,
    copy: bool = False,
    strict: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> Conversion:
    """Convert a dataset; everything that had to be skipped or repaired is in the report, with its file.

    A fault of the source is an error of the report and never stops the rest; a warning tells of something that is
    right, but has no place in the other format, such as a crowd. The target appears whole or not at all.

    Args:
        kind: What the source is: `voc` or `coco`, which become YOLO, or `yolo`, which becomes COCO.
        src: A folder of VOC; a JSON file or a folder of COCO; a data YAML.
        out: Folder to make.
        classes: The classes and their order; other classes are skipped. Without it, the order of the source:
            alphabetical for VOC, which has none.
        images: COCO only: folder of the images, where they are in none of the usual places.
        segments: COCO only: write outlines, for segmentation, instead of boxes.
        origin: VOC only: 0 if coordinates are corners counted from 0 (LabelImg and most tools); 1 if they are pixels
            counted from 1, the last one included (the VOC sets themselves).
        difficult: VOC only: whether objects marked as difficult are kept.
        copy: Copy the pictures instead of linking them.
        strict: Raise at the first fault and write nothing.
        force: Replace what an earlier conversion made there.
        progress: Called as `progress(done, total)`, first for what is read, then for what is written.

    Raises:
        DataError: There is nothing to convert, the target is taken, or, if strict, the source has a fault.
    """
    _refuse(kind, classes, images, segments, origin, difficult)
    log, place, target = Log(strict), Path(src).expanduser(), Path(out).expanduser()
    with _uncollected():
        if kind == "voc":
            source = read_voc(place, log, classes, origin, difficult, progress)
        elif kind == "coco":
            source = read_coco(place, log, classes, images, segments, progress)
        else:
            source = read_yolo(place, log, progress)
    if not source.pictures:
        found = log.findings[0].error() if log.findings else None
        raise DataError("nothing to convert: no picture is left", found=found, where=src)
    if kind != "yolo":
        _look_over(source, log, place)

    def fill(folder: Path) -> None:
        title = f"{place.name}, converted from {kind.upper()}"
        if kind == "yolo":
            write_coco(folder, source, title, copy, progress)
        else:
            write_yolo(folder, source, title, copy, segments, progress)

    options = {"classes": list(classes or ()), "segments": segments, "origin": origin, "difficult": difficult}
    record = {"converted": kind, "source": _fingerprint(source), "copy": copy, **options}
    fresh = build(target, record, fill, force)
    entry = target if kind == "yolo" else target / "data.yaml"
    return Conversion(entry, _report(log, count(source.pictures, source.names)), fresh)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector away: all that is read stays, and it would look through it again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _fingerprint(source: Source) -> str:
    """A hash of the files that were read, and of what the pictures added to them."""
    pictures = [(picture.split, picture.name, picture.size) for picture in source.pictures]
    told = repr((source.digest, source.names, source.ids, pictures))
    return blake2b(told.encode(errors="surrogateescape"), digest_size=16).hexdigest()


def _refuse(kind: str, classes: object, images: object, segments: bool, origin: int, difficult: bool) -> None:
    """Refuse what makes no sense before anything is read."""
    if kind not in KINDS:
        raise DataError("unknown format", expected=" or ".join(KINDS), found=repr(kind))
    if isinstance(classes, str) or (classes is not None and len(set(classes)) < len(classes)):
        raise DataError("classes must be different names", found=classes, where="classes")
    if origin not in (0, 1):
        raise DataError("coordinates count from 0 or from 1", found=origin, where="origin")
    foreign = {"images": images and kind != "coco", "segments": segments and kind != "coco"}
    foreign |= {"origin": origin and kind != "voc", "difficult": not difficult and kind != "voc"}
    foreign["classes"] = bool(classes) and kind == "yolo"
    if wrong := [name for name, given in foreign.items() if given]:
        raise DataError(f"{wrong[0]} means nothing for {kind}", where=wrong[0])


def _look_over(source: Source, log: Log, src: Path) -> None:
    """Warn of what is no fault of a single annotation."""
    splits = {picture.split for picture in source.pictures}
    if not {"train", "val"} <= splits:
        message = (
            f"only {' and '.join(sorted(splits))} is there, so train and val are the same pictures; next: data split"
        )
        log.warning("one-split", message, src)
    used = {thing.name for picture in source.pictures for thing in picture.things}
    if unused := [name for name in source.names if name not in used]:
        log.warning("unused-class", f"no object is of class {', '.join(unused)}", src)


def _report(log: Log, counts: dict) -> Report:
    def rank(finding: Finding) -> tuple:
        return finding.severity, finding.kind, finding.file, finding.line or 0

    return Report(tuple(sorted(log.findings, key=rank)), counts)
