"""The room on real photographs: blood cells (BCCD), as they came, in the splits that came with them."""

import os
from pathlib import Path

import pytest
import torch
from torchvision.ops import box_iou
from ultralytics.cfg import get_cfg
from ultralytics.data.build import build_yolo_dataset
from ultralytics.data.utils import check_det_dataset

from yolo_course import data
from yolo_course.models.quiet import quiet

BCCD = Path(os.environ.get("YOLO_COURSE_BCCD") or Path(__file__).parents[3] / "shared" / "data" / "bccd")
pytestmark = pytest.mark.skipif(not BCCD.is_dir(), reason="needs BCCD: set YOLO_COURSE_BCCD to its folder")


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    return data.convert("voc", BCCD, tmp_path_factory.mktemp("bccd") / "yolo").entry


@pytest.fixture(scope="module")
def findings(cells):
    return data.check(cells).findings


def test_what_is_found_and_nothing_is_an_error(findings):
    assert {finding.kind for finding in findings} == {"imbalance", "near-duplicate", "odd-shape", "odd-size", "overlap"}
    assert {finding.severity for finding in findings} == {"warning"}


def test_one_view_is_in_train_and_in_val(findings):
    """Two photographs of one place, taken a little apart; they were looked at."""
    (found,) = [finding for finding in findings if finding.kind == "near-duplicate"]
    assert [f"{file.parent.name}/{file.stem}" for file in (found.file, found.other)] == [
        "val/BloodImage_00037",
        "train/BloodImage_00038",
    ]


def test_cells_drawn_twice_are_those_of_torchvision(cells, findings):
    expected = set()
    for label in (cells.parent / "labels").glob("*/*.txt"):
        rows = torch.tensor(data.read_labels(label))
        boxes = torch.cat((rows[:, 1:3] - rows[:, 3:] / 2, rows[:, 1:3] + rows[:, 3:] / 2), 1)
        same = rows[:, :1] == rows[:, 0]
        expected |= {
            (label, later + 1) for later, _ in ((box_iou(boxes, boxes) > 0.7) & same).tril(-1).nonzero().tolist()
        }
    assert len(expected) == 8
    assert {(finding.file, finding.line) for finding in findings if finding.kind == "overlap"} == expected


def test_the_rare_classes_are_on_most_images_so_drawing_helps_little(findings):
    told = [finding.message for finding in findings if finding.kind == "imbalance"]
    assert [message.split()[0] for message in told] == ["Platelets", "WBC"]
    assert all("11 times as many" in message for message in told)
    assert "balanced sampling shows its boxes 1.0 times as often" in told[1]


def test_samples_are_those_of_ultralytics(cells):
    ours = data.DetectionDataset(cells, "test", 320)
    with quiet():
        described = check_det_dataset(str(cells))
        theirs = build_yolo_dataset(get_cfg(overrides={"imgsz": 320}), described["test"], 8, described, mode="val")
    assert [str(image) for image in ours.images] == theirs.im_files
    for index in range(0, len(ours), 6):
        mine, other = ours[index], theirs[index]
        assert torch.equal(mine["img"], other["img"])
        assert torch.equal(mine["cls"], other["cls"])
        assert torch.allclose(mine["bboxes"], other["bboxes"], atol=1e-6)
