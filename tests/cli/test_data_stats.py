"""`yolo-course data stats` and the page of `data check`."""

import json
import os
import subprocess
import sys

import pytest
from PIL import Image

from yolo_course import data
from yolo_course.cli import main


def run(*arguments, cwd=None):
    command = [sys.executable, "-c", "from yolo_course.cli import main; main()", "data", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, env={**os.environ, "COLUMNS": "200"})


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    return data.make("shapes", tmp_path_factory.mktemp("cli") / "shapes", images=10, size=64)


def test_stats_prints_a_table_and_writes_a_picture(shapes, tmp_path):
    done = run("stats", shapes, "--out", tmp_path / "stats.png", "--imgsz", 64)
    assert (done.returncode, done.stderr) == (0, "")
    record = data.stats(shapes).record(64)
    assert f"train: 8 images of 64 × 64 pixels, {record['empty']} of them empty; {record['boxes']} boxes" in done.stdout
    for each in record["classes"]:
        row = next(line for line in done.stdout.splitlines() if each["name"] in line)
        assert f" {each['boxes']} " in row
    assert min(Image.open(tmp_path / "stats.png").size) > 700


def test_stats_for_a_machine(shapes, monkeypatch, capsys):
    given = [str(shapes), "--json", "--split", "val", "--imgsz", "320"]
    monkeypatch.setattr(sys, "argv", ["yolo-course", "data", "stats", *given])
    with pytest.raises(SystemExit):
        main()
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(data.stats(shapes, "val").record(320)))


def test_check_writes_its_page_and_takes_a_size(shapes, tmp_path):
    done = run("check", shapes, "--html", tmp_path / "report.html", "--imgsz", 16, "--stride", 16)
    assert done.returncode == 0
    found = data.check(shapes, imgsz=16, stride=16).findings
    assert {finding.kind for finding in found} == {"small-object"}
    assert f"{len(found)} small-object" in done.stdout
    assert f"wrote {tmp_path / 'report.html'}" in done.stdout.replace("\n", "")
    assert "<h2>small-object" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ("stats", "none.yaml"),
        ("stats", "YAML", "--split", "test"),
        ("stats", "YAML", "--imgsz", "0"),
        ("stats", "YAML", "--out", "no/where.png"),
        ("check", "YAML", "--imgsz", "0"),
        ("check", "YAML", "--html", "no/where.html"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments, shapes, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    given = [str(shapes) if argument == "YAML" else argument for argument in arguments]
    monkeypatch.setattr(sys, "argv", ["yolo-course", "data", *given])
    with pytest.raises(SystemExit) as stopped:
        main()
    told = capsys.readouterr()
    assert stopped.value.code == 2
    assert told.out == ""
    assert told.err.startswith("error: ")
    assert told.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
