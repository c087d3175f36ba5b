"""Unit 04 in a real JupyterLab: the label browser over real findings, and wrong answers that get their hints."""

import pytest
from notebook_page import MINUTE, NotebookPage
from playwright.sync_api import expect
from test_units import cells, place, run_all

from yolo_course.grading.answers import read_answers, solution
from yolo_course.grading.build import find_course
from yolo_course.grading.outcome import Status

UNIT = find_course().unit("04")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def run_setup(notebook):
    for number, cell in enumerate(cells(UNIT)):
        if cell["id"].startswith("setup-"):
            notebook.run_cell(notebook.cell(number))


def test_run_all_then_the_label_browser_filters_and_steps(lab, page, outside):
    notebook = NotebookPage(page, lab.page_of(UNIT.name))
    run_all(UNIT, notebook)
    (number,) = (i for i, cell in enumerate(cells(UNIT)) if 'label_browser("believed.yaml"' in "".join(cell["source"]))
    explorer = notebook.cell(number).locator(".jp-OutputArea-output").last
    explorer.scroll_into_view_if_needed()
    sentence, picture = explorer.locator(".explorer-sentence"), explorer.locator(".explorer-picture")
    expect(sentence).to_contain_text("image 1 of 300", timeout=MINUTE)

    shown = picture.get_attribute("src")
    explorer.get_by_role("button", name="▶").click()
    expect(sentence).to_contain_text("image 2 of 300", timeout=MINUTE)
    expect(picture).not_to_have_attribute("src", shown)

    choices = explorer.locator("select").first.locator("option").all_inner_texts()
    zero = next(choice for choice in choices if choice.startswith("zero-area"))
    explorer.locator("select").first.select_option(label=zero)
    expect(sentence).to_contain_text(f"image 1 of {zero.split('(')[1].rstrip(')')}", timeout=MINUTE)
    expect(sentence).to_contain_text("leave no area")
    assert outside == []


def test_wrong_answers_get_their_hints_and_the_solution_passes(lab, page):
    notebook = NotebookPage(page, lab.page_of(UNIT.name))
    run_setup(notebook)
    for role, exercise, first in (("clinic", "label_path", "wrong"), ("exercise", "mend", "not attempted")):
        answered, checked = (
            notebook.cell(place(UNIT, f"{each}-{exercise}".replace("_", "-"))) for each in (role, "check")
        )
        told = checked.locator(".jp-OutputArea")
        notebook.run_cell(answered)
        notebook.run_cell(checked)
        expect(told).to_contain_text(f"{exercise}: {first}")
        for wrong in [answer for answer in read_answers(UNIT, exercise) if answer.status is Status.WRONG][:2]:
            notebook.write_and_run(answered, wrong.source)
            notebook.run_cell(checked)
            expect(told).to_contain_text(wrong.hint.replace("`", ""))
        notebook.write_and_run(answered, solution(UNIT, exercise))
        notebook.run_cell(checked)
        expect(told).to_contain_text(f"{exercise}: passed")
