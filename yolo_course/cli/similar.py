"""`yolo-course similar`: which submissions of a unit share more code than chance explains."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from yolo_course.cli import app
from yolo_course.cli.needs_nbgrader import needs_nbgrader

if TYPE_CHECKING:
    from yolo_course.grading.course.similarity.compare import Similarity


@app.command()
def similar(
    units: Annotated[list[str], typer.Argument(metavar="UNIT…", help="Units, by name or number.")],
    course: Annotated[Path | None, typer.Option(metavar="DIR", help="Course root; else here or ./course.")] = None,
    threshold: Annotated[float, typer.Option(help="Score from which a pair is listed, above 0 and at most 1.")] = 0.3,
    shown: Annotated[int, typer.Option(min=0, help="Pairs whose text the page shows side by side.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print the pairs as JSON.")] = False,
) -> None:
    """Compare the code that learners handed in and write a page for each unit: it points at pairs, it is no proof."""
    needs_nbgrader()
    from yolo_course.grading.course.root import find_root
    from yolo_course.grading.course.similarity.compare import compare_unit
    from yolo_course.grading.course.similarity.report import similarity_page
    from yolo_course.grading.whole import write_whole

    root = find_root(course)
    told = []
    for unit in [root.unit(unit) for unit in units]:
        students = root.students(unit)
        console = Console(stderr=True)
        reading = track(students, f"reading {unit}", console=console, transient=True, disable=not console.is_terminal)
        found = compare_unit(root, unit, threshold, reading)
        file = write_whole(root.folder / "similarity" / f"{unit}.html", similarity_page(found, shown))
        told.append({**_record(found), "page": str(file)})
        if not as_json:
            _print(found, file)
    if as_json:
        typer.echo(json.dumps(told, indent=1))


def _record(found: "Similarity") -> dict:
    pairs = [
        {
            "students": [pair.first.student, pair.second.student],
            "score": round(pair.score, 4),
            "shared": len(pair.shared),
        }
        for pair in found.pairs
    ]
    gaps = [{"student": student, "why": why} for student, why in found.gaps]
    facts = {"unit": found.unit, "compared": found.compared, "threshold": found.threshold}
    return {**facts, "pairs": pairs, "not_compared": gaps}


def _print(found: "Similarity", file: Path) -> None:
    console = Console(highlight=False, soft_wrap=True)
    if found.pairs:
        table = Table("first", "second", "score", "shared fingerprints", title=found.unit, title_justify="left")
        for pair in found.pairs:
            names = escape(pair.first.student), escape(pair.second.student)
            table.add_row(*names, f"{pair.score:.0%}", str(len(pair.shared)))
        console.print(table)
    for student, why in found.gaps:
        console.print(f"[yellow]not compared:[/] {escape(student)}: {escape(why)}")
    alike = "1 pair is" if len(found.pairs) == 1 else f"{len(found.pairs) or 'no'} pairs are"
    console.print(
        f"{found.unit}: {found.compared} submissions, {alike} alike. This is no proof: read {escape(str(file))}"
    )
