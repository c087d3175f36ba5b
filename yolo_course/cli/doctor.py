"""`yolo-course doctor`: is everything here that the course needs, and what mends it if not."""

import json
from dataclasses import asdict

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from yolo_course.cli import app
from yolo_course.cli.checkup import Finding, examine

_COLOURS = {"ok": "green", "warning": "yellow", "failed": "bold red"}


@app.command()
def doctor(as_json: bool = typer.Option(False, "--json", help="Print the findings as JSON.")) -> None:
    """Examine this installation and say how to mend it; the exit code is 1 if something failed."""
    with Console(stderr=True).status("examining …"):
        findings = examine()
    count = {status: sum(finding.status == status for finding in findings) for status in _COLOURS}
    if as_json:
        typer.echo(json.dumps({**count, "findings": [asdict(finding) for finding in findings]}, indent=1))
    else:
        console = Console(highlight=False)
        console.print(_table(findings))
        console.print(f"{count['failed']} failed, {count['warning']} to look at, {count['ok']} ok")
    raise typer.Exit(1 if count["failed"] else 0)


def _table(findings: list[Finding]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("status", "what", "found", "fix"):
        table.add_column(column, overflow="fold")
    for finding in findings:
        colour = _COLOURS[finding.status]
        table.add_row(f"[{colour}]{finding.status}[/]", *map(escape, (finding.what, finding.found, finding.fix)))
    return table
