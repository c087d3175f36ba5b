"""`yolo-course data convert`: Pascal VOC or COCO to YOLO, YOLO to COCO."""

import json
from pathlib import Path
from typing import Annotated

import typer

from yolo_course.cli.bar import bar
from yolo_course.cli.data import _print_report, app


@app.command()
def convert(
    kind: Annotated[str, typer.Argument(metavar="voc|coco|yolo", help="What SRC is. YOLO becomes COCO.")],
    src: Annotated[Path, typer.Argument(metavar="SRC", help="A VOC folder; a COCO folder or JSON; a data YAML.")],
    out: Annotated[Path, typer.Option(help="Folder to make.")],
    classes: Annotated[str | None, typer.Option(help="Classes in their order, with commas; skip all others.")] = None,
    images: Annotated[Path | None, typer.Option(help="COCO: folder of the images.")] = None,
    segments: Annotated[bool, typer.Option("--segments", help="COCO: write outlines instead of boxes.")] = False,
    origin: Annotated[int, typer.Option(help="VOC: 1 if the first pixel is (1, 1), as in the VOC sets.")] = 0,
    skip_difficult: Annotated[bool, typer.Option("--skip-difficult", help="VOC: leave out difficult objects.")] = False,
    copy: Annotated[bool, typer.Option("--copy", help="Copy the images instead of linking them.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first fault and write nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace what was converted there before.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Convert a dataset and say what had to be skipped or repaired."""
    from yolo_course import data

    names = [name.strip() for name in classes.split(",") if name.strip()] if classes else None
    chosen = {"classes": names, "images": images, "segments": segments, "origin": origin}
    chosen |= {"difficult": not skip_difficult, "copy": copy, "strict": strict, "force": force}
    with bar("converting") as progress:
        done = data.convert(kind, src, out, **chosen, progress=progress)
    if as_json:
        typer.echo(json.dumps({"entry": str(done.entry), "fresh": done.fresh, **done.report.record()}, indent=2))
        return
    _print_report(done.report)
    typer.echo(f"wrote {done.entry}" if done.fresh else f"already there, left as it was: {done.entry}")
