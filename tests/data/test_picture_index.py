from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yolo_course.data.picture_index import PictureIndex, safe_name


def make(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    return PictureIndex(root)


def test_a_picture_is_found_by_its_name_whatever_stands_before_it(tmp_path):
    index = make(tmp_path, "images/a.jpg", "images/b.JPG", "notes/a.txt")
    for name in ("a.jpg", "photos/a.jpg", "C:\\photos\\a.jpg", "/home/me/a.jpg"):
        assert index.find(name, tmp_path / "x.xml") == tmp_path / "images/a.jpg"
    assert index.find("", tmp_path / "b.xml") == tmp_path / "images/b.JPG"
    assert index.find("c.jpg", tmp_path / "c.xml") is None
    assert len(index.files) == 2


def test_of_several_the_nearest_is_taken(tmp_path):
    index = make(tmp_path, "train/images/a.jpg", "valid/images/a.jpg", "test/a.jpg")
    for near, found in (("train/labels", "train/images"), ("valid/labels", "valid/images"), ("test", "test")):
        assert index.find("a.jpg", tmp_path / near / "a.xml") == tmp_path / found / "a.jpg"


@given(st.text(st.sampled_from("ab./\\:C\0 ~"), max_size=12) | st.text(max_size=12))
def test_a_safe_name_never_leaves_its_folder(name):
    safe = safe_name(name)
    if safe is not None:
        place = (Path("/one/two") / safe).resolve()
        assert place != Path("/one/two")
        assert place.is_relative_to("/one/two")
        assert "\\" not in safe
        assert not Path(safe).is_absolute()


@pytest.mark.parametrize("name", ["", ".", "..", "../a", "a/../../b", "/a", "\\a", "C:a", "C:\\a", "//host/a", "a\0b"])
def test_what_would_leave_is_refused(name):
    assert safe_name(name) is None
