"""`yolo-course data get`: a public dataset, by its descriptor."""

from pathlib import Path
from typing import Annotated

import typer

from yolo_course.cli.bar import bar
from yolo_course.cli.data import app


@app.command()
def get(
    name: Annotated[str, typer.Argument(help="Name of a descriptor in datasets/, coco8 for instance.")],
    out: Annotated[Path | None, typer.Option(help="Folder of the dataset; datasets/NAME without it.")] = None,
    archive: Annotated[Path | None, typer.Option(help="Its archive, if you fetched it by other means.")] = None,
    unverified: Annotated[bool, typer.Option("--unverified", help="Take it although no checksum is known.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace what was fetched there before.")] = False,
) -> None:
    """Get a public dataset from the net: resumed, compared with its checksum, unpacked safely."""
    from yolo_course import data

    with bar(f"getting {name}") as progress:
        entry = data.get(name, out, archive=archive, unverified=unverified, force=force, progress=progress)
    typer.echo(f"ready: {entry}")
    if (findings := entry.with_name("findings.txt")).exists():
        typer.echo(f"what was skipped or repaired: {findings}")
