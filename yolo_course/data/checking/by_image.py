"""Which findings belong to which picture: those about its pixels and those about its label file."""

from collections.abc import Iterable
from pathlib import Path

from yolo_course.data.dataset import Dataset
from yolo_course.data.findings import Finding


def by_image(dataset: Dataset, findings: Iterable[Finding]) -> dict[Path, tuple[Finding, ...]]:
    """Sort findings by picture.

    Returns:
        Every picture of every split, in their order, with what was found about it. Findings about the data YAML, or
        about a label file without a picture, belong to none.
    """
    images = [image for split in dataset.splits.values() for image in split]
    owner = {dataset.label_of(image): image for image in images} | {image: image for image in images}
    found: dict[Path, list[Finding]] = {image: [] for image in images}
    for finding in findings:
        if finding.file in owner:
            found[owner[finding.file]].append(finding)
    return {image: tuple(some) for image, some in found.items()}
