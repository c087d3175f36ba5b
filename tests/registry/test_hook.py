"""Imports that follow imports."""

import sys

import pytest

from yolo_course.registry.hook import when_imported


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "hook_watched.py").write_text("import inspect\nvalue = 1\n")
    (tmp_path / "hook_follower.py").write_text("import hook_watched\nseen = hook_watched.value\n")
    yield
    for name in ("hook_watched", "hook_follower"):
        sys.modules.pop(name, None)


@pytest.mark.usefixtures("files")
def test_follows_the_watched_module():
    finders = list(sys.meta_path)
    when_imported("hook_watched", then="hook_follower")
    assert "hook_follower" not in sys.modules
    import hook_watched

    assert sys.modules["hook_follower"].seen == 1
    assert sys.meta_path == finders
    assert hook_watched.__spec__.loader is hook_watched.__loader__
    assert hook_watched.inspect.getsource(hook_watched).endswith("value = 1\n")


@pytest.mark.usefixtures("files")
def test_at_once_when_it_is_there_already():
    import hook_watched  # noqa: F401

    when_imported("hook_watched", then="hook_follower")
    assert "hook_follower" in sys.modules


def test_blocks_come_with_ultralytics_and_not_before(fresh):
    out = fresh(
        "import sys, yolo_course\n"
        "print(sorted({'torch', 'ultralytics', 'yolo_course.blocks'} & set(sys.modules)))\n"
        "from ultralytics import YOLO\n"
        "print('yolo_course.blocks' in sys.modules)\n"
    )
    assert out.splitlines()[-2:] == ["[]", "True"]
