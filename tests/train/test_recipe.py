"""The options that reach the trainer, and those that must not."""

import pytest
from ultralytics.cfg import get_cfg

from yolo_course.errors import CourseError
from yolo_course.train.recipe import recipe


def options(epochs=10, imgsz=128, batch=16, seed=0, **overrides):
    return recipe(epochs, imgsz, batch, seed, overrides)


def test_ultralytics_takes_them_all():
    config = get_cfg(overrides=options())
    assert config.optimizer != "auto", "or lr0 and momentum would be ignored"
    assert config.lr0 == options()["lr0"]


@pytest.mark.parametrize("batch", [1, 8, 64, 100])
def test_one_step_a_batch(batch):
    config = get_cfg(overrides=options(batch=batch))
    assert max(round(config.nbs / config.batch), 1) == 1


@pytest.mark.parametrize("epochs", [2, 3, 5, 10, 11, 50, 300])
def test_mosaic_is_on_in_most_epochs_and_off_in_the_last(epochs):
    close = options(epochs=epochs)["close_mosaic"]
    assert 1 <= close <= epochs / 2


def test_an_override_wins():
    assert options(lr0=0.5, mosaic=0.0, device="cpu")["lr0"] == 0.5


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("epochs", 0, "epochs must be a whole number"),
        ("epochs", 2.5, "epochs must be a whole number"),
        ("batch", -1, "batch must be a whole number"),
        ("seed", -1, "seed must be a whole number"),
        ("imgsz", 16, "imgsz must be a whole number: expected 32 or more"),
        ("imgsz", 100, "multiple of 32"),
        ("lr", 0.1, "unknown training option: found lr. Try: did you mean 'lr"),
        ("nonsense_option", 1, "unknown training option"),
        ("lr0", "fast", "lr0"),
        ("mosaic", 2.0, "mosaic"),
        ("optimizer", None, "optimizer"),
        ("project", "x", "project is not an option here. Try: use out="),
        ("resume", True, "use weights="),
        ("mode", "val", "mode is not an option here"),
    ],
)
def test_wrong_option(name, value, says):
    with pytest.raises(CourseError) as caught:
        options(**{name: value})
    assert says in str(caught.value)
