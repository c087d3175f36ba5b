"""A bar for long work: on stderr, gone at its end, and not there at all where nobody watches."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


class Advance(Protocol):
    """Moves a bar, and renames it if there is a new title."""

    def __call__(self, done: int, total: int | None = None, title: str = "") -> None: ...


@contextmanager
def bar(title: str, console: Console | None = None) -> Iterator[Advance]:
    """Show a bar while the block runs.

    Args:
        title: What is done.
        console: Where; stderr without it.

    Yields:
        What moves it.
    """
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    console = console or Console(stderr=True)
    with Progress(
        *columns,
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task(escape(title), total=None)

        def advance(done: int, total: int | None = None, title: str = "") -> None:
            progress.update(task, completed=done, total=total, description=escape(title) if title else None)

        yield advance
