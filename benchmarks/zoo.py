"""What each model of the zoo costs: parameters, GFLOPs and milliseconds on this CPU, at every scale.

    python benchmarks/zoo.py [--runs 9] [--json PATH] [--quick] [--page]

Models have 80 classes. Parameters are those that training learns; GFLOPs and milliseconds are those of predicting one
picture of 640 px, batch norms folded. A multiply-add counts as two operations, in convolutions and matrix products,
attention's included. Models take turns, so that a slow minute of the machine hits all; a first turn doesn't count. The
stock models are there to compare. The full run also writes the table of docs/zoo.md; `--page` writes it from the JSON.
"""

import argparse
import json
import os
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

os.environ.update(YOLO_OFFLINE="true", YOLO_AUTOINSTALL="false", YOLO_VERBOSE="false")
os.environ.setdefault("YOLO_CONFIG_DIR", tempfile.mkdtemp(prefix="yolo-config-"))

import torch
from machine import machine, versions
from torch import nn
from torch.utils.flop_counter import FlopCounterMode
from ultralytics import YOLO

from yolo_course import build
from yolo_course.models.names import read, zoo

STOCK = ("yolo11n", "yolo11s", "yolo26n", "yolo26s")
CLASSES = 80
RESULTS = Path(__file__).with_name("results") / "zoo.json"
PAGE = Path(__file__).parents[1] / "docs" / "zoo.md"
BEGIN, END = "<!-- written by benchmarks/zoo.py: begin -->", "<!-- end -->"


def main() -> None:
    """Measure, print the table, write the JSON and the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=9, help="turns of each model, the median counts (default 9)")
    parser.add_argument("--json", type=Path, default=RESULTS, help="where the results go")
    parser.add_argument("--quick", action="store_true", help="small pictures: shows that it works, not how fast")
    parser.add_argument("--page", action="store_true", help="measure nothing, write docs/zoo.md from the JSON")
    options = parser.parse_args()
    if options.page:
        write_page(json.loads(options.json.read_text(encoding="utf-8")))
        return
    report = measure(options.runs, 64 if options.quick else 640) | {"quick": options.quick}
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(f"\n{table(report)}\n\nwritten to {options.json}")
    if options.json == RESULTS and not options.quick:
        write_page(report)


def measure(runs: int, side: int) -> dict:
    """Everything there is to know about every model, and where it was measured."""
    report = {
        "machine": machine() | {"threads": torch.get_num_threads()},
        "versions": versions("yolo-course", "ultralytics", "torch"),
        "runs": runs,
        "side": side,
    }
    print(facts(report), flush=True)
    x = torch.rand(1, 3, side, side, generator=torch.Generator().manual_seed(0))
    models = networks()
    rows = {name: size(model, x) | {"milliseconds": []} for name, model in models.items()}
    for turn in range(runs + 1):
        print(f"turn {turn} of {runs}" if turn else "warming up", flush=True)
        for name, model in models.items():
            seconds = once(model, x)
            if turn:
                rows[name]["milliseconds"].append(round(seconds * 1000, 2))
    report["machine"]["load_after"] = os.getloadavg()[0]
    return report | {"results": rows}


def networks() -> dict[str, nn.Module]:
    """Every model at every scale, and the stock ones."""
    named = {
        f"{name}-{scale}": build(name, scale=scale, nc=CLASSES).model
        for name, file in zoo().items()
        for scale in read(file)["scales"]
    }
    return named | {name: YOLO(f"{name}.yaml").model for name in STOCK}


def size(model: nn.Module, x: torch.Tensor) -> dict:
    """Numbers learnt, and billions of operations for one picture; the model is ready to predict after it."""
    parameters = sum(p.numel() for p in model.parameters())
    model.eval().fuse(verbose=False)
    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        model(x)
    return {"parameters": parameters, "gflops": counter.get_total_flops() / 1e9}


def once(model: nn.Module, x: torch.Tensor) -> float:
    """Seconds of one picture."""
    with torch.inference_mode():
        start = perf_counter()
        model(x)
        return perf_counter() - start


def table(report: dict) -> str:
    """The results in Markdown."""
    lines = ["| model | parameters | GFLOPs | ms, median | from | to |", "|---|--:|--:|--:|--:|--:|"]
    for name, row in report["results"].items():
        times = row["milliseconds"]
        cells = [f"{row['parameters'] / 1e6:.2f} M", f"{row['gflops']:.1f}"]
        cells += [f"{value:.0f}" for value in (median(times), min(times), max(times))]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def write_page(report: dict) -> None:
    """Replace what stands between the marks in docs/zoo.md."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n{section(report)}\n\n{END}{after}", encoding="utf-8")
    print(f"written to {PAGE}")


def section(report: dict) -> str:
    """What the page says between its marks."""
    return f"{table(report)}\n\n{facts(report)}"


def facts(report: dict) -> str:
    """A sentence on where and how it was measured."""
    told = report["machine"]
    parts = ", ".join(f"{name} {number}" for name, number in report["versions"].items())
    return (
        f"{told['cpu']}, {told['cores']} cores, {told['threads']} threads, load {told['load_before']:.1f} before; "
        f"{parts}; {report['runs']} turns of one picture of {report['side']} px, {CLASSES} classes."
    )


if __name__ == "__main__":
    main()
