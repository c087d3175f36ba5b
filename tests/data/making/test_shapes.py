import subprocess
import sys

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yolo_course import data
from yolo_course.data.making.recipes import recipe
from yolo_course.data.making.shapes import BACKGROUND, NAMES, compose


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), size=st.sampled_from([32, 57, 128, 200]))
def test_boxes_and_mask_agree_for_every_seed(seed, size):
    scene = compose(np.random.default_rng(seed), size)
    assert scene.image.shape == (size, size, 3)
    assert scene.image.dtype == scene.mask.dtype == np.uint8
    assert len(scene.classes) == len(scene.boxes)
    assert set(np.unique(scene.mask)) == {*scene.classes.tolist(), BACKGROUND}
    covered = np.zeros((size, size), bool)
    for cls, (x1, y1, x2, y2) in zip(scene.classes, scene.boxes.astype(int), strict=True):
        assert 0 <= x1 < x2 <= size
        assert 0 <= y1 < y2 <= size
        inside = scene.mask[y1:y2, x1:x2] == cls
        # tight: the shape touches all four sides of its box
        assert inside[0].any()
        assert inside[-1].any()
        assert inside[:, 0].any()
        assert inside[:, -1].any()
        covered[y1:y2, x1:x2] |= inside
    assert np.array_equal(covered, scene.mask != BACKGROUND)


def test_a_lone_shapes_box_is_what_opencv_finds_in_the_mask():
    lone = 0
    for seed in range(200):
        scene = compose(np.random.default_rng(seed), 128)
        for cls in range(len(NAMES)):
            if (scene.classes == cls).sum() == 1:
                x, y, w, h = cv2.boundingRect((scene.mask == cls).astype(np.uint8))
                assert scene.boxes[scene.classes == cls].tolist() == [[x, y, x + w, y + h]]
                lone += 1
    assert lone > 100


def test_corners_tell_the_classes_apart():
    """An unhidden circle fills pi/4 of its box's area at most, and the mask of a triangle fills about half."""
    share = {cls: [] for cls in range(3)}
    for seed in range(300):
        scene = compose(np.random.default_rng(seed), 128)
        if len(scene.classes) == 1:
            x1, y1, x2, y2 = scene.boxes[0].astype(int)
            share[int(scene.classes[0])].append((scene.mask[y1:y2, x1:x2] != BACKGROUND).mean())
    assert abs(np.median(share[0]) - np.pi / 4) < 0.06
    assert np.median(share[2]) < np.median(share[1])


def test_global_random_state_is_left_alone():
    np.random.seed(7)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    compose(np.random.default_rng(0), 64)
    assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002


def test_more_images_begin_with_the_same_ones(tmp_path):
    few, many = (data.make("shapes", tmp_path / str(count), images=count, size=64).parent for count in (5, 10))
    for file in (few / "images/train").iterdir():
        assert file.read_bytes() == (many / "images/train" / file.name).read_bytes()


def test_files_are_complete(shapes):
    root = shapes.parent
    for split, count in recipe("shapes", images=25).splits().items():
        stems = {file.stem for file in (root / "images" / split).iterdir()}
        assert len(stems) == count
        assert stems == {file.stem for file in (root / "labels" / split).iterdir()}
        for file in (root / "masks" / split).iterdir():
            mask = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
            assert mask.dtype == np.uint8
            assert mask.shape == (64, 64)
            assert set(np.unique(data.read_labels(root / "labels" / split / f"{file.stem}.txt")[:, 0])) == {
                float(cls) for cls in np.unique(mask) if cls != BACKGROUND
            }
            stems.discard(file.stem)
        assert not stems


@pytest.mark.slow
def test_ultralytics_reads_all_of_it_from_anywhere_also_after_a_move(shapes, tmp_path):
    """check_det_dataset resolves the YAML, and no image of either task is left out."""
    root = tmp_path / "moved elsewhere"
    root.mkdir()
    for kind in ("images", "labels", "masks"):
        (root / kind).symlink_to(shapes.parent / kind)
    for file in ("shapes.yaml", "semantic.yaml"):
        (root / file).write_bytes((shapes.parent / file).read_bytes())
    code = """
import sys
from ultralytics.cfg import get_cfg
from ultralytics.data.build import build_yolo_dataset
from ultralytics.data.utils import check_det_dataset
for file, task in (("shapes.yaml", "detect"), ("semantic.yaml", "semantic")):
    data = check_det_dataset(sys.argv[1] + "/" + file)
    kept = [len(build_yolo_dataset(get_cfg(overrides={"task": task, "imgsz": 64}), data[split], 4, data, mode="val"))
            for split in ("train", "val")]
    print(task, kept, data["nc"])
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(root)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "detect [20, 5] 3" in done.stdout
    assert "semantic [20, 5] 4" in done.stdout
