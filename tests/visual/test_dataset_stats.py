"""The panels say what the numbers say."""

import io

import numpy as np
import pytest
from matplotlib.figure import Figure

from yolo_course.data import Statistics
from yolo_course.visual.dataset_stats import MOST_CLASSES, dataset_stats


def statistics(classes, names=3):
    """Boxes of those classes, three an image, in images of 100 by 200 pixels."""
    rng = np.random.default_rng(0)
    rows = np.hstack((np.array(classes).reshape(-1, 1), rng.uniform(0.2, 0.8, (len(classes), 4))))
    images = -(-len(classes) // 3) + 1
    sizes = np.tile((100, 200), (images, 1))
    return Statistics({cls: f"c{cls}" for cls in range(names)}, "train", sizes, np.arange(len(classes)) // 3, rows)


@pytest.fixture
def panels():
    figure = dataset_stats(statistics([0] * 9 + [1] * 4 + [2] * 2), imgsz=400)
    assert isinstance(figure, Figure)
    assert "6 images, 15 boxes" in figure.get_suptitle()
    return {axis.get_title(): axis for axis in figure.axes}


def test_classes_are_counted_by_box_and_by_image(panels):
    axis = panels["classes"]
    assert [bar.get_height() for bar in axis.patches] == [9, 4, 2]
    assert axis.lines[0].get_ydata().tolist() == [3, 2, 1]  # images 0–2, 3–4, 4
    assert [tick.get_text() for tick in axis.get_xticklabels()] == ["c0", "c1", "c2"]


def test_every_image_has_its_place_in_objects_per_image(panels):
    heights = [bar.get_height() for bar in panels["objects per image"].patches]
    assert heights == [1, 0, 0, 5]


def test_sizes_are_those_at_imgsz(panels):
    axis = panels["sizes, with the strides"]
    shown = np.concatenate([line.get_xydata() for line in axis.lines if line.get_label().startswith("c")])
    assert np.allclose(shown, statistics([0] * 9 + [1] * 4 + [2] * 2).sides() * 2)
    assert "imgsz=400" in axis.get_xlabel()


def test_centres_are_counted_where_they_lie():
    found = statistics([0, 0, 1])
    found.rows[:, 1:3] = (0.99, 0.01), (0.99, 0.01), (0.5, 0.99)
    axis = {axis.get_title(): axis for axis in dataset_stats(found).axes}["centres in the image"]
    counts = axis.images[0].get_array()
    assert (counts[0, -1], counts[-1, 12], counts.sum()) == (2, 1, 3)


@pytest.mark.parametrize(("classes", "names"), [([], 2), ([3] * 200, 4), (list(range(90)), 90)])
def test_none_many_and_very_many(classes, names):
    figure = dataset_stats(statistics(classes, names))
    figure.savefig(io.BytesIO(), format="png")
    assert len(figure.axes[0].patches) == min(names, MOST_CLASSES)
