"""The rows of a model YAML, and what is wrong with one, in words that name it."""

import difflib
import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from yolo_course.errors import ModelError

SHAPE = "[from, repeats, module, arguments]"


@dataclass(frozen=True)
class YamlRow:
    """One row as it is written.

    Args:
        number: Its place, counted from 0 through backbone and head, as in the table that Ultralytics prints.
        source: `from`: the layer or layers it reads.
        repeats: Before the model's depth scales it.
        name: Its module.
        args: Its arguments; Ultralytics' parser resolves names such as `nc` in this very list.
        file: The YAML, where there is one.
    """

    number: int
    source: int | list[int]
    repeats: int
    name: str
    args: list
    file: str = ""

    @property
    def sources(self) -> list[int]:
        return self.source if isinstance(self.source, list) else [self.source]

    @property
    def inputs(self) -> list[int]:
        """Numbers of the layers it reads, counted from the first; -1 is the image.

        Raises:
            ModelError: If one of them does not come before this row.
        """
        layers = [x + self.number if x < 0 else x for x in self.sources]
        if self.sources == [-1] or all(0 <= layer < self.number for layer in layers):
            return layers
        raise self.error(
            "it reads a layer that does not come before it",
            expected=f"0 to {self.number - 1}, or counted back from here -1 to -{self.number}",
            found=self.source,
            hint="count rows from 0, backbone and head together",
        )

    def error(self, message: str, **told: object) -> ModelError:
        """A `ModelError` that says which row of which file it is about."""
        file = f"{Path(self.file).name}, " if self.file else ""
        return ModelError(message, where=f"{file}row {self.number} ({self.name})", **told)


def rows_of(d: dict) -> list[YamlRow]:
    """The rows of a parsed YAML; their argument lists are copies.

    Raises:
        ModelError: If a part is missing or a row is not of four.
    """
    file = str(d.get("yaml_file", ""))
    for part in ("backbone", "head"):
        if not isinstance(d.get(part), list):
            raise ModelError(f"the model has no {part}", expected=f"a list of rows {SHAPE}", where=file or None)
    rows = [*d["backbone"], *d["head"]]
    for i, row in enumerate(rows):
        if not (
            isinstance(row, list | tuple) and len(row) == 4 and isinstance(row[2], str) and isinstance(row[3], list)
        ):
            raise YamlRow(i, -1, 1, "?", [], file).error("the row is malformed", expected=SHAPE, found=row)
    return [YamlRow(i, source, n, name, list(args), file) for i, (source, n, name, args) in enumerate(rows)]


@contextmanager
def in_words(rows: list[YamlRow], known: Callable[[], Iterable[str]]) -> Iterator[None]:
    """Turn what Ultralytics' parser raises into a `ModelError` that names the row.

    Args:
        rows: The YAML's rows.
        known: Gives the names of all modules there are, to suggest one of.

    Raises:
        ModelError: Whenever the block raises anything.
    """
    try:
        yield
    except ModelError:
        raise
    except Exception as error:
        at = _parser_locals(error)
        row = next((row for row in rows if row.args is at.get("args") or row.number == at.get("i")), None)
        if row is None:
            raise ModelError(f"the model cannot be built: {_words(error)}") from error
        raise _explain(row, error, at, known()) from error


def constructor_error(row: YamlRow, module: type, args: list, error: Exception) -> ModelError:
    """What to say when `module(*args)` raises."""
    return row.error(
        f"{module.__name__} cannot be built: {_words(error)}",
        expected=f"{module.__name__}{_signature(module)}",
        found=f"{module.__name__}{tuple(args)}",
        hint="compare the row's arguments with the constructor's",
    )


def _explain(row: YamlRow, error: Exception, at: dict, known: Iterable[str]) -> ModelError:
    module = at.get("m")
    if isinstance(module, str):  # the parser has not found the class yet
        near = difflib.get_close_matches(row.name, known, n=1)
        return row.error(
            "no module has this name",
            expected=near[0] if near else None,
            hint="check the spelling, or import the package that registers it with @register",
        )
    _ = row.inputs  # raises where the row reads a layer that is not there
    if isinstance(module, type) and module.__name__ == row.name.rpartition(".")[2]:  # not a stand-in
        return constructor_error(row, module, at["args"], error)
    return row.error(_words(error), found=row.args)


def _parser_locals(error: Exception) -> dict:
    """Local variables of the parser's frame that was open when it failed: row number, module, arguments."""
    found, traceback = {}, error.__traceback__
    while traceback:
        frame, traceback = traceback.tb_frame, traceback.tb_next
        if frame.f_code.co_name == "parse_model" and "args" in frame.f_locals:
            found = frame.f_locals
    return found


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _signature(module: type) -> str:
    parameters = inspect.signature(module).parameters.values()
    return str(inspect.Signature([p.replace(annotation=p.empty) for p in parameters]))
