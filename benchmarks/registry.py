"""What the registry costs: a stock model, and its twin of registered classes, built and trained turn by turn.

Usage: python benchmarks/registry.py [--runs 9] [--epochs 3] [--images 32] [--json PATH]

The twin is yolo11n with every Conv, C3k2 and C2PSA row swapped for a registered subclass that adds nothing; both start
from the same weights, so the two runs compute the same, and the stock one is built by Ultralytics' own parser. Times
are CPU seconds of one thread, which a busy machine disturbs least; wall seconds stand beside them.
"""

import argparse
import copy
import json
import os
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

os.environ.update(YOLO_OFFLINE="true", YOLO_AUTOINSTALL="false", YOLO_VERBOSE="false", OMP_NUM_THREADS="1")

import numpy as np
import torch
import yaml
from machine import machine, versions
from PIL import Image
from ultralytics import YOLO
from ultralytics.nn import modules, tasks

from yolo_course import register

RESULTS = Path(__file__).with_name("results") / "registry.json"
RULES = {"Conv": "scaled", "C3k2": "stacked", "C2PSA": "stacked"}
STOCK_PARSER = tasks.parse_model.__wrapped__
REGISTRY_PARSER = tasks.parse_model
for _name, _rule in RULES.items():
    globals()[f"Twin{_name}"] = register(_rule)(
        type(f"Twin{_name}", (getattr(modules, _name),), {"__module__": __name__})
    )


def write_models(folder: Path) -> dict[str, Path]:
    """The YAMLs of the stock model and of its twin."""
    d = tasks.yaml_model_load("yolo11n.yaml")
    stock = {key: d[key] for key in ("scales", "backbone", "head")} | {"nc": 2}
    twin = copy.deepcopy(stock)
    for row in twin["backbone"] + twin["head"]:
        row[2] = f"Twin{row[2]}" if row[2] in RULES else row[2]
    paths = {"stock": folder / "stock.yaml", "registry": folder / "registry.yaml"}
    for name, model in {"stock": stock, "registry": twin}.items():
        paths[name].write_text(yaml.safe_dump(model, sort_keys=False))  # the first scale, n, is the one built
    return paths


def write_data(folder: Path, images: int) -> Path:
    """Images of noise with a box each: the time does not depend on what is on them."""
    rng = np.random.default_rng(0)
    for part in ("images", "labels"):
        (folder / part).mkdir()
    for i in range(images):
        Image.fromarray(rng.integers(0, 255, (128, 128, 3), dtype=np.uint8)).save(folder / "images" / f"{i}.png")
        (folder / "labels" / f"{i}.txt").write_text(f"{i % 2} 0.5 0.5 0.4 0.4\n")
    data = folder / "data.yaml"
    data.write_text(f"path: {folder}\ntrain: images\nval: images\nnames: [a, b]\n")
    return data


def timed(action: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall seconds of a call."""
    cpu, wall = process_time(), perf_counter()
    action()
    return process_time() - cpu, perf_counter() - wall


def train(model: Path, data: Path, weights: Path, epochs: int) -> None:
    YOLO(model).load(weights).train(
        data=data,
        epochs=epochs,
        imgsz=128,
        batch=16,
        workers=0,
        device="cpu",
        amp=False,
        optimizer="SGD",
        plots=False,
        project=str(data.parent / "runs"),
        exist_ok=True,
        verbose=False,
    )


def measure(runs: int, epochs: int, images: int) -> dict[str, dict[str, list[tuple[float, float]]]]:
    """Seconds of each run, by what is done and by which parser; the first of each is thrown away."""
    times = {what: {"stock": [], "registry": []} for what in ("build", "train")}
    with tempfile.TemporaryDirectory() as place:
        models, data, weights = write_models(Path(place)), write_data(Path(place), images), Path(place, "start.pt")
        stock, twin = YOLO(models["stock"]).model, YOLO(models["registry"]).model
        twin.load_state_dict(stock.state_dict())  # raises if the two are not the same model
        YOLO(models["stock"]).save(weights)
        for run in range(runs + 1):
            for name in ("stock", "registry") if run % 2 else ("registry", "stock"):
                tasks.parse_model = STOCK_PARSER if name == "stock" else REGISTRY_PARSER
                build = timed(lambda name=name: YOLO(models[name]))
                whole = timed(lambda name=name: train(models[name], data, weights, epochs))
                if run:
                    times["build"][name].append(build)
                    times["train"][name].append(whole)
    tasks.parse_model = REGISTRY_PARSER
    return times


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--runs", type=int, default=9)
    options.add_argument("--epochs", type=int, default=3)
    options.add_argument("--images", type=int, default=32)
    options.add_argument("--json", type=Path, default=RESULTS, help="where the figures go")
    chosen = options.parse_args()
    torch.set_num_threads(1)
    figures = {"machine": machine(), "versions": versions("yolo-course", "ultralytics", "torch")}
    print(*(f"{key} {value}" for part in figures.values() for key, value in part.items()), sep=", ")
    figures |= {"epochs": chosen.epochs, "images": chosen.images}
    figures["seconds"] = measure(chosen.runs, chosen.epochs, chosen.images)
    for what, seconds in figures["seconds"].items():
        for kind, label in ((0, "CPU"), (1, "wall")):
            stock, ours = ([run[kind] for run in seconds[name]] for name in ("stock", "registry"))
            middle = [statistics.median(times) for times in (stock, ours)]
            print(
                f"{what:5} {label:4} s: stock {middle[0]:.3f} ({min(stock):.3f} to {max(stock):.3f}), "
                f"registry {middle[1]:.3f} ({min(ours):.3f} to {max(ours):.3f}), {middle[1] / middle[0] - 1:+.1%}"
            )
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
