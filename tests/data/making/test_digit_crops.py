from collections import Counter

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits

from yolo_course import data
from yolo_course.data.making.handwriting import sources
from yolo_course.errors import DataError


@pytest.fixture(scope="module")
def crops(tmp_path_factory):
    return data.make("digit-crops", tmp_path_factory.mktemp("crops") / "digit-crops")


def test_every_source_is_there_once_in_the_folder_of_its_class(crops):
    target = load_digits().target
    files = list(crops.glob("*/*/*.png"))
    assert sorted(int(file.stem) for file in files) == list(range(1797))
    assert all(target[int(file.stem)] == int(file.parent.name) for file in files)
    assert Counter(file.parent.parent.name for file in files) == {"train": 1437, "val": 360}


def test_the_splits_are_those_of_the_detection_set(crops):
    for split in ("train", "val"):
        assert {int(file.stem) for file in crops.glob(f"{split}/*/*.png")} == set(sources(split))


def test_the_picture_shows_the_source(crops):
    ink = load_digits().images
    for file in sorted(crops.glob("val/*/*.png"))[::40]:
        shown = np.asarray(Image.open(file).convert("L").resize((10, 10), Image.BOX))[1:9, 1:9] / 255
        assert np.corrcoef(shown.ravel(), ink[int(file.stem)].ravel())[0, 1] > 0.95


def test_fewer_stay_balanced_and_more_are_refused(tmp_path):
    few = data.make("digit-crops", tmp_path / "few", images=100, size=40)
    assert set(Counter(file.parent.name for file in few.glob("*/*/*.png")).values()) == {10}
    with pytest.raises(DataError, match="1797 at most"):
        data.make("digit-crops", tmp_path / "many", images=1798)
    assert [file.name for file in tmp_path.iterdir()] == ["few"]
