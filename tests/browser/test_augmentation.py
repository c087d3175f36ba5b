"""Unit 05 in a real JupyterLab: a wrong answer, a mended clinic, and every control of its explorer."""

import json

import pytest
from notebook_page import MINUTE, NotebookPage
from playwright.sync_api import expect
from test_units import run_all

from yolo_course.explorers.augmentation import TRANSFORMS
from yolo_course.grading.answers import read_answers, solution, stub
from yolo_course.grading.build import find_course

COURSE = find_course()
UNIT = COURSE.unit("05")
CELLS = json.loads(COURSE.learner_file(UNIT).read_text(encoding="utf-8"))["cells"]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def notebook(lab, page):
    """The unit with its setup cells run."""
    opened = NotebookPage(page, lab.page_of(UNIT.name))
    for number, cell in enumerate(CELLS):
        if cell["id"].startswith("setup-"):
            opened.run_cell(opened.cell(number))
    return opened


def cell_of(notebook, role, exercise):
    identity = f"{role}-{exercise}".replace("_", "-")
    return notebook.cell([cell["id"] for cell in CELLS].index(identity))


def test_wrong_answers_get_their_hints_and_right_ones_pass(notebook):
    for role, exercise in (("exercise", "recolour"), ("clinic", "add_to")):
        answered, checked = cell_of(notebook, role, exercise), cell_of(notebook, "check", exercise)
        wrong = next(answer for answer in read_answers(UNIT, exercise) if answer.hint)
        output = checked.locator(".jp-OutputArea")

        notebook.write_and_run(answered, stub(UNIT, exercise))
        notebook.run_cell(checked)
        expect(output).to_contain_text("not attempted" if role == "exercise" else "the mosaic comes after it")

        notebook.write_and_run(answered, wrong.source)
        notebook.run_cell(checked)
        expect(output).to_contain_text(wrong.hint)

        notebook.write_and_run(answered, solution(UNIT, exercise))
        notebook.run_cell(checked)
        expect(output).to_contain_text(f"{exercise}: passed")


def test_run_all_then_every_control_of_the_explorer_changes_the_picture(lab, page, outside):
    run_all(UNIT, NotebookPage(page, lab.page_of(UNIT.name)))
    explorer = page.locator(".jp-OutputArea-output", has=page.locator(".explorer-picture")).first
    explorer.scroll_into_view_if_needed()
    sentence, picture = explorer.locator(".explorer-sentence"), explorer.locator(".explorer-picture")
    sliders = explorer.get_by_role("slider")
    expect(sliders).to_have_count(2)  # strength and seed
    for name in list(TRANSFORMS)[1:]:
        shown = picture.get_attribute("src")
        explorer.locator("select").first.select_option(label=name)
        expect(picture).not_to_have_attribute("src", shown, timeout=MINUTE)
    for slider, told in ((sliders.nth(0), "Strength 1.00"), (sliders.nth(1), "after")):
        shown = picture.get_attribute("src")
        slider.focus()
        page.keyboard.press("End")
        expect(picture).not_to_have_attribute("src", shown, timeout=MINUTE)
        expect(sentence).to_contain_text(told)
    assert outside == []
