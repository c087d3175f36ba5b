import shutil
from pathlib import Path

import numpy as np
import pytest
from ultralytics.data.base import BaseDataset
from ultralytics.data.utils import check_det_dataset, img2label_paths

from yolo_course import data
from yolo_course.errors import DataError


def listed(division, split):
    """The images that Ultralytics finds, by its own reader of lists."""
    told = check_det_dataset(str(division.yaml), autodownload=False)
    seeker = BaseDataset.__new__(BaseDataset)
    seeker.prefix, seeker.fraction = "", 1.0
    return [Path(file).resolve() for file in seeker.get_img_files(told[split])]


def every(yaml):
    return {image.resolve() for split in data.load(yaml).splits.values() for image in split}


@pytest.mark.parametrize("by", ["class", "group"])
def test_the_parts_are_all_images_once_and_ultralytics_finds_them_with_their_labels(by, copy):
    done = data.split(copy, (0.6, 0.2, 0.2), by=by, group=r"\d{4}(\d)" if by == "group" else None)
    parts = {split: listed(done, split) for split in ("train", "val", "test")}
    together = [image for images in parts.values() for image in images]
    assert len(together) == len(set(together)) == 25
    assert set(together) == every(copy)
    assert all(Path(label).exists() for label in img2label_paths([str(image) for image in together]))
    assert {split: count.images for split, count in done.counts.items()} == {s: len(some) for s, some in parts.items()}
    assert data.load(done.yaml).names == data.load(copy).names
    names = ("circle", "square", "triangle")
    for split, images in parts.items():
        lines = [
            line for file in img2label_paths(list(map(str, images))) for line in Path(file).read_text().splitlines()
        ]
        assert done.counts[split].boxes == {
            each: sum(line[0] == str(c) for line in lines) for c, each in enumerate(names)
        }


def test_a_moved_dataset_takes_its_lists_with_it(copy, tmp_path):
    done = data.split(copy)
    before = {split: len(listed(done, split)) for split in done.counts}
    moved = Path(shutil.move(copy.parent, tmp_path / "elsewhere"))
    again = data.split.__globals__["Division"](moved / done.yaml.parent.name / "data.yaml", {})
    assert {split: len(listed(again, split)) for split in before} == before
    assert str(tmp_path) not in "".join(file.read_text() for file in again.yaml.parent.glob("*.txt"))


def test_classes_get_their_shares(copy):
    done = data.split(copy, (0.6, 0.4), seed=3)
    for cls in ("circle", "square", "triangle"):
        shown = {split: sum(cls in classes for classes in _classes(listed(done, split))) for split in done.counts}
        assert abs(shown["train"] / sum(shown.values()) - 0.6) < 0.08


def _classes(images):
    names = ("circle", "square", "triangle")
    for file in img2label_paths([str(image) for image in images]):
        yield {names[int(line.split()[0])] for line in Path(file).read_text().splitlines()}


def test_groups_are_kept_together(copy):
    group = {image.name: f"clip{number % 6}" for number, image in enumerate(sorted(every(copy)))}
    names = {image: group[image.name] for image in every(copy)}
    for way in (lambda image: names[image.resolve()], r"(\d{4})\d"):
        done = data.split(copy, (0.5, 0.5), by="group", group=way, out=copy.parent / "lists", force=True)
        told = way if callable(way) else lambda image: image.stem[:4]
        seen = [{told(image) for image in listed(done, split)} for split in ("train", "val")]
        assert not seen[0] & seen[1]


def test_a_mapping_may_say_the_groups_and_must_say_all(copy):
    names = {image.name: image.name[4] for image in every(copy)}
    done = data.split(copy, (0.5, 0.5), by="group", group=names)
    assert not {i.name[4] for i in listed(done, "train")} & {i.name[4] for i in listed(done, "val")}
    with pytest.raises(DataError, match=r"no group for an image: found 0000\d\.jpg"):
        data.split(copy, by="group", group={})


def test_without_a_rule_the_number_at_the_end_is_no_part_of_the_group(copy):
    root = copy.parent
    for kind in ("images", "labels"):
        for number, file in enumerate(sorted((root / kind / "train").iterdir())):
            file.rename(file.with_stem(f"clip{number % 5}_{number:03d}"))
        shutil.rmtree(root / kind / "val")
    copy.write_text(copy.read_text().replace("images/val", "images/train"))
    done = data.split(copy, (0.6, 0.4), by="group")
    clips = [{image.stem[:5] for image in listed(done, split)} for split in ("train", "val")]
    assert len(clips[0]) + len(clips[1]) == len(clips[0] | clips[1]) == 5


