"""What a learner handed in is harmless to look at; nbconvert and a browser's HTML parser are the judges."""

import base64
import io

import pytest
from bs4 import BeautifulSoup
from nbconvert.filters import markdown2html
from PIL import Image, PngImagePlugin

from yolo_course.grading.isolation.inert import inert_markdown, picture

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x]( JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x][a]\n\n[a]: javascript:alert(1)",
    "![x](data:text/html;base64,PHNjcmlwdD4=)",
    "<javascript:alert(1)>",
    "text <iframe src=//x></iframe>",
    "<!-- --><svg/onload=alert(1)>",
    "[x](vbscript:a)",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_no_markup_and_no_code_of_theirs_survives(text):
    page = BeautifulSoup(markdown2html(inert_markdown(text)), "html.parser")
    assert not page.find_all(["script", "img", "iframe", "svg", "object", "embed", "style"])
    assert not [link["href"] for link in page.find_all("a", href=True) if not link["href"].startswith(("http", "#"))]
    assert not [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)]


def test_what_an_answer_needs_stays():
    text = "A *list*:\n\n- $a \\leq b$ and `x < y`\n- see [the docs](https://docs.ultralytics.com)\n"
    page = BeautifulSoup(markdown2html(inert_markdown(text)), "html.parser")
    assert page.find("a")["href"] == "https://docs.ultralytics.com"
    assert page.find("code").text == "x < y"
    assert len(page.find_all("li")) == 2


def png(width=4, height=3, note=None):
    facts = PngImagePlugin.PngInfo()
    if note:
        facts.add_text("note", note)
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (10, 20, 30)).save(buffer, "png", pnginfo=facts)
    return buffer.getvalue()


def test_a_picture_keeps_its_pixels_and_nothing_else():
    found = base64.b64decode(picture(base64.b64encode(png(note="<script>")).decode()))
    with Image.open(io.BytesIO(found)) as image:
        assert image.size == (4, 3)
        assert image.getpixel((0, 0)) == (10, 20, 30)
    assert b"<script>" not in found


@pytest.mark.parametrize("data", ["<svg onload=alert(1)>", "!!", base64.b64encode(b"GIF89a").decode(), ""])
def test_what_is_no_picture_is_left_out(data):
    assert picture(data) is None


def test_a_bomb_is_left_out():
    assert picture(base64.b64encode(png(3000, 2000)).decode()) is None
