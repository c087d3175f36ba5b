import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from yolo_course.data.conversion.annotated import Log
from yolo_course.data.conversion.coco import read_coco
from yolo_course.errors import DataError

SQUARE = [10, 10, 20, 10, 20, 20, 10, 20]
SOUND = {"id": 1, "image_id": 7, "category_id": 3, "bbox": [10, 10, 10, 10], "segmentation": [SQUARE]}


def coco(*annotations, **changes):
    """One picture of 64 × 48 and two categories with a gap between their ids."""
    data = {
        "images": [{"id": 7, "file_name": "a.png", "width": 64, "height": 48}],
        "annotations": [{"iscrowd": 0, **each} for each in annotations],
        "categories": [{"id": 3, "name": "cat"}, {"id": 90, "name": "dog"}],
    }
    return data | changes


def lay(root, data, name="instances.json"):
    (root / "images").mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (64, 48)).save(root / "images" / "a.png")
    (root / name).write_text(data if isinstance(data, str) else json.dumps(data))
    return root


def read(root, **options):
    log = Log()
    return read_coco(root, log, **options), log.findings


def boxes(source):
    return [(thing.name, thing.box) for picture in source.pictures for thing in picture.things]


def test_category_ids_may_have_gaps_and_come_back(tmp_path):
    dog = {"id": 2, "image_id": 7, "category_id": 90, "bbox": [0.5, 1.25, 3, 4]}
    source, findings = read(lay(tmp_path, coco(SOUND, dog)))
    assert (source.names, source.ids) == (("cat", "dog"), (3, 90))
    assert boxes(source) == [("cat", (10, 10, 20, 20)), ("dog", (0.5, 1.25, 3.5, 5.25))]
    assert findings == []


def one(**changes):
    return coco(SOUND, {**SOUND, "id": 2, **changes})


FAULTS = {
    "unknown-class": one(category_id=4),
    "unknown-class: none": one(category_id=None),
    "unknown-class: a list": one(category_id=[3]),
    "unknown-image": one(image_id=8),
    "unknown-image: none": one(image_id=None),
    "unknown-image: a list": one(image_id=[7]),
    "zero-area": one(bbox=[5, 5, 0, 9]),
    "zero-area: negative": one(bbox=[5, 5, 9, -9]),
    "malformed: three numbers": one(bbox=[5, 5, 9], segmentation=[]),
    "malformed: words": one(bbox=["a", "b", "c", "d"]),
    "malformed: a number": one(bbox=5),
    "malformed: null": one(bbox=None, segmentation=None),
    "malformed: not finite": one(bbox=[5, 5, float("nan"), 9]),
    "malformed: no annotation": coco(SOUND, annotations=[{"iscrowd": 0, **SOUND}, "x"]),
    "malformed: no category": coco(SOUND, categories=[{"id": 3, "name": "cat"}, {"id": 4}, {"id": 90, "name": "dog"}]),
    "malformed: id twice": coco(SOUND, categories=[{"id": 3, "name": "cat"}, {"id": 3, "name": "dog"}]),
    "malformed: no image": coco(SOUND, images=[*coco()["images"], {"id": 8}]),
    "malformed: image twice": coco(SOUND, images=coco()["images"] * 2),
    "malformed: leaves": coco(SOUND, images=[*coco()["images"], {"id": 8, "file_name": "../../a.png"}]),
    "malformed: absolute": coco(SOUND, images=[*coco()["images"], {"id": 8, "file_name": "/etc/a.png"}]),
    "missing-image": coco(SOUND, images=[*coco()["images"], {"id": 8, "file_name": "b.png"}]),
    "two-categories": coco(SOUND, categories=[{"id": 3, "name": "cat"}, {"id": 4, "name": "cat"}]),
    "outside: gone": one(bbox=[70, 5, 9, 9]),
    "outside: part": one(bbox=[60, 5, 9, 9]),
    "size": coco(SOUND, images=[{"id": 7, "file_name": "a.png"}]),
    "size: turned": coco(SOUND, images=[{"id": 7, "file_name": "a.png", "width": 48, "height": 64}]),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_reported_and_costs_nothing_else(name, tmp_path):
    lay(tmp_path, FAULTS[name])
    source, findings = read(tmp_path)
    assert [(found.kind, found.severity) for found in findings] == [(name.partition(":")[0], "error")]
    assert findings[0].file == tmp_path / "instances.json"
    left = {"outside: part": [("cat", (10, 10, 20, 20)), ("cat", (60, 5, 64, 14))], "size: turned": []}
    assert boxes(source) == left.get(name, [("cat", (10, 10, 20, 20))])
    with pytest.raises(DataError, match=r"instances\.json"):
        read_coco(tmp_path, Log(strict=True))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"images": {}, "annotations": [], "categories": []}', "[" * 9999]
)
def test_what_is_no_coco_file_is_told(text, tmp_path):
    with pytest.raises(DataError, match=r"instances\.json: (broken JSON|no COCO file)") as told:
        read(lay(tmp_path, text))
    assert len(str(told.value).splitlines()) == 1


