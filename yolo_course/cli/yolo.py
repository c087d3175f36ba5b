"""`yolo-course yolo`: Ultralytics' own command line, with registered modules in it."""

import sys
from importlib import import_module

import typer

from yolo_course.cli import app
from yolo_course.errors import CourseError


@app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "allow_interspersed_args": False},
)
def yolo(
    context: typer.Context,
    modules: list[str] = typer.Option(
        [], "--import", metavar="MODULE", help="Import a module that registers its own blocks; may be repeated."
    ),
) -> None:
    """Run Ultralytics' yolo command with the course's blocks, and your own, known to model YAMLs."""
    sys.argv[:] = ["yolo", *context.args]  # in place: Ultralytics keeps this very list from its first import on
    sys.path.insert(0, "")  # as `python -m` does: a module in the current folder is found
    for module in ["yolo_course.blocks", *modules]:
        try:
            import_module(module)
        except ModuleNotFoundError as error:
            raise CourseError(
                f"no module is called {error.name}",
                where=f"--import {module}",
                hint="run this where it can be imported",
            ) from error

    from ultralytics.cfg import entrypoint

    entrypoint()
