"""What is said of an epoch, and where."""

from contextlib import redirect_stdout
from io import StringIO
from types import SimpleNamespace

from yolo_course.train.progress import epoch_lines


def trainer(epoch):
    return SimpleNamespace(
        epoch=epoch, epochs=12, tloss={"box_loss": 1.5, "cls_loss": 2}, metrics={"metrics/mAP50(B)": 0.25}
    )


def test_one_line_an_epoch_and_none_for_the_final_evaluation():
    lines = []
    report = epoch_lines(lines.append)
    for epoch in (0, 11, 12):
        report(trainer(epoch))
    assert [line.split("   ")[:3] for line in lines] == [
        ["epoch  1/12", "box 1.50  cls 2.00", "mAP50 0.250"],
        ["epoch 12/12", "box 1.50  cls 2.00", "mAP50 0.250"],
    ]


def test_an_epoch_without_validation_says_so():
    lines = []
    first = trainer(0)
    first.metrics = {}
    epoch_lines(lines.append)(first)
    assert "mAP50 nan" in lines[0]


def test_prints_where_printing_went_before_the_training(capsys):
    report = epoch_lines(print)
    with redirect_stdout(StringIO()) as hidden:
        report(trainer(0))
    assert hidden.getvalue() == ""
    assert capsys.readouterr().out.startswith("epoch  1/12")
