import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ultralytics.data.utils import verify_image_label

from yolo_course import data
from yolo_course.data.labels import scan_labels
from yolo_course.data.writing import write_image, write_labels
from yolo_course.errors import DataError

begin, length = st.integers(0, 60), st.integers(1, 4)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 79), begin, begin, length, length), max_size=20))
def test_what_is_written_is_read(tmp_path_factory, boxes):
    file = tmp_path_factory.getbasetemp() / "labels.txt"
    rows = np.array(boxes, dtype=np.float64).reshape(-1, 5)
    rows[:, 3:] += rows[:, 1:3]  # width and height to the far corner
    write_labels(file, rows[:, 0].astype(int), rows[:, 1:], 64)
    read = data.read_labels(file)
    assert read.shape == (len(boxes), 5)
    assert np.array_equal(read[:, 0], rows[:, 0])
    centres, sides = read[:, 1:3] * 64, read[:, 3:] * 64
    assert np.allclose(np.hstack((centres - sides / 2, centres + sides / 2)), rows[:, 1:], atol=1e-4)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "0 0.5 0.5 0.2 0.2\n",
        "﻿1 0.5 0.5 0.2 0.2\n2 .25 .25 .1 .1",
        "0 0.1 0.1 0.6 0.2 0.4 0.9\n1 0.1 0.1 0.6 0.1 0.6 0.5 0.1 0.5\n",
        "0 0.5 0.5 0.2\n",
        "0 0.5 0.5 0.2 0.2 0.9\n",
        "x 0.5 0.5 0.2 0.2\n",
        "1.5 0.5 0.5 0.2 0.2\n",
        "-1 0.5 0.5 0.2 0.2\n",
        "0 0.5 0.5 0.2 0.2\n0 0.1 0.1 0.6 0.2 0.4 0.9\n",
    ],
)
def test_reads_what_ultralytics_reads_and_refuses_what_it_refuses(tmp_path, text):
    image, file = tmp_path / "image.png", tmp_path / "image.txt"
    write_image(image, np.zeros((32, 32, 3), np.uint8))
    file.write_text(text, encoding="utf-8")
    theirs = verify_image_label((str(image), str(file), "", False, 80, 0, 2, False))
    if theirs[0] is None:
        with pytest.raises(DataError, match=r"image\.txt:\d"):
            data.read_labels(file)
    else:
        assert np.allclose(data.read_labels(file), theirs[1], atol=1e-6)


def test_every_broken_line_is_named_once(tmp_path):
    file = tmp_path / "labels.txt"
    file.write_text("0 .5 .5 .1 .1\nnonsense\n\n0 .5 nan .1 .1\n0 .5 .5 .1 .1 .1\n")
    rows, findings = scan_labels(file)
    assert [number for number, _ in rows] == [1]
    assert [finding.line for finding in findings] == [2, 4, 5]
    with pytest.raises(DataError, match=r"labels\.txt:2: malformed label: 'nonsense' is not a number"):
        data.read_labels(file)


def test_a_file_that_is_no_text_is_told(tmp_path):
    (tmp_path / "labels.txt").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(DataError, match="not UTF-8"):
        data.read_labels(tmp_path / "labels.txt")
    with pytest.raises(DataError, match="No such file"):
        data.read_labels(tmp_path / "none.txt")
