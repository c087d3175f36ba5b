"""The report of `check` as one HTML file: what was found, what to do about it, and pictures that show it.

It needs nothing else: pictures are inline, boxes are drawn by the browser (SVG), and there is no script.
"""

import base64
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np

from yolo_course.data.checking.by_image import by_image
from yolo_course.data.checking.report_text import ADVICE, STYLE
from yolo_course.data.dataset import Dataset, survey
from yolo_course.data.findings import Finding, Report
from yolo_course.data.pictures import read_image
from yolo_course.data.sound_labels import sound_labels
from yolo_course.errors import DataError

SIDE, QUALITY = 360, 80  # pixels of a picture's longer side, and of JPEG
PICTURES, LINES = 6, 200  # shown of each kind


def write_page(report: Report, data_yaml: str | Path, out: str | Path, pictures: int = PICTURES) -> Path:
    """Write the report as an HTML page.

    Args:
        report: What `check` found.
        data_yaml: The dataset's data YAML.
        out: The file.
        pictures: How many of each kind are shown.

    Returns:
        The file.

    Raises:
        DataError: The data YAML or the file can't be read or written.
    """
    out = Path(out).expanduser()
    text = page(report, survey(data_yaml)[0], pictures)
    spare = out.with_name(f".{out.name}.part")
    try:
        spare.write_text(text, encoding="utf-8")
        spare.replace(out)
    except OSError as error:
        spare.unlink(missing_ok=True)
        raise DataError("can't write the report", found=error.strerror, where=out) from error
    return out


def page(report: Report, dataset: Dataset, pictures: int = PICTURES) -> str:
    """The report as the text of an HTML page; files are named relative to the data YAML's folder."""
    file = dataset.yaml.resolve()
    title = escape(f"{file.parent.name}/{file.name}: {_many(len(report.findings))}")
    parts = [f"<h1>{title}</h1>", _counts(report)]
    if not report.findings:
        parts.append("<p>Nothing was found.</p>")
    about = {finding: image for image, found in by_image(dataset, report.findings).items() for finding in found}
    for kind, group in groupby(report.findings, key=lambda finding: (finding.severity, finding.kind)):
        parts += _section(*kind, list(group), dataset, about, pictures)
    head = f'<meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def _counts(report: Report) -> str:
    rows = []
    for split, count in report.counts.items():
        classes = ", ".join(f"{name} {boxes}" for name, boxes in count.boxes.items())
        cells = split, count.images, count.empty, sum(count.boxes.values()), classes
        rows.append("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>")
    head = "<tr><th>split</th><th>images</th><th>empty</th><th>boxes</th><th>by class</th></tr>"
    return f"<table>{head}{''.join(rows)}</table>"


def _section(
    severity: str, kind: str, findings: list[Finding], dataset: Dataset, about: dict[Finding, Path], pictures: int
) -> Iterator[str]:
    yield f'<section class="{severity}"><h2>{kind} <small>{severity}, {_many(len(findings))}</small></h2>'
    yield f"<p>{escape(ADVICE.get(kind, ''))}</p>"
    figures = [
        f"<figure>{''.join(shown)}<figcaption>{_told(finding, dataset)}</figcaption></figure>"
        for finding in [finding for finding in findings if finding in about][:pictures]
        if (
            shown := list(
                filter(None, (_picture(dataset, image, finding) for image in (about[finding], finding.other)))
            )
        )
    ]
    yield f'<div class="pictures">{"".join(figures)}</div>'
    yield f"<details{'' if figures else ' open'}><summary>all of them</summary><ol>"
    yield from (f"<li>{_told(finding, dataset)}</li>" for finding in findings[:LINES])
    yield "</ol>" + (f"<p>and {len(findings) - LINES} more</p>" if len(findings) > LINES else "")
    yield "</details></section>"


def _many(count: int) -> str:
    return f"{count} finding" + "s" * (count != 1)


def _told(finding: Finding, dataset: Dataset) -> str:
    """Place and message; paths lose what the place of the dataset adds to them."""
    home = f"{dataset.yaml.parent.resolve()}/"
    return f"<code>{escape(finding.where.replace(home, ''))}</code> {escape(finding.message.replace(home, ''))}"


def _picture(dataset: Dataset, image: Path | None, finding: Finding) -> str:
    """A picture with its boxes, the one that the finding is about marked; nothing if it can't be read."""
    try:
        pixels = read_image(image) if image else None
    except DataError:
        return ""
    if pixels is None or not pixels.size:
        return ""
    lines, rows, _ = sound_labels(dataset, image)
    height, width = pixels.shape[:2]
    marked = finding.line if dataset.label_of(image) == finding.file else None
    boxes = [
        _box(row, dataset.names, (height, width), number == marked) for number, row in zip(lines, rows, strict=True)
    ]
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(image.name)}">'
        f'<image width="{width}" height="{height}" href="{_inline(pixels)}"/>{"".join(boxes)}</svg>'
    )


def _box(row: np.ndarray, names: dict[int, str], size: tuple[int, int], marked: bool) -> str:
    (x, y, w, h), (height, width) = row[1:].tolist(), size
    place = f'x="{(x - w / 2) * width:.1f}" y="{(y - h / 2) * height:.1f}"'
    sides = f'width="{w * width:.1f}" height="{h * height:.1f}"'
    name = escape(names.get(int(row[0]), "?"))
    return f"<rect {place} {sides}{' class=marked' if marked else ''}><title>{name}</title></rect>"


def _inline(pixels: np.ndarray) -> str:
    """A data URL of a small JPEG. Shape: (h, w, 3) uint8 RGB."""
    scale = min(1.0, SIDE / max(pixels.shape[:2]))
    shape = tuple(max(1, round(side * scale)) for side in pixels.shape[1::-1])
    small = cv2.cvtColor(cv2.resize(pixels, shape, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2BGR)
    coded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1]
    return f"data:image/jpeg;base64,{base64.b64encode(coded.tobytes()).decode()}"
