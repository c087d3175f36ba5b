"""What a notebook shows, and how."""

import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.figure import Figure

from yolo_course.grading.render import enable_figures


@pytest.fixture
def shell(monkeypatch, tmp_path):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def test_a_figure_made_without_pyplot_is_shown(shell):
    figure = Figure()
    figure.add_subplot()
    assert "image/png" not in shell.display_formatter.format(figure)[0]
    enable_figures()
    assert shell.display_formatter.format(figure)[0]["image/png"].startswith("iVBOR")  # PNG in base64
