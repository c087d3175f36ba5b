"""Ultralytics without its log and its progress bars, for as long as a block lasts."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO

from ultralytics.utils import LOGGER


@contextmanager
def quiet(level: int = logging.ERROR) -> Iterator[None]:
    """Show only messages from `level` up, and nothing of what is printed: some progress bars heed no level."""
    before = LOGGER.level
    LOGGER.setLevel(level)
    try:
        with redirect_stdout(StringIO()):
            yield
    finally:
        LOGGER.setLevel(before)
