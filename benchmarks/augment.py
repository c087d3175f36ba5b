"""Images a second that each transform makes, beside Ultralytics' equivalent, turn by turn on one core.

    python benchmarks/augment.py [--size 640] [--boxes 8] [--runs 15] [--json PATH]

Each transform of ours is measured on a `Sample`, each of Ultralytics' on a fresh labels dict with the same picture and
boxes (made outside of the timing). Every result ends as an array that torch can take, as both pipelines need it.
Blur and noise have no equivalent in Ultralytics without Albumentations; torchvision's v2 stands in for it. A ratio
above 1 means that ours is faster; it is the median over pairs of runs that follow each other.
"""

import argparse
import json
import os
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time
from types import SimpleNamespace

os.environ.update(YOLO_OFFLINE="true", YOLO_AUTOINSTALL="false", YOLO_VERBOSE="false", OMP_NUM_THREADS="1")

import cv2
import numpy as np
import torch
from machine import machine, versions
from torchvision.transforms import v2
from ultralytics.data import augment as theirs
from ultralytics.utils.instance import Instances

from yolo_course import augment
from yolo_course.augment import Sample

RESULTS = Path(__file__).with_name("results") / "augment.json"
Work = Callable[[], object]


def main() -> None:
    """Measure everything, print a table and write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=640, help="side of the pictures (default 640)")
    parser.add_argument("--boxes", type=int, default=8, help="boxes a picture (default 8)")
    parser.add_argument("--runs", type=int, default=15, help="pairs of runs (default 15)")
    parser.add_argument("--json", type=Path, default=RESULTS, help="where the results go")
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(0)
    report = {
        "machine": machine(),
        "versions": versions("yolo-course", "ultralytics", "opencv-python", "torchvision", "numpy"),
        "options": {"size": options.size, "boxes": options.boxes, "runs": options.runs},
    }
    print(*(f"{key}: {value}" for key, value in report.items()), sep="\n")
    report["results"] = {}
    print(f"\n{'transform':14}{'beside':28}{'ours /s':>10}{'theirs /s':>11}{'ratio':>8}{'from':>8}{'to':>8}")
    for name, (beside, ours, other) in pairs(options.size, options.boxes).items():
        found = compare(ours, other, options.runs)
        report["results"][name] = {"beside": beside, **found}
        print(
            f"{name:14}{beside:28}{found['ours']:10.0f}{found['theirs']:11.0f}"
            f"{found['ratio']:8.2f}{found['least']:8.2f}{found['most']:8.2f}",
            flush=True,
        )
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, indent=2) + "\n")
    print(f"written to {options.json}")


def pairs(size: int, boxes: int) -> dict[str, tuple[str, Work, Callable[[], Work]]]:
    """What is compared: ours, and what prepares a call of theirs, which may spoil its input."""
    pool, rng = [sample(seed, size, boxes) for seed in range(4)], np.random.default_rng(0)
    image = torch.from_numpy(pool[0].image).permute(2, 0, 1).contiguous()  # (h, w, 3) -> (3, h, w)
    turn = theirs.RandomPerspective(10.0, 0.1, 0.5, 2.0)
    tilt = theirs.RandomPerspective(0, 0, 0, 0, perspective=0.2 / size)
    rows = {
        "Flip": (augment.Flip(p=1.0), theirs.RandomFlip(1.0)),
        "Flip(vertical)": (augment.Flip("vertical", p=1.0), theirs.RandomFlip(1.0, "vertical")),
        "HSV": (augment.HSV(0.015, 0.7, 0.4), theirs.RandomHSV(0.015, 0.7, 0.4)),
        "Affine": (augment.Affine(10, 0.1, 0.5, 2), turn),
        "Perspective": (augment.Perspective(0.1), tilt),
        "Mosaic": (augment.Mosaic(pool[1:]), theirs.Mosaic(SimpleNamespace(cache="ram"), imgsz=size)),
        "MixUp": (augment.MixUp(pool[1:]), theirs.MixUp(SimpleNamespace(cache="ram"), p=1.0)),
        "Cutout": (augment.Cutout(1, (0.1, 0.25), p=1.0), v2.RandomErasing(1.0, (0.01, 0.06), value=114)),
        "Blur": (augment.Blur((1.0, 1.0), p=1.0), v2.GaussianBlur(7, (1.0, 1.0))),
        "Noise": (augment.Noise((10.0, 10.0), p=1.0), grainy),
    }
    return {
        name: (
            type(other).__name__ if isinstance(other, theirs.BaseTransform) else f"torchvision {name_of(other)}",
            lambda ours=ours: ours(pool[0], rng).image,
            of_ultralytics(other, pool)
            if isinstance(other, theirs.BaseTransform)
            else lambda other=other: lambda: other(image),
        )
        for name, (ours, other) in rows.items()
    }


def of_ultralytics(transform: theirs.BaseTransform, pool: list[Sample]) -> Callable[[], Work]:
    """What prepares a call on fresh labels; those that a mosaic or a mixup fetches are made beforehand, too."""
    mixing = isinstance(transform, theirs.BaseMixTransform)
    if mixing:
        transform.get_indexes = lambda: [1, 2, 3] if isinstance(transform, theirs.Mosaic) else 1

    def prepare() -> Work:
        ready = [labels(each) for each in (pool if mixing else pool[:1])]

        def work() -> np.ndarray:
            if mixing:
                transform.dataset.get_image_and_label = ready.__getitem__
            return np.ascontiguousarray(transform(ready[0])["img"])

        return work

    return prepare


def name_of(transform: Callable) -> str:
    """What torchvision calls it."""
    return "GaussianNoise" if transform is grainy else type(transform).__name__


def grainy(image: torch.Tensor) -> torch.Tensor:
    """torchvision's noise, which wants floats, on bytes."""
    noisy = v2.functional.gaussian_noise(v2.functional.to_dtype(image, torch.float32, scale=True), 0.0, 10 / 255)
    return v2.functional.to_dtype(noisy, torch.uint8, scale=True)


