from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.model_selection import StratifiedKFold

from yolo_course import data
from yolo_course.data.division.kfold import rarest_class
from yolo_course.errors import DataError


def images(division, split):
    return [image.resolve() for image in data.load(division.yaml).splits[split]]


def test_every_image_is_in_val_once_and_in_train_otherwise(shapes, tmp_path):
    folds = data.kfold(shapes, 4, out=tmp_path / "folds")
    assert [fold.yaml.name for fold in folds] == ["fold1.yaml", "fold2.yaml", "fold3.yaml", "fold4.yaml"]
    every = {image.resolve() for split in data.load(shapes).splits.values() for image in split}
    assert sorted(image for fold in folds for image in images(fold, "val")) == sorted(every)
    for fold in folds:
        assert {*images(fold, "train"), *images(fold, "val")} == every
        assert len(images(fold, "train")) + len(images(fold, "val")) == len(every)
        assert {split: count.images for split, count in fold.counts.items()} == {
            split: len(images(fold, split)) for split in ("train", "val")
        }


def test_folds_are_those_of_scikit_learn(shapes, tmp_path):
    dataset = data.load(shapes)
    every = [image for split in dataset.splits.values() for image in split]
    shown = [{int(line[0]) for line in dataset.label_of(image).read_text().splitlines()} for image in every]
    counts = [sum(cls in some for some in shown) for cls in range(3)]
    rarest = [min(some, key=lambda cls: counts[cls]) if some else -1 for some in shown]
    assert min(rarest.count(cls) for cls in set(rarest)) >= 3
    theirs = StratifiedKFold(3, shuffle=True, random_state=7).split(every, rarest)
    for fold, (_, val) in zip(data.kfold(shapes, 3, seed=7, out=tmp_path / "folds"), theirs, strict=True):
        assert images(fold, "val") == sorted(every[row].resolve() for row in val)


@given(arrays.arrays(np.int64, st.tuples(st.integers(1, 9), st.integers(1, 4)), elements=st.integers(0, 1)))
def test_the_rarest_class_is_found_as_by_hand(shown):
    for row, found in zip(shown, rarest_class(shown), strict=True):
        own = [cls for cls in range(shown.shape[1]) if row[cls]]
        assert found in own or (found == -1 and not own)
        assert not own or shown[:, found].sum() == min(shown[:, cls].sum() for cls in own)


def test_groups_are_kept_together(shapes, tmp_path):
    folds = data.kfold(shapes, 2, by="group", group=r"\d{4}(\d)", out=tmp_path / "folds")
    values = [{image.stem[-1] for image in images(fold, "val")} for fold in folds]
    assert not values[0] & values[1]
    assert len(values[0] | values[1]) == 10


def test_the_test_split_stays_what_it_is(shapes, tmp_path):
    first = data.split(shapes, (0.6, 0.2, 0.2), out=tmp_path / "first")
    for fold in data.kfold(first.yaml, 2, out=tmp_path / "folds"):
        assert images(fold, "test") == images(first, "test")
        assert not {*images(fold, "train"), *images(fold, "val")} & {*images(first, "test")}


def test_classes_rarer_than_the_folds_do_no_harm(copy, recwarn):
    for file in (copy.parent / "labels" / "train").iterdir():
        file.write_text("0 .5 .5 .2 .2\n")
    (copy.parent / "labels" / "train" / "00003.txt").write_text("2 .5 .5 .2 .2\n")
    folds = data.kfold(copy, 5)
    assert [fold.counts["val"].images for fold in folds] == [5] * 5
    assert not [warning for warning in recwarn if "populated" in str(warning.message)]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"folds": 1}, "folds: out of range: expected a whole number, 2 or more, found 1"),
        ({"folds": 2.0}, "folds: out of range"),
        ({"folds": 99}, "too few different images: expected 99 or more, found 25"),
        ({"seed": -1}, "seed: out of range"),
        ({"by": "group"}, "too few groups"),
        ({"by": "x"}, "expected class or group"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(call, words, shapes, tmp_path):
    with pytest.raises(DataError, match=words):
        data.kfold(shapes, out=tmp_path / "folds", **call)
    assert not list(Path(tmp_path).iterdir())
