"""What the criterion of named terms costs beside Ultralytics' own loss: both on the same predictions, turn by turn.

    python benchmarks/criterion.py [--runs 41] [--json PATH] [--quick]

A turn is the loss of one batch and its gradient with respect to what the head said, nothing else of the model. The two
take turns on one thread, so that a slow minute of the machine hits both, and a first turn doesn't count. The
ratio is of CPU seconds, the median over the turns; its spread is the middle half of them.
"""

import argparse
import json
import os
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

os.environ.update(YOLO_OFFLINE="true", YOLO_AUTOINSTALL="false", YOLO_VERBOSE="false", OMP_NUM_THREADS="1")
os.environ.setdefault("YOLO_CONFIG_DIR", tempfile.mkdtemp(prefix="yolo-config-"))

import torch
from machine import machine, versions
from torch import Tensor
from ultralytics.cfg import get_cfg
from ultralytics.nn.tasks import DetectionModel

from yolo_course import build
from yolo_course.losses.criterion import DetectionCriterion

CASES = (("yolo11n", 640, 16), ("yolo26n", 640, 16), ("pico", 128, 16))  # model, side in pixels, images
OBJECTS = 8  # an image
BOUND = 1.05
RESULTS = Path(__file__).with_name("results") / "criterion.json"


def main() -> None:
    """Measure every case, print a line each and write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=41, help="turns of each (default 41)")
    parser.add_argument("--json", type=Path, help="where the figures go")
    parser.add_argument("--quick", action="store_true", help="small pictures: shows that it works, not what it costs")
    options = parser.parse_args()
    options.json = options.json or (Path(tempfile.gettempdir()) / RESULTS.name if options.quick else RESULTS)
    torch.set_num_threads(1)
    report = {
        "machine": machine(),
        "versions": versions("yolo-course", "ultralytics", "torch"),
        "runs": options.runs,
        "quick": options.quick,
        "cases": [],
    }
    for name, side, images in CASES:
        case = measure(name, 64 if options.quick else side, images, options.runs)
        report["cases"].append(case)
        print(
            f"{name:8} {case['side']} px, {images} images: "
            f"stock {case['stock_ms']:.2f} ms, ours {case['ours_ms']:.2f} ms, "
            f"ratio {case['ratio']:.3f} ({case['from']:.3f} to {case['to']:.3f}; at most {BOUND} wanted)",
            flush=True,
        )
    report["machine"]["load_after"] = os.getloadavg()[0]
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(f"written to {options.json}")


def measure(name: str, side: int, images: int, runs: int) -> dict:
    """CPU milliseconds of both losses on one model's predictions, and their ratio."""
    torch.manual_seed(0)
    model = build(name).model if name == "pico" else DetectionModel(f"{name}.yaml", verbose=False)
    model.args = get_cfg()
    batch = random_batch(model.yaml["nc"], side, images)
    with torch.no_grad():
        preds = model.train()(batch["img"])
    stock, ours = model.init_criterion(), DetectionCriterion(model)
    same(stock, ours, preds, batch)
    times = {"stock": [], "ours": []}
    for run in range(runs + 1):
        for kind, criterion in (("stock", stock), ("ours", ours))[:: 1 if run % 2 else -1]:
            seconds = once(criterion, preds, batch)
            if run:
                times[kind].append(seconds)
    ratios = [ours / stock for stock, ours in zip(*times.values(), strict=True)]
    quarters = statistics.quantiles(ratios, n=4)
    medians = {f"{kind}_ms": statistics.median(seconds) * 1000 for kind, seconds in times.items()}
    spread = {"ratio": statistics.median(ratios), "from": quarters[0], "to": quarters[2]}
    return {"model": name, "side": side, "images": images, **medians, **spread}


def once(criterion: Callable, preds: dict, batch: dict[str, Tensor]) -> float:
    """CPU seconds of one loss and its gradient."""
    leaves = leafed(preds)
    start = process_time()
    criterion(leaves, batch)[0].sum().backward()
    return process_time() - start


def same(stock: Callable, ours: Callable, preds: dict, batch: dict[str, Tensor]) -> None:
    """Refuse to compare the time of two things that are not the same."""
    torch.testing.assert_close(ours(leafed(preds), batch)[0], stock(leafed(preds), batch)[0], rtol=1e-6, atol=0)


def leafed(preds: dict) -> dict:
    """The same predictions, as leaves that take a gradient."""
    if "boxes" not in preds:
        return {head: leafed(values) for head, values in preds.items()}
    return preds | {name: preds[name].detach().clone().requires_grad_() for name in ("boxes", "scores")}


def random_batch(nc: int, side: int, images: int) -> dict[str, Tensor]:
    """Pictures of noise and objects of every size."""
    rng = torch.Generator().manual_seed(0)
    n = images * OBJECTS
    centres = 0.15 + 0.7 * torch.rand(n, 2, generator=rng)
    return {
        "img": torch.rand(images, 3, side, side, generator=rng),
        "batch_idx": torch.arange(images).repeat_interleave(OBJECTS).float(),
        "cls": torch.randint(nc, (n, 1), generator=rng).float(),
        "bboxes": torch.cat((centres, 0.03 + 0.27 * torch.rand(n, 2, generator=rng)), 1),
    }


if __name__ == "__main__":
    main()
