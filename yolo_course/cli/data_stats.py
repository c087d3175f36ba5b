"""`yolo-course data stats`: what a split is made of, as a picture and a table."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from yolo_course.cli.bar import bar
from yolo_course.cli.data import app

if TYPE_CHECKING:
    from yolo_course.data import Statistics


@app.command()
def stats(
    data_yaml: Annotated[Path, typer.Argument(metavar="DATA.yaml", help="Data YAML of a detection dataset.")],
    out: Annotated[Path | None, typer.Option(help="Picture to write.")] = None,
    split: Annotated[str, typer.Option(help="train, val or test.")] = "train",
    imgsz: Annotated[int, typer.Option(help="Pixels of the longer side at which boxes are measured.")] = 640,
    as_json: Annotated[bool, typer.Option("--json", help="Print the numbers as JSON.")] = False,
) -> None:
    """Say what a split is made of: classes, sizes, shapes, places, objects per image."""
    from yolo_course import data
    from yolo_course.errors import DataError

    if imgsz < 1:
        raise DataError("out of range", expected="--imgsz 1 or more", found=imgsz)
    with bar("measuring") as progress:
        found = data.stats(data_yaml, split, progress)
    if out:
        from yolo_course.visual.dataset_stats import dataset_stats

        try:
            dataset_stats(found, imgsz).savefig(out, dpi=130)
        except (OSError, ValueError) as error:
            raise DataError("can't write the picture", found=str(error), where=out) from error
    if as_json:
        typer.echo(json.dumps(found.record(imgsz), indent=2))
    else:
        _print(found, imgsz)
        if out:
            typer.echo(f"wrote {out}")


def _print(found: "Statistics", imgsz: int) -> None:
    record = found.record(imgsz)
    console = Console(highlight=False)
    columns = "class", "boxes", "images", f"side at {imgsz} px", "width : height", "small", "medium", "large"
    table = Table(*columns)
    for each in record["classes"]:
        ranges = (_range(each["pixels"], 0), _range(each["aspect"], 2))
        counts = (str(each[name]) for name in ("small", "medium", "large"))
        table.add_row(escape(each["name"]), str(each["boxes"]), str(each["images"]), *ranges, *counts)
    console.print(table)
    sizes = record["sizes"]
    least, most = ("{1} × {0}".format(*size) for size in (sizes[0], sizes[-1]))
    console.print(
        f"{record['split']}: {record['images']} images of {least if len(sizes) == 1 else f'{least} to {most}'} pixels, "
        f"{record['empty']} of them empty; {record['boxes']} boxes, "
        "{least:.0f} to {most:.0f} an image, {median:g} in the median".format(**record["per_image"])
    )
    if record["left_out"]:
        console.print(f"[yellow]{record['left_out']} lines hold no sound box and were left out; see `data check`[/]")


def _range(values: list[float], digits: int) -> str:
    """Least, median and most of a class; a class may have no box."""
    return " … ".join(f"{value:.{digits}f}" for value in values)
