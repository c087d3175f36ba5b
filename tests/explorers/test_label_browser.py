"""The label browser: its filters against the report, its arrows, and what it shows."""

import shutil
import time

import pytest

from yolo_course import data
from yolo_course.errors import DataError
from yolo_course.explorers.label_browser import label_browser


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    """Twelve images, three of them with a fault, one of these with two."""
    yaml = data.make("shapes", tmp_path_factory.mktemp("browse") / "shapes", images=12, size=64)
    labels = yaml.parent / "labels/train"
    (labels / "00002.txt").write_text("0 0.5 0.5 0.5 0.5\n0 0.51 0.5 0.5 0.5\nnonsense <b>\n")
    (labels / "00004.txt").write_text("nonsense\n")
    (yaml.parent / "images/val/00001.jpg").write_text("no picture")
    return yaml


@pytest.fixture(scope="module")
def report(spoilt):
    return data.check(spoilt)


@pytest.fixture
def viewer(spoilt, report):
    return label_browser(spoilt, report)


def test_all_images_come_first_and_every_kind_is_a_filter(viewer):
    assert [label for label, _ in viewer.controls["shown"].options] == [
        "all images (12)",
        "any finding (3)",
        "malformed-label (2)",
        "overlap (1)",
        "unreadable-image (1)",
    ]
    assert "image 1 of 12: <b>train/00000.jpg</b>" in viewer.sentence.value
    assert "nothing found" in viewer.sentence.value


def test_a_filter_shows_its_images_only(viewer):
    viewer.controls["number"].value = 9
    viewer.controls["shown"].value = "malformed-label"
    seen = []
    for number in range(1, viewer.controls["number"].max + 1):
        viewer.controls["number"].value = number
        seen.append(viewer.sentence.value)
    assert ["train/00002.jpg" in seen[0], "train/00004.jpg" in seen[1], len(seen)] == [True, True, 2]
    assert "1 of 2" in seen[0]
    assert "<b>overlap</b> in line 2: shares" in seen[0]
    assert "2 boxes" in seen[0]
    viewer.controls["shown"].value = "all images"
    assert viewer.controls["number"].max == 12


def test_the_arrows_step_and_stop_at_the_ends(viewer):
    step, number = viewer.controls["step"], viewer.controls["number"]
    for click, place in ((1, 2), (1, 3), (-1, 2), (-1, 1), (-1, 1)):
        step.value = click
        assert (number.value, step.value) == (place, None)
        assert f"image {place} of" in viewer.sentence.value
    number.value = 12
    step.value = 1
    assert number.value == 12


def test_a_click_draws_one_picture(viewer, monkeypatch):
    drawn, picture = [], viewer.picture
    monkeypatch.setattr(viewer, "picture", lambda **values: drawn.append(values) or picture(**values))
    before = bytes(viewer.image.value)
    viewer.controls["step"].value = 1
    assert len(drawn) == 1
    assert viewer.image.value != before
    viewer.controls["shown"].value = "overlap"
    assert drawn[-1]["shown"] == "overlap"
    assert len(drawn) <= 3


def test_doubtful_boxes_are_marked(spoilt, report):
    viewer = label_browser(spoilt, report)
    figure, _ = viewer._picture("overlap", 1, None)
    dashed = [patch for patch in figure.axes[0].patches if patch.get_linestyle() == "--"]
    assert len(dashed) == 1
    assert dashed[0].get_x() == pytest.approx((0.51 - 0.25) * 64 - 0.5)
    assert len(figure.axes[0].patches) == 3


def test_an_image_that_cannot_be_read_is_told(viewer):
    viewer.controls["shown"].value = "unreadable-image"
    assert "val/00001.jpg" in viewer.sentence.value
    assert "can&#x27;t be read" in viewer.sentence.value
    assert bytes(viewer.image.value).startswith(b"\x89PNG")


def test_a_page_without_a_kernel_shows_the_picture(viewer, monkeypatch):
    shown = []
    monkeypatch.setattr("yolo_course.explorers.explorer.display", lambda bundle, raw: shown.append(bundle))
    viewer._ipython_display_()
    assert {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"} <= shown[0].keys()


def test_without_a_report_it_checks_for_itself(spoilt, report):
    assert label_browser(spoilt).found == data.by_image(data.load(spoilt), report.findings)


def test_without_images_it_says_so(spoilt, tmp_path):
    yaml = tmp_path / "empty.yaml"
    shutil.copy(spoilt, yaml)
    with pytest.raises(DataError, match="no images"):
        label_browser(yaml, data.Report(()))


def test_a_move_is_quick(viewer):
    took = []
    for place in (2, 3, 4, 5, 6, 7):
        begun = time.process_time()
        viewer.controls["number"].value = place
        took.append(time.process_time() - begun)
    assert min(took) < 0.2
