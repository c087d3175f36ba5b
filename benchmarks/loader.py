"""Letterbox, samples and batches: images a second on one core, ours beside Ultralytics', in one run.

    python benchmarks/loader.py [--data DATA.yaml] [--imgsz 640] [--runs 9] [--images 64] [--json PATH]

Both do the same work on the same files in one thread, and the pictures they give are compared first. CPU seconds count,
which a busy machine disturbs least. The two take turns; a first turn doesn't count. Without --data, pictures of 640 px
are drawn in a temporary folder.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

os.environ.update(YOLO_OFFLINE="true", YOLO_AUTOINSTALL="false", YOLO_VERBOSE="false", OMP_NUM_THREADS="1")
os.environ.setdefault("YOLO_CONFIG_DIR", tempfile.mkdtemp(prefix="yolo-config-"))

import cv2
import numpy as np
import torch
from machine import machine, versions
from ultralytics.cfg import get_cfg
from ultralytics.data.augment import LetterBox
from ultralytics.data.build import build_yolo_dataset
from ultralytics.data.utils import check_det_dataset
from ultralytics.utils.instance import Instances

from yolo_course import data

RESULTS = Path(__file__).with_name("results") / "loader.json"
Pair = tuple[Callable[[], object], Callable[[], object]]


def main() -> None:
    """Measure, print a line a job, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="data YAML; its train split is read")
    parser.add_argument("--imgsz", type=int, default=640)
    parser.add_argument("--runs", type=int, default=9, help="turns of each, the median counts (default 9)")
    parser.add_argument("--images", type=int, default=64, help="images a turn (default 64)")
    parser.add_argument("--json", type=Path, default=RESULTS, help="where the figures go")
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    figures = {"machine": machine(), "versions": versions("yolo-course", "ultralytics", "torch", "opencv-python")}
    print(*(f"{key} {value}" for part in figures.values() for key, value in part.items()), sep=", ")
    with tempfile.TemporaryDirectory() as folder:
        yaml = options.data or data.make("shapes", Path(folder) / "shapes", images=options.images * 5 // 4, size=640)
        results = {name: measure(*pair, options) for name, pair in jobs(yaml, options.imgsz, options.images).items()}
    for name, result in results.items():
        print(
            f"{name:10} ours {result['ours']:7.0f} images/s, Ultralytics {result['theirs']:7.0f}, ratio "
            f"{result['ratio']:.2f} ({min(result['ratios']):.2f} to {max(result['ratios']):.2f}; 1 or more wanted)"
        )
    options.json.parent.mkdir(parents=True, exist_ok=True)
    figures |= {"imgsz": options.imgsz, "runs": options.runs, "jobs": results}
    options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def jobs(yaml: Path, imgsz: int, count: int) -> dict[str, Pair]:
    """What is timed, by name: ours and theirs, each on `count` images."""
    ours, theirs = data.DetectionDataset(yaml, "train", imgsz), their_dataset(yaml, imgsz)
    places = [theirs.im_files.index(str(image)) for image in ours.images[:count]]
    if len(places) < count:
        raise SystemExit(f"error: the train split has {len(places)} images, --images {count} wanted")
    pictures = [data.read_image(image) for image in ours.images[:count]]
    boxes = [rows[:, 1:] * np.tile(image.shape[1::-1], 2) for image, rows in zip(pictures, ours.labels, strict=False)]
    for index, place in enumerate(places):
        if not torch.equal(ours[index]["img"], theirs[place]["img"]):
            raise SystemExit(f"error: the samples differ: {ours.images[index]}")
    half = imgsz // 2  # so that there is something to resize
    samples, others = [ours[index] for index in range(count)], [theirs[place] for place in places]
    return {
        "letterbox": (
            lambda: [data.letterbox(image, some, half) for image, some in zip(pictures, boxes, strict=True)],
            lambda: [their_letterbox(image, some, half) for image, some in zip(pictures, boxes, strict=True)],
        ),
        "samples": (lambda: [ours[index] for index in range(count)], lambda: [theirs[place] for place in places]),
        "batches": (
            lambda: [data.collate(samples[start : start + 16]) for start in range(0, count, 16)],
            lambda: [theirs.collate_fn(others[start : start + 16]) for start in range(0, count, 16)],
        ),
    }


def their_dataset(yaml: Path, imgsz: int) -> torch.utils.data.Dataset:
    """Ultralytics' dataset without augmentation."""
    described = check_det_dataset(str(yaml))
    return build_yolo_dataset(get_cfg(overrides={"imgsz": imgsz}), described["train"], 16, described, mode="val")


def their_letterbox(image: np.ndarray, boxes: np.ndarray, imgsz: int) -> dict:
    """Ultralytics' letterbox of a picture and its boxes in pixels."""
    instances = Instances(boxes.copy(), bbox_format="xyxy", normalized=False)
    return LetterBox(imgsz)({"img": image, "instances": instances})


def measure(ours: Callable[[], object], theirs: Callable[[], object], options: argparse.Namespace) -> dict:
    """Images a second of both, and their ratio in each turn."""
    seconds = [(timed(ours), timed(theirs)) for _ in range(options.runs + 1)][1:]
    ratios = [other / own for own, other in seconds]
    speeds = [options.images / median(taken) for taken in zip(*seconds, strict=True)]
    return {"ours": speeds[0], "theirs": speeds[1], "ratio": median(ratios), "ratios": ratios, "seconds": seconds}


def timed(action: Callable[[], object]) -> float:
    """Seconds of the core that a call takes."""
    start = process_time()
    action()
    return process_time() - start


if __name__ == "__main__":
    main()
