"""What a cell showed becomes text and pictures, short, and nothing that runs."""

import base64
import io

from nbformat.v4 import new_code_cell, new_output
from PIL import Image

from yolo_course.grading.course.feedback.cell_text import LONGEST, MOST, PICTURES, Shown, read_cell


def png():
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(buffer, "png")
    return base64.b64encode(buffer.getvalue() + b"<script>").decode()


def shown(*outputs):
    return read_cell(new_code_cell("x", outputs=list(outputs))).shown


def test_text_errors_and_pictures_are_kept():
    read = shown(
        new_output("stream", text="one\n"),
        new_output("display_data", {"text/html": "<b>two</b>", "text/plain": "two"}),
        new_output("error", ename="Error", evalue="ValueError: three", traceback=["x"]),
        new_output("error", ename="KeyError", evalue="four", traceback=["x"]),
    )
    expected = [("text", "one\n"), ("text", "two"), ("error", "ValueError: three"), ("error", "KeyError: four")]
    assert read == [Shown(*each) for each in expected]


def test_a_picture_is_drawn_anew():
    (read,) = shown(new_output("display_data", {"image/png": png(), "text/plain": "a picture"}))
    assert read.kind == "picture"
    data = base64.b64decode(read.text)
    assert b"script" not in data
    assert Image.open(io.BytesIO(data)).getpixel((0, 0)) == (255, 0, 0)


def test_what_is_no_picture_is_told_by_its_text_and_other_kinds_are_left_out():
    bad = {"image/png": "bm90IGEgcGljdHVyZQ==", "text/plain": "<Figure>"}
    assert shown(new_output("display_data", bad)) == [Shown("text", "<Figure>")]
    assert shown(new_output("display_data", {"image/svg+xml": "<svg/>", "application/javascript": "x"})) == []


def test_much_is_cut():
    read = read_cell(new_code_cell("x" * (LONGEST + 7)))
    assert (len(read.source), read.cut) == (LONGEST, 7)
    assert len(shown(new_output("stream", text="y" * 2 * LONGEST))[0].text) == LONGEST
    assert len(shown(*[new_output("stream", text="y")] * 1000)) == MOST
    pictures = [new_output("display_data", {"image/png": png()}) for _ in range(PICTURES + 3)]
    assert len(shown(*pictures)) == PICTURES
