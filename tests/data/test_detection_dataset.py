"""The dataset and its batches against Ultralytics' `YOLODataset` on the same files, key by key."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils.data import DataLoader
from ultralytics.cfg import get_cfg
from ultralytics.data.build import build_yolo_dataset
from ultralytics.data.utils import check_det_dataset

from yolo_course import data
from yolo_course.data.batching import collate
from yolo_course.data.detection_dataset import DetectionDataset
from yolo_course.errors import DataError
from yolo_course.models.build import build
from yolo_course.models.quiet import quiet

SIZES = [(64, 64), (48, 80), (90, 31), (200, 120), (37, 53), (1, 40)]  # width and height: none, wide, tall, large, odd
LABELS = (
    "0 0.5 0.5 0.25 0.5\n1 0.3 0.7 0.1 0.2\n",
    "2 0.2 0.1 0.9 0.2 0.5 0.8\n1 0.1 0.1 0.4 0.1 0.4 0.6 0.1 0.6\n",  # polygons
    "",
    None,
    "1 0.3 0.7 0.1 0.2\n0 0.5 0.5 0.25 0.5\n1 0.3 0.7 0.1 0.2\n",  # one of them twice
    "0 0.995 0.5 0.02 0.5\n",  # reaches over the edge by less than Ultralytics allows
)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """Pictures of many shapes and formats, with every kind of label file that is right."""
    root = tmp_path_factory.mktemp("mixed")
    for folder in ("images/train", "labels/train"):
        (root / folder).mkdir(parents=True)
    rng = np.random.default_rng(0)
    for number, (size, text) in enumerate(zip([*SIZES[:5], (60, 40)], LABELS, strict=True)):
        image = Image.fromarray(rng.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))
        suffix = (".jpg", ".png", ".bmp", ".webp", ".jpg", ".jpg")[number]
        turned = Image.Exif()
        turned[0x0112] = 6  # to be shown a quarter turn on
        exif = {"exif": turned} if number == 5 else {}
        (image if number != 1 else image.convert("L")).save(root / f"images/train/{number}{suffix}", **exif)
        if text is not None:
            (root / f"labels/train/{number}.txt").write_text(text)
    (root / "mixed.yaml").write_text("train: images/train\nval: images/train\nnames: [a, b, c]\n")
    return root / "mixed.yaml"


def theirs(yaml, size):
    with quiet():
        described = check_det_dataset(str(yaml))
        cfg = get_cfg(overrides={"imgsz": size, "task": "detect"})
        return build_yolo_dataset(cfg, described["train"], 4, described, mode="val")


def same(ours, other):
    """Ultralytics sorts the boxes of an image that has one of them twice; the order means nothing."""
    assert ours.keys() == other.keys()
    for key, value in ours.items():
        if key in ("cls", "bboxes"):
            assert value.dtype == other[key].dtype == torch.float32
            assert value.shape == other[key].shape
        elif isinstance(value, torch.Tensor):
            assert torch.equal(value, other[key]), key
        else:
            assert np.allclose(value[0], other[key][0]) if key == "ratio_pad" else value == other[key], key
    table = [torch.cat((sample["cls"], sample["bboxes"]), 1).numpy() for sample in (ours, other)]
    table = [rows[np.lexsort(rows.round(3).T)] for rows in table]
    assert np.allclose(*table, atol=1e-6)


@pytest.mark.parametrize("size", [32, 64, 96, 130])
def test_samples_are_those_of_ultralytics(mixed, size):
    ours, other = DetectionDataset(mixed, "train", size), theirs(mixed, size)
    assert len(ours) == len(other) == 6
    for index in range(6):
        same(ours[index], other[index])


def test_batches_are_those_of_ultralytics(mixed, shapes):
    for yaml in (mixed, shapes):
        ours, other = DetectionDataset(yaml, "train", 64), theirs(yaml, 64)
        samples, expected = [ours[index] for index in range(len(ours))], [other[index] for index in range(len(other))]
        found, wanted = collate(samples), other.collate_fn(expected)
        assert list(found) == list(wanted)
        assert torch.equal(found["img"], wanted["img"])
        assert torch.equal(found["batch_idx"], wanted["batch_idx"])
        assert found["cls"].shape == wanted["cls"].shape
        if yaml is shapes:
            assert torch.equal(found["cls"], wanted["cls"])
            assert torch.allclose(found["bboxes"], wanted["bboxes"], atol=1e-6)
        assert found["im_file"] == wanted["im_file"]


def test_a_model_learns_from_its_batches(shapes):
    """The loss of Ultralytics takes a batch of ours, and its gradients reach the first layer."""
    loader = DataLoader(DetectionDataset(shapes, "train", 64), batch_size=4, collate_fn=data.collate)
    batch = next(iter(loader))
    with quiet():
        model = build("pico", nc=3).model.train()
    model.args = get_cfg()
    loss, _ = model.loss(batch | {"img": batch["img"].float() / 255})
    loss.sum().backward()
    assert torch.isfinite(loss).all()
    assert next(model.parameters()).grad.abs().sum() > 0


def test_a_transform_sees_pixels_before_the_letterbox(mixed):
    seen = []

    def halve(image, boxes, classes):
        seen.append((image.shape, boxes.shape, classes.shape))
        return image[:, ::2], boxes * (0.5, 1, 0.5, 1), classes

    plain, halved = DetectionDataset(mixed, "train", 64), DetectionDataset(mixed, "train", 64, transform=halve)
    sample = halved[3]
    assert seen == [((120, 200, 3), (0, 4), (0,))]
    assert sample["ori_shape"] == (120, 100)
    assert torch.allclose(halved[0]["bboxes"][:, 2:], plain[0]["bboxes"][:, 2:] * torch.tensor([0.5, 1.0]))


@pytest.mark.parametrize(
    ("text", "says", "dropped"),
    [
        ("0 0.5 0.5 0.2\n", ":1: malformed label", 1),
        ("0 .5 .5 .1 .1\n3 .5 .5 .1 .1\n", ":2: class 3", 1),
        ("0 .5 .5 0 1\n", ":1: width 0", 0),  # Ultralytics learns from a box without area
    ],
)
def test_a_fault_is_an_error_and_not_an_image_less(copy, text, says, dropped):
    (copy.parent / "labels/train/00003.txt").write_text(text)
    assert len(theirs(copy, 64)) == len(data.load(copy).images("train")) - dropped
    with pytest.raises(DataError, match=says):
        DetectionDataset(copy, "train", 64)


@pytest.mark.parametrize(("split", "size"), [("test", 64), ("train", 0), ("train", 64.0), ("train", True)])
def test_wrong_arguments_are_refused(shapes, split, size):
    with pytest.raises(DataError):
        DetectionDataset(shapes, split, size)


def test_pictures_that_opencv_cannot_read(copy):
    broken = copy.parent / "images/train/00003.jpg"
    broken.write_text("not a picture")
    with pytest.raises(DataError, match=r"00003\.jpg: can't read the image"):
        DetectionDataset(copy, "train", 64)[3]
