"""`yolo-course data split` and `kfold`: lists of images instead of copies."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from yolo_course.cli.data import app
from yolo_course.errors import DataError

if TYPE_CHECKING:
    from yolo_course.data import Division

_YAML = Annotated[Path, typer.Argument(metavar="DATA.yaml", help="Data YAML of a detection dataset.")]
_BY = Annotated[str, typer.Option(help="class, or group: images of one group stay together.")]
_GROUP = Annotated[
    str | None,
    typer.Option(help="Expression for a file's stem; its first (…) is the group. Else: without last number."),
]
_SEED = Annotated[int, typer.Option(help="Seed of everything random.")]
_OUT = Annotated[Path | None, typer.Option(help="Folder to make; without it, beside DATA.yaml.")]
_FORCE = Annotated[bool, typer.Option("--force", help="Replace a division made there before.")]
_JSON = Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")]


@app.command()
def split(
    data_yaml: _YAML,
    ratios: Annotated[
        str, typer.Option(help="Shares of train, val and test; two leave test as it is.")
    ] = "0.8,0.1,0.1",
    by: _BY = "class",
    group: _GROUP = None,
    seed: _SEED = 0,
    out: _OUT = None,
    force: _FORCE = False,
    as_json: _JSON = False,
) -> None:
    """Divide a dataset anew, every class in its share, by lists of images and a data YAML."""
    from yolo_course import data

    try:
        shares = [float(share) for share in ratios.split(",")]
    except ValueError:
        raise DataError("ratios must be numbers", expected="0.8,0.1,0.1", found=ratios, where="--ratios") from None
    _tell([data.split(data_yaml, shares, by=by, group=group, seed=seed, out=out, force=force)], as_json)


@app.command()
def kfold(
    data_yaml: _YAML,
    folds: Annotated[int, typer.Option("--folds", "-k", help="How many.")] = 5,
    by: _BY = "class",
    group: _GROUP = None,
    seed: _SEED = 0,
    out: _OUT = None,
    force: _FORCE = False,
    as_json: _JSON = False,
) -> None:
    """Divide train and val into folds, each the val split of one data YAML."""
    from yolo_course import data

    _tell(data.kfold(data_yaml, folds, by=by, group=group, seed=seed, out=out, force=force), as_json)


def _tell(divisions: "Iterable[Division]", as_json: bool) -> None:
    if as_json:
        record = [{"yaml": str(d.yaml), "counts": {s: asdict(c) for s, c in d.counts.items()}} for d in divisions]
        typer.echo(json.dumps(record, indent=2))
        return
    table = Table("data YAML", "split", "images", "empty", "boxes by class")
    for division in divisions:
        for number, (name, count) in enumerate(division.counts.items()):
            classes = escape(", ".join(f"{cls} {boxes}" for cls, boxes in count.boxes.items()))
            file = escape(division.yaml.name) if number == 0 else ""
            table.add_row(file, name, str(count.images), str(count.empty), classes)
    Console(highlight=False).print(table)
    for division in divisions:
        typer.echo(f"wrote {division.yaml}")
