"""Each rule, on a sound little detector with one thing changed: what it says, and that it says nothing else."""

import pytest

from yolo_course import lint

CONV = "[-1, 1, Conv, [64, 3, 2]]"  # row 2, line 5


def found(report):
    return [(f.rule, f.severity, f.line, f.row) for f in report.findings]


def test_the_little_detector_is_sound(lint_small):
    assert lint_small("nc: 3", "nc: 3").findings == ()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (CONV, "[-1, 1, conv, [64, 3, 2]]", ("module", "error", 5, 2)),
        (CONV, "[-1, 1, torch_safe_load, [64]]", ("module", "error", 5, 2)),
        (CONV, "[-1, 1, DetectionModel, [yolo11n.yaml]]", ("module", "error", 5, 2)),
        (CONV, "[-1, 1, nn.Module, []]", ("module", "error", 5, 2)),
        (CONV, "[2, 1, Conv, [64, 3, 2]]", ("from", "error", 5, 2)),
        (CONV, "[-4, 1, Conv, [64, 3, 2]]", ("from", "error", 5, 2)),
        (CONV, "[[-1, 0], 1, Conv, [64, 3, 2]]", ("from", "error", 5, 2)),
        ("[[-1, 2], 1, Concat", "[-1, 1, Concat", ("from", "error", 9, 5)),
        ("[[-1, 2], 1", "[[-1, 1], 1", ("concat-size", "error", 9, 5)),
        (CONV, "[-1, 1, nn.Conv2d, [48, 64, 3, 2, 1]]", ("channels", "error", 5, 2)),
        (CONV, "[-1, 1, nn.Conv2d, [32, 64, 3, 2, 1]]", ("channels", "error", 5, 2)),
        (CONV, "[-1, 1, Conv, [64, 3, 2, 1, 1, 1, true, 5, 6]]", ("arguments", "error", 5, 2)),
        (CONV, "[-1, 1, Conv, []]", ("arguments", "error", 5, 2)),
        (CONV, "[-1, 1, Conv, [wide, 3, 2]]", ("arguments", "error", 5, 2)),
        ("[nc]]", "[ncc]]", ("arguments", "error", 11, 7)),
        (CONV, "[-1, 2, Conv, [64, 3, 2]]", ("repeats", "error", 5, 2)),
        (CONV, "[-1, 0, Conv, [64, 3, 2]]", ("repeats", "error", 5, 2)),
        (CONV, "[-1, 2000, Conv, [64, 3, 2]]", ("repeats", "error", 5, 2)),
        (CONV, "[-1, 1, Conv]", ("row", "error", 5, 2)),
        (CONV, "[-1, 1, Conv, 64]", ("row", "error", 5, 2)),
        (CONV, "[[], 1, Conv, [64, 3, 2]]", ("row", "error", 5, 2)),
        (CONV, "[-1, 1, Conv, [64000000, 3, 2]]", ("size", "error", 5, 2)),
        ("[-1, 1, C2f, [64]]", "[-1, 1, AIFI, [64, 7]]", ("attention-heads", "error", 10, 6)),
        ("[-1, 1, C2f, [64]]", "[-1, 1, A2C2f, [72, true, 1]]", ("attention-heads", "error", 10, 6)),
        ("[-1, 1, C2f, [64]]", "[-1, 1, C2f, [64, false, 1, 0.001]]", ("zero-width", "error", 10, 6)),
        ("[[6, 3], 1, Detect", "[[3, 6], 1, Detect", ("head-strides", "error", 11, 7)),
        ("[[6, 3], 1, Detect", "[[6, 6, 3], 1, Detect", ("head-strides", "error", 11, 7)),
        ("Detect, [nc]", "nn.Identity, []", ("task", "error", 11, 7)),
        ("Detect, [nc]", "Pose, [nc, kpt_shape]", ("setting", "error", 11, 7)),
    ],
)
def test_one_mistake_is_one_finding(old, new, expected, lint_small):
    assert found(lint_small(old, new)) == [expected]


