"""Submissions that look for the course, the gradebook, other people's work or the network: they see nothing of it."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def course(tmp_path_factory, canary):
    """A course root on the grader's disk, with secrets in it."""
    root = tmp_path_factory.mktemp("course")
    for name in ("source/unit.ipynb", "gradebook.db", "submitted/ann/unit.ipynb", "autograded/ann/unit.ipynb"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(canary)
    return root


SEARCH = """
import os
found = []
for top, folders, files in os.walk("/"):
    folders[:] = [each for each in folders if each not in ("proc", "sys", "usr") and top.count("/") < 6]
    for name in files:
        try:
            if b"canary-" + b"7391" in open(os.path.join(top, name), "rb").read():
                found.append(os.path.join(top, name))
        except OSError:
            pass
print("searched", found)
"""


@pytest.mark.attacks("reads")
def test_no_secret_is_read(graded, solutions, course, canary, attack):
    found = graded({**solutions, "Scale": attack.replace("{course}", str(course))})
    assert canary not in found.shown
    assert found.passed == ["double", "lengths"], found.said


def test_no_secret_lies_anywhere(graded, course, canary):
    """The whole file system that a submission sees holds no course, gradebook or hidden check."""
    found = graded({"double": SEARCH})
    assert "searched []" in found.shown or "did not end" in found.shown, found.shown
    assert str(course) not in found.shown


@pytest.mark.attacks("writes")
def test_nothing_outside_is_written(graded, solutions, course, canary, attack):
    import torch

    import yolo_course.grading.checks as checks

    found = graded({**solutions, "Scale": attack.replace("{course}", str(course))})
    assert found.passed == ["double", "lengths"], found.said
    assert {path.read_text() for path in course.rglob("*") if path.is_file()} == {canary}
    assert not (course / "new").exists()
    for file in (checks.__file__, torch.__file__):
        assert not Path(file).read_text().endswith("forged")


@pytest.fixture(scope="module")
def listener():
    """A server of the grader's machine that counts its visitors."""
    import socket
    import threading

    visitors = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)

        def serve():
            try:
                while True:
                    visitors.append(server.accept()[1])
            except OSError:
                return

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1], visitors


def test_no_connection_leaves(graded, solutions, listener):
    port, visitors = listener
    cell = f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 2).sendall(b'x')"
    assert graded({**solutions, "Scale": cell}).passed == ["double", "lengths"]
    assert visitors == []


def test_the_next_submission_grades_rightly(honest):
    honest()
