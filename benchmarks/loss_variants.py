"""What other losses do to a small detector: pico on shapes, the same budget and seeds for all.

    python benchmarks/loss_variants.py [--seeds 3] [--epochs 24] [--variants NAME …] [--json PATH] [--quick] [--table]

Each run trains pico from scratch by `train_pico`'s recipe in a process of its own, with one thread, and counts the mAP
of best.pt on the val split. All variants of a seed start from the same weights and see the same pictures. Runs that
the JSON already holds for the same budget are kept, so that a run cut short goes on; `--table` measures nothing and
prints the table from the JSON.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import mean

from machine import machine, versions

GOAL = 0.02  # a variant may stay this far below the stock loss, seed by seed on average
# what the table of docs/losses.md was measured with; since then the recipe of train_pico is one for fewer epochs
OF_THE_TABLE = {"workers": 0, "momentum": 0.9, "scale": 0.5, "hsv_s": 0.7, "hsv_v": 0.4}
RUNS_ON = ("yolo-course", "ultralytics", "torch")
RESULTS = Path(__file__).with_name("results") / "loss_variants.json"


def variants() -> dict[str, tuple[str, Callable[[Path], dict]]]:
    """Every variant: what it is, and the arguments of `use_criterion` for a dataset."""
    from yolo_course.losses.class_weights import inverse_frequency
    from yolo_course.losses.variants import attention_guided, class_weighted_cls, iou_aware_cls, smooth_l1_box
    from yolo_course.losses.varifocal import varifocal_loss

    return {
        "stock": ("Ultralytics' own three terms", lambda data: {}),
        "iou-aware": ("`cls` is to score the IoU", lambda data: {"terms": {"cls": iou_aware_cls}}),
        "smooth-l1": ("`box` by smooth L1 in place of CIoU", lambda data: {"terms": {"box": smooth_l1_box}}),
        "attention": (
            "a fourth term, energy outside objects",
            lambda data: {"terms": {"attention": attention_guided}, "weights": {"attention": 0.5}},
        ),
        "class-weighted": (
            "`cls` weighted by inverse frequency",
            lambda data: {"terms": {"cls": class_weighted_cls(inverse_frequency(class_counts(data)))}},
        ),
        "varifocal": (
            "IoU-aware, by varifocal loss",
            lambda data: {"terms": {"cls": partial(iou_aware_cls, loss=varifocal_loss)}},
        ),
    }


def main() -> None:
    """Run what is missing, print the table and write the JSON after every run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3, help="runs of each variant (default 3)")
    parser.add_argument("--epochs", type=int, default=24, help="the budget of every run (default 24)")
    parser.add_argument("--variants", nargs="+", choices=list(variants()), default=list(variants()))
    parser.add_argument("--json", type=Path, help="where the results go")
    parser.add_argument("--quick", action="store_true", help="few images and epochs: shows that it works, not how well")
    parser.add_argument("--table", action="store_true", help="measure nothing, print the table of the JSON")
    options = parser.parse_args()
    options.json = options.json or (Path(tempfile.gettempdir()) / RESULTS.name if options.quick else RESULTS)
    os.environ.update(YOLO_OFFLINE="true", YOLO_AUTOINSTALL="false", OMP_NUM_THREADS="1")
    os.environ.setdefault("YOLO_CONFIG_DIR", tempfile.mkdtemp(prefix="yolo-config-"))
    if not options.table:
        measure(options)
    print(table(json.loads(options.json.read_text(encoding="utf-8"))))


def measure(options: argparse.Namespace) -> None:
    """Run every variant with every seed, seed by seed."""
    budget = {"epochs": 2 if options.quick else options.epochs, "images": 40 if options.quick else None}
    report = {
        "machine": machine(),
        "versions": versions(*RUNS_ON),
        "budget": budget,
        "results": kept(options.json, budget),
    }
    options.json.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        data = apart(dataset, Path(scratch) / "shapes", budget["images"])
        for seed in range(options.seeds):
            for name in options.variants:
                runs = report["results"].setdefault(name, {})
                if str(seed) not in runs:
                    runs[str(seed)] = apart(train, name, data, seed, budget["epochs"], Path(scratch) / "runs")
                    print(f"seed {seed} {name:15} {runs[str(seed)]}", flush=True)
                    options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def kept(file: Path, budget: dict) -> dict[str, dict[str, dict]]:
    """Runs of an earlier call with the same budget and the same versions."""
    if not file.exists():
        return {}
    report = json.loads(file.read_text(encoding="utf-8"))
    return report["results"] if (report["budget"], report["versions"]) == (budget, versions(*RUNS_ON)) else {}


def train(name: str, data: Path, seed: int, epochs: int, folder: Path) -> dict[str, float]:
    """One run of one variant; the scores of best.pt."""
    import torch

    from yolo_course import build
    from yolo_course.models.quiet import quiet
    from yolo_course.train.criterion import use_criterion
    from yolo_course.train.recipe import recipe

    torch.set_num_threads(1)
    model = use_criterion(build("pico"), **variants()[name][1](data))
    options = recipe(epochs, 128, 16, seed, OF_THE_TABLE | {"close_mosaic": max(1, epochs // 5)})
    with quiet():
        model.train(**options, data=str(data), pretrained=False, project=str(folder), name=f"{name}-{seed}")
    box = model.metrics.box
    return {"map50": round(float(box.map50), 4), "map5095": round(float(box.map), 4)}


def dataset(folder: Path, images: int | None) -> Path:
    """Make shapes and return its data YAML."""
    from yolo_course import data

    return data.make("shapes", folder, images)


def class_counts(data: Path) -> list[int]:
    """Objects of each class in the train split."""
    labels = [line.split()[0] for file in (data.parent / "labels" / "train").glob("*.txt") for line in file.open()]
    return [labels.count(str(number)) for number in range(3)]


def apart(function: Callable, *arguments: object) -> object:
    """Call a function in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def table(report: dict) -> str:
    """The results in Markdown, means and every seed, and where they were measured."""
    seeds = sorted({seed for runs in report["results"].values() for seed in runs}, key=int)
    stock = report["results"]["stock"]
    lines = [
        "| loss | what differs | mAP50, mean | against stock | "
        f"{' | '.join(f'seed {seed}' for seed in seeds)} | mAP50-95, mean |",
        f"|---|---|--:|--:|{'--:|' * len(seeds)}--:|",
    ]
    for name, runs in report["results"].items():
        if not runs:
            continue
        score = mean(run["map50"] for run in runs.values())
        change = mean(runs[seed]["map50"] - stock[seed]["map50"] for seed in runs if seed in stock)
        each = " | ".join(f"{runs[seed]['map50']:.3f}" if seed in runs else "" for seed in seeds)
        strict = mean(run["map5095"] for run in runs.values())
        lines.append(f"| {name} | {variants()[name][0]} | {score:.3f} | {change:+.3f} | {each} | {strict:.3f} |")
    return "\n".join([*lines, "", facts(report)])


def facts(report: dict) -> str:
    """A sentence on where and how it was measured."""
    parts = ", ".join(f"{name} {number}" for name, number in report["versions"].items())
    images = report["budget"]["images"] or "400"
    return (
        f"Pico on {images} images of shapes, {report['budget']['epochs']} epochs; at most {GOAL} below stock is "
        f"wanted. {report['machine']['cpu']}, {report['machine']['cores']} cores; {parts}."
    )


if __name__ == "__main__":
    main()
