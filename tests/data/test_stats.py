"""The numbers of a split against a loop over its files."""

import json
from statistics import median

import numpy as np
import pytest
from PIL import Image

from yolo_course import data


def by_hand(yaml, split, imgsz):
    """Sides and class of each box at that size, the plain way."""
    boxes, sizes = [], []
    for file in sorted((yaml.parent / "images" / split).iterdir()):
        width, height = Image.open(file).size
        sizes.append((height, width))
        label = yaml.parent / "labels" / split / f"{file.stem}.txt"
        for line in label.read_text().splitlines():
            cls, _, _, w, h = map(float, line.split())
            scale = imgsz / max(width, height)
            boxes.append((int(cls), w * width * scale, h * height * scale, len(sizes) - 1))
    return boxes, sizes


@pytest.fixture
def uneven(copy):
    """A copy in which one image is wide and one is tall."""
    for stem, size in (("00001", (150, 60)), ("00004", (50, 200))):
        file = copy.parent / f"images/train/{stem}.jpg"
        Image.open(file).resize(size).save(file)
    return copy


@pytest.mark.parametrize("imgsz", [64, 640])
def test_the_numbers_are_those_of_a_loop(uneven, imgsz):
    found, (boxes, sizes) = data.stats(uneven, "train"), by_hand(uneven, "train", imgsz)
    assert found.sizes.tolist() == [list(size) for size in sizes]
    assert found.classes.tolist() == [box[0] for box in boxes]
    assert np.allclose(found.sides(imgsz), [box[1:3] for box in boxes])
    assert np.allclose(found.aspects(), [box[1] / box[2] for box in boxes])
    assert found.per_image.tolist() == [sum(box[3] == index for box in boxes) for index in range(len(sizes))]

    record = json.loads(json.dumps(found.record(imgsz)))
    assert (record["images"], record["boxes"], record["left_out"]) == (20, len(boxes), 0)
    assert record["per_image"]["median"] == median(found.per_image.tolist())
    assert record["sizes"] == [[60, 150], [64, 64], [200, 50]]
    for cls, each in enumerate(record["classes"]):
        own = [box for box in boxes if box[0] == cls]
        areas = [w * h for _, w, h, _ in own]
        assert each["boxes"] == len(own)
        assert each["images"] == len({box[3] for box in own})
        assert each["pixels"][1] == pytest.approx(median(area**0.5 for area in areas), abs=1e-3)
        assert each["small"] == sum(area < 32**2 for area in areas)
        assert each["large"] == sum(area > 96**2 for area in areas)
        assert each["small"] + each["medium"] + each["large"] == len(own)


def test_lines_without_a_sound_box_are_counted_and_left_out(copy):
    before = data.stats(copy)
    file = copy.parent / "labels/train/00003.txt"
    own = len(file.read_text().splitlines())
    file.write_text("0 0.5 0.5 0 0.1\n9 0.5 0.5 0.1 0.1\nnonsense\n1 0.5 0.5 0.1 0.1\n1 0.5 0.5 2 0.1\n")
    after = data.stats(copy)
    assert after.left_out == 4
    assert len(after.rows) == len(before.rows) - own + 1


def test_a_split_without_boxes_has_numbers_too(copy):
    for file in (copy.parent / "labels/val").glob("*.txt"):
        file.unlink()
    record = data.stats(copy, "val").record()
    assert (record["images"], record["empty"], record["boxes"]) == (5, 5, 0)
    assert record["classes"][0]["pixels"] == []


def test_progress_counts_every_image(shapes):
    calls = []
    data.stats(shapes, "val", lambda *done: calls.append(done))
    assert calls == [(number, 5) for number in range(1, 6)]
