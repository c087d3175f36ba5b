"""The hostile suite against stock nbgrader and against isolated grading: are the attacks real, and does any gain here?

Usage: python benchmarks/hostile.py [--match forging reads/ …] [--quick] [--table] [--json PATH]

Every attack of tests/hostile/ becomes a submission twice: graded by the command `nbgrader autograde` of stock nbgrader
(inside of walls, see hostile_stock.py), and by the grader of this project. An honest submission with the same right
answers says what the attack deserves: points above that are gained, points below are lost. Results are kept after
each attack and joined with those of earlier runs; `--table` prints them for docs/security.md and runs nothing.
"""

import argparse
import itertools
import json
import os
import re
import sys
import tempfile
from pathlib import Path

import nbformat
import torch
from hostile_cases import SET, Case, cases, for_nbgrader, source
from hostile_stock import UNIT, autograde_stock, make_template, prove_walls
from machine import machine, versions

from yolo_course.grading.isolation.apart import apart
from yolo_course.grading.isolation.grade import grade
from yolo_course.grading.isolation.sandbox import Sandbox

RESULTS = Path(__file__).with_name("results") / "hostile.json"
_RANDOM = re.compile(r"[0-9a-f-]{8,}|\d+|tmp\w{8}")  # parts of a file's name that differ from run to run


def stock(case: Case, folder: Path) -> dict:
    """What came of an attack at stock nbgrader; `folder` holds the template of the course root."""
    text = case.text.replace("{course}", "/tmp/course").replace("/unit.ipynb", f"/{UNIT}/{UNIT}.ipynb")
    attack, honest = folder / "attack.ipynb", folder / "honest.ipynb"
    nbformat.write(for_nbgrader(case.build(text)), attack)
    nbformat.write(for_nbgrader(SET.notebook(SET.SOLUTIONS)), honest)
    poisons = case.name.startswith(("writes", "honest"))
    return autograde_stock(folder / "course", attack, honest, SET.CANARY, then_honest=poisons)


def isolated(case: Case, sandbox: Sandbox, course: Path) -> dict:
    """What came of it at the grader of this project, with the limits of the suite."""

    def work() -> dict:
        torch.set_num_threads(1)
        submitted = case.build(case.text.replace("{course}", str(course)))
        report = grade(SET.notebook(SET.SOLUTIONS), submitted, sandbox, SET.LIMITS)
        shown = "".join(each.text + each.error for each in report.shown.values())
        passed = [name for name, each in report.outcomes.items() if each.passed is True]
        return {"passed": passed, "secret": SET.CANARY in shown, "end": report.end}

    before = {file: file.read_bytes() for file in course.rglob("*") if file.is_file()}
    told = apart(work, 120)
    same = before == {file: file.read_bytes() for file in course.rglob("*") if file.is_file()}
    return told | {"course_unchanged": same} | _against(told["passed"], case.honest)


def _against(passed: list[str], honest: tuple[str, ...]) -> dict:
    return {"gained": sorted({*passed} - {*honest}), "lost": sorted({*honest} - {*passed})}


def judged(case: Case, told: dict, usual: dict) -> dict:
    """Say what stock grading let an attack do, beside an honest submission in the same place."""
    points = told.get("points", {})
    passed = [name.removesuffix("_check") for name, each in points.items() if each] if isinstance(points, dict) else []
    known = {_RANDOM.sub("#", name) for name in usual.get("files", [])}
    left = [name for name in told.get("files", []) if _RANDOM.sub("#", name) not in known]
    traces = [f"files: {', '.join(left[:3])}{f' and {len(left) - 3} more' if len(left) > 3 else ''}"] if left else []
    traces += [f"gone: {', '.join(told['files_gone'][:3])}"] if told.get("files_gone") else []
    traces += [f"changed: {each}" for each in told.get("packages_changed", [])]
    traces += [f"running: {each}" for each in told.get("processes_left", [])[:3]]
    for key, whose in (("points_of_ann", "another one's points"), ("points_of_next", "the next one's points")):
        if key in told and key in usual and told[key] != usual[key]:
            traces.append(f"{whose}: {told[key]}")
    why = told["stopped"] and f"the watchdog stopped it: {told['stopped']}"
    aborted = why or (told.get("end", "died") != "done" and told.get("end", "died")) or ""
    aborted = aborted or (f"gradebook {points}" if isinstance(points, str) else "")
    traces = [each.replace(sys.executable, "python").replace(str(Path.home()), "~") for each in traces]
    found = {"leaked": bool(told.get("shown", {}).get("secret")), "traces": traces, "aborted": aborted}
    return {"passed": passed, **_against(passed, case.honest), **found, "seconds": told.get("seconds")}


