import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from yolo_course import data
from yolo_course.data import folder
from yolo_course.data.making import shapes
from yolo_course.data.making.recipes import RECIPES, Recipe
from yolo_course.errors import CourseError, DataError

SMALL = {
    "shapes": {"images": 6, "size": 48},
    "digits": {"images": 6, "size": 48},
    "digit-crops": {"images": 30, "size": 32},
}


def digest(root):
    """Names and bytes of all files below a folder."""
    whole = hashlib.sha256()
    for file in sorted(root.rglob("*")):
        if file.is_file():
            whole.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()


@pytest.fixture
def small(monkeypatch, tmp_path):
    """A home with an empty `datasets`, and defaults that take milliseconds."""
    for name, values in SMALL.items():
        monkeypatch.setitem(RECIPES, name, Recipe(name, **values))
    (tmp_path / "datasets").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("YOLO_COURSE_DATA", raising=False)
    return tmp_path


@pytest.mark.parametrize("name", SMALL)
def test_a_seed_gives_the_same_bytes_in_another_process(name, tmp_path):
    here = data.make(name, tmp_path / "here", **SMALL[name], seed=3)
    code = "import sys; from yolo_course import data; data.make(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))"
    values = [*map(str, SMALL[name].values()), "3"]
    subprocess.run([sys.executable, "-c", code, name, str(tmp_path / "there"), *values], check=True)
    assert here.exists()
    assert digest(tmp_path / "here") == digest(tmp_path / "there")


def test_another_seed_gives_another_set(tmp_path):
    for seed in (0, 1):
        data.make("shapes", tmp_path / str(seed), **SMALL["shapes"], seed=seed)
    assert digest(tmp_path / "0" / "images") != digest(tmp_path / "1" / "images")


def test_the_same_again_is_reused_and_other_values_are_refused(tmp_path):
    target, calls = tmp_path / "shapes", []
    first = data.make("shapes", target, **SMALL["shapes"], progress=lambda *done: calls.append(done))
    assert calls == [(number, 6) for number in range(1, 7)]
    before = digest(target)
    assert data.make("shapes", target, **SMALL["shapes"], progress=lambda *done: pytest.fail("made again")) == first
    with pytest.raises(DataError, match=r"expected images=7, found images=6.*--force"):
        data.make("shapes", target, images=7, size=48)
    assert digest(target) == before
    data.make("shapes", target, images=7, size=48, force=True)
    assert len(list(target.glob("images/*/*.jpg"))) == 7
    assert [file.name for file in tmp_path.iterdir()] == ["shapes"]


def test_force_replaces_nothing_that_was_not_made_here(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(DataError, match="not made here"):
        data.make("shapes", tmp_path, **SMALL["shapes"], force=True)
    with pytest.raises(DataError, match="not made here"):
        data.make("shapes", tmp_path / "thesis.tex", **SMALL["shapes"], force=True)
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_an_empty_folder_may_be_the_target(tmp_path):
    assert data.make("shapes", tmp_path / "x" / "y", **SMALL["shapes"]).exists()
    (tmp_path / "empty").mkdir()
    assert data.make("shapes", tmp_path / "empty", **SMALL["shapes"]).exists()


@pytest.mark.parametrize("accident", [KeyboardInterrupt, MemoryError, OSError(28, "No space left on device")])
def test_an_accident_leaves_nothing(tmp_path, monkeypatch, accident):
    def fail(*_):
        raise accident

    monkeypatch.setattr(shapes, "write_labels", fail)
    with pytest.raises(DataError if isinstance(accident, OSError) else accident):
        data.make("shapes", tmp_path / "shapes", **SMALL["shapes"])
    assert not list(tmp_path.iterdir())


def test_an_accident_with_force_leaves_the_old_set(tmp_path, monkeypatch):
    data.make("shapes", tmp_path / "shapes", **SMALL["shapes"])
    before = digest(tmp_path / "shapes")
    monkeypatch.setattr(shapes, "write_labels", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        data.make("shapes", tmp_path / "shapes", images=9, size=48, force=True)
    assert digest(tmp_path / "shapes") == before
    assert len(list(tmp_path.iterdir())) == 1


def test_what_a_killed_run_left_is_swept_and_a_living_ones_is_kept(tmp_path):
    """SIGKILL in the middle: no dataset is seen, and the next run cleans up."""
    code = """
import os, signal, sys
from yolo_course import data
data.make("shapes", sys.argv[1], images=6, size=48,
          progress=lambda done, total: done == 3 and os.kill(os.getpid(), signal.SIGKILL))
"""
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path / "shapes")], check=False)
    assert killed.returncode == -9
    left = list(tmp_path.iterdir())
    assert len(left) == 1
    assert left[0].name.startswith(".shapes.making-")
    alive = tmp_path / f".shapes.making-{os.getppid()}"
    alive.mkdir()
    data.make("shapes", tmp_path / "shapes", images=6, size=48)
    assert {file.name for file in tmp_path.iterdir()} == {"shapes", alive.name}