def test_a_crowd_is_skipped_with_a_warning(tmp_path):
    crowd = {**SOUND, "id": 2, "iscrowd": 1, "segmentation": {"size": [48, 64], "counts": [64 * 48]}}
    source, findings = read(lay(tmp_path, coco(SOUND, crowd)))
    assert len(boxes(source)) == 1
    assert [(found.kind, found.severity) for found in findings] == [("crowd", "warning")]


def test_a_mask_becomes_its_outline(tmp_path):
    mask = np.zeros((48, 64), bool)
    mask[10:20, 5:9] = True
    runs = [5 * 48 + 10, *[10, 38] * 3, 10, 48 * 64 - 8 * 48 - 20]
    rle = {"size": [48, 64], "counts": runs}
    source, findings = read(lay(tmp_path, coco({**SOUND, "bbox": None, "segmentation": rle})), segments=True)
    (thing,) = source.pictures[0].things
    assert thing.box == (5, 10, 9, 20)
    assert sorted(map(tuple, thing.outline.tolist())) == [(5, 10), (5, 20), (9, 10), (9, 20)]
    assert [(found.kind, found.severity) for found in findings] == [("malformed", "error")]
    assert "no bbox, taken from its outline" in findings[0].message


SEGMENTS = {
    "joined": ("warning", [SQUARE, [30, 30, 40, 30, 40, 40]]),
    "no-outline": ("warning", []),
    "no-outline: a line": ("warning", [[1, 1, 2, 2, 3, 3]]),
    "malformed: two points": ("error", [[1, 1, 2, 2], SQUARE]),
    "malformed: odd": ("error", [[1, 1, 2, 2, 3, 3, 4], SQUARE]),
    "malformed: words": ("error", [["a"] * 6, SQUARE]),
    "outside": ("error", [[10, 10, 90, 10, 20, 20]]),
}


@pytest.mark.parametrize("name", SEGMENTS)
def test_outlines_that_are_repaired_are_reported(name, tmp_path):
    severity, segmentation = SEGMENTS[name]
    source, findings = read(lay(tmp_path, coco({**SOUND, "segmentation": segmentation})), segments=True)
    assert [(found.kind, found.severity) for found in findings] == [(name.partition(":")[0], severity)]
    (thing,) = source.pictures[0].things
    if name.startswith("no-outline"):
        assert thing.outline is None
    else:
        assert (thing.outline.max(0) <= (64, 48)).all()


@pytest.mark.parametrize(
    "rle",
    [{}, {"size": [48, 64]}, {"size": [48, 64], "counts": [5]}, {"size": [4, 4], "counts": [8, 8]},
     {"size": [48, 64], "counts": "~"}, {"size": [48, 64], "counts": [48 * 64]}],
)  # fmt: skip
def test_a_broken_mask_leaves_the_box(rle, tmp_path):
    source, findings = read(lay(tmp_path, coco({**SOUND, "segmentation": rle})), segments=True)
    assert "no-outline" in {found.kind for found in findings}
    assert source.pictures[0].things[0].outline is None
    assert boxes(source) == [("cat", (10, 10, 20, 20))]


