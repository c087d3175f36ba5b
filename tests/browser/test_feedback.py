"""The page of feedback on a phone and on a desk, in light and in dark."""

import base64
import io

import pytest
from PIL import Image

from yolo_course.grading.course.feedback.cell_text import CellText, Shown
from yolo_course.grading.course.feedback.facts import Feedback, Part
from yolo_course.grading.course.page import page as html_page

pytestmark = pytest.mark.slow

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1200, "height": 900}
WORD = "a_word_without_any_blank_in_it_" * 6
CODE = f"def pairwise_iou(a, b):\n    return a  # {'a long remark ' * 20}\n"


def picture():
    buffer = io.BytesIO()
    Image.new("RGB", (1400, 300), "red").save(buffer, "png")
    return base64.b64encode(buffer.getvalue()).decode()


def feedback():
    told = [("expected", "0"), ("found", WORD)]
    hostile = "<script>document.title = 'hacked'</script>"
    shown = [Shown("text", "0.123456 " * 60), Shown("picture", picture()), Shown("error", f"ValueError: {WORD}")]
    parts = [
        Part("box_formats", 3, 3, "passed", "passed", "Two ways to write a box", "All checks hold.", answer=CODE),
        Part("pairwise_iou", 3, 0, "wrong", "wrong", message="clamp `width`", told=told, answer=CODE, shown=shown),
        Part(WORD[:64], 2, 0, "raised", "raised", message=WORD, answer=hostile, comment=f"**Ask.** {hostile}"),
        Part("why", 2, 0, "note", "waits for a person", answer=f"{hostile} {WORD}", prose=True),
    ]
    parts[0].added = [CellText(CODE, 5, shown)]
    facts = {"unit": "00_first_detector", "title": "Your first detector", "student": "ada17", "name": hostile}
    return Feedback(
        **facts, parts=parts, earned=3, most=10, penalty=1, waiting=2, handed_in="2026-11-21", late="", written="today"
    )


@pytest.fixture
def opened(page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(html_page("feedback.html", feedback=feedback()))
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    yield page
    assert [url for url in asked if not url.startswith("data:")] == []
    assert page.title() == "Your first detector: ada17"  # no script of a learner's has run


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_is_wider_than_the_screen(opened, size):
    opened.set_viewport_size(size)
    assert opened.evaluate("document.documentElement.scrollWidth") <= size["width"]
    wide = opened.evaluate("""[...document.querySelectorAll('body *')]
        .filter(each => !each.closest('pre') && each.getBoundingClientRect().right > innerWidth + 1)
        .map(each => each.outerHTML.slice(0, 80))""")
    assert wide == []
    assert opened.evaluate("document.querySelector('img').getBoundingClientRect().width") > 0.6 * min(
        size["width"], 800
    )


def test_words_are_large_enough_and_links_lead_to_their_exercise(opened):
    opened.set_viewport_size(PHONE)
    sizes = opened.evaluate("""[...document.querySelectorAll('p, td, pre, small, summary, h2')]
        .map(each => parseFloat(getComputedStyle(each).fontSize))""")
    assert min(sizes) >= 14
    opened.get_by_role("link", name="pairwise_iou").click()
    top = opened.locator("article#pairwise_iou").bounding_box()["y"]
    assert -1 < top < 60


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_in_light_and_dark(opened, scheme):
    opened.emulate_media(color_scheme=scheme)
    poor = opened.evaluate("""() => {
        const numbers = text => text.match(/[\\d.]+/g).map(Number);
        const light = colour => {
            const [r, g, b] = numbers(colour).slice(0, 3).map(v => v / 255)
                .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
            return .2126 * r + .7152 * g + .0722 * b;
        };
        const ground = each => {
            for (; each; each = each.parentElement) {
                const colour = getComputedStyle(each).backgroundColor;
                if (numbers(colour)[3] !== 0) return colour;
            }
        };
        return [...document.querySelectorAll('body *')].filter(each => [...each.childNodes]
            .some(node => node.nodeType === 3 && node.textContent.trim())).map(each => {
            const pair = [light(getComputedStyle(each).color), light(ground(each))].sort((a, b) => b - a);
            return [(pair[0] + .05) / (pair[1] + .05), each.outerHTML.slice(0, 60)];
        }).filter(([contrast]) => contrast < 4.5);
    }""")
    assert poor == []  # WCAG AA
    dark = opened.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 24, 27)"
    assert dark == (scheme == "dark")
