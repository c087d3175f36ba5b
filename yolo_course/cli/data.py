"""`yolo-course data`: make, check and show datasets."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from yolo_course.cli import app as root
from yolo_course.cli.bar import bar

if TYPE_CHECKING:
    from yolo_course.data import Report

app = typer.Typer(help="Make, get, convert, divide, check and show datasets.", no_args_is_help=True)
root.add_typer(app, name="data")

SHOWN = 40  # findings in the table; --json has them all


@app.command()
def make(
    name: Annotated[str, typer.Argument(help="shapes, digits or digit-crops.")],
    out: Annotated[Path | None, typer.Option(help="Folder of the dataset; datasets/NAME without it.")] = None,
    images: Annotated[int | None, typer.Option(help="How many images, all splits together.")] = None,
    size: Annotated[int | None, typer.Option(help="Side of the square images, in pixels.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 0,
    force: Annotated[bool, typer.Option("--force", help="Replace a dataset made with other values.")] = False,
) -> None:
    """Make a dataset; nothing is downloaded."""
    from yolo_course import data

    calls = 0
    with bar(f"making {name}") as progress:

        def count(done: int, total: int) -> None:
            nonlocal calls
            calls = done
            progress(done, total)

        entry = data.make(name, out, images, size, seed, count, force=force)
    typer.echo(f"made {entry}" if calls else f"already there, reused: {entry}")


@app.command()
def check(
    data_yaml: Annotated[Path, typer.Argument(metavar="DATA.yaml", help="Data YAML of a detection dataset.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    html: Annotated[Path | None, typer.Option(help="Page to write, with pictures of what was found.")] = None,
    imgsz: Annotated[int, typer.Option(help="Pixels of the longer side to train with.")] = 640,
    stride: Annotated[int, typer.Option(help="Pixels a cell of the detector's finest grid.")] = 8,
) -> None:
    """Find what is wrong with a dataset; exit code 1 if something is."""
    from yolo_course import data

    with bar("checking") as progress:
        report = data.check(data_yaml, progress, imgsz=imgsz, stride=stride)
    if html:
        data.write_page(report, data_yaml, html)
    if as_json:
        typer.echo(json.dumps(report.record(), indent=2))
    else:
        _print_report(report)
        if html:
            typer.echo(f"wrote {html}")
    raise typer.Exit(0 if report.ok else 1)


@app.command()
def show(
    data_yaml: Annotated[Path, typer.Argument(metavar="DATA.yaml", help="Data YAML of a detection dataset.")],
    out: Annotated[Path, typer.Option(help="Picture to write.")] = Path("sheet.png"),
    split: Annotated[str, typer.Option(help="train, val or test.")] = "val",
    count: Annotated[int, typer.Option(help="How many images.")] = 16,
    seed: Annotated[int, typer.Option(help="Chooses the images.")] = 0,
) -> None:
    """Write a contact sheet of labelled images."""
    import numpy as np

    from yolo_course import data
    from yolo_course.errors import DataError
    from yolo_course.visual.images import contact_sheet

    if count < 1 or seed < 0:
        raise DataError("out of range", expected="--count 1 or more, --seed 0 or more", found=f"{count} and {seed}")
    dataset = data.load(data_yaml)
    images = dataset.images(split)
    chosen = sorted(np.random.default_rng(seed).permutation(len(images))[:count].tolist())
    pictures = [data.read_labelled(dataset, images[index]) for index in chosen]
    figure = contact_sheet(pictures, dataset.names, [images[index].name for index in chosen])
    try:
        figure.savefig(out, dpi=150)
    except (OSError, ValueError) as error:
        raise DataError("can't write the picture", found=str(error), where=out) from error
    typer.echo(f"wrote {out}")


def _print_report(report: "Report") -> None:
    console = Console(highlight=False)
    table = Table("split", "images", "empty", "boxes", "by class")
    for split, count in report.counts.items():
        classes = escape(", ".join(f"{name} {boxes}" for name, boxes in count.boxes.items()))
        table.add_row(split, str(count.images), str(count.empty), str(sum(count.boxes.values())), classes)
    console.print(table)
    if not report.findings:
        console.print("[green]nothing found[/]")
        return
    table = Table("severity", "kind", "what", Column("where", overflow="fold"))
    for finding in report.findings[:SHOWN]:
        colour = "red" if finding.severity == "error" else "yellow"
        table.add_row(f"[{colour}]{finding.severity}[/]", finding.kind, escape(finding.message), escape(finding.where))
    console.print(table)
    errors = sum(finding.severity == "error" for finding in report.findings)
    rest = len(report.findings) - SHOWN
    more = f" ({rest} not shown, --json has them all)" if rest > 0 else ""
    console.print(f"{errors} errors, {len(report.findings) - errors} warnings{more}")
    kinds = Counter(finding.kind for finding in report.findings)
    console.print(", ".join(f"{count} {kind}" for kind, count in kinds.items()))


from yolo_course.cli import data_convert as _convert  # noqa: E402, F401
from yolo_course.cli import data_get as _get  # noqa: E402, F401
from yolo_course.cli import data_split as _split  # noqa: E402, F401
from yolo_course.cli import data_stats as _stats  # noqa: E402, F401
