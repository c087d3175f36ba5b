"""The messy data against itself without faults, against its key, and against the mending that unit 04 teaches."""

import json
import re
from collections import Counter
from difflib import get_close_matches
from pathlib import Path
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest
from PIL import Image

from yolo_course import data
from yolo_course.data.making import messy as maker
from yolo_course.data.making.messy import make_messy, planted
from yolo_course.data.making.messy_annotations import CATEGORIES
from yolo_course.data.making.messy_faults import EXCHANGED, FAULTS
from yolo_course.data.making.shapes import NAMES
from yolo_course.errors import DataError
from yolo_course.grading.answers import solution
from yolo_course.grading.build import find_course

NUMBERS = {"images": 80, "exam": 8, "size": 96}
SIDES = ("xmin", "ymin", "xmax", "ymax")


@pytest.fixture(scope="module")
def messy(tmp_path_factory) -> Path:
    return make_messy(tmp_path_factory.mktemp("data") / "messy", **NUMBERS)


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> Path:
    """The same pictures and annotations without a fault."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(maker, "_spoil", lambda *_: [])
        patch.setattr(maker, "_twins", lambda *_: [])
        return make_messy(tmp_path_factory.mktemp("data") / "clean", **NUMBERS)


def read(folder: Path) -> dict[str, dict]:
    """Both sources by picture: stated size, objects as (name, four numbers, crowd), in no order."""
    found = {}
    for file in (folder / "camera/Annotations").iterdir():
        root = ElementTree.parse(file).getroot()
        stated = tuple(int(root.findtext(f"size/{side}")) for side in ("width", "height"))
        objects = [
            (each.findtext("name"), *(int(each.findtext(f"bndbox/{side}")) for side in SIDES), 0)
            for each in root.iter("object")
        ]
        found[root.findtext("filename")] = {"stated": stated, "objects": objects}
    tables = json.loads((folder / "archive/instances.json").read_text())
    called, files = (
        {row["id"]: row[key] for row in tables[table]}
        for table, key in (("categories", "name"), ("images", "file_name"))
    )
    for image in tables["images"]:
        found[image["file_name"]] = {"stated": (image["width"], image["height"]), "objects": []}
    for each in tables["annotations"]:
        row = (called[each["category_id"]], *each["bbox"], each["iscrowd"])
        found[files[each["image_id"]]]["objects"].append(row)
    return found


def picture(folder: Path, file: str) -> Path:
    return folder / ("camera/JPEGImages" if file.startswith("IMG") else "archive/images") / file


def of(messy: Path, fault: str) -> set[str]:
    return {each.picture for each in planted(messy) if each.fault == fault}


def test_there_are_twelve_faults_and_each_is_planted_one_a_picture(messy):
    assert len(FAULTS) == 12
    key = planted(messy)
    assert set(FAULTS) == {each.fault for each in key}
    assert max(Counter(each.picture for each in key).values()) == 1
    assert all(FAULTS[each.fault].source == each.source for each in key)
    assert all(picture(messy, each.picture).is_file() for each in key)


def test_what_the_key_does_not_name_is_as_it_was(messy, clean):
    spoilt = {each.picture for each in planted(messy)}
    mine, whole = read(messy), read(clean)
    assert mine.keys() == whole.keys()
    for file in mine.keys() - spoilt:
        assert mine[file]["stated"] == whole[file]["stated"]
        assert sorted(mine[file]["objects"]) == sorted(whole[file]["objects"])
        assert picture(messy, file).read_bytes() == picture(clean, file).read_bytes()
    for file in spoilt - of(messy, "twin"):
        assert mine[file] != whole[file], file
        assert picture(messy, file).read_bytes() == picture(clean, file).read_bytes()


def test_faults_of_the_camera_are_where_the_key_says(messy):
    found = {file: each for file, each in read(messy).items() if file.startswith("IMG")}
    sizes = {file: Image.open(picture(messy, file)).size for file in found}
    assert of(messy, "spelling") == {
        file for file, each in found.items() if any(name not in NAMES for name, *_ in each["objects"])
    }
    assert of(messy, "swapped-corners") == {
        file for file, each in found.items() if any(x1 > x2 or y1 > y2 for _, x1, y1, x2, y2, _ in each["objects"])
    }
    assert of(messy, "zero-size") == {file for file, each in found.items() if each["stated"] == (0, 0)}
    assert of(messy, "turned-size") == {
        file for file, each in found.items() if each["stated"] == sizes[file][::-1] != sizes[file]
    }
    assert of(messy, "lost-objects") == {file for file, each in found.items() if not each["objects"]}
    assert all(min(size) / max(size) <= 0.86 for size in sizes.values())


def test_faults_of_the_archive_are_where_the_key_says(messy, clean):
    found = {file: each for file, each in read(messy).items() if not file.startswith("IMG")}
    whole = read(clean)
    sizes = {file: Image.open(picture(messy, file)).size for file in found}
    for file in of(messy, "corners-for-sides"):
        corners = sorted((name, x, y, x + w, y + h, crowd) for name, x, y, w, h, crowd in whole[file]["objects"])
        assert sorted(found[file]["objects"]) == corners
    for file in of(messy, "exchanged-names"):
        names = sorted((EXCHANGED.get(name, name), *box) for name, *box in whole[file]["objects"])
        assert sorted(found[file]["objects"]) == names
    beyond = {
        file
        for file, each in found.items()
        if any(
            x < 0 or y < 0 or x + w > sizes[file][0] or y + h > sizes[file][1] for _, x, y, w, h, _ in each["objects"]
        )
    }
    assert of(messy, "over-the-edge") == beyond - of(messy, "corners-for-sides")
    assert of(messy, "no-area") == {
        file for file, each in found.items() if any(not w * h for *_, w, h, _ in each["objects"])
    }
    assert of(messy, "crowd") == {file for file, each in found.items() if any(each[-1] for each in each["objects"])}
    for file in of(messy, "labelled-twice"):
        assert len(found[file]["objects"]) == 2 * len(whole[file]["objects"])


def test_whole_batches_are_spoilt_or_none_of_it(messy):
    files = sorted(file.name for file in (messy / "archive/images").iterdir())
    assert of(messy, "corners-for-sides") == {file for file in files if file.startswith("b2")}
    assert of(messy, "exchanged-names") <= {file for file in files if file.startswith("b3")}
    assert not any(each.picture.startswith("b3") for each in planted(messy) if each.fault != "exchanged-names")
    turned = sorted(of(messy, "turned-size"))
    assert [int(file[4:8]) for file in turned] == list(range(int(turned[0][4:8]), int(turned[-1][4:8]) + 1))


def test_a_twin_is_the_same_scene_and_the_perceptual_hash_finds_all_of_them(messy, tmp_path):
    for each in (each for each in planted(messy) if each.fault == "twin"):
        home, model = (
            np.asarray(Image.open(picture(messy, file)).convert("L"), float) for file in (each.picture, each.other)
        )
        assert home.shape == model.shape
        assert np.corrcoef(home.ravel(), model.ravel())[0, 1] > 0.99
        assert home.mean() > model.mean()
    for side, place in (("train", "camera/JPEGImages"), ("val", "archive/images")):
        files = sorted((messy / place).iterdir())
        (tmp_path / f"{side}.txt").write_text("".join(f"{file}\n" for file in files))
    (tmp_path / "sources.yaml").write_text("train: train.txt\nval: val.txt\nnames: [circle, square, triangle]\n")
    report = data.check(tmp_path / "sources.yaml", imgsz=96)
    pairs = {(finding.other.name, finding.file.name) for finding in report.findings if finding.kind == "near-duplicate"}
    assert pairs == {(each.picture, each.other) for each in planted(messy) if each.fault == "twin"}


def test_a_crowds_region_is_its_box(messy):
    tables = json.loads((messy / "archive/instances.json").read_text())
    crowds = [each for each in tables["annotations"] if each["iscrowd"]]
    assert crowds
    for each in crowds:
        height, width = each["segmentation"]["size"]
        counts = each["segmentation"]["counts"]
        flat = np.repeat(np.arange(len(counts)) % 2, counts)
        mask = flat.reshape(width, height).T.astype(np.uint8)  # (w * h,) -> (w, h) -> (h, w)
        assert list(cv2.boundingRect(mask)) == each["bbox"]
        assert mask.sum() == each["bbox"][2] * each["bbox"][3]


def test_the_exam_has_no_fault(messy, tmp_path):
    (tmp_path / "exam.yaml").write_text(
        f"train: {messy}/exam/images\nval: {messy}/exam/images\nnames: [circle, square, triangle]\n"
    )
    report = data.check(tmp_path / "exam.yaml", imgsz=96)
    assert {finding.kind for finding in report.findings} == {"leakage"}  # one folder stands for both splits here
    assert report.counts["val"].images == NUMBERS["exam"]
    assert report.counts["val"].empty == 0


def test_the_mending_that_unit_04_teaches_brings_back_what_was_there(messy, clean):
    names = {"get_close_matches": get_close_matches, "NAMES": list(NAMES)}
    exec(solution(find_course().unit("04"), "mend"), names)
    found, whole = read(messy), read(clean)
    for file in found.keys() - of(messy, "lost-objects") - of(messy, "twin"):
        size, mended = Image.open(picture(messy, file)).size, []
        for name, *numbers, crowd in found[file]["objects"]:
            x, y, w, h = numbers
            box = numbers if file.startswith("IMG") else [x, y, x + w, y + h]
            mended.append(names["mend"]({"file": file, "size": list(size), "name": name, "box": box, "crowd": crowd}))
        truth = [
            [name, *box] if file.startswith("IMG") else [name, *box[:2], box[0] + box[2], box[1] + box[3]]
            for name, *box, _ in whole[file]["objects"]
        ]
        kept = [each for each in mended if each]
        if file in of(messy, "labelled-twice"):
            assert all(min(np.abs(np.subtract(each[1:], own[1:])).max() for own in truth) <= 1 for each in kept)
        elif file in of(messy, "over-the-edge"):
            assert sum(each in truth for each in kept) == len(truth) - 1 or sorted(kept) == sorted(truth)
        else:
            assert sorted(kept) == sorted(truth), file


def test_the_same_numbers_give_the_same_bytes_and_another_seed_others(messy, tmp_path):
    def contents(folder):
        return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}

    assert contents(make_messy(tmp_path / "again", **NUMBERS)) == contents(messy)
    other = contents(make_messy(tmp_path / "other", **NUMBERS, seed=1))
    assert other["planted.json"] != contents(messy)["planted.json"]


@pytest.mark.parametrize("seed", range(3))
def test_the_smallest_set_has_every_fault(tmp_path, seed):
    folder = make_messy(tmp_path / "small", images=40, exam=1, size=96, seed=seed)
    assert {each.fault for each in planted(folder)} == set(FAULTS)


def test_progress_counts_every_picture(tmp_path):
    calls = []
    make_messy(tmp_path / "messy", images=40, exam=2, size=96, progress=lambda *done: calls.append(done))
    assert calls == [(number, 42) for number in range(1, 43)]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"images": 10}, "images"),
        ({"exam": 0}, "exam"),
        ({"size": 32}, "size"),
        ({"seed": -1}, "seed"),
        ({"images": 60.0}, "images"),
    ],
)
def test_bad_numbers_are_refused_before_anything_is_written(tmp_path, wrong, words):
    with pytest.raises(DataError, match=f"{words}: out of range"):
        make_messy(tmp_path / "messy", **wrong)
    assert not list(tmp_path.iterdir())


def test_a_folder_without_a_key_is_told(tmp_path):
    (tmp_path / "planted.json").write_text("[{}]")
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(DataError, match="no key of planted faults"):
            planted(folder)


def test_the_committed_solution_of_unit_04_shows_that_mending_pays():
    course = find_course()
    told = course.solution_file(course.unit("04")).read_text(encoding="utf-8")
    gained = float(re.search(r"mAP50 gained: you said [-.\d]+, it is ([-.\d]+\d)", told)[1])
    assert gained >= 0.15


def test_categories_have_gaps_and_another_order_than_the_classes():
    assert sorted(CATEGORIES) == sorted(NAMES)
    assert list(CATEGORIES) != list(NAMES)
    assert sorted(CATEGORIES.values()) != list(range(1, 4))
