"""`yolo-course`, the command line: one file a command, each importing what it needs when it runs."""

import sys

import typer
from rich.console import Console

from yolo_course import __version__
from yolo_course.errors import CourseError

app = typer.Typer(
    name="yolo-course",
    help="Learn to build, register, train and debug custom YOLO models.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def _version(version: bool = typer.Option(False, "--version", help="Print the version and stop.")) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


def main() -> None:
    """Run the command line; a `CourseError` becomes one line on stderr and exit code 2."""
    import yolo_course.grading.lean  # noqa: F401

    try:
        app()
    except CourseError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"[bold red]error:[/] {_plain(error)}")
        sys.exit(2)


def _plain(error: CourseError) -> str:
    return " ".join(str(error).split()).replace("[", r"\[")


from yolo_course.cli import build as _build  # noqa: E402, F401
from yolo_course.cli import check as _check  # noqa: E402, F401
from yolo_course.cli import course as _course  # noqa: E402, F401
from yolo_course.cli import data as _data  # noqa: E402, F401
from yolo_course.cli import doctor as _doctor  # noqa: E402, F401
from yolo_course.cli import grade as _grade  # noqa: E402, F401
from yolo_course.cli import lab as _lab  # noqa: E402, F401
from yolo_course.cli import lint as _lint  # noqa: E402, F401
from yolo_course.cli import mutants as _mutants  # noqa: E402, F401
from yolo_course.cli import similar as _similar  # noqa: E402, F401
from yolo_course.cli import yolo as _yolo  # noqa: E402, F401
