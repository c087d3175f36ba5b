import numpy as np
import pytest

from yolo_course.data.conversion.annotated import Log
from yolo_course.data.conversion.yolo_labels import read_yolo
from yolo_course.errors import DataError

FAULTS = {
    "malformed-label": "0 .5 .5 .2",
    "unknown-class": "3 .5 .5 .2 .2",
    "zero-area": "1 .5 .5 0 .2",
    "outside": "1 .95 .5 .2 .2",
    "outside: gone": "1 1.5 .5 .2 .2",
    "outside: pixels": "1 31 40 12 15",
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_reported_with_its_line_and_costs_nothing_else(name, copy):
    file = copy.parent / "labels" / "train" / "00003.txt"
    file.write_text(f"0 .5 .5 .25 .25\n\n{FAULTS[name]}\n")
    log = Log()
    (picture,) = (each for each in read_yolo(copy, log).pictures if each.file.stem == "00003" and each.split == "train")
    assert [(found.kind, found.severity, found.file, found.line) for found in log.findings] == [
        (name.partition(":")[0], "error", file, 3)
    ]
    assert picture.things[0].box == (24, 24, 40, 40)
    assert len(picture.things) == 1 + (name == "outside")  # half of it is still there
    with pytest.raises(DataError, match=r"00003\.txt:3: "):
        read_yolo(copy, Log(strict=True))


def test_outlines_are_read_as_they_are_written(copy):
    file = copy.parent / "labels" / "train" / "00003.txt"
    file.write_text("2 0.25 0.25 0.75 0.25 0.5 1\n")
    (picture,) = (p for p in read_yolo(copy, Log()).pictures if p.file.stem == "00003" and p.split == "train")
    assert np.array_equal(picture.things[0].outline, [(16, 16), (48, 16), (32, 64)])
    assert picture.things[0].box == (16, 16, 48, 64)


def test_pictures_in_two_splits_are_taken_once(copy):
    copy.write_text(copy.read_text().replace("images/val", "images/train"))
    log = Log()
    assert len(read_yolo(copy, log).pictures) == 20
    assert [(found.kind, found.severity) for found in log.findings] == [("two-splits", "warning")]


def test_a_broken_picture_is_reported(copy):
    image = copy.parent / "images" / "val" / "00001.jpg"
    image.write_text("no picture")
    log = Log()
    assert len(read_yolo(copy, log).pictures) == 24
    assert [(found.kind, found.file) for found in log.findings] == [("unreadable", image)]


@pytest.mark.parametrize("ids", ["[7, 9, 8]", "[7, 7, 8]", "[1, 2]", "x", "[a, b, c]"])
def test_category_ids_count_only_when_every_class_has_its_own(ids, copy):
    copy.write_text(f"{copy.read_text()}category_ids: {ids}\n")
    assert read_yolo(copy, Log()).ids == ((7, 9, 8) if ids == "[7, 9, 8]" else None)
