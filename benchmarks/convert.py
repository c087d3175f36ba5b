"""How many images a second a core converts, beside Ultralytics: COCO with boxes, COCO with outlines, Pascal VOC.

    python benchmarks/convert.py [--images 2000] [--runs 5] [--bccd FOLDER] [--json PATH] [--quick]

Both convert the same files, turn by turn in one process, after a turn that doesn't count; above 1 the course is faster.
Theirs are `ultralytics.data.converter.convert_coco`, which writes labels alone, and the function that Ultralytics' own
`VOC.yaml` runs after its download, in the loop that it stands in there: an XML file parsed, a label file written, a
picture put into its place (linked here, where it would be moved, so that there is a next turn). Ours also compares the
size of every picture with its annotation, links COCO's pictures, too, and writes a data YAML. Where creating files is
what takes the time, TMPDIR=/dev/shm shows the converters themselves.
"""

import argparse
import contextlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

os.environ.update(YOLO_OFFLINE="true", YOLO_AUTOINSTALL="false", YOLO_VERBOSE="false")
os.environ.setdefault("YOLO_CONFIG_DIR", tempfile.mkdtemp(prefix="yolo-config-"))

import numpy as np
import ultralytics
import yaml
from machine import machine, versions
from PIL import Image
from ultralytics.data.converter import convert_coco

from yolo_course import data

ROOT = Path(__file__).parents[1]
BCCD = ROOT.parent / "shared" / "data" / "bccd"
RESULTS = Path(__file__).with_name("results") / "convert.json"
OBJECTS = 7  # an image, as in COCO
VOC_YAML = Path(ultralytics.__file__).parent / "cfg" / "datasets" / "VOC.yaml"
VOC_NAMES = {0: "Platelets", 1: "RBC", 2: "WBC"}

Turn = tuple[float, float]


