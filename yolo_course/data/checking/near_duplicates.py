"""Near-duplicates: pictures of two splits that look the same although their pixels differ.

A validation image that was also trained on, resized, compressed anew or a video's next frame, makes the figures better
than the model. A perceptual hash finds the candidates: the signs of the low frequencies of a small grey picture around
their median (Zauner 2010, "Implementation and Benchmarking of Perceptual Image Hash Functions"). The correlation of the
thumbnails then tells a copy from a picture that only has the same layout.
"""

from collections.abc import Sequence
from itertools import combinations

import cv2
import numpy as np

from yolo_course.data.checking.examined import Examined
from yolo_course.data.findings import Finding

SIDE, LOW = 32, 8  # pixels of a thumbnail, frequencies kept along each side
BITS = LOW * LOW - 1  # the first is the mean brightness, which says nothing
NEAR = 14  # bits that two hashes may differ in
ALIKE = 0.92  # correlation of the thumbnails
FLAT = 2.0  # standard deviation in grey levels below which there is nothing to compare
ROWS = 256  # pictures compared at a time


def thumbnail(pixels: np.ndarray) -> np.ndarray:
    """Shrink a picture to what is compared. Shape: (h, w, 3) uint8 RGB to (32, 32) uint8."""
    return cv2.resize(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), (SIDE, SIDE), interpolation=cv2.INTER_AREA)


def perceptual_hash(small: np.ndarray) -> np.ndarray:
    """Hash a thumbnail: pictures that look alike differ in few bits. Shape: (32, 32) uint8 to (63,) bool."""
    low = cv2.dct(small.astype(np.float32))[:LOW, :LOW].ravel()[1:]  # (8, 8) -> (63,), without the mean
    return low > np.median(low)


def near_duplicates(samples: Sequence[Examined], besides: frozenset | set = frozenset()) -> list[Finding]:
    """Find pictures that another split has too, looking almost the same.

    Args:
        samples: Those of all splits. One without thumbnail is left out, and so is a flat one.
        besides: Pictures that are known to leak.
    """
    splits: dict[str, list[Examined]] = {}
    for sample in samples:
        if sample.thumbnail is not None and sample.thumbnail.std() >= FLAT and sample.image not in besides:
            splits.setdefault(sample.split, []).append(sample)
    prints = {split: _fingerprints(found) for split, found in splits.items()}
    findings = []
    for first, second in combinations(splits, 2):
        for here, there, bits in _pairs(prints[second], prints[first]):
            sample, twin = splits[second][here], splits[first][there]
            message = f"looks like {twin.image}, which is in {first}: {bits} of {BITS} bits of their hashes differ"
            findings.append(Finding("near-duplicate", "warning", message, sample.image, other=twin.image))
    return findings


def _fingerprints(samples: list[Examined]) -> tuple[np.ndarray, np.ndarray]:
    """Hashes (n, 63) of -1 and 1, and thumbnails (n, 1024) uint8."""
    hashes = np.stack([perceptual_hash(sample.thumbnail) for sample in samples]) * np.float32(2) - 1
    return hashes, np.stack([sample.thumbnail.ravel() for sample in samples])  # n of (32, 32) -> (n, 1024)


def _pairs(ours: tuple, theirs: tuple) -> list[tuple[int, int, int]]:
    """For each of our pictures that has a twin: its place, that of the most similar one, and how many bits differ."""
    pairs = []
    for start in range(0, len(ours[0]), ROWS):
        differ = (
            BITS - ours[0][start : start + ROWS] @ theirs[0].T
        ) / 2  # (rows, theirs): equal bits count 1, others -1
        for row in np.flatnonzero(differ.min(1) <= NEAR).tolist():
            near = np.flatnonzero(differ[row] <= NEAR)
            likeness = _centred(theirs[1][near]) @ _centred(ours[1][start + row])
            if likeness.max() >= ALIKE:
                twin = int(near[likeness.argmax()])
                pairs.append((start + row, twin, round(float(differ[row, twin]))))
    return pairs


def _centred(small: np.ndarray) -> np.ndarray:
    """Thumbnails of mean 0 and length 1, whose product is their correlation. Shape: (..., 1024) uint8 to float."""
    away = small - small.mean(-1, keepdims=True)
    return away / np.linalg.norm(away, axis=-1, keepdims=True)