def test_a_row_that_nothing_uses(lint_small):
    report = lint_small("[[6, 3], 1", "[[6], 1")
    assert found(report) == []  # row 3 is still read by row 4
    report = lint_small("  - [-1, 1, nn.Up", "  - [-1, 1, Conv, [8]]\n  - [3, 1, nn.Up")
    assert ("unused", "warning", 8, 4) in found(report)


def test_a_head_that_skips_a_stride(lint_small):
    report = lint_small("[[6, 3], 1", "[[1, 6, 3], 1")
    assert found(report) == []
    assert found(lint_small("[[6, 3], 1", "[[0, 6, 3], 1")) == [("head-strides", "warning", 11, 7)]


def test_a_cap_on_all_widths(lint_small):
    assert found(lint_small("nc: 3", "nc: 3\nscales: {n: [1, 1, 8]}")) == [("max-channels", "warning", 2, None)]
    assert found(lint_small("nc: 3", "nc: 3\nscales: {n: [1, 1, 64]}")) == []


def test_repeats_that_only_a_deeper_scale_brings_out_are_a_warning(lint_small):
    scales = "nc: 3\nscales:\n  n: [0.33, 1, 64]\n  l: [1, 1, 64]\nbackbone:\n  - [-1, 3, Conv, [16, 3, 2]]"
    before = "nc: 3\nbackbone:\n  - [-1, 1, Conv, [16, 3, 2]]"
    assert found(lint_small(before, scales)) == [("repeats", "warning", 6, 0)]
    assert found(lint_small(before, scales, scale="l")) == [("repeats", "error", 6, 0)]


def test_repeats_of_a_block_that_takes_them_are_none(lint_small):
    report = lint_small("[-1, 1, C2f, [64]]", "[-1, 3, C2f, [32]]")
    assert report.findings == ()
    assert report.rows[6].repeats == 3


def test_a_finding_says_what_to_write(lint_small):
    finding = lint_small("[[-1, 2], 1", "[[-1, 1], 1").findings[0]
    assert finding.found == "80×80 and 160×160: strides 8, 4"
    assert finding.fix == "rows 2 have stride 8"
    assert lint_small(CONV, "[-1, 1, Connv, [64, 3, 2]]").findings[0].expected == "Conv"
    assert lint_small("nn.Upsample", "Upsample").findings[0].expected == "nn.Upsample"
    channels = lint_small(CONV, "[-1, 1, nn.Conv2d, [48, 64, 3, 2, 1]]").findings[0]
    assert (channels.expected, channels.found) == ("48 channels", "32 channels")


def test_all_mistakes_in_one_run_and_no_other(lint_text, stock):
    text = stock["yolov8"].read_text()
    for old, new in {
        "nc: 80": "nc: eighty",
        "[-1, 1, Conv, [64, 3, 2]]": "[-1, 1, Connv, [64, 3, 2]]",
        "[-1, 1, Conv, [256, 3, 2]] # 3": "[-1, 3, Conv, [256, 3, 2]] # 3",
        "[-1, 1, Conv, [512, 3, 2]] # 5": "[-1, 1, Conv, [512, 3, 2, 1, 1, 1, true, 9]] # 5",
        "[-1, 1, Conv, [1024, 3, 2]] # 7": "[-1, 1, Downsampler9000, [1024]] # 7",
        "[[-1, 6], 1, Concat, [1]]": "[[-1, 4], 1, Concat, [1]]",
        "[-1, 3, C2f, [256]] # 15": "[-1, 3, C2f, [256, false, 1, 0.001]] # 15",
        "[[-1, 9], 1, Concat, [1]]": "[[-1, 99], 1, Concat, [1]]",
        "[[15, 18, 21], 1": "[[15, 21, 18], 1",
    }.items():
        assert old in text
        text = text.replace(old, new, 1)
    rules = [f.rule for f in lint_text(text).findings]
    assert rules == [
        *("nc", "module", "repeats", "arguments", "module"),
        *("concat-size", "zero-width", "from", "head-strides"),
    ]


def test_world_models_text_attention_counts_as_used(stock):
    assert "ImagePoolingAttn" in stock["yolov8-world"].read_text()
    assert lint(stock["yolov8-world"]).findings == ()