def sample(seed: int, size: int, boxes: int) -> Sample:
    """A picture of smooth noise with boxes."""
    rng = np.random.default_rng(seed)
    image = cv2.resize(rng.integers(0, 256, (16, 16, 3), dtype=np.uint8), (size, size), interpolation=cv2.INTER_CUBIC)
    first = rng.uniform(0, 0.6 * size, (boxes, 2))
    return Sample(
        image, np.hstack((first, first + rng.uniform(0.1, 0.4, (boxes, 2)) * size)), rng.integers(0, 9, boxes)
    )


def labels(given: Sample) -> dict:
    """The same as Ultralytics hands it around."""
    instances = Instances(given.boxes.copy(), np.zeros((0, 1000, 2), np.float32), bbox_format="xyxy", normalized=False)
    return {
        "img": given.image[..., ::-1].copy(),
        "cls": given.classes[:, None].astype(np.float32),
        "instances": instances,
        "im_file": "picture.png",
        "ori_shape": given.size,
        "resized_shape": given.size,
    }


def compare(ours: Work, theirs: Callable[[], Work], runs: int, seconds: float = 0.05) -> dict[str, float]:
    """Images a second of both, and the ratio of pairs of runs; the first pair warms up and does not count."""
    calls = min(40, max(3, int(seconds / max(clock([ours]), 1e-5))))
    speeds = []
    for run in range(runs + 1):
        ready = [theirs() for _ in range(calls)]
        turns = [lambda: clock([ours] * calls), lambda ready=ready: clock(ready)]
        order = turns if run % 2 else turns[::-1]
        times = [turn() for turn in order]
        mine, other = times if run % 2 else times[::-1]
        speeds.append((calls / mine, calls / other))
    speeds = speeds[1:]
    ratios = [mine / other for mine, other in speeds]
    return {
        "ours": median(mine for mine, _ in speeds),
        "theirs": median(other for _, other in speeds),
        "ratio": median(ratios),
        "least": min(ratios),
        "most": max(ratios),
    }


def clock(work: list[Work]) -> float:
    """CPU seconds of some calls."""
    started = process_time()
    for call in work:
        call()
    return process_time() - started


if __name__ == "__main__":
    main()
