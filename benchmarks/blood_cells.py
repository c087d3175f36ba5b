"""From raw annotations to a detector: blood cells, 364 pictures in Pascal VOC's form, on this CPU.

    python benchmarks/blood_cells.py [--bccd FOLDER] [--epochs 20] [--batch 8] [--seed 0] [--json PATH] [--quick]

The steps are those of the command line: `data convert voc`, `data check`, `data split` 70 : 20 : 10, and a training of
pico from scratch at 320 px. It is to reach mAP50 0.5 on the val split within 15 minutes; told are the seconds of every
step, those to the goal (from the call of `train_pico` to the end of the first epoch that reaches it, validations
included), and mAP50 on the test split, which nothing was chosen by.
"""

import argparse
import csv
import json
import os
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter

os.environ.update(YOLO_OFFLINE="true", YOLO_AUTOINSTALL="false", YOLO_VERBOSE="false")
os.environ.setdefault("YOLO_CONFIG_DIR", tempfile.mkdtemp(prefix="yolo-config-"))

from machine import machine, versions

from yolo_course import data, train_pico

GOAL, LIMIT, SIDE = 0.5, 15 * 60, 320
BCCD = Path(__file__).parents[2] / "shared" / "data" / "bccd"
RESULTS = Path(__file__).with_name("results") / "blood_cells.json"


def main() -> None:
    """Go all the way, print every step and write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bccd", type=Path, default=BCCD, help="folder with Annotations and JPEGImages")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, default=RESULTS, help="where the results go")
    parser.add_argument("--quick", action="store_true", help="one epoch: shows that it works, not how well")
    options = parser.parse_args()
    if not options.bccd.is_dir():
        print(f"left out: no blood cells in {options.bccd}; --bccd says where they are")
        return
    report = {
        "machine": machine() | versions("yolo-course", "ultralytics", "torch"),
        "epochs": 1 if options.quick else options.epochs,
        "batch": options.batch,
    }
    report |= {"seed": options.seed, "quick": options.quick}
    print(", ".join(f"{key} {value}" for key, value in report["machine"].items()), flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        yaml = prepare(options.bccd, Path(scratch), report, options.seed)
        train(yaml, Path(scratch), report)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(f"written to {options.json}")


def prepare(bccd: Path, scratch: Path, report: dict, seed: int) -> Path:
    """Convert, check and split; return the data YAML to train on."""
    started = perf_counter()
    done = data.convert("voc", bccd, scratch / "cells")
    report["convert"] = {"seconds": perf_counter() - started, "findings": kinds(done.report)}
    print(f"convert {report['convert']['seconds']:.1f} s: {report['convert']['findings']}", flush=True)
    started = perf_counter()
    checked = data.check(done.entry, imgsz=SIDE)
    report["check"] = {"seconds": perf_counter() - started, "findings": kinds(checked)}
    print(f"check {report['check']['seconds']:.1f} s: {report['check']['findings']}", flush=True)
    started = perf_counter()
    division = data.split(done.entry, (0.7, 0.2, 0.1), seed=seed)
    images = {split: count.images for split, count in division.counts.items()}
    report["split"] = {"seconds": perf_counter() - started, "images": images}
    print(f"split {report['split']['seconds']:.1f} s: {images}", flush=True)
    return division.yaml


def train(yaml: Path, scratch: Path, report: dict) -> None:
    """Train and note when the goal was reached."""
    times, started = [], perf_counter()

    def tell(line: str) -> None:
        times.append(perf_counter() - started)
        print(f"{times[-1]:6.0f} s  {line}", flush=True)

    settings = {"epochs": report["epochs"], "batch": report["batch"], "seed": report["seed"]}
    result = train_pico(yaml, imgsz=SIDE, out=scratch / "run", progress=tell, **settings)
    with open(result.curves, newline="") as file:
        scores = [float(row["metrics/mAP50(B)"]) for row in csv.DictReader(file)]
    to_goal = next((seconds for score, seconds in zip(scores, times, strict=False) if score >= GOAL), None)
    test = result.model.val(data=str(yaml), split="test", imgsz=SIDE, device="cpu", plots=False, verbose=False,
                            project=str(scratch), name="test")  # fmt: skip
    by_class = {
        test.names[cls]: round(float(ap), 3) for cls, ap in zip(test.box.ap_class_index, test.box.ap50, strict=True)
    }
    report["train"] = {"seconds": result.seconds, "to_goal": to_goal, "map50": result.map50, "map5095": result.map5095}
    report["test"] = {"map50": float(test.box.map50), "ap50": by_class}
    reached = "not reached" if to_goal is None else f"reached after {to_goal:.0f} s"
    within = to_goal is not None and to_goal <= LIMIT
    print(f"mAP50 {GOAL} on val {reached} ({'within' if within else 'not within'} {LIMIT} s)")
    print(
        f"in the end {result.map50:.3f} after {result.seconds:.0f} s; on test {test.box.map50:.3f}, by class {by_class}"
    )


def kinds(report: data.Report) -> dict[str, int]:
    """How many findings of each kind."""
    return dict(Counter(finding.kind for finding in report.findings))


if __name__ == "__main__":
    main()
