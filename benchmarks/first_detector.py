"""What the README says about the first detector: seconds to mAP50 0.90, images a second, milliseconds to import.

    python benchmarks/first_detector.py [--runs 3] [--json PATH] [--quick]

Every run has a process of its own, one after the other. "Seconds to 0.90" is the wall time from the call of
`train_pico()` or `train()`, the libraries imported before it, to the end of the first epoch whose validation reaches
mAP50 0.90 on the val split, validations included; each run of pico has a seed of its own. The stock models train by
Ultralytics' default recipe (only the picture size, the device and the folders are given, and no plots are drawn); one
that needs more than 5 times pico's time is given up there, and not run again.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter

from machine import machine, versions

GOAL, PATIENCE = 0.90, 5
STOCK = ("yolo11n.yaml", "yolo26n.yaml")
RESULTS = Path(__file__).with_name("results") / "first_detector.json"
IMPORT = "import time; t = time.perf_counter(); import yolo_course; print((time.perf_counter() - t) * 1000)"

Run = dict[str, float | None]


def main() -> None:
    """Run everything, print a table and write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3, help="runs of each, the median counts (default 3)")
    parser.add_argument("--json", type=Path, default=RESULTS, help="where the results go")
    parser.add_argument("--quick", action="store_true", help="few images and epochs: shows that it works, not how fast")
    options = parser.parse_args()
    os.environ.update(YOLO_OFFLINE="true", YOLO_AUTOINSTALL="false")
    os.environ.setdefault("YOLO_CONFIG_DIR", tempfile.mkdtemp(prefix="yolo-config-"))
    report = {
        "machine": machine(),
        "versions": versions("yolo-course", "ultralytics", "torch", "numpy"),
        "quick": options.quick,
        "runs": options.runs,
    }
    show_machine(report)
    with tempfile.TemporaryDirectory() as scratch:
        report["results"] = measure(Path(scratch), options.runs, options.quick)
    report["machine"]["load_after"] = os.getloadavg()[0]
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, indent=2) + "\n")
    show(report["results"])
    print(f"written to {options.json}")


def measure(scratch: Path, runs: int, quick: bool) -> dict[str, list[Run]]:
    """Return the runs of everything, by name. Models take turns, so that a slow minute of the machine hits all."""
    results = {"import yolo_course": repeat(runs, import_milliseconds)}
    results["make shapes"] = repeat(runs, lambda: apart(images_a_second, scratch / "speed", 100 if quick else 1000))
    shapes = apart(dataset, "shapes", scratch / "shapes", 80 if quick else None)
    digits = apart(dataset, "digits", scratch / "digits", 80 if quick else None)
    training = {"pico on shapes": [], **{f"{name} on shapes": [] for name in STOCK}, "pico on digits": []}
    few = {"epochs": 2} if quick else {}
    for run in range(runs):
        log(f"run {run + 1}")
        training["pico on shapes"].append(apart(train_pico, shapes, scratch, {"seed": run, **few}))
        own = training["pico on shapes"][-1]
        limit = 5.0 if quick else PATIENCE * (own["to_goal"] or own["total"])
        for name in STOCK:
            seen = training[f"{name} on shapes"]
            if not seen or seen[-1]["to_goal"] is not None:  # who was given up would be given up again
                seen.append(apart(train_stock, name, shapes, scratch, limit))
        training["pico on digits"].append(apart(train_pico, digits, scratch, {"seed": run, **few}))
    return results | training


def train_pico(data: Path, scratch: Path, options: dict) -> Run:
    """Train pico by the course's recipe to the end."""
    import yolo_course

    train = yolo_course.train_pico  # imports torch and Ultralytics
    times, out, started = [], scratch / "pico", perf_counter()
    result = train(data, out=out, progress=lambda _: times.append(perf_counter() - started), **options)
    total = perf_counter() - started
    with open(result.curves, newline="") as file:
        scores = [float(row["metrics/mAP50(B)"]) for row in csv.DictReader(file)]
    reached = next((seconds for score, seconds in zip(scores, times, strict=True) if score >= GOAL), None)
    return {"to_goal": reached, "total": total, "map50": result.map50, "map5095": result.map5095}


def train_stock(name: str, data: Path, scratch: Path, limit: float) -> Run:
    """Train a stock model until it reaches the goal or the limit in seconds is over."""
    from ultralytics import YOLO

    from yolo_course.models.quiet import quiet

    best, reached, started = 0.0, None, 0.0

    def judge(trainer) -> None:
        nonlocal best, reached
        best = max(best, float(trainer.metrics["metrics/mAP50(B)"]))
        if reached is None and best >= GOAL:
            reached = perf_counter() - started
        trainer.stop = reached is not None or perf_counter() - started > limit

    model = YOLO(name)
    model.add_callback("on_fit_epoch_end", judge)
    model.add_callback("on_train_batch_end", lambda trainer: setattr(trainer, "stop", perf_counter() - started > limit))
    started = perf_counter()
    with quiet():
        model.train(data=data, imgsz=128, device="cpu", plots=False, project=str(scratch), name=Path(name).stem)
    return {"to_goal": reached, "total": perf_counter() - started, "map50": best, "limit": limit}


def dataset(name: str, folder: Path, images: int | None) -> Path:
    """Make a dataset and return its data YAML."""
    from yolo_course import data

    return data.make(name, folder, images)


def images_a_second(folder: Path, images: int) -> Run:
    """Make shapes, written to disk, and return how many images a second that is."""
    started = perf_counter()
    dataset("shapes", folder / str(started), images)
    return {"images_a_second": images / (perf_counter() - started)}


def import_milliseconds() -> Run:
    """Import the package in a fresh interpreter."""
    done = subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True)
    return {"milliseconds": float(done.stdout)}


def repeat(runs: int, once: Callable[[], Run]) -> list[Run]:
    """Run something several times, after once that doesn't count: files come from the cache of the system then."""
    once()
    return [once() for _ in range(runs)]


def apart(function: Callable, *arguments: object) -> object:
    """Call a function in a process of its own, so that no run finds what another one imported or cached."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        result = pool.submit(function, *arguments).result()
    if isinstance(result, dict):
        log(f"  {getattr(function, '__name__', function)} {rounded(result)}")
    return result


def show_machine(report: dict) -> None:
    """Print machine and versions."""
    for part in ("machine", "versions"):
        log(f"{part}: " + ", ".join(f"{key} {value}" for key, value in report[part].items()))
    if report["quick"]:
        log("--quick: these figures say that the benchmark works, nothing else")


def show(results: dict[str, list[Run]]) -> None:
    """Print the median of each figure and its spread."""
    print(f"\n{'what':24}{'figure':18}{'median':>12}{'from':>12}{'to':>12}")
    for what, runs in results.items():
        for figure in runs[0]:
            values = [run[figure] for run in runs if run[figure] is not None]
            cells = (median(values), min(values), max(values)) if len(values) == len(runs) else ("not reached", "", "")
            print(
                f"{what:24}{figure:18}" + "".join(f"{c:12.3g}" if isinstance(c, float) else f"{c:>12}" for c in cells)
            )


def rounded(run: Run) -> str:
    """Return a run's figures in short."""
    return "  ".join(f"{key} {value:.3g}" if value is not None else f"{key} not reached" for key, value in run.items())


def log(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
