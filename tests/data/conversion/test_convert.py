"""Whole conversions: what Ultralytics makes of the same files, that nothing is lost on the way there and back."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from ultralytics.data.converter import convert_coco
from ultralytics.data.utils import check_det_dataset, verify_image_label

from yolo_course import data
from yolo_course.data.conversion import yolo_folder
from yolo_course.errors import DataError

BCCD = Path(os.environ.get("YOLO_COURSE_BCCD") or Path(__file__).parents[4] / "shared" / "data" / "bccd")
WIDTH, HEIGHT = 97, 61

name = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="/\\:."), min_size=1, max_size=8)
across = st.floats(0, 1).map(lambda share: round(share * WIDTH, 4))
down = st.floats(0, 1).map(lambda share: round(share * HEIGHT, 4))


@st.composite
def annotations(draw, names):
    """A box of at least a hundredth of a pixel, or a triangle that encloses something."""
    left, right, top, bottom = draw(across), draw(across), draw(down), draw(down)
    if abs(left - right) < 0.01 or abs(top - bottom) < 0.01:
        left, right, top, bottom = 0, 0.5, 0, 0.5
    left, right, top, bottom = *sorted((left, right)), *sorted((top, bottom))
    bbox = [left, top, round(right - left, 4), round(bottom - top, 4)]
    return {
        "category_id": draw(st.sampled_from(names)),
        "bbox": bbox,
        "segmentation": [[left, top, right, top, right, bottom]],
    }


@st.composite
def datasets(draw):
    """A COCO dataset of up to three pictures in two splits, with category ids in any order and with gaps."""
    ids = draw(st.lists(st.integers(0, 200), min_size=1, max_size=4, unique=True))
    names = draw(st.lists(name, min_size=len(ids), max_size=len(ids), unique=True))
    categories = [{"id": number, "name": each} for number, each in zip(ids, names, strict=True)]
    splits = {}
    for split in ("train", "val"):
        stems = draw(st.lists(st.from_regex(r"[a-z]{1,3}", fullmatch=True), min_size=1, max_size=3, unique=True))
        images = [{"id": n, "file_name": f"{s}.png", "width": WIDTH, "height": HEIGHT} for n, s in enumerate(stems)]
        every = []
        for image in images:
            for each in draw(st.lists(annotations(ids), max_size=4)):
                every.append({"id": len(every), "image_id": image["id"], "iscrowd": 0, **each})
        splits[split] = {"images": images, "annotations": every, "categories": categories}
    return splits


def lay(root, splits):
    for split, content in splits.items():
        (root / "images" / split).mkdir(parents=True)
        (root / "annotations").mkdir(exist_ok=True)
        for number, image in enumerate(content["images"]):
            Image.new("L", (image["width"], image["height"]), number).save(root / "images" / split / image["file_name"])
        (root / "annotations" / f"instances_{split}.json").write_text(json.dumps(content))
    return root


def meaning(root, key):
    """What a COCO dataset says, without its running numbers."""
    told = {}
    for file in sorted((root / "annotations").glob("*.json")):
        content = json.loads(file.read_text(encoding="utf-8"))
        names = {each["id"]: each["name"] for each in content["categories"]}
        told[file.name] = {
            "categories": names,
            "pictures": {
                (each["file_name"], each["width"], each["height"]): sorted(
                    (names[one["category_id"]], one[key])
                    for one in content["annotations"]
                    if one["image_id"] == each["id"]
                )
                for each in content["images"]
            },
        }
    return told


@pytest.mark.parametrize(("segments", "key"), [(False, "bbox"), (True, "segmentation")])
@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(splits=datasets())
def test_there_and_back_nothing_is_lost(splits, segments, key, tmp_path_factory):
    """COCO to YOLO to COCO: names, ids, sizes and every coordinate of four decimals, to the last digit."""
    root = tmp_path_factory.mktemp("trip")
    source = lay(root / "source", splits)
    yolo = data.convert("coco", source, root / "yolo", segments=segments)
    assert not [found for found in yolo.report.findings if found.kind != "unused-class"]
    data.convert("yolo", yolo.entry, root / "back")
    assert meaning(root / "back", key) == meaning(source, key)
    shutil.rmtree(root)


@pytest.mark.parametrize("segments", [False, True])
def test_labels_are_those_that_ultralytics_converts(segments, tmp_path):
    """On what it handles right: one polygon an object, category ids from 1 without gaps."""
    rng = np.random.default_rng(0)
    images = [{"id": n, "file_name": f"{n}.png", "width": WIDTH, "height": HEIGHT} for n in range(6)]
    every = []
    for number in range(25):
        points = rng.uniform(0, (WIDTH, HEIGHT), (5, 2)).round(2)
        corner, far = points.min(0), points.max(0)
        bbox = [*corner.tolist(), *(far - corner).tolist()]
        place = {"id": number, "image_id": int(rng.integers(5)), "category_id": int(rng.integers(1, 4))}
        every.append(place | {"bbox": bbox, "segmentation": [points.ravel().tolist()], "iscrowd": int(number == 7)})
    categories = [{"id": n, "name": each} for n, each in enumerate("abc", 1)]
    source = lay(tmp_path / "source", {"train": {"images": images, "annotations": every, "categories": categories}})
    convert_coco(str(source / "annotations"), str(tmp_path / "theirs"), use_segments=segments, cls91to80=False)
    data.convert("coco", source, tmp_path / "ours", segments=segments)
    written = sorted((tmp_path / "theirs" / "labels" / "train").glob("*.txt"))
    assert len(written) == 5  # the sixth picture shows nothing; theirs leaves its file out
    for file in written:
        theirs = [[float(field) for field in line.split()] for line in file.read_text().splitlines()]
        mine = (tmp_path / "ours" / "labels" / "train" / file.name).read_text()
        ours = [[float(field) for field in line.split()] for line in mine.splitlines()]
        assert len(theirs) == len(ours)
        assert all(np.allclose(a, b, atol=1e-6) for a, b in zip(theirs, ours, strict=True))
    assert (tmp_path / "ours" / "labels" / "train" / "5.txt").read_text() == ""


def test_ultralytics_reads_our_coco_as_the_labels_it_came_from(shapes, tmp_path):
    data.convert("yolo", shapes, tmp_path / "coco")
    convert_coco(str(tmp_path / "coco" / "annotations"), str(tmp_path / "theirs"), cls91to80=False)
    written = sorted((tmp_path / "theirs" / "labels").rglob("*.txt"))
    for file in written:
        source = shapes.parent / "labels" / file.parent.name / file.name
        assert np.allclose(data.read_labels(file), data.read_labels(source), atol=2e-6)
    shown = [file for file in (shapes.parent / "labels").rglob("*.txt") if file.read_text()]
    assert len(written) == len(shown)


def small(root, names=("a.png", "b.png"), split="train", **changes):
    images = [{"id": n, "file_name": each, "width": WIDTH, "height": HEIGHT} for n, each in enumerate(names)]
    every = [{"id": n, "image_id": n, "category_id": 5, "bbox": [n, 1, 10, 20]} for n in range(len(names))]
    content = {"images": images, "annotations": every, "categories": [{"id": 5, "name": "no"}]}
    return lay(root, {split: content | changes})


def test_ultralytics_reads_what_is_written(tmp_path):
    source = small(tmp_path / "source", ("a.png", "b.png", "c.png"))
    entry = data.convert("coco", source, tmp_path / "yolo", segments=True).entry
    told = check_det_dataset(str(entry), autodownload=False)
    assert told["names"] == {0: "no"}  # a name that YAML takes for a truth value
    for image in sorted((tmp_path / "yolo" / "images" / "train").iterdir()):
        label = data.Dataset.label_of(image)
        read = verify_image_label((str(image), str(label), "", False, 1, 0, 2, False))
        assert read[0] is not None, read[-1]
        assert len(read[1]) == 1


def test_without_a_val_split_it_says_so_and_split_goes_on(tmp_path):
    done = data.convert("coco", small(tmp_path / "source", [f"{n}.png" for n in range(10)]), tmp_path / "yolo")
    assert [found.kind for found in done.report.findings] == ["one-split"]
    text = done.entry.read_text()
    assert "val: images/train" in text
    assert "yolo-course data split" in text
    assert {name: count.images for name, count in data.split(done.entry).counts.items()} == {
        "train": 8,
        "val": 1,
        "test": 1,
    }


def test_counts_are_those_of_check(tmp_path):
    source = small(tmp_path / "source", ("a.png", "b.png"), "train", annotations=[])
    lay(source / "more", {"val": json.loads((source / "annotations" / "instances_train.json").read_text())})
    shutil.move(source / "more" / "annotations" / "instances_val.json", source / "annotations")
    shutil.move(source / "more" / "images" / "val", source / "images")
    done = data.convert("coco", source, tmp_path / "yolo")
    assert done.report.counts == data.check(done.entry).counts


def test_pictures_are_linked_or_copied(tmp_path):
    source = small(tmp_path / "source")
    for copy in (False, True):
        data.convert("coco", source, tmp_path / str(copy), copy=copy)
        image = tmp_path / str(copy) / "images" / "train" / "a.png"
        assert image.read_bytes() == (source / "images" / "train" / "a.png").read_bytes()
        assert image.samefile(source / "images" / "train" / "a.png") != copy


def test_where_no_hard_link_is_possible_a_symbolic_one_or_a_copy_is_made(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(18, "Invalid cross-device link")

    file = tmp_path / "a"
    file.write_text("pixels")
    monkeypatch.setattr(yolo_folder.os, "link", refuse)
    yolo_folder.place(file, tmp_path / "b", copy=False)
    assert (tmp_path / "b").is_symlink()
    monkeypatch.setattr(yolo_folder.os, "symlink", refuse)
    yolo_folder.place(file, tmp_path / "c", copy=False)
    assert not (tmp_path / "c").is_symlink()
    assert (tmp_path / "b").read_text() == (tmp_path / "c").read_text() == "pixels"


def test_two_pictures_never_share_a_label_file(tmp_path):
    source = small(tmp_path / "source", ("a.png", "a.jpg", "A.bmp"))
    done = data.convert("coco", source, tmp_path / "yolo")
    labels = sorted((tmp_path / "yolo" / "labels" / "train").glob("*.txt"))
    assert [file.name for file in labels] == ["A-3.txt", "a-2.txt", "a.txt"]
    lefts = [float(file.read_text().split()[1]) * WIDTH - 5 for file in labels]
    assert np.allclose(lefts, [2, 1, 0], atol=1e-6)
    assert all(len(data.read_labels(done.entry.parent / "labels" / "train" / file.name)) == 1 for file in labels)


def test_names_with_folders_keep_them(tmp_path):
    source = tmp_path / "source"
    small(source)
    (source / "images" / "train" / "x").mkdir()
    (source / "images" / "train" / "a.png").rename(source / "images" / "train" / "x" / "a.png")
    file = source / "annotations" / "instances_train.json"
    file.write_text(file.read_text().replace('"a.png"', '"x/a.png"'))
    done = data.convert("coco", source, tmp_path / "yolo")
    assert (tmp_path / "yolo" / "labels" / "train" / "x" / "a.txt").exists()
    data.convert("yolo", done.entry, tmp_path / "back")
    assert meaning(tmp_path / "back", "bbox") == meaning(source, "bbox")


def test_the_same_again_is_left_and_another_source_is_refused(tmp_path):
    source = small(tmp_path / "source")
    first = data.convert("coco", source, tmp_path / "yolo")
    again = data.convert("coco", source, tmp_path / "yolo")
    assert (first.fresh, again.fresh) == (True, False)
    assert first.report == again.report
    file = source / "annotations" / "instances_train.json"
    file.write_text(file.read_text().replace("10", "11"))
    with pytest.raises(DataError, match="--force"):
        data.convert("coco", source, tmp_path / "yolo")
    again = data.convert("coco", source, tmp_path / "yolo", force=True)
    assert again.fresh
    data.convert("yolo", again.entry, tmp_path / "coco")
    again.entry.write_text(again.entry.read_text().replace("'no'", "'yes'"))
    with pytest.raises(DataError, match="--force"):  # the labels are the same, but not what they mean
        data.convert("yolo", again.entry, tmp_path / "coco")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("")
    with pytest.raises(DataError, match="not made here"):
        data.convert("coco", source, tmp_path / "mine", force=True)


@pytest.mark.parametrize("accident", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_an_accident_leaves_nothing(accident, tmp_path, monkeypatch):
    source = small(tmp_path / "source")

    def fail(*_):
        raise accident

    monkeypatch.setattr(yolo_folder, "_write_yaml", fail)
    with pytest.raises(DataError if isinstance(accident, OSError) else accident):
        data.convert("coco", source, tmp_path / "yolo")
    assert {file.name for file in tmp_path.iterdir()} == {"source"}


def test_strict_writes_nothing(tmp_path):
    source = small(tmp_path / "source", categories=[])
    assert data.convert("coco", source, tmp_path / "lax", classes=["no"]).report.findings[0].severity == "error"
    with pytest.raises(DataError, match="no category has the id 5"):
        data.convert("coco", source, tmp_path / "yolo", classes=["no"], strict=True)
    assert not (tmp_path / "yolo").exists()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"kind": "csv"}, "unknown format: expected voc or coco or yolo"),
        ({"kind": "coco", "origin": 1}, "origin means nothing for coco"),
        ({"kind": "voc", "segments": True}, "segments means nothing for voc"),
        ({"kind": "voc", "origin": 2}, "from 0 or from 1"),
        ({"kind": "voc", "classes": ["a", "a"]}, "different names"),
        ({"kind": "voc", "classes": "cat"}, "different names"),
        ({"kind": "yolo", "classes": ["a"]}, "classes means nothing for yolo"),
        ({"kind": "coco", "images": "nowhere"}, "no COCO annotations"),
        ({"kind": "coco"}, "no COCO annotations"),
        ({"kind": "voc"}, "no Pascal VOC annotations"),
        ({"kind": "yolo"}, "can't read the data YAML"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(call, words, tmp_path):
    (tmp_path / "src").mkdir()
    with pytest.raises(DataError, match=words):
        data.convert(src=tmp_path / "src", out=tmp_path / "out", **call)
    assert [file.name for file in tmp_path.iterdir()] == ["src"]


def test_nothing_left_is_told_with_the_first_reason(tmp_path):
    source = small(tmp_path / "source")
    shutil.rmtree(source / "images")
    with pytest.raises(DataError, match=r"no picture is left: found .*no picture a\.png"):
        data.convert("coco", source, tmp_path / "yolo")


def test_progress_tells_of_reading_and_of_writing(tmp_path):
    calls = []
    data.convert("coco", small(tmp_path / "source"), tmp_path / "yolo", progress=lambda *done: calls.append(done))
    assert calls == [(1, 2), (2, 2)] * 2


@pytest.mark.skipif(not BCCD.is_dir(), reason="the blood cells are not here; YOLO_COURSE_BCCD says where they are")
def test_blood_cells_go_all_the_way(tmp_path):
    done = data.convert("voc", BCCD, tmp_path / "yolo", copy=True)
    assert [found.kind for found in done.report.findings] == ["zero-area"] * 2
    assert {split: count.images for split, count in done.report.counts.items()} == {"train": 205, "val": 87, "test": 72}
    total = {cls: sum(count.boxes[cls] for count in done.report.counts.values()) for cls in ("Platelets", "RBC", "WBC")}
    assert total == {"Platelets": 361, "RBC": 4155 - 2, "WBC": 372}  # counted with grep; two RBC have no area
    told = yaml.safe_load(done.entry.read_text())
    assert check_det_dataset(str(done.entry), autodownload=False)["names"] == told["names"]
    rows = [data.read_labels(file) for file in (tmp_path / "yolo" / "labels").rglob("*.txt")]
    assert len(rows) == 364
    assert np.bincount(np.concatenate(rows)[:, 0].astype(int)).tolist() == [*total.values()]
