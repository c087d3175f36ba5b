"""The table of layers that Ultralytics prints while it builds, with our modules in it and without our helper rows."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn
from ultralytics.utils import LOGGER


def log_line(layer: nn.Module, n: int, args: list) -> str:
    """One line of the table, in the parser's own format."""
    return f"{layer.i:>3}{layer.f!s:>20}{n:>3}{layer.np:10.0f}  {layer.type:<45}{args!s:<30}"


@contextmanager
def build_log(rows: int) -> Iterator[dict[int, str]]:
    """Hold the parser's lines back until the block ends; then print the first `rows` of them, ours put in by number."""
    held: list[logging.LogRecord] = []
    lines: dict[int, str] = {}

    def hold(record: logging.LogRecord) -> bool:
        if record.funcName == "parse_model":
            held.append(record)
        return record.funcName != "parse_model"

    LOGGER.addFilter(hold)
    try:
        yield lines
    finally:
        LOGGER.removeFilter(hold)
    for record in held:
        first = record.getMessage()[:3].strip()
        row = int(first) if first.isdigit() else None
        if row is None or row < rows:
            record.msg = lines.get(row, record.msg)
            LOGGER.handle(record)
