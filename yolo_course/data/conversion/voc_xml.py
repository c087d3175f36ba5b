"""One Pascal VOC XML file, taken apart."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import NamedTuple

from yolo_course.errors import DataError

# How nearly all files begin. Where a declaration can't hide behind another encoding, the parser need not be watched,
# which takes a fifth of its time.
_SAFE = re.compile(
    rb"""\s*(<\?xml\s+version=["']1\.\d["']\s*(encoding=["'](?i:utf-8|us-ascii)["']\s*)?\?>\s*)?<annotation"""
)


class VocObject(NamedTuple):
    """One `<object>`.

    Args:
        name: Its class; empty if it has none.
        box: xmin ymin xmax ymax as they are written, or None if one of them is missing or no number.
        difficult: Whether it is marked so.
    """

    name: str
    box: tuple[float, float, float, float] | None
    difficult: bool


class VocFile(NamedTuple):
    """One annotation file.

    Args:
        filename: The picture's name as it is written; may be empty.
        size: Width and height as they are written, or None if one is missing or not positive.
        objects: In the order of the file.
    """

    filename: str
    size: tuple[int, int] | None
    objects: tuple[VocObject, ...]


def parse_voc(raw: bytes, file: Path) -> VocFile:
    """Take one file apart.

    A document type declaration is refused: annotation tools write none, and the entities in one can blow up or reach
    for other files.

    Raises:
        DataError: It is no XML, has a document type declaration, or is no `<annotation>`.
    """
    try:
        root = ET.fromstring(raw) if _SAFE.match(raw) and b"<!" not in raw else ET.fromstring(raw, _careful())
    except (ET.ParseError, ValueError, LookupError) as error:
        raise DataError("broken XML", found=error, where=file) from error
    if root.tag != "annotation":
        raise DataError("no Pascal VOC file", expected="<annotation>", found=f"<{root.tag}>", where=file)
    filename = (root.findtext("filename") or "").strip()
    return VocFile(filename, _size(root.find("size")), tuple([_object(each) for each in root if each.tag == "object"]))


def line_of(raw: bytes, number: int) -> int | None:
    """Return the line of the n-th `<object>`, counted from 0; the parser doesn't tell."""
    place = -1
    for _ in range(number + 1):
        place = raw.find(b"<object", place + 1)
        if place < 0:
            return None
    return raw.count(b"\n", 0, place) + 1


def _careful() -> ET.XMLParser:
    return ET.XMLParser(target=_NoDoctype())


class _NoDoctype(ET.TreeBuilder):
    def doctype(self, *_: object) -> None:
        raise ValueError("a document type declaration")


def _object(element: ET.Element) -> VocObject:
    box = element.find("bndbox")
    sides = {} if box is None else {side.tag: side.text for side in box}
    try:
        corners = float(sides["xmin"]), float(sides["ymin"]), float(sides["xmax"]), float(sides["ymax"])
    except (KeyError, TypeError, ValueError):
        corners = None
    return VocObject((element.findtext("name") or "").strip(), corners, element.findtext("difficult") == "1")


def _size(element: ET.Element | None) -> tuple[int, int] | None:
    if element is None:
        return None
    width, height = _number(element.findtext("width")), _number(element.findtext("height"))
    if not width or not height or not 1 <= min(width, height) <= max(width, height) < float("inf"):
        return None
    return int(width), int(height)


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None
