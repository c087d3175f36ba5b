"""Grading a class: `yolo-course grade` beside stock `nbgrader autograde`, 10 and 100 submissions of unit 01, one run.

    python benchmarks/grading.py [--sizes 10 100] [--stock 4] [--unit 01] [--seed 0] [--json PATH] [--quick]

Submissions are drawn with a seed: for each exercise its solution, one of the wrong answers that the unit knows, or the
untouched stub. Both grade the same files, from an empty gradebook, each by its own command line in a process of its
own. Stock nbgrader runs the whole lesson for each submission, so `--stock` of them are really run, and one alone
before; the difference gives what each further one costs, and larger classes are counted from that. Where a figure is
counted and not measured, the JSON says so.

What a submission costs a core is measured with the whole command on one core, as the difference between two sizes, so
that starting up counts for nothing. Beside it stands the pure time of what has to run anyway: the learner's own cells
and the checks that call them, in one warm process without isolation.
"""

import argparse
import contextlib
import copy
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import mean, median
from time import perf_counter

os.environ.update(YOLO_OFFLINE="true", YOLO_AUTOINSTALL="false", YOLO_VERBOSE="false")
os.environ.setdefault("YOLO_CONFIG_DIR", tempfile.mkdtemp(prefix="yolo-config-"))
os.environ["PATH"] = os.pathsep.join((os.path.dirname(sys.executable), os.environ["PATH"]))  # nbgrader calls alembic

import nbformat
from machine import machine, versions

from yolo_course.grading import notebooks
from yolo_course.grading.answers import read_answers, solution
from yolo_course.grading.build import find_course
from yolo_course.grading.clear_solutions import solution_only
from yolo_course.grading.desks.handed_in import essence, from_essence, parse, restore
from yolo_course.grading.isolation import needed
from yolo_course.grading.outcome import Status
from yolo_course.grading.unit_source import Unit
from yolo_course.registry.register import isolated

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).with_name("results") / "grading.json"
STOCK = """
from yolo_course.grading.notebooks import RELEASE_STEPS
c = get_config()
c.CourseDirectory.course_id = "stock"
c.GenerateAssignment.preprocessors = RELEASE_STEPS
c.Execute.timeout = 300
"""
SHARES = {"solution": 0.5, "wrong": 0.35, "stub": 0.15}
GOALS = {10: 5.0, 100: 15.0}  # times less wall time


