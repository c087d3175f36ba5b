"""Every unit in a real JupyterLab: run all, move the explorer's control, answer wrongly, then rightly.

Units 04 to 06 have files of their own, which run all too and do more with the explorer.
"""

import json

import pytest
from notebook_page import ERROR, MINUTE, NotebookPage
from playwright.sync_api import expect

from yolo_course.grading.answers import read_answers, solution
from yolo_course.grading.build import find_course
from yolo_course.grading.outcome import Status

COURSE = find_course()
UNITS = [COURSE.unit(name) for name in COURSE.names()]
FIRST = COURSE.unit("00")
ELSEWHERE = {"04_data", "05_augmentation", "06_losses"}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def cells(unit):
    """The cells of the learner's notebook, in the order in which JupyterLab shows them."""
    return json.loads(COURSE.learner_file(unit).read_text(encoding="utf-8"))["cells"]


def place(unit, identity):
    return [cell["id"] for cell in cells(unit)].index(identity)


def run_all(unit, notebook):
    """Run every cell of a learner's notebook; only checks may fail."""
    notebook.run_all(8 * MINUTE)
    for number, cell in enumerate(cells(unit)):
        if cell["id"].split("-")[0] != "check":
            shown = notebook.cell(number).locator(f"[data-mime-type='{ERROR}']")
            assert shown.count() == 0, cell["source"]


@pytest.mark.parametrize("unit", [each for each in UNITS if each.name not in ELSEWHERE], ids=lambda unit: unit.name)
def test_run_all_then_move_the_explorer(unit, lab, page, outside):
    notebook = NotebookPage(page, lab.page_of(unit.name))
    run_all(unit, notebook)
    explorer = page.locator(".jp-OutputArea-output", has=page.locator(".explorer-picture")).first
    explorer.scroll_into_view_if_needed()
    sentence, picture = explorer.locator(".explorer-sentence"), explorer.locator(".explorer-picture")
    said, shown = sentence.inner_text(), picture.get_attribute("src")
    sliders = explorer.get_by_role("slider")
    if sliders.count():
        sliders.first.focus()
        page.keyboard.press("End")
    else:
        explorer.locator("select").first.select_option(index=1)
    expect(sentence).not_to_have_text(said, timeout=MINUTE)
    expect(picture).not_to_have_attribute("src", shown)

    assert outside == []


def test_a_wrong_answer_gets_its_hint_and_a_right_one_passes(lab, page):
    exercise = FIRST.with_role("exercise")[0].name
    wrong = next(answer for answer in read_answers(FIRST, exercise) if answer.status is Status.WRONG)
    notebook = NotebookPage(page, lab.page_of(FIRST.name))
    answered = notebook.cell(place(FIRST, f"exercise-{exercise}".replace("_", "-")))
    checked = notebook.cell(place(FIRST, f"check-{exercise}".replace("_", "-")))

    notebook.run_cell(checked)
    expect(checked.locator(".jp-OutputArea")).to_contain_text("NameError")
    notebook.run_all_above(answered)
    notebook.run_cell(answered)
    notebook.run_cell(checked)
    expect(checked.locator(".jp-OutputArea")).to_contain_text(f"{exercise}: not attempted")

    notebook.write_and_run(answered, wrong.source)
    notebook.run_cell(checked)
    expect(checked.locator(".jp-OutputArea")).to_contain_text(wrong.hint)

    notebook.write_and_run(answered, solution(FIRST, exercise))
    notebook.run_cell(checked)
    expect(checked.locator(".jp-OutputArea")).to_contain_text(f"{exercise}: passed")


def test_validate_lists_what_is_not_done(lab, page):
    unit = COURSE.unit("03")  # it trains least
    NotebookPage(page, lab.page_of(unit.name))
    page.get_by_role("button", name="Validate").click()
    dialog = page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("The following cell", timeout=5 * MINUTE)
    expect(dialog).to_contain_text("not attempted")
