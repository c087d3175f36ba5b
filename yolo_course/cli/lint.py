"""`yolo-course lint`: what is wrong with a model YAML, and what each of its rows gives."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from yolo_course.cli import app

if TYPE_CHECKING:
    from yolo_course.models.lint.finding import Report

_COLOURS = {"error": "bold red", "warning": "yellow", "note": "dim"}
_COLUMNS = ("row", "line", "from", "n", "module", "arguments", "c in", "c out", "shape", "stride", "params", "MFLOPs")
_LEFT = {"from", "module", "arguments", "shape"}


@app.command()
def lint(
    model: Path = typer.Argument(metavar="MODEL.yaml", help="A model YAML; registered modules are known."),
    scale: str = typer.Option(None, help="Key under `scales:`; without it what the file's name says, else the first."),
    imgsz: int = typer.Option(640, help="Pixels of the image's sides, a multiple of 32."),
    as_json: bool = typer.Option(False, "--json", help="Print the report as JSON."),
) -> None:
    """Find what is wrong with a model YAML, without building it; exit code 1 if there is an error."""
    from yolo_course.models.lint.linter import lint

    report = lint(model, scale, imgsz)
    if as_json:
        typer.echo(json.dumps(report.record(), indent=1, default=str))
    else:
        _show(report)
    raise typer.Exit(0 if report.ok else 1)


def _show(report: "Report") -> None:
    console = Console(highlight=False, soft_wrap=True)
    if report.rows:
        table = _table(report)
        console.width = max(console.width, console.measure(table, options=console.options.update(width=999)).maximum)
        console.print(table)
    for finding in report.findings:
        head, opening, rest = report.tell(finding).partition(f" [{finding.rule}]")
        console.print(Text.assemble((head, _COLOURS[finding.severity]), opening, rest))
    console.print(Text(report.summary))


def _table(report: "Report") -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in _COLUMNS:
        table.add_column(column, justify="left" if column in _LEFT else "right", no_wrap=True)
    worst = {f.row: f.severity for f in sorted(report.findings, key=lambda f: [*_COLOURS].index(f.severity) * -1)}
    for row in report.rows:
        c_in = row.c_in[0] if len(row.c_in) == 1 else row.c_in
        shape = "×".join(map(str, row.shape)) if row.shape else ""
        cells = [row.row, row.line, row.source, row.repeats, row.module, row.args, c_in, row.c_out, shape, row.stride]
        cells += [f"{row.params:,}", f"{row.flops / 1e6:,.1f}"]
        texts = ["" if cell is None else escape(str(cell)) for cell in cells]
        table.add_row(*texts, style=_COLOURS.get(worst.get(row.row)))
    return table
