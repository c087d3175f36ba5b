"""Look for everything in a detection dataset that would spoil training, or the figures it ends with."""

from collections import Counter
from hashlib import blake2b
from pathlib import Path

import numpy as np

from yolo_course.data.checking.examined import Examined
from yolo_course.data.checking.imbalance import imbalance
from yolo_course.data.checking.label_noise import oddities, overlaps
from yolo_course.data.checking.near_duplicates import near_duplicates, thumbnail
from yolo_course.data.checking.small_objects import small_objects
from yolo_course.data.dataset import Dataset, survey
from yolo_course.data.findings import Count, Finding, Report
from yolo_course.data.making.recipes import Progress
from yolo_course.data.pictures import read_image
from yolo_course.data.sound_labels import sound_labels
from yolo_course.errors import DataError

LEAST_SIDE = 10  # pixels; Ultralytics drops smaller images


def check(data_yaml: str | Path, progress: Progress | None = None, *, imgsz: int = 640, stride: int = 8) -> Report:
    """Check a dataset and report every finding with its file and line.

    | severity | kinds |
    |---|---|
    | error | `names` `path` `missing-split` `unreadable-image` `malformed-label` `unknown-class` `out-of-range` |
    | error | `zero-area` `leakage` |
    | warning | `missing-label` `orphaned-label` `duplicate` `absurd` `path` `download` |
    | warning | `near-duplicate` `overlap` `odd-shape` `odd-size` `small-object` `imbalance` `missing-class` |

    Args:
        data_yaml: Its data YAML.
        progress: Called as `progress(done, total)`.
        imgsz: Pixels of the longer side to train with; decides which objects are small.
        stride: Pixels a cell of the detector's finest grid.

    Raises:
        DataError: There is no data YAML, or it is broken, or a number is out of range.
    """
    for name, value in (("imgsz", imgsz), ("stride", stride)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise DataError("out of range", expected="a whole number of pixels", found=repr(value), where=name)
    dataset, findings = survey(data_yaml)
    samples, counts, found = _walk(dataset, progress)
    findings += found + _orphans(dataset) + oddities(samples, dataset.names)
    findings += near_duplicates(samples, {finding.file for finding in found if finding.kind == "leakage"})
    findings += imbalance(dataset.yaml, dataset.names, [sample for sample in samples if sample.split == "train"])
    for sample in samples:
        findings += overlaps(sample, dataset.names) + small_objects(sample, imgsz, stride)
    order = sorted(findings, key=lambda finding: (finding.severity, finding.kind, finding.file, finding.line or 0))
    return Report(tuple(order), counts)


def _walk(dataset: Dataset, progress: Progress | None) -> tuple[list[Examined], dict[str, Count], list[Finding]]:
    """Open every image and label file once; the counts are those of sound boxes."""
    total = sum(map(len, dataset.splits.values()))
    samples, counts, findings, seen = [], {}, [], {}
    for split, images in dataset.splits.items():
        boxes, empty = Counter(dict.fromkeys(dataset.names.values(), 0)), 0
        for image in images:
            lines, rows, wrong = _labels(dataset, image)
            size, small, bad = _picture(image, split, seen)
            findings += wrong + bad
            samples.append(Examined(split, image, dataset.label_of(image), size, lines, rows, small))
            boxes.update(dataset.names[cls] for cls in rows[:, 0].astype(int).tolist())
            empty += not lines
            if progress:
                progress(len(samples), total)
        counts[split] = Count(len(images), empty, dict(boxes))
    return samples, counts, findings


def _labels(dataset: Dataset, image: Path) -> tuple[tuple[int, ...], np.ndarray, list[Finding]]:
    """Lines and rows of the sound boxes, and what is wrong with an image's labels."""
    file = dataset.label_of(image)
    if file.exists():
        return sound_labels(dataset, image)
    message = f"no labels for {image.name}: it counts as background"
    return (), np.zeros((0, 5)), [Finding("missing-label", "warning", message, file)]


def _picture(
    image: Path, split: str, seen: dict[bytes, tuple[str, Path]]
) -> tuple[tuple[int, int] | None, np.ndarray | None, list[Finding]]:
    """Size and thumbnail of an image; it may be unreadable, tiny, or the same picture as one of another split."""
    try:
        pixels = read_image(image)
    except DataError as error:
        return None, None, [Finding("unreadable-image", "error", f"can't be read: {error.found}", image)]
    findings = []
    height, width = pixels.shape[:2]
    if min(height, width) < LEAST_SIDE:
        message = f"only {width} × {height} pixels; Ultralytics drops it"
        findings.append(Finding("unreadable-image", "error", message, image))
    digest = blake2b(pixels.tobytes(), digest_size=16, key=repr(pixels.shape).encode()).digest()
    other, twin = seen.setdefault(digest, (split, image))
    if other != split:
        message = f"the same picture as {twin}, which is in {other}"
        findings.append(Finding("leakage", "error", message, image, other=twin))
    return (height, width), thumbnail(pixels), findings


def _orphans(dataset: Dataset) -> list[Finding]:
    """Label files that no image of any split belongs to; where labels lie beside the images, any text may."""
    images = [image for split in dataset.splits.values() for image in split]
    wanted = {dataset.label_of(image) for image in images}
    folders = {label.parent for label in wanted} - {image.parent for image in images}
    spare = {file for folder in folders for file in folder.glob("*.txt")} - wanted
    return [Finding("orphaned-label", "warning", "no image belongs to it", file) for file in spare]