def main() -> None:
    """Measure, print and write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=2000, help="images of the COCO set that is made (default 2000)")
    parser.add_argument("--runs", type=int, default=5, help="turns of each, the median counts (default 5)")
    parser.add_argument("--bccd", type=Path, default=BCCD, help="Pascal VOC folder; left out where it is not")
    parser.add_argument("--json", type=Path, default=RESULTS, help="where the results go")
    parser.add_argument("--quick", action="store_true", help="few images: shows that it works, not how fast")
    options = parser.parse_args()
    report = {
        "machine": machine() | versions("yolo-course", "ultralytics", "numpy", "pillow"),
        "runs": options.runs,
        "quick": options.quick,
    }
    print(", ".join(f"{key} {value}" for key, value in report["machine"].items()))
    with tempfile.TemporaryDirectory() as scratch:
        report["results"] = measure(Path(scratch), 50 if options.quick else options.images, options)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    for name, result in report["results"].items():
        print(told(name, result))
    print(f"written to {options.json}")


def measure(scratch: Path, images: int, options: argparse.Namespace) -> dict[str, dict]:
    """All comparisons, by name."""
    source = make_coco(scratch / "coco", images)
    cases: dict[str, tuple[int, Callable[[Path], object], Callable[[Path], object]]] = {}
    for name, segments in (("COCO boxes", False), ("COCO outlines", True)):
        cases[name] = (
            images,
            lambda out, segments=segments: data.convert("coco", source, out, segments=segments),
            lambda out, segments=segments: convert_coco(
                str(source / "annotations"), str(out), use_segments=segments, cls91to80=False
            ),
        )
    if options.bccd.is_dir():
        home = shutil.copytree(options.bccd, scratch / "VOC2007")
        cases["Pascal VOC"] = (
            len(list((home / "Annotations").glob("*.xml"))),
            lambda out: data.convert("voc", home, out),
            lambda out: convert_voc_as_ultralytics(home, out),
        )
    return {name: compare(scratch, options.runs, *case) for name, case in cases.items()}


def compare(scratch: Path, runs: int, images: int, ours: Callable, theirs: Callable) -> dict:
    """Seconds of both, turn by turn."""
    seconds: dict[str, list[Turn]] = {"ours": [], "theirs": []}
    for run in range(runs + 1):
        for name, action in (("ours", ours), ("theirs", theirs)):
            out = scratch / f"out-{name}"
            with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
                turn = timed(action, out)
            if run:
                seconds[name].append(turn)
            shutil.rmtree(out)
    ratio = [median(t[kind] for t in seconds["theirs"]) / median(o[kind] for o in seconds["ours"]) for kind in (0, 1)]
    return {"images": images, "seconds": seconds, "ratio_wall": ratio[0], "ratio_cpu": ratio[1]}


def timed(action: Callable[[Path], object], out: Path) -> Turn:
    """Wall and CPU seconds of a conversion."""
    cpu, wall = process_time(), perf_counter()
    action(out)
    return perf_counter() - wall, process_time() - cpu


def make_coco(root: Path, images: int) -> Path:
    """A COCO set of small pictures with seven objects each, boxes and outlines of sixteen points."""
    rng, annotations, entries = np.random.default_rng(0), [], []
    (root / "images" / "train").mkdir(parents=True)
    (root / "annotations").mkdir()
    turn = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    for number in range(images):
        name = f"{number:06d}.jpg"
        Image.fromarray(rng.integers(0, 256, (48, 64, 3), dtype=np.uint8)).save(root / "images" / "train" / name)
        entries.append({"id": number, "file_name": name, "width": 64, "height": 48})
        for _ in range(OBJECTS):
            centre, radius = rng.uniform((12, 12), (52, 36)), rng.uniform(2, 11)
            outline = (centre + radius * np.stack((np.cos(turn), np.sin(turn)), axis=1)).round(2)
            corner, far = outline.min(0), outline.max(0)
            bbox = [*corner.tolist(), *(far - corner).round(2).tolist()]
            place = {"id": len(annotations), "image_id": number, "category_id": int(rng.integers(1, 81)), "iscrowd": 0}
            annotations.append(place | {"bbox": bbox, "segmentation": [outline.ravel().tolist()]})
    categories = [{"id": number, "name": f"class {number}"} for number in range(1, 81)]
    content = {"images": entries, "annotations": annotations, "categories": categories}
    (root / "annotations" / "instances_train.json").write_text(json.dumps(content))
    return root


def convert_voc_as_ultralytics(home: Path, out: Path) -> None:
    """Run the loop of `VOC.yaml` over each list of a folder called VOC2007, with the function that is defined there."""
    definitions = yaml.safe_load(VOC_YAML.read_text(encoding="utf-8"))["download"].partition("# Download")[0]
    scope = {"yaml": {"names": VOC_NAMES}}
    exec(definitions, scope)
    for split in ("train", "val", "test"):
        images, labels = out / "images" / split, out / "labels" / split
        images.mkdir(parents=True)
        labels.mkdir(parents=True)
        for stem in (home / "ImageSets" / "Main" / f"{split}.txt").read_text().split():
            file = home / "JPEGImages" / f"{stem}.jpg"
            label = (labels / file.name).with_suffix(".txt")
            os.link(file, images / file.name)
            scope["convert_label"](home.parent, label, "2007", stem)


def told(name: str, result: dict) -> str:
    """One line: images a second of both, and how many times as fast ours is."""
    parts = []
    for kind, label in ((0, "wall"), (1, "CPU")):
        rates = {}
        for who, turns in result["seconds"].items():
            each = sorted(result["images"] / turn[kind] for turn in turns)
            rates[who] = f"{who} {median(each):,.0f} ({each[0]:,.0f} to {each[-1]:,.0f})"
        parts.append(f"{label} {rates['ours']}, {rates['theirs']}: {result[f'ratio_{label.lower()}']:.2f} times")
    return f"{name:14} {result['images']} images, images a second: " + "; ".join(parts)


if __name__ == "__main__":
    main()