def run(chosen: list[Case], path: Path) -> None:
    """Grade these both ways; keep the results of earlier runs."""
    kept = json.loads(path.read_text()) if path.exists() else {"cases": {}}
    with Sandbox() as sandbox, tempfile.TemporaryDirectory(prefix="hostile-") as place:
        folder = Path(place)
        honest = nbformat.writes(for_nbgrader(SET.notebook(SET.SOLUTIONS)))
        make_template(folder / "course", nbformat.writes(source()), honest, SET.CANARY)
        usual = stock(next(cases()), folder)
        for number, case in enumerate(chosen, 1):
            found = {"family": case.family, "honest": len(case.honest), "stock": None}
            if case.family != "channel":  # stock nbgrader has none that could be attacked
                told = usual if case.name == "honest" else stock(case, folder)
                found["stock"] = judged(case, told, usual)
            found["isolated"] = isolated(case, sandbox, folder / "course")
            kept["cases"][case.name] = found
            kept |= {"machine": machine(), "versions": versions("nbgrader", "ipykernel", "torch")}
            _write(path, kept)
            print(f"{number}/{len(chosen)} {case.name}: {_line(found)}", flush=True)


def _line(found: dict) -> str:
    by, here, told = found["stock"], found["isolated"], []
    if by:
        told = [f"stock gained {len(by['gained'])}, lost {len(by['lost'])}", *["leaked"] * by["leaked"], *by["traces"]]
        told.append(by["aborted"])
    told += [f"isolated gained {len(here['gained'])}, lost {len(here['lost'])}", "LEAKED" * here["secret"]]
    return "; ".join(filter(None, told))


def _write(path: Path, kept: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(kept, indent=1))
    os.replace(part, path)


def table(kept: dict) -> str:
    """The results by family, as Markdown; an attack counts once, whatever places it was tried in."""
    lines = [
        "| family | attacks | gained a point, stock | leaked, stock | traces, stock | aborted or lost points, stock |"
    ]
    lines[0] += " gained, isolated | leaked or left a trace, isolated |"
    lines.append("|---|" + "---:|" * 7)
    found = [(name.partition(",")[0], each) for name, each in kept["cases"].items() if each["family"] != "honest"]
    tests = (
        lambda each: True,
        lambda each: each["stock"] and each["stock"]["gained"],
        lambda each: each["stock"] and each["stock"]["leaked"],
        lambda each: each["stock"] and each["stock"]["traces"],
        lambda each: each["stock"] and (each["stock"]["aborted"] or each["stock"]["lost"]),
        lambda each: each["isolated"]["gained"],
        lambda each: each["isolated"]["secret"] or not each["isolated"]["course_unchanged"],
    )
    families = sorted({each["family"] for _, each in found})
    for family in [*families, "all"]:
        of = [(name, each) for name, each in found if family in (each["family"], "all")]
        counts = [len({name for name, each in of if test(each)}) for test in tests]
        lines.append(f"| {family} | " + " | ".join(map(str, counts)) + " |")
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--match", nargs="*", default=[""], help="parts of the names, `reads/` for example")
    options.add_argument("--quick", action="store_true", help="the first two attacks of each folder")
    options.add_argument("--table", action="store_true", help="print the results that are kept, run nothing")
    options.add_argument("--json", type=Path, default=RESULTS, help="where the figures go")
    asked = options.parse_args()
    if not asked.table:
        prove_walls()
        chosen = [case for case in cases() if any(part in case.name for part in asked.match)]
        if asked.quick:
            folders = itertools.groupby(chosen, lambda case: case.name.partition("/")[0])
            chosen = [case for _, group in folders for case in itertools.islice(group, 2)]
        run(chosen, asked.json)
    print(table(json.loads(asked.json.read_text())))


if __name__ == "__main__":
    main()
