"""Where a sandbox cannot be had, the grader says why, in one line, and does not grade."""

import pytest

from yolo_course.grading.isolation.sandbox import Sandbox, SandboxError


def test_without_bubblewrap(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxError, match="bubblewrap is not installed") as refused:
        Sandbox()
    assert "apt install bubblewrap" in refused.value.hint
    assert "\n" not in str(refused.value)


def test_on_another_system(monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(SandboxError, match="this is darwin"):
        Sandbox()


def test_where_namespaces_are_forbidden(monkeypatch, tmp_path):
    """bubblewrap is there, and the system refuses it."""
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(SandboxError, match="No permissions to create new namespace"):
        Sandbox()
