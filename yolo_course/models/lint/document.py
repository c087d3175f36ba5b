"""A model YAML as plain values that know their lines.

The values are those that `yaml.safe_load` gives; only plain data comes out, whatever the tags say. Read from the stream
of events, so that a file made to be huge, deep or endless is refused before it has become anything.
"""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from yolo_course.errors import ModelError

MAX_BYTES = 256 * 1024
MAX_VALUES = 20_000
MAX_DEPTH = 16
Place = tuple[str | int, ...]

_PLAIN = {f"tag:yaml.org,2002:{kind}" for kind in ("null", "bool", "int", "float", "str", "seq", "map")}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Document:
    """What a YAML says, and where.

    Args:
        value: The file's content.
        lines: Line of each value by its place: `("head", 3)` is the fourth row of the head.
        twice: Keys that their mapping holds more than once, with the line of the later one.
    """

    value: object = None
    lines: dict[Place, int] = field(default_factory=dict)
    twice: list[tuple[str, int]] = field(default_factory=list)

    def line(self, *place: str | int) -> int:
        """The line of a place, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_text(path: Path) -> str:
    """The file's text.

    Raises:
        ModelError: If it cannot be read, or cannot be a model YAML.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ModelError("the file cannot be read", found=error.strerror, where=path) from error
    if len(data) > MAX_BYTES:
        raise ModelError("too big for a model YAML", expected=f"at most {MAX_BYTES // 1024} kB", where=path)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ModelError("not a text file", expected="UTF-8", found=str(error), where=f"{path}:{line}") from error


def parse(text: str) -> Document:
    """Read a YAML.

    Raises:
        yaml.MarkedYAMLError: If it is not one.
        ModelError: If it is too large or too deep for a model.
    """
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str):
        self.events = yaml.parse(text, Loader=_LOADER)
        self.scalars = yaml.SafeLoader("")
        self.document = Document()
        self.anchors: dict[str, tuple[object, int]] = {}
        self.count = 0

    def read(self) -> Document:
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if self.document.lines:
                    raise _error("a second document starts here", event)
                self.document.value = self._value(next(self.events), ())
        return self.document

    def _value(self, event: yaml.Event, place: Place) -> object:
        before = self.count
        self._count(1, event)
        self.document.lines.setdefault(place, event.start_mark.line + 1)
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise _error(f"nothing before this is called &{event.anchor}", event)
            value, size = self.anchors[event.anchor]
            self._count(size, event)
            return value
        if len(place) > MAX_DEPTH:
            raise ModelError("nested too deep for a model YAML", where=f"line {event.start_mark.line + 1}")
        if isinstance(event, yaml.SequenceStartEvent):
            value = self._sequence(place)
        elif isinstance(event, yaml.MappingStartEvent):
            value = self._mapping(place)
        else:
            value = self._scalar(event)
        if event.tag and event.tag not in _PLAIN and event.tag != "!":
            raise _error(f"a model YAML holds plain values, not {event.tag}", event)
        if event.anchor:
            self.anchors[event.anchor] = value, self.count - before
        return value

    def _sequence(self, place: Place) -> list:
        items = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*place, len(items))))
        return items

    def _mapping(self, place: Place) -> dict:
        pairs, merged = {}, {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise _error("a key must be a name", event)
            key = self._scalar(event)
            if key in pairs:
                self.document.twice.append((str(key), event.start_mark.line + 1))
            self.document.lines[*place, key] = event.start_mark.line + 1
            value = self._value(next(self.events), (*place, key))
            if key == "<<" and isinstance(value, dict):
                merged |= value
            else:
                pairs[key] = value
        return merged | pairs

    def _scalar(self, event: yaml.ScalarEvent) -> object:
        tag = event.tag or self.scalars.resolve(yaml.ScalarNode, event.value, event.implicit)
        if tag not in _PLAIN:  # a date, say; Ultralytics has no use for one
            return event.value
        try:
            return self.scalars.construct_object(yaml.ScalarNode(tag, event.value))
        except ValueError as error:  # an integer of thousands of digits, `!!int "a"`
            raise _error(f"not a number: {error}", event) from error

    def _count(self, values: int, event: yaml.Event) -> None:
        self.count += values
        if self.count > MAX_VALUES:
            raise ModelError(
                "too much for a model YAML",
                expected=f"at most {MAX_VALUES} values, aliases written out",
                where=f"line {event.start_mark.line + 1}",
            )


def _error(problem: str, event: yaml.Event) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
