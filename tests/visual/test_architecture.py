"""The graph of a model: where rows stand, who is joined to whom, what is marked."""

import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

import yolo_course
from yolo_course.explorers.explorer import png
from yolo_course.models.names import ZOO
from yolo_course.visual.architecture import COLOURS, RED, draw_architecture


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def boxes(figure):
    """Places and colours of the rows' boxes."""
    drawn = next(each for each in figure.axes[0].collections if len(each.get_offsets()) > 1)
    places = [(round(float(x), 3), round(float(y))) for x, y in drawn.get_offsets()]
    return places, [to_hex(colour) for colour in drawn.get_facecolors()], [to_hex(c) for c in drawn.get_edgecolors()]


@pytest.fixture(scope="module")
def report():
    return yolo_course.lint(ZOO / "resnet.yaml")


def test_each_row_is_written_with_its_channels(report):
    shown = texts(draw_architecture(report))
    for row in report.rows:
        assert any(text.startswith(f"{row.row}".rjust(2, "\u2007") + f" {row.module}") for text in shown)
    assert [text for text in shown if text.isdigit()] == [str(row.c_out) for row in report.rows if row.c_out]


def test_rows_of_one_stride_stand_in_one_column_and_the_head_in_three(report):
    places, colours, _ = boxes(draw_architecture(report))
    columns = {}
    for x, row in places:
        if report.rows[row].stride:
            columns.setdefault(report.rows[row].stride, set()).add(x)
    assert all(len(each) == 1 for each in columns.values())
    assert [columns[stride].pop() for stride in sorted(columns)] == sorted({x for x, _ in places})
    assert [colour for (_, row), colour in zip(places, colours, strict=True) if row == len(report.rows) - 1] == (
        [to_hex(COLOURS["detects"])] * 3
    )


def test_there_is_a_line_for_each_row_that_a_row_reads(report):
    edges = [each for each in draw_architecture(report).axes[0].collections if isinstance(each, PathCollection)]
    drawn = sum(len(each.get_paths()) for each in edges if len(each.get_offsets()) <= 1)
    read = sum(len(row.source) if isinstance(row.source, list) else 1 for row in report.rows)
    assert drawn == read - 1  # row 0 reads the image


def test_a_finding_is_framed_and_told(tmp_path):
    file = tmp_path / "broken.yaml"
    text = (ZOO / "resnet.yaml").read_text(encoding="utf-8")
    file.write_text(text.replace("[[-1, 7], 1, Concat", "[[-1, 8], 1, Concat"), encoding="utf-8")
    report = yolo_course.lint(file)
    wrong = {finding.row for finding in report.findings} - {None}
    assert 10 in wrong
    figure = draw_architecture(report)
    places, _, frames = boxes(figure)
    assert {row for (_, row), frame in zip(places, frames, strict=True) if frame == RED} == wrong
    assert any(text.startswith(report.findings[0].message[:40]) for text in texts(figure))


@pytest.mark.parametrize("text", ["", "nc: 3", "nc: [", "backbone: 7\nhead: []"])
def test_a_file_without_rows_gives_an_empty_picture(tmp_path, text):
    file = tmp_path / "empty.yaml"
    file.write_text(text, encoding="utf-8")
    assert png(draw_architecture(yolo_course.lint(file))).startswith(b"\x89PNG")
