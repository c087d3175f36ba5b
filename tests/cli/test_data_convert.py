import json
import os
import subprocess
import sys

import pytest
from PIL import Image

from yolo_course import data

XML = (
    "<annotation><filename>{0}.png</filename><size><width>40</width><height>30</height></size>"
    "<object><name>cat</name><bndbox><xmin>{1}</xmin><ymin>3</ymin><xmax>14</xmax><ymax>13</ymax></bndbox></object>"
    "</annotation>"
)


def run(*arguments, cwd=None):
    """The command line in a process of its own, as a learner runs it."""
    command = [sys.executable, "-c", "from yolo_course.cli import main; main()", "data", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, env={**os.environ, "COLUMNS": "400"})


@pytest.fixture
def voc(tmp_path):
    """Ten pictures with a box each; the box of the last one has no width."""
    root = tmp_path / "voc"
    for folder in ("Annotations", "JPEGImages"):
        (root / folder).mkdir(parents=True)
    for number in range(10):
        Image.new("L", (40, 30), number).save(root / "JPEGImages" / f"{number}.png")
        (root / "Annotations" / f"{number}.xml").write_text(XML.format(number, 14 if number == 9 else 4))
    return root


def test_from_voc_to_yolo_to_lists_to_folds_to_coco(voc, tmp_path):
    """What the issue of this command promises, in one go: every step takes what the last one printed."""
    first = run("convert", "voc", voc, "--out", "yolo", cwd=tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    assert "9.xml" in first.stdout
    assert first.stdout.splitlines()[-1] == "wrote yolo/data.yaml"
    again = run("convert", "voc", voc, "--out", "yolo", cwd=tmp_path)
    assert again.stdout.splitlines()[-1] == "already there, left as it was: yolo/data.yaml"
    lists = run("split", "yolo/data.yaml", "--ratios", "0.5,0.3,0.2", "--out", "lists", "--json", cwd=tmp_path)
    (told,) = json.loads(lists.stdout)
    assert {split: count["images"] for split, count in told["counts"].items()} == {"train": 5, "val": 3, "test": 2}
    assert sum(count["boxes"]["cat"] for count in told["counts"].values()) == 9
    folds = run("kfold", "lists/data.yaml", "-k", 2, cwd=tmp_path)
    assert folds.stdout.splitlines()[-2:] == ["wrote lists/data-kfold/fold1.yaml", "wrote lists/data-kfold/fold2.yaml"]
    back = run("convert", "yolo", "lists/data.yaml", "--out", "coco", "--json", cwd=tmp_path)
    assert back.returncode == 0
    files = sorted((tmp_path / "coco" / "annotations").iterdir())
    assert [file.name for file in files] == ["instances_test.json", "instances_train.json", "instances_val.json"]
    boxes = [each["bbox"] for file in files for each in json.loads(file.read_text())["annotations"]]
    assert boxes == [[4, 3, 10, 10]] * 9


def test_json_tells_every_finding(voc, tmp_path):
    done = run("convert", "voc", voc, "--out", tmp_path / "yolo", "--json", "--classes", "cat,dog")
    report = json.loads(done.stdout)
    assert (report["entry"], report["fresh"], report["ok"]) == (str(tmp_path / "yolo" / "data.yaml"), True, False)
    assert sorted(found["kind"] for found in report["findings"]) == ["one-split", "unused-class", "zero-area"]
    assert data.load(tmp_path / "yolo" / "data.yaml").names == {0: "cat", 1: "dog"}


BAD = [
    ("convert", "voc", "VOC", "--out", "new", "--strict"),
    ("convert", "voc", "nowhere", "--out", "new"),
    ("convert", "csv", "VOC", "--out", "new"),
    ("convert", "coco", "VOC", "--out", "new"),
    ("convert", "yolo", "VOC", "--out", "new"),
    ("convert", "voc", "VOC", "--out", "VOC", "--force"),
    ("convert", "voc", "VOC", "--out", "new", "--classes", "a,a"),
    ("convert", "voc", "VOC", "--out", "new", "--origin", "3"),
    ("split", "nowhere.yaml"),
    ("split", "YAML", "--ratios", "0.8,zero"),
    ("split", "YAML", "--ratios", "0.8,0.8"),
    ("split", "YAML", "--by", "size"),
    ("kfold", "YAML", "-k", "1"),
    ("kfold", "YAML", "-k", "500"),
    ("get", "nothing"),
    ("get", "shapes"),
    ("get", "coco8"),
    ("get", "coco8", "--unverified", "--archive", "none.zip"),
]


@pytest.mark.parametrize("arguments", BAD, ids=" ".join)
def test_bad_input_is_one_line_and_exit_code_2(arguments, voc, copied, capsys, monkeypatch):
    """In this process: `main` itself, so that a whole table of mistakes costs no more than one of them."""
    from yolo_course.cli import main

    home = voc.parent / "home"
    (home / "datasets").mkdir(parents=True)
    monkeypatch.chdir(home)
    named = {"VOC": str(voc), "YAML": str(copied)}
    monkeypatch.setattr(sys, "argv", ["yolo-course", "data", *(named.get(each, each) for each in arguments)])
    before = sorted(voc.parent.rglob("*"))
    with pytest.raises(SystemExit) as told:
        main()
    out, err = capsys.readouterr()
    assert (told.value.code, out) == (2, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert sorted(voc.parent.rglob("*")) == before


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    return data.make("shapes", tmp_path_factory.mktemp("cli") / "shapes", images=10, size=64)


def test_get_reads_an_archive_from_the_disk(tmp_path):
    import zipfile

    (tmp_path / "datasets").mkdir()
    with zipfile.ZipFile(tmp_path / "coco8.zip", "w") as archive:
        for split in ("train", "val"):
            Image.new("L", (40, 30)).save(tmp_path / "a.png")
            archive.write(tmp_path / "a.png", f"coco8/images/{split}/a.png")
            archive.writestr(f"coco8/labels/{split}/a.txt", "79 .5 .5 .2 .2\n")
    done = run("get", "coco8", "--archive", "coco8.zip", "--unverified", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"ready: {tmp_path.resolve() / 'datasets' / 'coco8' / 'data.yaml'}\n"
