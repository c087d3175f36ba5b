"""`yolo-course check`: does a block keep the contract of a model YAML's rows."""

import json
import pkgutil
import sys
from contextlib import redirect_stdout
from dataclasses import asdict
from difflib import get_close_matches
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

import typer
import yaml
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from yolo_course.cli import app
from yolo_course.errors import CourseError

if TYPE_CHECKING:
    from yolo_course.models.contract.verdict import Report

_COLOURS = {"pass": "green", "fail": "bold red", "not applicable": "dim"}


@app.command()
def check(
    block: str = typer.Argument(metavar="MODULE:CLASS", help="Such as my_blocks:Edge, or yolo_course.blocks:CSPBlock."),
    arguments: list[str] = typer.Argument(None, help="What its constructor takes after the widths: 3 s=2"),
    c1: str = typer.Option("32", help="Channels in; several, such as 32,64, for a block that reads several layers."),
    c2: int = typer.Option(64, help="Channels out."),
    as_json: bool = typer.Option(False, "--json", help="Print the report as JSON."),
) -> None:
    """Check that a block can stand in a model YAML, train, be saved and exported; exit code 1 if not."""
    args, kwargs = _read(arguments or [])
    with redirect_stdout(sys.stderr), Console(stderr=True).status("checking …"):  # a block may print
        cls = _find(block)
        from yolo_course.models.check_block import check_block

        report = check_block(cls, _widths(c1), c2, *args, **kwargs)
    if as_json:
        typer.echo(
            json.dumps({"block": report.block, "ok": report.ok, "items": [*map(asdict, report.items)]}, indent=1)
        )
    else:
        _show(report)
    raise typer.Exit(0 if report.ok else 1)


def _find(block: str) -> object:
    module_name, colon, class_name = block.partition(":")
    if not (module_name and colon and class_name):
        raise CourseError("which class?", expected="module:Class", found=block, hint="yolo_course.blocks:CSPBlock")
    module = _import(module_name)
    if not hasattr(module, class_name):
        classes = [name for name, value in vars(module).items() if isinstance(value, type)]
        raise CourseError(f"{module_name} has no class {class_name}", hint=_nearest(class_name, classes))
    return getattr(module, class_name)


def _import(name: str) -> ModuleType:
    sys.path.insert(0, "")  # as `python -m` does: a module in the current folder is found
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise CourseError(f"{name} cannot be imported: {error}", hint="install what it needs") from error
        parent, _, last = error.name.rpartition(".")
        folder = getattr(sys.modules.get(parent), "__path__", [])
        known = [found.name for found in pkgutil.iter_modules(folder if parent else None)]
        near = _nearest(last, known, f"{parent}." * bool(parent))
        raise CourseError(
            f"no module is called {error.name}", hint=near or "run this where it can be imported"
        ) from error
    except Exception as error:
        raise CourseError(f"{name} cannot be imported: {type(error).__name__}: {error}") from error


def _nearest(name: str, known: list[str], prefix: str = "") -> str | None:
    near = get_close_matches(name, known, n=1)
    return f"did you mean {prefix}{near[0]}?" if near else None


def _read(arguments: list[str]) -> tuple[list, dict]:
    """Arguments as a YAML row would give them, those with a name by name."""
    args, kwargs = [], {}
    for text in arguments:
        name, equals, value = text.partition("=")
        try:
            if equals:
                kwargs[name] = yaml.safe_load(value)
            else:
                args.append(yaml.safe_load(text))
        except yaml.YAMLError as error:
            raise CourseError(
                "an argument cannot be read", expected="3, true, text or name=value", found=text
            ) from error
    return args, kwargs


def _widths(text: str) -> int | list[int]:
    try:
        widths = [int(part) for part in text.split(",")]
    except ValueError as error:
        raise CourseError("c1 is not a width", expected="32, or 32,64", found=text, where="--c1") from error
    return widths if len(widths) > 1 else widths[0]


def _show(report: "Report") -> None:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("status", "what", "found"):
        table.add_column(column, overflow="fold")
    for item in report.items:
        colour = _COLOURS[item.status]
        table.add_row(f"[{colour}]{item.status}[/]", item.name, escape(item.reason))
    console = Console(highlight=False)
    console.print(table)
    count = [sum(item.status == status for item in report.items) for status in _COLOURS]
    seconds = sum(item.seconds for item in report.items)
    console.print(
        f"{escape(report.block)}: {count[0]} passed, {count[1]} failed, {count[2]} not applicable, {seconds:.1f} s"
    )