def main() -> None:
    """Measure, print and write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100], help="submissions (default 10 and 100)")
    parser.add_argument(
        "--stock", type=int, default=4, help="submissions that stock nbgrader really grades (default 4)"
    )
    parser.add_argument("--unit", default="01")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, default=RESULTS, help="where the results go")
    parser.add_argument("--quick", action="store_true", help="few submissions: shows that it works, not how fast")
    parser.add_argument("--pure", type=Path, help=argparse.SUPPRESS)  # a process of its own measures that
    options = parser.parse_args()
    if options.pure:
        print(json.dumps(pure(find_course(ROOT).unit(options.unit), json.loads(options.pure.read_text()))))
        return
    sizes, stock = ([2, 4], 2) if options.quick else (sorted(options.sizes), options.stock)
    unit = find_course(ROOT).unit(options.unit)
    report = {
        "machine": machine() | versions("yolo-course", "nbgrader", "torch", "ultralytics"),
        "unit": unit.name,
        "seed": options.seed,
        "shares": SHARES,
        "quick": options.quick,
    }
    print(", ".join(f"{key} {value}" for key, value in report["machine"].items()), flush=True)
    with tempfile.TemporaryDirectory(prefix="grading-") as scratch:
        texts = hand_ins(unit, max(sizes), options.seed)
        report["stock"] = measure_stock(Path(scratch), unit, texts[:stock])
        report["ours"] = [measure_ours(Path(scratch), unit, texts[:size], report["stock"]) for size in sizes]
        report["one_core"] = measure_one_core(Path(scratch), unit, texts, sizes)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(f"written to {options.json}")


def hand_ins(unit: Unit, count: int, seed: int) -> list[str]:
    """Notebooks as a class hands them in."""
    rng, untouched = random.Random(seed), notebooks.learner_notebook(unit)
    exercises = [cell.name for cell in unit.with_role("exercise", "clinic")]
    right = {name: solution(unit, name) for name in exercises}
    wrong = {name: [a.source for a in read_answers(unit, name) if a.status is not Status.PASSED] for name in exercises}
    made = []
    for _ in range(count):
        notebook = copy.deepcopy(untouched)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in right:
                kind = rng.choices([*SHARES], [*SHARES.values()])[0]
                cell.source = {"solution": right[name], "stub": cell.source}.get(kind) or rng.choice(wrong[name])
        made.append(nbformat.writes(notebook))
    return made


def make_root(folder: Path, unit: Unit, texts: list[str], settings: str) -> Path:
    """A course root with these submissions, released and not graded."""
    shutil.rmtree(folder, ignore_errors=True)
    source = folder / "source" / unit.name / f"{unit.name}.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(notebooks.dumps(notebooks.source_notebook(unit)), encoding="utf-8")
    (folder / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    for number, text in enumerate(texts):
        file = folder / "submitted" / f"student-{number:03d}" / unit.name / f"{unit.name}.ipynb"
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    call(folder, "nbgrader", "generate_assignment", unit.name)
    return folder


def call(folder: Path, program: str, *arguments: str, one_core: bool = False) -> tuple[float, str]:
    """Run a command in a course root; return its seconds and its output."""
    started = perf_counter()
    command = [sys.executable, "-m", program, *arguments]
    core = [min(os.sched_getaffinity(0))] if one_core else os.sched_getaffinity(0)
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, preexec_fn=lambda: os.sched_setaffinity(0, core)
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stderr[-2000:]}")
    return perf_counter() - started, done.stdout


def measure_stock(scratch: Path, unit: Unit, texts: list[str]) -> dict:
    """Wall seconds of stock nbgrader for one submission, for all of `texts`, and for each further one."""
    seconds = {}
    for count in dict.fromkeys((1, len(texts))):
        root = make_root(scratch / "stock", unit, texts[:count], STOCK)
        seconds[count] = call(root, "nbgrader", "autograde", unit.name)[0]
        print(f"stock nbgrader, {count} submissions: {seconds[count]:.1f} s", flush=True)
    first, all_of_them = seconds[1], seconds[len(texts)]
    further = (all_of_them - first) / (len(texts) - 1) if len(texts) > 1 else first
    return {"measured": {str(count): value for count, value in seconds.items()}, "first": first, "further": further}


def measure_ours(scratch: Path, unit: Unit, texts: list[str], stock: dict) -> dict:
    """Wall seconds of `yolo-course grade` on all cores, beside what stock nbgrader takes."""
    settings = (ROOT / "course" / "nbgrader_config.py").read_text(encoding="utf-8")
    root = make_root(scratch / "ours", unit, texts, settings)
    seconds, told = call(root, "yolo_course", "grade", unit.name, "--json")
    record = json.loads(told)
    assert record["graded"] == len(texts), record
    again = call(root, "yolo_course", "grade", unit.name, "--json")[0]
    theirs = stock["measured"].get(str(len(texts)), stock["first"] + (len(texts) - 1) * stock["further"])
    each = [submission["seconds"] for submission in record["submissions"]]
    result = {
        "submissions": len(texts),
        "seconds": seconds,
        "nothing_to_do": again,
        "stock_seconds": theirs,
        "stock_is_measured": str(len(texts)) in stock["measured"],
        "times_less": theirs / seconds,
        "goal": GOALS.get(len(texts)),
        "isolated_seconds": {"median": median(each), "mean": mean(each), "most": max(each)},
        "passed": sum(v == "passed" for s in record["submissions"] for v in s["verdicts"].values()),
    }
    print(
        f"{len(texts)} submissions: {seconds:.1f} s, stock {theirs:.1f} s"
        f"{'' if result['stock_is_measured'] else ' (counted)'}: {result['times_less']:.1f} times less; "
        f"nothing to do {again:.1f} s; in the desk {median(each):.2f} s in the median",
        flush=True,
    )
    return result


def measure_one_core(scratch: Path, unit: Unit, texts: list[str], sizes: list[int]) -> dict:
    """What a submission costs one core, and the pure time of what has to run anyway."""
    settings = (ROOT / "course" / "nbgrader_config.py").read_text(encoding="utf-8")
    few, many = sizes[0], min(sizes[-1], 3 * sizes[0])
    seconds = {}
    for count in (few, many):
        root = make_root(scratch / "core", unit, texts[:count], settings)
        seconds[count] = call(root, "yolo_course", "grade", unit.name, "--json", "--workers", "1", one_core=True)[0]
    (scratch / "texts.json").write_text(json.dumps(texts[few:many]), encoding="utf-8")
    core = min(os.sched_getaffinity(0))
    told = subprocess.run(
        [sys.executable, __file__, "--unit", unit.name, "--pure", str(scratch / "texts.json")],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        preexec_fn=lambda: os.sched_setaffinity(0, [core]),
    ).stdout
    alone = json.loads(told.splitlines()[-1])
    each = (seconds[many] - seconds[few]) / (many - few)
    allowed = 1.5 * (alone["cells"] + alone["checks"]) + 0.3
    result = {"seconds_each": each, "pure": alone, "allowed": allowed, "met": each <= allowed}
    print(
        f"on one core {each:.2f} s a submission; pure: cells {alone['cells']:.2f} s, checks {alone['checks']:.2f} s; "
        f"1.5 × pure + 0.3 s is {allowed:.2f} s",
        flush=True,
    )
    return result


def pure(unit: Unit, texts: list[str]) -> dict[str, float]:
    """Mean seconds of a learner's cells and of the checks, run one after the other in this process."""
    import torch

    torch.set_num_threads(1)
    source, seconds = notebooks.source_notebook(unit), {"cells": 0.0, "checks": 0.0}
    checks = [solution_only(cell.source) for cell in source.cells if is_check(cell)]
    for turn, text in enumerate([texts[0], *texts]):
        if turn == 1:
            seconds = {"cells": 0.0, "checks": 0.0}  # the turn before has imported
        submitted = parse(text.encode())
        restore(submitted, source)
        cells = [step.source for step in needed.steps(source, from_essence(essence(submitted, source)))]
        names: dict = {"__name__": "__main__"}
        with isolated():
            seconds["cells"] += timed(cells, names)
            seconds["checks"] += timed(checks, names)
    return {name: value / len(texts) for name, value in seconds.items()}


def is_check(cell: nbformat.NotebookNode) -> bool:
    """Whether a cell checks an exercise."""
    return cell.metadata.get("yolo_course", {}).get("role") == "check"


def timed(sources: list[str], names: dict) -> float:
    """Seconds that cells take, those that raise too."""
    codes = []
    for source in sources:
        with contextlib.suppress(SyntaxError):
            codes.append(compile(source, "<cell>", "exec"))
    started = perf_counter()
    for code in codes:
        with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
            exec(code, names)
    return perf_counter() - started


if __name__ == "__main__":
    main()
