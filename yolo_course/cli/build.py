"""`yolo-course build`: write and run the notebooks, or say what is stale."""

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from yolo_course.cli import app


@app.command()
def build(
    units: list[str] = typer.Argument(None, help="Units by name or number; all if none is given."),
    check: bool = typer.Option(
        False, "--check", help="Write nothing; fail if a committed file is not what the sources give."
    ),
    rerun: bool = typer.Option(False, "--rerun", help="Execute solutions even if their code did not change."),
) -> None:
    """Build notebooks, solutions and nbgrader's source from course/units."""
    from yolo_course.grading import build as builder

    course = builder.find_course()
    chosen = [course.unit(name) for name in units or course.names()]
    console = Console()
    if check:
        problems = [problem for unit in chosen for problem in builder.stale(course, unit)]
        problems += [] if units else builder.orphans(course)
        for problem in problems:
            console.print(f"[red]stale[/] {problem}", highlight=False)
        console.print(f"{len(chosen)} units, {len(problems)} stale")
        raise typer.Exit(1 if problems else 0)
    bar = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*bar, console=console, transient=True) as progress:
        for unit in chosen:
            step = progress.add_task(unit.name)
            seconds = builder.build(
                course, unit, rerun, lambda line, step=step: progress.update(step, description=line)
            )
            progress.remove_task(step)
            ran = f"ran in {seconds:.0f} s of {unit.facts['budget']} s" if seconds else "solution up to date"
            console.print(f"{unit.name}: {len(unit.syllabus().exercises)} exercises, {ran}", highlight=False)
