"""`yolo-course course`: an instructor's course, from an empty folder to grades in a learning management system."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from yolo_course.cli import app as root_app
from yolo_course.cli.bar import bar
from yolo_course.cli.needs_nbgrader import needs_nbgrader

if TYPE_CHECKING:
    from yolo_course.grading.course.collecting.collect import Report

app = typer.Typer(help="Make a course, release, collect, write feedback, export grades.", no_args_is_help=True)
app.callback()(needs_nbgrader)
root_app.add_typer(app, name="course")

_COLOURS = {"new": "green", "resubmitted": "cyan", "refused": "bold red", "over the limit": "yellow"}

Course = Annotated[
    Path | None, typer.Option("--course", metavar="DIR", help="The course; the current folder or ./course without it.")
]
Units = Annotated[list[str], typer.Argument(metavar="UNIT…", help="Units by name or number.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="An empty folder, or a course to bring up to date.")],
    as_json: AsJson = False,
) -> None:
    """Make a course, or bring one up to date; nothing that somebody changed is touched."""
    from yolo_course.grading.course.new import lay_course

    with bar(f"laying {folder}") as progress:
        laid = lay_course(folder, progress)
    if as_json:
        files = [{"name": each.name, "outcome": each.outcome, "path": str(each.path)} for each in laid]
        typer.echo(json.dumps({"course": str(folder), "files": files}, indent=1))
        return
    for each in laid:
        if each.outcome != "current":
            kept = f"you changed it; the new version is {each.path.relative_to(folder)}"
            typer.echo(f"{each.outcome:9} {each.name}{': ' + kept if each.outcome == 'kept' else ''}")
    told = ", ".join(f"{count} {outcome}" for outcome, count in Counter(each.outcome for each in laid).items())
    typer.echo(f"{folder}: {told}")
    if any(each.outcome == "refreshed" and each.name.startswith("source/") for each in laid):
        typer.echo("units have changed: release them again, so that the gradebook knows")


@app.command()
def release(
    units: Units,
    due: Annotated[
        str | None, typer.Option(help="When it is due: '2026-12-01 23:59' is UTC, '2026-12-01T23:59+01:00' says more.")
    ] = None,
    course: Course = None,
    as_json: AsJson = False,
) -> None:
    """Make what is handed out: release/UNIT, and release/UNIT.zip."""
    from yolo_course.grading.course.release import release
    from yolo_course.grading.course.root import find_root

    moment, root = _time(due), find_root(course)
    chosen, made = [root.unit(name) for name in units], []
    with bar("releasing") as progress:
        for done, unit in enumerate(chosen, 1):
            made.append({"unit": unit, "folder": str(root.place("release", ".", unit))})
            made[-1]["zip"] = str(release(root, unit, moment))
            progress(done, len(chosen))
    if as_json:
        typer.echo(json.dumps(made, indent=1))
        return
    when = f", due {_told(moment)}" if moment else ""
    for each in made:
        typer.echo(f"released {each['folder']} and {each['zip']}{when}")


@app.command()
def due(
    unit: Annotated[str, typer.Argument(help="A unit by name or number.")],
    when: Annotated[str, typer.Argument(help="A time, UTC unless it says otherwise; 'none' takes it away.")],
    student: Annotated[str | None, typer.Option(help="For this student only: an extension.")] = None,
    course: Course = None,
    as_json: AsJson = False,
) -> None:
    """Say when a unit is due; what being late costs changes at once, for what is graded, too."""
    from yolo_course.grading.course.release import set_due
    from yolo_course.grading.course.root import find_root

    root = find_root(course)
    name, moment = root.unit(unit), None if when == "none" else _time(when)
    set_due(root, name, moment, student)
    if as_json:
        due = f"{moment.isoformat()}Z" if moment else None
        typer.echo(json.dumps({"unit": name, "student": student, "due": due}))
        return
    whom = f" for {student}" if student else ""
    typer.echo(f"{name}{whom}: " + (f"due {_told(moment)}" if moment else "no date of its own"))


@app.command()
def collect(
    unit: Annotated[str, typer.Argument(help="A unit by name or number.")],
    source: Annotated[Path, typer.Argument(metavar="SRC", help="A folder or zip file with what was handed in.")],
    form: Annotated[
        str | None,
        typer.Option("--format", help="canvas, moodle, gradescope or plain; names of files tell without it."),
    ] = None,
    roster: Annotated[
        Path | None, typer.Option(help="CSV of students: your own, Canvas's gradebook, Moodle's or Gradescope's list.")
    ] = None,
    course: Course = None,
    as_json: AsJson = False,
) -> None:
    """Bring submissions in; exit code 1 if something was refused."""
    from yolo_course.grading.course.collecting.collect import collect
    from yolo_course.grading.course.collecting.roster import Roster
    from yolo_course.grading.course.root import find_root

    root = find_root(course)
    with bar("collecting") as progress:
        students = Roster(roster) if roster else None
        report = collect(root, root.unit(unit), source, form, students, progress)
    if as_json:
        typer.echo(json.dumps(report.record(), indent=1))
    else:
        _show(report)
    raise typer.Exit(0 if report.ok else 1)


@app.command()
def feedback(
    units: Units,
    student: Annotated[list[str] | None, typer.Option(help="For these students only; may be given again.")] = None,
    course: Course = None,
    as_json: AsJson = False,
) -> None:
    """Write a page for each graded submission: feedback/STUDENT/UNIT/UNIT.html."""
    from yolo_course.grading.course.feedback.exporter import write_feedback
    from yolo_course.grading.course.root import find_root

    root = find_root(course)
    chosen, pages = [root.unit(name) for name in units], {}
    with bar("writing feedback") as progress:
        for unit in chosen:
            pages[unit] = [str(page) for page in write_feedback(root, unit, student or None, progress)]
    if as_json:
        typer.echo(json.dumps(pages, indent=1))
        return
    for unit, written in pages.items():
        count = f"{len(written)} page{'s' * (len(written) != 1)} in {root.place('feedback', '', '')}"
        typer.echo(f"{unit}: {count if written else f'nothing is graded yet; yolo-course grade {unit}'}")


@app.command()
def export(
    units: Annotated[list[str] | None, typer.Argument(metavar="[UNIT…]", help="Units; all without them.")] = None,
    form: Annotated[str, typer.Option("--format", help="csv, canvas, moodle or gradescope.")] = "csv",
    out: Annotated[Path | None, typer.Option(help="File to write; a name that tells the format without it.")] = None,
    course: Course = None,
    as_json: AsJson = False,
) -> None:
    """Write the grades, less what being late costs, as the system imports them."""
    from yolo_course.grading.course.export import write_grades
    from yolo_course.grading.course.root import find_root

    root = find_root(course)
    target, waiting, ungraded = write_grades(root, form, [root.unit(name) for name in units or []], out)
    if as_json:
        typer.echo(json.dumps({"file": str(target), "waiting": waiting, "ungraded": ungraded}, indent=1))
        return
    typer.echo(f"wrote {target}")
    for names, what in ((waiting, "to be marked by hand in Formgrader"), (ungraded, "handed in and not graded yet")):
        if names:
            typer.echo(f"{len(names)} {what}: {', '.join(names[:5])}{', …' if len(names) > 5 else ''}")


def _time(told: str | None) -> datetime | None:
    from yolo_course.grading.course.times import typed

    return typed(told) if told else None


def _told(moment: datetime) -> str:
    past = " (in the past)" if moment < datetime.now(UTC).replace(tzinfo=None) else ""
    return f"{moment:%Y-%m-%d %H:%M} UTC{past}"


def _show(report: "Report") -> None:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("student", "outcome", "received (UTC)", "file", "note"):
        table.add_column(column, overflow="fold")
    for file in report.files:
        received = f"{file.received:%Y-%m-%d %H:%M}" if file.received else ""
        note = "; ".join(filter(None, (file.note, "late, the export says" if file.late else "")))
        cells = [escape(text) for text in (file.student, file.outcome, received, file.file, note)]
        table.add_row(*cells, style=_COLOURS.get(file.outcome))
    console = Console(highlight=False)
    if report.files:
        console.print(table)
    told = ", ".join(f"{count} {outcome}" for outcome, count in Counter(f.outcome for f in report.files).items())
    ignored = f"; {report.ignored} other files left alone" if report.ignored else ""
    typer.echo(f"{report.unit}, {report.form}: {told or 'no notebooks'}{ignored}")
    if report.missing:
        typer.echo(f"nothing from {len(report.missing)} of the roster: {', '.join(report.missing)}")
