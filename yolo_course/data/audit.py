"""Look for everything in a detection dataset that would spoil training, or the figures it ends with."""

from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from yolo_course.data.dataset import Dataset, survey
from yolo_course.data.findings import Count, Finding, Report
from yolo_course.data.labels import scan_labels
from yolo_course.data.pictures import read_image
from yolo_course.data.recipes import Progress
from yolo_course.errors import DataError

LEAST_SIDE = 10  # pixels; Ultralytics drops smaller images
SLACK = 0.01  # Ultralytics drops an image when a coordinate lies further outside than this
COVERS, ELONGATED = 0.95, 20  # share of the image, and ratio of the sides, that few real boxes exceed


def check(data_yaml: str | Path, progress: Progress | None = None) -> Report:
    """Check a dataset and report every finding with its file and line.

    | severity | kinds |
    |---|---|
    | error | `names` `path` `missing-split` `unreadable-image` `malformed-label` `unknown-class` `out-of-range` |
    | error | `zero-area` `leakage` |
    | warning | `missing-label` `orphaned-label` `duplicate` `absurd` `path` `download` |

    Raises:
        DataError: There is no data YAML, or it is broken.
    """
    dataset, findings = survey(data_yaml)
    total = sum(map(len, dataset.splits.values()))
    counts, seen, done = {}, {}, 0
    for split, images in dataset.splits.items():
        boxes, empty = Counter(dict.fromkeys(dataset.names.values(), 0)), 0
        for image in images:
            classes, wrong = _labels(dataset, image)
            findings += [*wrong, *_picture(image, split, seen)]
            boxes.update(classes)
            empty += not classes
            done += 1
            if progress:
                progress(done, total)
        counts[split] = Count(len(images), empty, dict(boxes))
    findings += _orphans(dataset)
    order = sorted(findings, key=lambda finding: (finding.severity, finding.kind, finding.file, finding.line or 0))
    return Report(tuple(order), counts)


def _labels(dataset: Dataset, image: Path) -> tuple[list[str], list[Finding]]:
    """The classes of an image's boxes, and what is wrong with its labels."""
    file = dataset.label_of(image)
    if not file.exists():
        return [], [Finding("missing-label", "warning", f"no labels for {image.name}: it counts as background", file)]
    rows, findings = scan_labels(file)
    classes, seen = [], {}
    for number, row in rows:
        problems = list(_problems(dataset, row))
        if (first := seen.setdefault(tuple(row), number)) != number:
            problems.append(("duplicate", "warning", f"the same box as in line {first}"))
        findings += [Finding(kind, severity, message, file, number) for kind, severity, message in problems]
        if int(row[0]) in dataset.names:
            classes.append(dataset.names[int(row[0])])
    return classes, findings


def _problems(dataset: Dataset, row: list[float]) -> Iterator[tuple[str, str, str]]:
    """Kind, severity and message of each thing that is wrong with one box."""
    cls, x, y, w, h = row
    if int(cls) not in dataset.names:
        yield "unknown-class", "error", f"class {int(cls)}, but the classes run from 0 to {len(dataset.names) - 1}"
    if w <= 0 or h <= 0:
        yield "zero-area", "error", f"width {w:g} and height {h:g} leave no area"
        return
    edges = x - w / 2, y - h / 2, x + w / 2, y + h / 2
    if max(row[1:]) > 1 + SLACK or min(edges) < -SLACK or max(edges) > 1 + SLACK:
        reach = "({:.3f}, {:.3f}) to ({:.3f}, {:.3f})".format(*edges)
        yield "out-of-range", "error", f"reaches from {reach}, outside of 0…1"
        return
    if w * h > COVERS:
        yield "absurd", "warning", f"covers {w * h:.0%} of the image"
    if max(w / h, h / w) > ELONGATED:
        yield "absurd", "warning", f"one side is {max(w / h, h / w):.0f} times the other"


def _picture(image: Path, split: str, seen: dict[bytes, tuple[str, Path]]) -> Iterator[Finding]:
    """Decode an image; find it unreadable, tiny, or the same picture as one of another split."""
    try:
        pixels = read_image(image)
    except DataError as error:
        yield Finding("unreadable-image", "error", f"can't be read: {error.found}", image)
        return
    height, width = pixels.shape[:2]
    if min(height, width) < LEAST_SIDE:
        message = f"only {width} × {height} pixels; Ultralytics drops it"
        yield Finding("unreadable-image", "error", message, image)
    digest = blake2b(pixels.tobytes(), digest_size=16, key=repr(pixels.shape).encode()).digest()
    other, twin = seen.setdefault(digest, (split, image))
    if other != split:
        yield Finding("leakage", "error", f"the same picture as {twin}, which is in {other}", image)


def _orphans(dataset: Dataset) -> list[Finding]:
    """Label files that no image of any split belongs to; where labels lie beside the images, any text may."""
    images = [image for split in dataset.splits.values() for image in split]
    wanted = {dataset.label_of(image) for image in images}
    folders = {label.parent for label in wanted} - {image.parent for image in images}
    spare = {file for folder in folders for file in folder.glob("*.txt")} - wanted
    return [Finding("orphaned-label", "warning", "no image belongs to it", file) for file in spare]
