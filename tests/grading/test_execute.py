"""What stays of an executed notebook."""

import base64
import io

import nbformat
import numpy as np
import pytest
from PIL import Image

from yolo_course.errors import UnitError
from yolo_course.grading.execute import LARGE, execute

PICTURE = """
import io
import numpy as np
from IPython.display import Image, display
from PIL import Image as Pixels

noise = np.random.default_rng(0).integers(0, 255, (300, 300, 3), dtype=np.uint8)
buffer = io.BytesIO()
Pixels.fromarray(noise).save(buffer, "png")
display(Image(buffer.getvalue()))
"""


def notebook(*sources):
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source, id=f"code-{number}") for number, source in enumerate(sources)]
    )


@pytest.mark.slow
def test_outputs_stay_and_the_machine_does_not_show(tmp_path):
    ran, seconds = execute(notebook("import os\nprint(os.getcwd(), os.path.expanduser('~/x'))", PICTURE), 60, tmp_path)
    assert seconds > 0
    assert ran.cells[0].outputs[0].text == ". ~/x\n"
    assert ran.cells[0].metadata == {}
    assert ran.cells[0].execution_count == 1

    png = base64.b64decode(ran.cells[1].outputs[0].data["image/png"])
    kept = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    noise = np.random.default_rng(0).integers(0, 255, (300, 300, 3), dtype=np.uint8)
    assert LARGE < len(png) < 150_000, "noise of 270 kB keeps its pixels and loses colours"
    assert kept.shape == noise.shape
    assert np.abs(kept - noise).mean() < 30


@pytest.mark.slow
def test_a_cell_that_raises_is_named(tmp_path):
    with pytest.raises(UnitError, match=r"1 / 0.*cell 2 raised ZeroDivisionError: division by zero"):
        execute(notebook("x = 1", "1 / 0"), 60, tmp_path)
