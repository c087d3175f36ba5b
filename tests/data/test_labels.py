import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ultralytics.data.utils import verify_image_label

from yolo_course import data
from yolo_course.data.box_problems import box_problems
from yolo_course.data.labels import scan_labels
from yolo_course.data.making.writing import write_image, write_labels
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


numbers = st.floats(-0.1, 1.1).map(lambda value: f"{value:.6g}") | st.integers(-1, 81).map(str)
oddities = st.sampled_from(
    "nan inf -inf 1e400 1e-400 -0 +.5 5e-1 . - e 0x1 1_0 １ ½ 1,5 True None 0.5f 1d0 '1' 1\x00 \u0661".split(" ")  # noqa: SIM905
)
proper = st.builds(lambda cls, xywh: [str(cls), *xywh], st.integers(0, 81), st.lists(numbers, min_size=4, max_size=4))
outlines = st.builds(
    lambda cls, points: [str(cls), *points[: len(points) // 2 * 2]],
    st.integers(0, 81),
    st.lists(numbers, min_size=6, max_size=12),
)
spoilt = st.builds(
    lambda fields, place, oddity: [*fields[:place], oddity, *fields[place + 1 :]], proper, st.integers(0, 4), oddities
)
lines = st.one_of(proper, proper, outlines, spoilt, st.lists(numbers | oddities, max_size=9))
blanks = st.sampled_from([" ", "  ", "\t"])
ends = st.sampled_from(["\n", "\r\n", "\n\n", "\r", "\f", "\u2028"])


@pytest.fixture(scope="module")
def picture(tmp_path_factory):
    file = tmp_path_factory.mktemp("labels") / "image.png"
    write_image(file, np.zeros((32, 32, 3), np.uint8))
    return file


@pytest.mark.filterwarnings("ignore::RuntimeWarning:ultralytics")
@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(lines, blanks, ends), max_size=4), st.sampled_from(["", "﻿"]))
def test_what_ultralytics_refuses_is_never_silently_accepted(picture, rows, mark):
    """Where Ultralytics drops the image there is an error; where there is none, both read the same numbers."""
    file = picture.with_suffix(".txt")
    text = mark + "".join(blank.join(fields) + end for fields, blank, end in rows)
    file.write_text(text, encoding="utf-8", newline="")
    read, findings = scan_labels(file)
    wrong = [problem for _, row in read for problem in box_problems(range(80), row) if problem[1] == "error"]
    theirs = verify_image_label((str(picture), str(file), "", False, 80, 0, 2, False))
    if theirs[0] is None:
        assert findings or wrong, theirs[-1]
    if not findings and not wrong:
        ours = np.array([row for _, row in read], dtype=np.float32).reshape(-1, 5)
        theirs = np.asarray(theirs[1], dtype=np.float32)
        for row in ours:  # theirs leaves out what is there twice
            assert len(theirs), "theirs is empty"
            assert np.isclose(theirs, row, atol=1e-5).all(1).any()
        assert len({tuple(row) for row in ours.tolist()}) >= len({tuple(row) for row in theirs.tolist()})


@settings(deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=40).map(str.encode))
def test_any_bytes_are_read_or_told_and_never_crash(picture, raw):
    file = picture.with_suffix(".txt")
    file.write_bytes(raw)
    rows, findings = scan_labels(file)
    told = {finding.line for finding in findings}
    assert all(len(row) == 5 and np.isfinite(row).all() and row[0] >= 0 for _, row in rows)
    try:
        written = raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        assert told == {None}
        return
    filled = {number for number, line in enumerate(written, 1) if line.split()}
    assert {number for number, _ in rows} | told == filled  # every line is a row or a finding
