"""A fork's answer comes back; what goes wrong there is told in one line."""

import os
import time

import pytest

from yolo_course.grading.isolation.apart import ApartError, apart


def test_its_answer_comes_back_and_its_changes_stay_there():
    here = {"kept": 1}

    def change():
        here["kept"] = 2
        return {"pid": os.getpid(), "kept": here["kept"]}

    found = apart(change, 10)
    assert found["kept"] == 2
    assert found["pid"] != os.getpid()
    assert here == {"kept": 1}


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda: 1 / 0, "ZeroDivisionError"),
        (lambda: os._exit(3), "the process died"),
        (lambda: {1, 2}, "not JSON serializable"),
        (lambda: time.sleep(60), "no answer within 0.5 s"),
    ],
)
def test_what_goes_wrong_is_told(function, told):
    started = time.monotonic()
    with pytest.raises(ApartError, match=told):
        apart(function, 0.5)
    assert time.monotonic() - started < 10
