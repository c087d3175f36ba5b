"""The curves that are drawn are the numbers in the file."""

import csv
import io
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yolo_course.errors import CourseError
from yolo_course.visual.curves import read_curves, training_curves

HEADER = "epoch,time,train/box_loss,train/cls_loss,metrics/mAP50(B),metrics/mAP50-95(B),val/box_loss,lr/pg0,lr/pg1"
ROWS = ("1,2.5,3.2,20.5,0.1,0.05,3.0,0.001,0.003", "2,4.9,2.1,11,0.6,0.35,2.4,0.0005,0.0015")


@pytest.fixture
def results(tmp_path):
    path = tmp_path / "results.csv"
    path.write_text("\n".join((HEADER, *ROWS)) + "\n")
    return path


def test_reads_what_numpy_reads(results):
    oracle = np.genfromtxt(results, delimiter=",", skip_header=1)
    curves = read_curves(results)
    assert list(curves) == HEADER.split(",")
    np.testing.assert_array_equal(np.stack(list(curves.values()), 1), oracle)


def test_header_padded_as_older_releases_wrote_it(tmp_path):
    path = tmp_path / "results.csv"
    path.write_text("          epoch,   metrics/mAP50(B)\n              1,     0.5\n")
    assert read_curves(path)["metrics/mAP50(B)"].tolist() == [0.5]


def test_lines_are_the_columns(results):
    figure = training_curves(results, title="run")
    losses, accuracy, rate = figure.axes
    drawn = {line.get_label(): line.get_ydata() for axis in (losses, accuracy) for line in axis.lines}
    curves = read_curves(results)
    np.testing.assert_array_equal(drawn["mAP50"], curves["metrics/mAP50(B)"])
    np.testing.assert_array_equal(drawn["box"], curves["train/box_loss"])
    assert len(losses.lines) == 3, "box and cls of train, box of val"
    assert len(rate.lines) == 2
    assert figure.get_suptitle() == "run"


def test_equal_learning_rates_are_one_line(tmp_path):
    path = tmp_path / "results.csv"
    path.write_text("epoch,lr/pg0,lr/pg1,lr/pg2\n1,0.1,0.1,0.3\n2,0.05,0.05,0.15\n")
    assert len(training_curves(path).axes[2].lines) == 2


def test_one_epoch_is_visible(tmp_path):
    path = tmp_path / "results.csv"
    path.write_text(f"{HEADER}\n{ROWS[0]}\n")
    assert all(line.get_marker() == "o" for line in training_curves(path).axes[1].lines)


def test_draws_without_pyplot(results):
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    training_curves(results).savefig(io.BytesIO(), format="png")
    assert plt.get_fignums() == before


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "not the results"), ("epoch\n", "not the results"), ("a,b\n1,2\n", "epoch"), ("epoch,a\n1\n", "length")],
)
def test_other_files(tmp_path, text, says):
    path = tmp_path / "results.csv"
    path.write_text(text)
    with pytest.raises(CourseError, match=says) as caught:
        training_curves(path)
    assert str(path) in str(caught.value)


def test_missing_or_binary_file(tmp_path):
    with pytest.raises(CourseError, match="No such file"):
        read_curves(tmp_path / "none.csv")
    (tmp_path / "image.csv").write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(CourseError, match="can't read"):
        read_curves(tmp_path / "image.csv")


@given(st.lists(st.floats(allow_nan=True), min_size=1, max_size=8))
def test_any_float_survives(values):
    text = io.StringIO()
    csv.writer(text).writerows([["epoch", "x"], *enumerate(map(repr, values), 1)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "results.csv")
        path.write_text(text.getvalue())
        np.testing.assert_array_equal(read_curves(path)["x"], values)