def test_two_at_once_make_one(tmp_path):
    code = "import sys; from yolo_course import data; data.make('shapes', sys.argv[1], images=20, size=48)"
    runs = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "shapes")]) for _ in range(3)]
    assert [run.wait() for run in runs] == [0, 0, 0]
    assert [file.name for file in tmp_path.iterdir()] == ["shapes"]
    assert data.check(tmp_path / "shapes" / "shapes.yaml").ok


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"name": "shape"}, "did you mean shapes"),
        ({"name": "coco"}, "shapes or digits or digit-crops"),
        ({"name": "shapes", "images": 0}, "images: out of range"),
        ({"name": "shapes", "images": -5}, "images: out of range"),
        ({"name": "shapes", "images": 2.5}, "images: out of range"),
        ({"name": "shapes", "size": 8}, "size: out of range"),
        ({"name": "shapes", "seed": -1}, "seed: out of range"),
    ],
)
def test_bad_input_is_refused_before_anything_is_written(call, words, tmp_path):
    with pytest.raises(CourseError, match=words):
        data.make(out=tmp_path / "out", **call)
    assert not list(tmp_path.iterdir())


def test_a_place_that_cant_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="can't write"):
        data.make("shapes", tmp_path / "file" / "shapes", **SMALL["shapes"])


def test_ensure_finds_upwards(small, monkeypatch):
    made = data.ensure("shapes")
    assert made == small / "datasets/shapes/shapes.yaml"
    deep = small / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert data.ensure("shapes") == made


def test_ensure_prefers_the_nearest_and_then_the_variable(small, monkeypatch, tmp_path_factory):
    shared = tmp_path_factory.mktemp("shared")
    monkeypatch.setenv("YOLO_COURSE_DATA", str(shared))
    data.make("shapes", shared / "shapes")
    assert data.ensure("shapes") == shared / "shapes" / "shapes.yaml"
    near = data.make("shapes", small / "datasets" / "shapes")
    assert data.ensure("shapes") == near


def test_ensure_makes_the_set_in_the_current_folder_where_there_is_no_home(small, monkeypatch):
    shutil.rmtree(small / "datasets")
    nearest = next((folder for folder in small.parents if (folder / "datasets").is_dir()), None)
    if nearest:
        pytest.skip(f"{nearest} has a datasets folder")
    assert data.ensure("digit-crops") == small / "datasets" / "digit-crops"


def test_ensure_trusts_no_half_made_or_foreign_folder(small):
    foreign = small / "datasets" / "shapes"
    (foreign / "images").mkdir(parents=True)
    with pytest.raises(DataError, match="not made here"):
        data.ensure("shapes")
    (foreign / folder.RECORD).write_text("{broken")
    with pytest.raises(DataError, match="not made here"):
        data.ensure("shapes")


def test_ensure_does_not_take_another_set_for_the_default(small):
    data.make("shapes", images=9, size=48)
    with pytest.raises(DataError, match="expected images=6, found images=9"):
        data.ensure("shapes")


def test_descriptors_say_what_the_recipes_do():
    import yaml

    for name, default in RECIPES.items():
        text = (Path(__file__).parents[3] / "datasets" / f"{name}.yaml").read_text()
        descriptor = yaml.safe_load(text)
        assert (descriptor["name"], descriptor["images"], descriptor["size"]) == (name, default.images, default.size)
        assert descriptor["make"] == f"yolo-course data make {name}"
        assert {"source", "licence", "what", "classes", "task"} <= set(descriptor)