def test_identical_files_are_never_divided(copy):
    root = copy.parent
    for number in range(12):
        for kind, suffix in (("images", "jpg"), ("labels", "txt")):
            shutil.copy(root / f"{kind}/train/00000.{suffix}", root / f"{kind}/val/again{number}.{suffix}")
    for seed in range(5):
        done = data.split(copy, (0.5, 0.5), seed=seed, out=root / str(seed))
        where = [
            split for split in ("train", "val") for i in listed(done, split) if "again" in i.stem or i.stem == "00000"
        ]
        twins = [split for split in ("train", "val") for image in listed(done, split) if "again" in image.stem]
        assert len(set(twins)) == 1
        assert where.count(twins[0]) >= 13


def test_two_ratios_leave_the_test_split_as_it_is(copy):
    first = data.split(copy, (0.6, 0.2, 0.2))
    held = set(listed(first, "test"))
    second = data.split(first.yaml, (0.5, 0.5), out=copy.parent / "again")
    assert set(listed(second, "test")) == held
    assert not held & {*listed(second, "train"), *listed(second, "val")}
    third = data.split(first.yaml, (0.5, 0.3, 0.2), seed=5, out=copy.parent / "anew")
    assert {image for split in third.counts for image in listed(third, split)} == every(copy)


def test_a_seed_decides_and_the_same_again_is_left(copy):
    first = data.split(copy, seed=1)
    text = {file.name: file.read_bytes() for file in first.yaml.parent.iterdir()}
    assert data.split(copy, seed=1) == first
    assert {file.name: file.read_bytes() for file in first.yaml.parent.iterdir()} == text
    with pytest.raises(DataError, match="--force"):
        data.split(copy, seed=2)
    data.split(copy, seed=2, force=True)
    assert (first.yaml.parent / "train.txt").read_bytes() != text["train.txt"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"ratios": (0.8, 0.1)}, "add up to 1, found 0.8 \\+ 0.1 = 0.9"),
        ({"ratios": (1.0, 0.0)}, "shares above 0"),
        ({"ratios": (0.5, 0.2, 0.2, 0.1)}, "two or three shares"),
        ({"ratios": (2, -1)}, "shares above 0"),
        ({"ratios": (float("nan"), 0.5)}, "shares above 0"),
        ({"ratios": "ab"}, "ratios must be numbers"),
        ({"seed": -1}, "seed: out of range"),
        ({"by": "colour"}, "expected class or group, found 'colour'"),
        ({"group": "(.)"}, "groups are given, but not used"),
        ({"by": "group", "group": "("}, "broken regular expression"),
        ({"by": "group", "group": "x.*"}, "does not match: expected x.*, found 0000"),
        ({"by": "group"}, "too few groups: expected 3 or more, found 1"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(call, words, copy):
    before = {file for file in copy.parent.rglob("*")}
    with pytest.raises(DataError, match=words):
        data.split(copy, **call)
    assert {file for file in copy.parent.rglob("*")} == before


def test_a_name_that_no_list_can_hold_is_told(copy):
    image = copy.parent / "images/train/00003.jpg"
    image.rename(image.with_name("a\nb.jpg"))
    with pytest.raises(DataError, match="a list can't hold this name"):
        data.split(copy)
    assert not (copy.parent / "shapes-split").exists()


def test_kfold_and_split_take_what_ultralytics_trains_on(copy, tmp_path):
    """A data YAML of lists goes through Ultralytics' own dataset class: every image is found with its boxes."""
    from ultralytics.cfg import get_cfg
    from ultralytics.data.build import build_yolo_dataset

    done = data.split(copy, (0.6, 0.4))
    told = check_det_dataset(str(done.yaml), autodownload=False)
    for split in ("train", "val"):
        loaded = build_yolo_dataset(get_cfg(overrides={"imgsz": 64}), told[split], 4, told, mode="val")
        assert len(loaded) == done.counts[split].images
        boxes = np.concatenate([each["cls"] for each in loaded.labels]).astype(int).ravel()
        assert np.bincount(boxes, minlength=3).tolist() == [*done.counts[split].boxes.values()]
