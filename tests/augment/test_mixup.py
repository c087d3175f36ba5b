"""Mixed pictures against Ultralytics' and NumPy's."""

import numpy as np
import pytest
from ultralytics.data.augment import MixUp as Theirs

from yolo_course.augment import MixUp
from yolo_course.augment.mixup import mixup
from yolo_course.errors import CourseError


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.83, 1.0])
def test_equal_to_ultralytics(make, to_labels, share):
    first, second = make(0, more=True), make(1, boxes=2, more=True)
    labels = to_labels(first) | {"mix_labels": [to_labels(second)]}
    theirs = Theirs(None)
    labels = theirs.apply_instances(theirs.apply_image(labels, {"r": share}), {"r": share})
    found = mixup(first, second, share)
    gap = found.image.astype(int) - labels["img"][..., ::-1]
    assert set(np.unique(gap)) <= {0, 1}  # ours rounds, theirs cuts what is behind the point
    np.testing.assert_array_equal(found.boxes, labels["instances"].bboxes)
    np.testing.assert_array_equal(found.classes, labels["cls"][:, 0])


def test_the_share_is_drawn_from_a_beta_distribution(make):
    white = make(0).replace(image=np.full((64, 96, 3), 255, np.uint8))
    black, rng = make(1).replace(image=np.zeros((64, 96, 3), np.uint8)), np.random.default_rng(0)
    shares = np.array([MixUp([black])(white, rng).image[0, 0, 0] / 255 for _ in range(400)])
    assert shares.mean() == pytest.approx(0.5, abs=0.02)
    assert shares.var() == pytest.approx(1 / (4 * (2 * 32 + 1)), rel=0.25)  # of Beta(32, 32)
    flat = np.array([MixUp([black], alpha=1.0)(white, rng).image[0, 0, 0] / 255 for _ in range(400)])
    assert flat.var() == pytest.approx(1 / 12, rel=0.25)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda make: mixup(make(), make(size=(64, 64)), 0.5), "different sizes"),
        (lambda make: mixup(make(), make(), 1.2), "between 0 and 1"),
        (lambda make: MixUp([]), "nothing to mix with"),
        (lambda make: MixUp([make()], alpha=0), "alpha must be positive"),
    ],
)
def test_mistakes_are_told_in_words(make, call, words):
    with pytest.raises(CourseError, match=words):
        call(make)
