import os
from pathlib import Path

import pytest
from ultralytics.data.utils import IMG_FORMATS, check_det_dataset, img2label_paths

from yolo_course import data
from yolo_course.data.dataset import FORMATS
from yolo_course.errors import DataError


def rewrite(yaml, old, new):
    text = yaml.read_text()
    assert old in text
    yaml.write_text(text.replace(old, new))
    return yaml


def test_describes_the_made_set(shapes):
    dataset = data.load(shapes)
    assert dataset.names == {0: "circle", 1: "square", 2: "triangle"}
    assert {split: len(images) for split, images in dataset.splits.items()} == {"train": 20, "val": 5}
    for image in dataset.images("val"):
        assert dataset.label_of(image).is_file()
    with pytest.raises(DataError, match="expected train or val, found 'test'"):
        dataset.images("test")


def test_formats_are_ultralytics_own():
    assert set(FORMATS) == IMG_FORMATS


@pytest.mark.parametrize("path", ["/a/images/b/images/train/x.y.jpg", "/a/pictures/x.png", "/images/x.jpeg"])
def test_labels_are_where_ultralytics_looks(path):
    assert [str(data.Dataset.label_of(Path(path)))] == img2label_paths([path])


def absolute(yaml):
    return rewrite(yaml, "train: images/train", f"path: {yaml.parent}\ntrain: images/train")


def listing(yaml):
    names = sorted(file.name for file in (yaml.parent / "images/val").iterdir())[:3]
    (yaml.parent / "some.txt").write_text("\n".join(f"./images/val/{name}" for name in names) + "\n")
    return rewrite(yaml, "val: images/val", "val: some.txt")


def several(yaml):
    return rewrite(yaml, "train: images/train", "train: [images/train, images/val]")


def upwards(yaml):
    return rewrite(yaml, "val: images/val", "val: ../images/val")


def renamed(yaml):
    return rewrite(yaml, "val: images/val", "validation: images/val")


def counted(yaml):
    text = yaml.read_text()
    yaml.write_text(text[: text.index("names:")] + "nc: 3\n")
    return yaml


@pytest.mark.parametrize("change", [lambda yaml: yaml, absolute, listing, several, upwards, renamed, counted])
def test_finds_the_files_that_ultralytics_finds(change, copy, monkeypatch, tmp_path):
    from ultralytics.data.base import BaseDataset

    monkeypatch.chdir(tmp_path)
    yaml = change(copy)
    theirs, ours = check_det_dataset(str(yaml), autodownload=False), data.load(yaml)
    assert ours.names == theirs["names"]
    for split in ("train", "val"):
        seeker = BaseDataset.__new__(BaseDataset)
        seeker.prefix, seeker.fraction = "", 1.0
        found = {os.path.realpath(file) for file in seeker.get_img_files(theirs[split])}
        assert {os.path.realpath(file) for file in ours.images(split)} == found


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("train: images/train", "train: images/nowhere", r"`train:` can't be read: .*nowhere"),
        ("train: images/train", "train: labels/train", r"`train:` has no images"),
        ("train: images/train", "train: 3", r"`train:` must name a folder, found 3"),
        ("val: images/val", "", r"`val:` must name a folder"),
        ("names:", "nc: 4\nnames:", r"`nc: 4` but 3 names"),
        ("  1: square", "  5: square", r"class ids must run from 0 to 2"),
        ("  1: square", "  1: circle", r"share a name"),
        ("  1: square", "  one: square", r"`names:` must list"),
        ("train: images/train", "path: [1]\ntrain: images/train", r"`path:` must be text"),
    ],
)
def test_a_wrong_yaml_is_told_in_one_line(old, new, words, copy):
    with pytest.raises(DataError, match=words) as told:
        data.load(rewrite(copy, old, new))
    assert str(copy) in str(told.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a data YAML"),
        ("- a\n- b\n", "expected a mapping, found list"),
        ("names: {0: a\ntrain: x", r"data\.yaml:\d+: broken YAML"),
        ("names: [a]\n\tval: x", r"data\.yaml:2: broken YAML"),
        ("!!python/object/apply:os.system ['touch pwned']", "broken YAML"),
        ("name: shapes\nmake: yolo-course data make shapes\n", "expected train: and val:, found name, make"),
    ],
)
def test_what_is_no_data_yaml_is_refused(text, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.yaml").write_text(text)
    with pytest.raises(DataError, match=words):
        data.load("data.yaml")
    assert [file.name for file in tmp_path.iterdir()] == ["data.yaml"]


@pytest.mark.parametrize("name", ["none.yaml", ""])
def test_a_missing_file_or_a_folder_is_told(name, tmp_path):
    with pytest.raises(DataError, match="can't read the data YAML"):
        data.load(tmp_path / name)