@pytest.mark.parametrize(
    ("file", "images", "split"),
    [
        ("annotations/instances_train2017.json", "train2017", "train"),
        ("annotations/instances_val2017.json", "images/val2017", "val"),
        ("valid/_annotations.coco.json", "valid", "val"),
        ("test.json", "images", "test"),
        ("whatever.json", "images/train", "train"),
        ("annotations/custom_val.json", "images/val", "val"),
    ],
)
def test_pictures_and_splits_are_found_in_the_usual_places(file, images, split, tmp_path):
    for place in (tmp_path / file).parent, tmp_path / images:
        place.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (64, 48)).save(tmp_path / images / "a.png")
    (tmp_path / file).write_text(json.dumps(coco(SOUND)))
    for source, findings in (read(tmp_path), read(tmp_path / file)):
        assert [(picture.split, picture.file) for picture in source.pictures] == [(split, tmp_path / images / "a.png")]
        assert findings == []


def test_the_folder_of_the_images_may_be_given(tmp_path):
    lay(tmp_path / "here", coco(SOUND))
    (tmp_path / "here" / "images").rename(tmp_path / "pixels")
    assert [found.kind for found in read(tmp_path / "here")[1]] == ["missing-image"]
    assert read(tmp_path / "here", images=tmp_path / "pixels")[1] == []
    with pytest.raises(DataError, match="no such folder"):
        read(tmp_path / "here", images=tmp_path / "nowhere")


plain = (
    st.none() | st.booleans() | st.integers(-5, 99) | st.floats() | st.text(max_size=4) | st.just("a.png") | st.just(7)
)
anything = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)
keys = st.sampled_from(
    ["id", "image_id", "category_id", "bbox", "segmentation", "iscrowd", "file_name", "width", "name", "x"]
)


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(["images", "annotations", "categories"]),
    anything | st.dictionaries(keys, anything, max_size=4),
    st.dictionaries(keys, anything, max_size=2),
    st.booleans(),
)
def test_whatever_stands_in_a_list_is_read_or_told_and_never_crashes(tmp_path_factory, where, entry, changes, segments):
    """A foreign entry beside the sound ones, and a sound one with some of its values exchanged."""
    root = tmp_path_factory.getbasetemp() / "coco-fuzz"
    sound = coco(SOUND)
    sound[where] = [*sound[where], entry, {**sound[where][0], **changes}]
    source, _ = read(lay(root, sound), segments=segments)
    for _, (x1, y1, x2, y2) in boxes(source):
        assert 0 <= x1 < x2 <= 64
        assert 0 <= y1 < y2 <= 48
    assert ("cat", (10, 10, 20, 20)) in boxes(source)


def test_two_files_for_one_split_and_no_file_are_told(tmp_path):
    with pytest.raises(DataError, match="no COCO annotations"):
        read(tmp_path)
    lay(tmp_path, coco(SOUND), "train_a.json")
    lay(tmp_path, coco(SOUND), "train_b.json")
    with pytest.raises(DataError, match=r"two files for one split: found train_a\.json and train_b\.json"):
        read(tmp_path)
    assert len(read(tmp_path / "train_a.json")[0].pictures) == 1


def test_files_with_other_ids_for_a_class_are_joined_by_its_name(tmp_path):
    lay(tmp_path, coco(SOUND), "train.json")
    other = [{"id": 1, "name": "dog"}, {"id": 2, "name": "cow"}, {"id": 3, "name": "ox"}]
    lay(tmp_path, coco({**SOUND, "category_id": 1}, categories=other), "val.json")
    source, _ = read(tmp_path)
    assert (source.names, source.ids) == (("cat", "dog", "cow", "ox"), None)
    assert [name for name, _ in boxes(source)] == ["cat", "dog"]
