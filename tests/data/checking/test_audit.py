import shutil

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from ultralytics.data.utils import verify_image_label

from yolo_course import data


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    return data.make("shapes", tmp_path_factory.mktemp("two") / "shapes", images=2, size=32)


def label(yaml, stem="train/00003"):
    return yaml.parent / f"labels/{stem}.txt"


def image(yaml, stem="train/00003"):
    return yaml.parent / f"images/{stem}.jpg"


def line(number, text):
    """A change that adds a line to a label file, which then has that many lines at least."""

    def change(yaml):
        file = label(yaml)
        file.write_text("0 0.5 0.5 0.25 0.25\n" * (number == 2) + text + "\n")
        return file, number

    return change


def unlabelled(yaml):
    label(yaml).unlink()
    return label(yaml), None


def orphan(yaml):
    image(yaml).unlink()
    return label(yaml), None


def no_picture(yaml):
    image(yaml).write_text("not a picture")
    return image(yaml), None


def cut_off(yaml):
    whole = image(yaml).read_bytes()
    image(yaml).write_bytes(whole[: len(whole) // 2])
    return image(yaml), None


def tiny(yaml):
    Image.fromarray(np.zeros((9, 40, 3), np.uint8)).save(image(yaml))
    return image(yaml), None


def leak(yaml):
    """The same pixels in another format, so that the files differ."""
    copy = image(yaml, "val/leaked").with_suffix(".png")
    Image.open(image(yaml)).save(copy)
    shutil.copy(label(yaml), label(yaml, "val/leaked"))
    return copy, None


def resized(yaml):
    """A picture of the other split, a little smaller."""
    copy = image(yaml, "val/smaller").with_suffix(".png")
    Image.open(image(yaml)).resize((60, 60)).save(copy)
    shutil.copy(label(yaml), label(yaml, "val/smaller"))
    return copy, None


def in_yaml(old, new):
    def change(yaml):
        yaml.write_text(yaml.read_text().replace(old, new))
        return yaml, None

    return change


def no_folder(yaml):
    shutil.rmtree(yaml.parent / "images/val")
    return yaml, None


SPOILT = {
    "missing-label": ("warning", unlabelled),
    "orphaned-label": ("warning", orphan),
    "unreadable-image: no picture": ("error", no_picture),
    "unreadable-image: cut off": ("error", cut_off),
    "unreadable-image: tiny": ("error", tiny),
    "malformed-label: columns": ("error", line(2, "1 0.5 0.5 0.2")),
    "malformed-label: word": ("error", line(1, "circle 0.5 0.5 0.2 0.2")),
    "malformed-label: infinite": ("error", line(1, "1 0.5 0.5 inf 0.2")),
    "out-of-range: centre": ("error", line(2, "1 1.5 0.5 0.2 0.2")),
    "out-of-range: edge": ("error", line(2, "1 0.95 0.5 0.2 0.2")),
    "out-of-range: pixels": ("error", line(1, "1 31 40 12 15")),
    "zero-area: width": ("error", line(2, "1 0.5 0.5 0 0.2")),
    "zero-area: negative": ("error", line(1, "1 0.5 0.5 0.2 -0.2")),
    "unknown-class": ("error", line(2, "3 0.5 0.5 0.2 0.2")),
    "duplicate": ("warning", line(2, "0 0.5 0.5 0.25 0.25")),
    "absurd: covers": ("warning", line(1, "1 0.5 0.5 0.99 0.99")),
    "absurd: thin": ("warning", line(1, "1 0.5 0.5 0.8 0.02")),
    "overlap": ("warning", line(2, "0 0.51 0.5 0.25 0.25")),
    "overlap: two classes": ("warning", line(2, "1 0.5 0.5 0.25 0.25")),
    "small-object": ("warning", line(2, "1 0.2 0.2 0.012 0.014")),
    "leakage": ("error", leak),
    "near-duplicate": ("warning", resized),
    "names: nc": ("error", in_yaml("names:", "nc: 80\nnames:")),
    "download": ("warning", in_yaml("names:", "download: open('pwned', 'w')\nnames:")),
    "path": ("warning", in_yaml("train: ", "path: .\ntrain: ")),
    "missing-split: folder": ("error", no_folder),
    "missing-split: key": ("error", in_yaml("val: images/val", "")),
}


@pytest.mark.parametrize("name", SPOILT)
def test_one_fault_gives_one_finding_with_its_place(name, copy, monkeypatch):
    monkeypatch.chdir(copy.parent)
    severity, change = SPOILT[name]
    file, number = change(copy)
    report = data.check(copy)
    assert [(found.kind, found.severity) for found in report.findings] == [(name.partition(":")[0], severity)]
    assert report.findings[0].file.resolve() == file.resolve()
    assert report.findings[0].line == number
    assert report.ok == (severity == "warning")
    assert not (copy.parent / "pwned").exists()


@pytest.mark.parametrize("name", ["shapes", "digits"])
def test_what_the_course_makes_is_clean(name, request):
    assert data.check(request.getfixturevalue(name)) == data.Report(
        (), data.check(request.getfixturevalue(name)).counts
    )


def test_counts_are_those_of_a_loop_over_the_files(shapes):
    names = ("circle", "square", "triangle")
    for split, count in data.check(shapes).counts.items():
        files = list((shapes.parent / "labels" / split).glob("*.txt"))
        classes = [line.split()[0] for file in files for line in file.read_text().splitlines()]
        assert count.images == len(files)
        assert count.empty == sum(not file.read_text().strip() for file in files)
        assert count.boxes == {name: classes.count(str(cls)) for cls, name in enumerate(names)}


def test_faults_add_up_and_the_worst_come_first(copy):
    unlabelled(copy)
    file = label(copy, "train/00005")
    file.write_text("0 0.5 0.5 0 0\nnonsense\n9 0.5 0.5 0.2 0.2\n")
    report = data.check(copy)
    assert [found.severity for found in report.findings] == ["error"] * 3 + ["warning"]
    assert {found.kind for found in report.findings} == {
        "zero-area",
        "malformed-label",
        "unknown-class",
        "missing-label",
    }
    assert report.findings[0].where == f"{file}:{report.findings[0].line}"


def test_looking_changes_nothing(copy):
    cut_off(copy)
    before = {file: file.read_bytes() for file in copy.parent.rglob("*") if file.is_file()}
    data.check(copy)
    assert {file: file.read_bytes() for file in copy.parent.rglob("*") if file.is_file()} == before


def test_progress_counts_every_image(shapes):
    calls = []
    data.check(shapes, lambda *done: calls.append(done))
    assert calls == [(number, 25) for number in range(1, 26)]


NUMBER = st.one_of(
    st.floats().map(repr),
    st.floats(0, 1).map(repr),
    st.integers(-2, 4).map(str),
    st.sampled_from(["5e-324", "1e-9", "1.0100", "0x1", "1_0", "١", "nan", "", "#"]),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(NUMBER, min_size=1, max_size=8).map(" ".join), max_size=4).map("\n".join))
def test_no_label_file_crashes_the_check_and_none_is_accepted_when_ultralytics_drops_it(two, text):
    """The other way round doesn't hold: what Ultralytics trains on in silence, such as a box without area, is told."""
    file = two.parent / "labels/train/00000.txt"
    file.write_text(text, encoding="utf-8")
    report = data.check(two)
    picture = str(two.parent / "images/train/00000.jpg")
    with np.errstate(over="ignore"):
        dropped = verify_image_label((picture, str(file), "", False, 3, 0, 0, False))[0] is None
    assert not dropped or [found for found in report.findings if found.file == file and found.severity == "error"]
