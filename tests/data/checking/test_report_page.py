"""The HTML report, read back with an HTML parser."""

import base64
import io

import cv2
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from yolo_course import data
from yolo_course.data.checking.report_page import page
from yolo_course.data.checking.report_text import ADVICE
from yolo_course.errors import DataError


@pytest.fixture
def spoilt(copy):
    root = copy.parent
    copy.write_text(copy.read_text().replace("circle", "<script>alert(1)</script> & co"))
    (root / "labels/train/00003.txt").write_text("0 0.5 0.25 0.5 0.25\n0 0.51 0.25 0.5 0.25\n")
    (root / "labels/train/00004.txt").write_text("nonsense\n")
    (root / "images/train/00005.jpg").write_text("no picture")
    picture = cv2.imread(str(root / "images/train/00006.jpg"))
    cv2.imwrite(str(root / "images/val/twin.png"), cv2.resize(picture, (96, 96)))
    (root / "labels/val/twin.txt").write_text((root / "labels/train/00006.txt").read_text())
    return copy


def test_the_page_shows_what_was_found(spoilt, tmp_path):
    report = data.check(spoilt)
    out = data.write_page(report, spoilt, tmp_path / "report.html")
    text = out.read_text(encoding="utf-8")
    soup = BeautifulSoup(text, "html.parser")
    sections = {section.h2.contents[0].strip(): section for section in soup.find_all("section")}
    assert sections.keys() == {finding.kind for finding in report.findings}
    assert {"overlap", "malformed-label", "unreadable-image", "near-duplicate"} <= sections.keys()
    for kind, section in sections.items():
        found = [finding for finding in report.findings if finding.kind == kind]
        assert len(section.find_all("li")) == len(found)
        assert section["class"] == [found[0].severity]
        assert ADVICE[kind] in section.get_text()
        assert section.find("svg") or kind == "unreadable-image"

    boxes = sections["overlap"].svg.find_all("rect")
    assert [box.get("class") for box in boxes] == [None, ["marked"]]
    assert [float(boxes[1][key]) for key in ("x", "y", "width", "height")] == pytest.approx(
        [16.64, 8, 32, 16], abs=0.06
    )
    assert len(sections["near-duplicate"].find_all("svg")) == 2
    shown = sections["overlap"].image["href"].removeprefix("data:image/jpeg;base64,")
    assert Image.open(io.BytesIO(base64.b64decode(shown))).size == (64, 64)
    assert [path.name for path in tmp_path.glob("*report*")] == ["report.html"]


def test_it_needs_nothing_else_and_runs_nothing(spoilt):
    text = page(data.check(spoilt), data.load(spoilt))
    soup = BeautifulSoup(text, "html.parser")
    assert not soup.find_all(["script", "link", "iframe", "object"])
    assert all(
        value.startswith("data:")
        for tag in soup.find_all(True)
        for key, value in tag.attrs.items()
        if key in ("src", "href")
    )
    assert "<script>alert(1)</script> & co" in soup.table.get_text()
    assert str(spoilt.parent.resolve()) not in text


def test_a_clean_dataset_has_a_page_too(shapes):
    assert "Nothing was found" in page(data.check(shapes), data.load(shapes))


def test_many_findings_are_cut_and_counted(copy):
    (copy.parent / "labels/train/00003.txt").write_text("nonsense\n" * 250)
    soup = BeautifulSoup(page(data.check(copy), data.load(copy), pictures=2), "html.parser")
    assert len(soup.find_all("figure")) == 2
    assert len(soup.find_all("li")) == 200
    assert "and 50 more" in soup.get_text()


def test_every_kind_has_its_advice():
    """Those of the table in `check`, and no other."""
    table = [line for line in data.check.__doc__.splitlines() if line.strip().startswith("| ")][1:]
    kinds = {word.strip("`") for line in table for word in line.split("|")[2].split()}
    assert kinds == ADVICE.keys()


def test_a_place_that_cannot_be_written_leaves_nothing(shapes, tmp_path):
    with pytest.raises(DataError, match="can't write the report"):
        data.write_page(data.Report(()), shapes, tmp_path / "none" / "report.html")
    assert list(tmp_path.iterdir()) == []
