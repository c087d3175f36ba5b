"""`yolo-course mutants`: plant small bugs in each solution, and see which of them the checks notice."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from yolo_course.cli import app
from yolo_course.cli.bar import bar
from yolo_course.cli.needs_nbgrader import needs_nbgrader

if TYPE_CHECKING:
    from yolo_course.grading.mutation.survey import Exercise

_NUMBERS = ("mutants", "killed", "judged", "survivors", "rate")


@app.command()
def mutants(
    units: list[str] = typer.Argument(None, metavar="[UNIT]...", help="Units by name or number; all if none is given."),
    exercise: list[str] = typer.Option(None, help="This exercise alone; may be given several times."),
    sample: int = typer.Option(None, min=1, help="Draw so many mutants of each exercise at random."),
    seed: int = typer.Option(0, help="Seed of the draw."),
    limit: int = typer.Option(None, min=1, help="Take the first so many mutants of each exercise."),
    least: float = typer.Option(95.0, min=0, max=100, help="Percent that must be killed, else the exit code is 1."),
    workers: int = typer.Option(None, min=1, help="Mutants graded at once; else one a core, fewer for few mutants."),
    fresh: bool = typer.Option(False, "--fresh", help="Use no verdict of an earlier run."),
    course: Path = typer.Option(None, help="The course root; by default this folder or ./course."),
    as_json: bool = typer.Option(False, "--json", help="Print the report as JSON."),
) -> None:
    """Measure how sharp the checks are: mutate each solution, grade every mutant in the sandbox."""
    needs_nbgrader()
    from yolo_course.grading.mutation import survey
    from yolo_course.grading.mutation.subjects import find_subjects

    planned = survey.plan(find_subjects(course, units or []), exercise or [], survey.Choice(sample, limit, seed))
    console = Console(highlight=False, soft_wrap=True)
    total = sum(len(each.chosen) for each in planned)
    with bar("starting") as progress:
        survey.carry_out(planned, workers, fresh, lambda what, done: progress(done, total, what))
    ok = all(100 * rate >= least for rate in _rates(planned).values()) and not survey.lives(planned, survey.BROKEN)
    if as_json:
        report = {"ok": ok, "rates": _rates(planned), "exercises": [each.record() for each in planned]}
        typer.echo(json.dumps(report, indent=1, ensure_ascii=False))
    else:
        _show(planned, console)
    raise typer.Exit(0 if ok else 1)


def _rates(planned: list["Exercise"]) -> dict[str, float]:
    from yolo_course.grading.mutation.survey import rate

    units = dict.fromkeys(each.own.unit for each in planned)
    return {unit: rate([each for each in planned if each.own.unit == unit]) for unit in units}


def _show(planned: list["Exercise"], console: Console) -> None:
    from yolo_course.grading.mutation import survey

    for each, one in survey.lives(planned, survey.SURVIVED):
        console.print(f"[bold]{each.name}[/] survives: {escape(one.mutant.what)}")
        console.print("\n".join(_coloured(line) for line in one.mutant.diff.splitlines()) + "\n")
    for each in planned:
        for one in each.tried:
            for told in one.given_away:
                console.print(f"[yellow]given away[/] {each.name}: {escape(told)}, to {escape(one.mutant.becomes)}")
            if one.fate == survey.BROKEN:
                console.print(f"[red]the grader failed[/] {each.name}: {escape(one.why)}\n{escape(one.mutant.diff)}")
        for entry in each.stale:
            console.print(f"[yellow]stale[/] judged, but no mutant any more: {escape(str(entry))}")
    console.print(_table(planned))


def _coloured(line: str) -> str:
    colour = {"-": "red", "+": "green"}.get(line[:1], "dim")
    return f"[{colour}]{escape(line)}[/]"


def _table(planned: list["Exercise"]) -> Table:
    from yolo_course.grading.mutation.survey import rate

    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("exercise", overflow="fold")
    for column in _NUMBERS:
        table.add_column(column, justify="right", min_width=max(6, len(column)))
    for each in planned:
        table.add_row(each.name, *_cells([each]), f"{rate([each]):.1%}")
    for unit, found in _rates(planned).items():
        table.add_row(unit, *_cells([each for each in planned if each.own.unit == unit]), f"{found:.1%}", style="bold")
    return table


def _cells(planned: list["Exercise"]) -> list[str]:
    from yolo_course.grading.mutation.survey import JUDGED, KILLED, SURVIVED

    counts = [sum(each.counts()[fate] for each in planned) for fate in (KILLED, JUDGED, SURVIVED)]
    return [str(number) for number in (sum(len(each.tried) for each in planned), *counts)]
