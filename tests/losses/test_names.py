"""The names of the room: all there, and cheap until they need Ultralytics."""

import subprocess
import sys

import pytest

from yolo_course import losses


@pytest.mark.parametrize("name", losses.__all__)
def test_a_public_name_stands_for_what_it_says(name):
    value = getattr(losses, name)
    assert value.__name__ == name
    assert value.__module__.startswith("yolo_course.losses.")
    assert value.__doc__


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'focal_los'"):
        losses.focal_los  # noqa: B018


def test_the_pure_losses_do_not_bring_ultralytics():
    code = "import sys, yolo_course.losses; print('ultralytics' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert found.stdout.strip() == "False"
