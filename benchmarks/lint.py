"""What linting costs, beside building the model and running it once at 640 px, over the models of Ultralytics.

Usage: python benchmarks/lint.py [--match yolo1] [--scales n l x] [--runs 3] [--json PATH]

Both are timed turn by turn in one process, after a warm-up; peak memory is that of a process of its own, above what the
imports take. Wall seconds count; CPU seconds stand beside them, because a busy machine disturbs them least. The one
file whose model would fetch weights is left out, and so are open-vocabulary models that cannot run without a text.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

os.environ.update(YOLO_OFFLINE="true", YOLO_AUTOINSTALL="false", YOLO_VERBOSE="false")

import torch
import ultralytics
import yaml
from machine import machine, versions
from ultralytics import YOLO
from ultralytics.nn import tasks

from yolo_course import lint

FILES = sorted((Path(ultralytics.__file__).parent / "cfg" / "models").glob("*/*.yaml"))
MODELS = {"WorldDetect": tasks.WorldModel, "YOLOEDetect": tasks.YOLOEModel, "YOLOESegment": tasks.YOLOESegModel}
TASKS = YOLO.task_map.fget(None)  # a property that looks at nothing of its model
RESULTS = Path(__file__).with_name("results") / "lint.json"
MEMORY = """
from pathlib import Path
from ultralytics.nn import tasks
from yolo_course import lint
def memory(kind):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(kind))
Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew, from here
before = memory("VmRSS")
{action}
print(memory("VmHWM") - before)
"""


def cases(match: str, scales: list[str]) -> list[tuple[Path, str]]:
    """Files and scales; a file without scales, or with none of these, stands for itself."""
    chosen = []
    for path in FILES:
        text = path.read_text()
        if match in path.name and "TorchVision" not in text:
            known = [*(yaml.safe_load(text).get("scales") or {})]
            chosen += [(path, scale) for scale in [s for s in scales if s in known] or known[:1] or [""]]
    return chosen


def build_and_run(path: Path, scale: str) -> None:
    """What a user would do to find out: build the model and give it an image."""
    d = yaml.safe_load(path.read_text()) | {"scale": scale}
    head = d["head"][-1][2]
    if head == "RTDETRDecoder":
        model = tasks.RTDETRDetectionModel(d, verbose=False)
    else:
        model = MODELS.get(head, TASKS[tasks.guess_model_task(d)]["model"])(d, verbose=False)
    with torch.no_grad():
        model.eval()(torch.zeros(1, 3, 640, 640))


def timed(action: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds of a call."""
    cpu, wall = process_time(), perf_counter()
    action()
    return perf_counter() - wall, process_time() - cpu


def measure(path: Path, scale: str, runs: int) -> dict | None:
    """Median seconds, and all of them, of linting and of building and running; None if the model cannot run."""
    seconds = {"lint": [], "build and run": []}
    for _ in range(runs):
        try:
            seconds["build and run"].append(timed(lambda: build_and_run(path, scale)))
        except (AssertionError, AttributeError, TypeError) as error:
            print(f"{path.stem:24} left out: {type(error).__name__}: {str(error)[:60]}")
            return None
        seconds["lint"].append(timed(lambda: lint(path, scale or None)))
    medians = {
        what: [statistics.median(run[kind] for run in times) for kind in (0, 1)] for what, times in seconds.items()
    }
    return {"model": path.stem, "scale": scale, "seconds": seconds, "median": medians}


def peak_megabytes(action: str) -> float:
    """Peak memory that an action takes in a fresh process, above its imports."""
    done = subprocess.run(
        [sys.executable, "-c", MEMORY.format(action=action)], capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[-1])


def tell(name: str, results: list[dict], bound: float) -> None:
    """One line: the ratio of the two, its median and the whole range of it."""
    for kind, label in ((0, "wall"), (1, "CPU ")):
        ratios = [result["median"]["lint"][kind] / result["median"]["build and run"][kind] for result in results]
        lints = [result["median"]["lint"][kind] for result in results]
        worst = results[ratios.index(max(ratios))]["model"]
        print(
            f"{name:10} {label} {len(results):3} models: lint {statistics.median(lints):.3f} s "
            f"({min(lints):.3f} to {max(lints):.3f}), {statistics.median(ratios):.3f} of building and running "
            f"({min(ratios):.3f} to {max(ratios):.3f}, {worst}; at most {bound:.2f} wanted)"
        )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--match", default="", help="part of the file names")
    options.add_argument("--scales", nargs="*", default=["n", "l", "x"])
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--json", type=Path, default=RESULTS, help="where the figures go")
    chosen = options.parse_args()
    figures = {"machine": machine(), "versions": versions("yolo-course", "ultralytics", "torch")}
    print(*(f"{key} {value}" for part in figures.values() for key, value in part.items()), sep=", ")

    lint("yolov8n.yaml")
    found = [measure(path, scale, chosen.runs) for path, scale in cases(chosen.match, chosen.scales)]
    results = [result for result in found if result]
    tell("all", results, 1)
    for name, scales, bound in (("l and x", ("l", "x"), 1 / 3), ("nano", ("n",), 1)):
        if some := [result for result in results if result["scale"] in scales]:
            tell(name, some, bound)
    model = "yolov8x.yaml"
    memory = Path("/proc/self/clear_refs").exists() and {
        "lint": peak_megabytes(f"lint({model!r})"),
        "build": peak_megabytes(f"tasks.DetectionModel({model!r}, verbose=False)"),
    }
    if memory:
        print(f"peak memory above the imports, {model}: lint {memory['lint']:.0f} MB, build {memory['build']:.0f} MB")
    figures |= {"runs": chosen.runs, "models": results, "peak_megabytes": memory}
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
