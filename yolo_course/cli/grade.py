"""`yolo-course grade`: grade what was handed in, each submission in a sandbox, on all cores or on a cluster."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from yolo_course.cli import app
from yolo_course.cli.bar import bar
from yolo_course.cli.needs_nbgrader import needs_nbgrader
from yolo_course.errors import CourseError

if TYPE_CHECKING:
    from yolo_course.grading.course.moved import Move
    from yolo_course.grading.course.summary import Row, Summary

_MARKS = {"passed": "[green]✓[/]", "wrong": "[yellow]✗[/]", "raised": "[red]![/]", "not attempted": "[dim]○[/]"}
_LEGEND = "✓ passed  ✗ wrong  ! raised  ○ not attempted"
_UNSAFE = "graded without isolation: these verdicts can be forged"


@app.command()
def grade(
    units: Annotated[list[str], typer.Argument(metavar="UNIT…", help="Units by name or number.")],
    student: Annotated[str | None, typer.Option(help="Only this student.")] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes that grade here; else one a core, fewer for few submissions.", min=1)
    ] = None,
    dask: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Scheduler of a Dask cluster.")] = None,
    regrade: Annotated[
        bool, typer.Option("--regrade", help="Grade again what has changed since it was graded.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    course: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The course root; ./ or ./course without it.")
    ] = None,
    unsafe: Annotated[bool, typer.Option("--unsafe", help="Without isolation: code can cheat then.")] = False,
) -> None:
    """Grade what was handed in and record it in nbgrader's gradebook; exit code 1 if something could not be graded.

    Stopped at any moment, the next run goes on. What is graded stays; new and changed hand-ins are graded.
    """
    needs_nbgrader()
    from yolo_course.grading.course.grade_course import Options, grade_course
    from yolo_course.grading.course.root import find_root

    if unsafe and (dask or workers):
        raise CourseError(
            "--unsafe grades one after the other, in nbgrader's kernel", hint="leave out --workers, --dask"
        )
    if dask and workers:
        raise CourseError("a Dask cluster has its own workers", hint="leave out --workers or --dask")
    options = Options(student, workers, dask, regrade, unsafe)
    aside = Console(stderr=True, highlight=False)
    try:
        with bar("grading", aside) as progress:
            summary = grade_course(find_root(course), units, options, lambda line: aside.print(escape(line)), progress)
    except KeyboardInterrupt:
        aside.print("stopped; what is graded is kept, the next run goes on")
        raise typer.Exit(130) from None
    if as_json:
        typer.echo(json.dumps(_record(summary), indent=1))
    else:
        _show(summary)
    raise typer.Exit(0 if summary.ok else 1)


def _record(summary: "Summary") -> dict:
    counts = {
        state: sum(row.state == state for row in summary.rows) for state in ("graded", "kept", "broken", "failed")
    }
    return {
        "ok": summary.ok,
        **counts,
        "outdated": len(summary.outdated),
        "unsafe": any(row.unsafe for row in summary.rows),
        "submissions": [asdict(row) for row in summary.rows],
        "moved": [asdict(move) for move in summary.moves],
    }


def _show(summary: "Summary") -> None:
    console = Console(highlight=False)
    for unit in dict.fromkeys(row.unit for row in summary.rows):
        rows = [row for row in summary.rows if row.unit == unit]
        console.print(_table(unit, rows))
        if exercises := next((row.verdicts for row in rows if row.verdicts), None):
            console.print(f"[dim]exercises: {escape(', '.join(exercises))}\n{_LEGEND}[/]")
    if summary.moves:
        console.print(_moved(summary.moves))
    record = _record(summary)
    told = ", ".join(f"{record[state]} {state}" for state in ("graded", "kept", "broken", "failed") if record[state])
    console.print(told)
    if summary.outdated:
        console.print(f"{len(summary.outdated)} kept although something has changed since; --regrade grades them again")
    if record["unsafe"]:
        console.print(f"[bold red]{_UNSAFE}[/]")


def _table(unit: str, rows: list["Row"]) -> Table:
    table = Table(title=escape(unit), title_justify="left", box=None, padding=(0, 2, 0, 0))
    table.add_column("student", overflow="fold")
    for column, side in (
        ("points", "right"),
        ("exercises", "left"),
        ("late", "right"),
        ("by hand", "left"),
        ("s", "right"),
    ):
        table.add_column(column, justify=side, no_wrap=True)
    table.add_column("", overflow="fold")
    for row in rows:
        scores = row.scores
        points = f"{scores.points:g}/{scores.most:g}" if scores else ""
        late = _late(scores.late, scores.penalty) if scores else ""
        by_hand = "to do" if scores and scores.needs_a_person and row.ok else ""
        marks = "".join(_MARKS.get(verdict, "?") for verdict in row.verdicts.values())
        seconds = f"{row.seconds:.1f}" if row.seconds else ""
        table.add_row(escape(row.student), points, marks, late, by_hand, seconds, _note(row))
    return table


def _late(seconds: float, penalty: float) -> str:
    if not seconds:
        return ""
    hours = seconds / 3600
    return (f"{hours / 24:.1f} d" if hours >= 24 else f"{hours:.1f} h") + (f", −{penalty:g}" if penalty else "")


def _note(row: "Row") -> str:
    if row.reason:
        return f"[bold red]{row.state}[/]: {escape(row.reason)}"
    since = f"kept; changed since: {', '.join(row.why)}" if row.why else "kept"
    note = since if row.state == "kept" else "" if row.why == ["new"] else f"again: {', '.join(row.why)}"
    return f"{note} [bold red]without isolation[/]".strip() if row.unsafe else note


def _moved(moves: list["Move"]) -> Table:
    table = Table(title="Who moved", title_justify="left", box=None, padding=(0, 2, 0, 0))
    for column in ("student", "unit", "exercise", "points", "verdict", "changed"):
        table.add_column(column, overflow="fold")
    for move in moves:
        points = " → ".join("–" if each is None else f"{each:g}" for each in (move.points_before, move.points))
        verdict = " → ".join(each or "–" for each in (move.verdict_before, move.verdict))
        cells = (move.student, move.unit, move.exercise, points, verdict, ", ".join(move.why))
        table.add_row(*map(escape, cells))
    return table
