import os
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from torchvision.datasets import VOCDetection

from yolo_course.data.conversion.annotated import Log
from yolo_course.data.conversion.voc import read_voc
from yolo_course.errors import DataError

BCCD = Path(os.environ.get("YOLO_COURSE_BCCD") or Path(__file__).parents[4] / "shared" / "data" / "bccd")


def xml(*objects, size=(64, 48), filename="a.png"):
    """An annotation; an object is name, four corners and what else stands in it."""
    told = size and f"<size><width>{size[0]}</width><height>{size[1]}</height><depth>3</depth></size>"
    parts = [f"<filename>{filename}</filename>", told or ""]
    for name, corners, *more in objects:
        tags = zip(("xmin", "ymin", "xmax", "ymax"), corners, strict=False)
        box = "".join(f"<{tag}>{value}</{tag}>" for tag, value in tags)
        parts.append(f"<object>\n<name>{name}</name>{''.join(more)}<bndbox>{box}</bndbox></object>\n")
    return f"<annotation>{''.join(parts)}</annotation>"


def lay(root, **annotations):
    """A VOC folder with a picture of 64 × 48 for each annotation."""
    for folder in ("Annotations", "JPEGImages"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for stem, text in annotations.items():
        Image.new("RGB", (64, 48)).save(root / "JPEGImages" / f"{stem}.png")
        if text is not None:
            (root / "Annotations" / f"{stem}.xml").write_text(text, encoding="utf-8")
    return root


def read(root, **options):
    log = Log()
    return read_voc(root, log, **options), log.findings


def boxes(source):
    return [(thing.name, thing.box) for picture in source.pictures for thing in picture.things]


@pytest.fixture(scope="module")
def bccd():
    if not BCCD.is_dir():
        pytest.skip("the blood cells are not here; YOLO_COURSE_BCCD says where they are")
    return read(BCCD)


def test_blood_cells_are_what_torchvision_reads(bccd):
    source, findings = bccd
    faulty = {(found.file.name, found.line) for found in findings}
    compared = 0
    for picture in source.pictures:
        file = BCCD / "Annotations" / f"{Path(picture.name).stem}.xml"
        theirs = VOCDetection.parse_voc_xml(ET.parse(file).getroot())["annotation"]
        assert picture.name == theirs["filename"]
        assert picture.size == tuple(int(theirs["size"][side]) for side in ("width", "height"))
        corners = [[float(each["bndbox"][k]) for k in ("xmin", "ymin", "xmax", "ymax")] for each in theirs["object"]]
        sound = [n for n, (x1, y1, x2, y2) in enumerate(corners) if x1 < x2 and y1 < y2]
        assert [thing.name for thing in picture.things] == [theirs["object"][n]["name"] for n in sound]
        assert np.array_equal([thing.box for thing in picture.things], [corners[n] for n in sound])
        compared += len(corners) - len(sound)
    assert compared == len(faulty) == 2


def test_blood_cells_faulty_boxes_are_reported_with_their_lines(bccd):
    source, findings = bccd
    assert [(found.kind, found.severity, found.file.name) for found in findings] == [
        ("zero-area", "error", "BloodImage_00338.xml"),
        ("zero-area", "error", "BloodImage_00343.xml"),
    ]
    for found in findings:
        lines = found.file.read_text().splitlines()
        assert lines[found.line - 1].strip() == "<object>"
        corners = [line.strip() for line in lines[found.line : found.line + 10] if "<xm" in line]
        assert len({line.partition(">")[2].partition("<")[0] for line in corners}) == 1  # xmin is xmax
    splits = [picture.split for picture in source.pictures]
    lists = {s: (BCCD / f"ImageSets/Main/{s}.txt").read_text().split() for s in ("train", "val", "test")}
    assert {split: splits.count(split) for split in lists} == {split: len(names) for split, names in lists.items()}
    assert source.names == ("Platelets", "RBC", "WBC")


SOUND = ("cat", (10, 10, 20, 20))
FAULTS = {
    "unreadable": "<annotation><broken",
    "unreadable: not the format": "<html></html>",
    "unreadable: empty": "",
    "unreadable: entities": '<!DOCTYPE a [<!ENTITY x "y">]>' + xml(("&x;", (1, 1, 9, 9))),
    "unreadable: a bomb": '<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;&x;">]>' + xml(("&z;", (1, 1, 9, 9))),
    "size": xml(SOUND, size=None),
    "size: nothing": xml(SOUND, size=(0, 0)),
    "size: words": xml(SOUND, size=("wide", "high")),
    "size: turned": xml(SOUND, size=(48, 64)),
    "size: smaller": xml(("cat", (5, 5, 10, 10)), size=(32, 24)),
    "zero-area": xml(SOUND, ("cat", (5, 5, 5, 9))),
    "malformed: no corner": xml(SOUND, ("cat", (5, 5, 9))),
    "malformed: a word": xml(SOUND, ("cat", (5, 5, 9, "nine"))),
    "malformed: no number": xml(SOUND, ("cat", (5, 5, "nan", 9))),
    "malformed: no end": xml(SOUND, ("cat", (5, 5, "inf", 9))),
    "malformed: no class": xml(SOUND, (" ", (5, 5, 9, 9))),
    "outside: gone": xml(SOUND, ("cat", (70, 5, 80, 9))),
    "outside: part": xml(SOUND, ("cat", (60, 5, 80, 9))),
    "swapped-corners": xml(SOUND, ("cat", (20, 5, 10, 9))),
    "unknown-class": xml(SOUND, ("dog", (5, 5, 9, 9))),
}
LEFT = {  # what is there beside the sound box, or instead of everything
    "size": [SOUND],
    "size: nothing": [SOUND],
    "size: words": [SOUND],
    "size: smaller": [("cat", (10, 10, 20, 20))],
    "outside: part": [SOUND, ("cat", (60, 5, 64, 9))],
    "swapped-corners": [SOUND, ("cat", (10, 5, 20, 9))],
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_reported_and_costs_nothing_else(name, tmp_path):
    lay(tmp_path, a=FAULTS[name], b=xml(SOUND, filename="b.png"))
    source, findings = read(tmp_path, classes=("cat",))
    assert [(found.kind, found.severity) for found in findings] == [(name.partition(":")[0], "error")]
    assert findings[0].file == tmp_path / "Annotations" / "a.xml"
    whole = not FAULTS[name].startswith("<annotation>") or "broken" in FAULTS[name] or "turned" in name
    assert boxes(source) == [*LEFT.get(name, [] if whole else [SOUND]), SOUND]
    with pytest.raises(DataError, match=r"a\.xml"):
        read_voc(tmp_path, Log(strict=True), classes=("cat",))


def test_a_finding_names_the_line_of_its_object(tmp_path):
    text = xml(SOUND, ("cat", (5, 5, 5, 9)), SOUND, ("cat", (6, 6, 6, 9)))
    lay(tmp_path, a=text)
    _, findings = read(tmp_path)
    told = [number for number, line in enumerate(text.splitlines(), 1) if "<object>" in line]
    assert [found.line for found in findings] == [told[1], told[3]]
    assert "object 2 (cat) skipped" in findings[0].message


def test_pictures_that_are_missing_or_broken_are_reported(tmp_path):
    lay(tmp_path, a=xml(SOUND), b=xml(SOUND, filename="b.png"), c=xml(SOUND, filename="c.png"), d=None)
    (tmp_path / "JPEGImages" / "a.png").unlink()
    (tmp_path / "JPEGImages" / "b.png").write_text("no picture")
    source, findings = read(tmp_path)
    assert [picture.name for picture in source.pictures] == ["c.png"]
    assert [(found.kind, found.file.name) for found in findings] == [
        ("missing-image", "a.xml"),
        ("unreadable", "b.png"),
        ("no-annotation", "d.png"),
    ]


def test_the_name_may_be_wrong_when_the_stem_is_right(tmp_path):
    lay(tmp_path, a=xml(SOUND, filename="C:\\photos\\IMG_1.JPG"), b=xml(SOUND, filename="b.jpg"))
    source, findings = read(tmp_path)
    assert [picture.name for picture in source.pictures] == ["a.png", "b.png"]
    assert findings == []


def test_a_picture_turned_by_its_exif_tag_is_measured_as_it_is_shown(tmp_path):
    lay(tmp_path, a=xml(SOUND, size=(48, 64), filename="a.jpg"))
    (tmp_path / "JPEGImages" / "a.png").unlink()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (64, 48)).save(tmp_path / "JPEGImages" / "a.jpg", exif=exif)
    source, findings = read(tmp_path)
    assert source.pictures[0].size == (48, 64)
    assert findings == []


def test_origin_one_means_pixels_and_includes_the_last(tmp_path):
    """The first pixel alone is (1, 1, 1, 1) in the VOC sets; from 0 and without the end that is (0, 0, 1, 1)."""
    lay(tmp_path, a=xml(("cat", (1, 1, 1, 1)), ("cat", (1, 1, 64, 48))))
    source, findings = read(tmp_path, origin=1)
    assert boxes(source) == [("cat", (0, 0, 1, 1)), ("cat", (0, 0, 64, 48))]
    assert findings == []


def test_difficult_objects_are_kept_or_left_out_with_a_warning(tmp_path):
    lay(tmp_path, a=xml(SOUND, ("cat", (1, 2, 3, 4), "<difficult>1</difficult>")))
    assert len(boxes(read(tmp_path)[0])) == 2
    source, findings = read(tmp_path, difficult=False)
    assert boxes(source) == [SOUND]
    assert [(found.kind, found.severity) for found in findings] == [("difficult", "warning")]


def test_lists_say_the_split(tmp_path):
    lay(tmp_path, **{stem: xml(SOUND, filename=f"{stem}.png") for stem in "abcd"})
    lists = tmp_path / "ImageSets" / "Main"
    lists.mkdir(parents=True)
    (lists / "train.txt").write_text("a\nb  1\n\ngone\n")
    (lists / "val.txt").write_text("c\na\n")
    source, findings = read(tmp_path)
    assert {picture.name: picture.split for picture in source.pictures} == {
        "a.png": "train",
        "b.png": "train",
        "c.png": "val",
    }
    assert [(found.kind, found.file.name) for found in findings] == [
        ("missing-annotation", "train.txt"),
        ("two-splits", "val.txt"),
        ("unlisted", "d.xml"),
    ]


def test_folders_say_the_split_where_there_are_no_lists(tmp_path):
    for split in ("train", "valid", "test"):
        (tmp_path / split).mkdir()
        for stem in ("a", "b"):  # the same names in every folder, as cut from one video
            Image.new("RGB", (64, 48)).save(tmp_path / split / f"{stem}.png")
            (tmp_path / split / f"{stem}.xml").write_text(xml(SOUND, filename=f"{stem}.png"))
    source, findings = read(tmp_path)
    assert [(picture.split, picture.file.parent.name) for picture in source.pictures] == [
        ("test", "test"), ("test", "test"), ("train", "train"), ("train", "train"), ("val", "valid"), ("val", "valid"),
    ]  # fmt: skip
    assert findings == []


def test_classes_come_in_their_own_order_or_in_the_given_one(tmp_path):
    lay(tmp_path, a=xml(("dog", (1, 1, 9, 9)), ("cat", (1, 1, 9, 9))))
    assert read(tmp_path)[0].names == ("cat", "dog")
    assert read(tmp_path, classes=("dog", "cat"))[0].names == ("dog", "cat")


GOOD = xml(SOUND, ("dog", (1, 2, 30, 40)), size=(64, 48)).encode()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.binary(max_size=6)), max_size=4), st.integers(0, len(GOOD)))
def test_damaged_files_are_read_or_told_and_never_crash(tmp_path_factory, damages, cut):
    """Bytes replaced, inserted or cut off: a box that comes out lies inside its picture and has an area."""
    root = tmp_path_factory.getbasetemp() / "damaged"
    if not root.exists():
        lay(root, a="")
    raw = GOOD[:cut] if cut % 3 == 0 else GOOD
    for place, piece in damages:
        raw = raw[:place] + piece + raw[place + len(piece) // 2 :]
    (root / "Annotations" / "a.xml").write_bytes(raw)
    source, findings = read(root)
    for _, (x1, y1, x2, y2) in boxes(source):
        assert 0 <= x1 < x2 <= 64
        assert 0 <= y1 < y2 <= 48
    assert source.pictures or findings


def test_a_folder_without_annotations_is_told(tmp_path):
    with pytest.raises(DataError, match="no Pascal VOC annotations"):
        read(tmp_path)
