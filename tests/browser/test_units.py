"""Every unit in a real JupyterLab: run all, move the explorer's control, answer wrongly, then rightly."""

import json
import os
import time

import psutil
import pytest
from notebook_page import ERROR, MINUTE, NotebookPage
from playwright.sync_api import expect

from yolo_course.grading import notebooks
from yolo_course.grading.answers import read_answers, solution
from yolo_course.grading.build import find_course
from yolo_course.grading.outcome import Status

COURSE = find_course()
UNITS = [COURSE.unit(name) for name in COURSE.names()]
FIRST = COURSE.unit("00")
OFTEN = ("03_architecture_yaml",)  # it trains least; all the units together take minutes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def cells(unit):
    """The cells of the learner's notebook, in the order in which JupyterLab shows them."""
    return json.loads(COURSE.learner_file(unit).read_text(encoding="utf-8"))["cells"]


def place(unit, identity):
    return [cell["id"] for cell in cells(unit)].index(identity)


def cpu_seconds():
    """CPU time of all kernels so far, and of what these have started and ended."""
    family = psutil.Process().children(recursive=True)
    return sum(sum(each.cpu_times()[:4]) for each in family if "ipykernel_launcher" in each.cmdline())


def move_the_explorer(page):
    """Move the first explorer's control: its sentence and its picture must follow."""
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


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_solved_it_runs_cold_within_the_budget(unit, lab, page, outside):
    """Seconds on the clock count; where other tests share the cores, seconds of CPU, which they disturb least."""
    solved = f"{unit.name}_solved"
    text = notebooks.dumps(notebooks.solution_notebook(unit))
    (lab.folder / "notebooks" / f"{solved}.ipynb").write_text(text, encoding="utf-8")
    before, started = cpu_seconds(), time.perf_counter()
    notebook = NotebookPage(page, lab.page_of(solved))
    notebook.run_all(8 * MINUTE)
    seconds = time.perf_counter() - started

    for number, cell in enumerate(json.loads(text)["cells"]):
        shown = notebook.cell(number).locator(f"[data-mime-type='{ERROR}']")
        assert shown.count() == 0, cell["source"]
    assert 1 < min(seconds, cpu_seconds() - before) <= unit.facts["budget"]
    move_the_explorer(page)
    assert outside == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_run_all_on_an_untouched_notebook_stops_nowhere(unit, lab, page, outside):
    if unit.name not in OFTEN and not os.environ.get("YOLO_COURSE_EVERY_UNIT"):
        pytest.skip("once a unit has changed: YOLO_COURSE_EVERY_UNIT=1 make test TEST_FLAGS='-k untouched_notebook'")
    notebook = NotebookPage(page, lab.page_of(unit.name))
    notebook.run_all(8 * MINUTE)
    for number, cell in enumerate(cells(unit)):
        if cell["id"].split("-")[0] != "check":
            shown = notebook.cell(number).locator(f"[data-mime-type='{ERROR}']")
            assert shown.count() == 0, cell["source"]
    move_the_explorer(page)
    assert outside == []


def test_a_wrong_answer_gets_its_hint_and_a_right_one_passes(lab, page):
    exercise = FIRST.with_role("exercise")[0].name
    wrong = next(answer for answer in read_answers(FIRST, exercise) if answer.status is Status.WRONG)
    notebook = NotebookPage(page, lab.page_of(FIRST.name))
    for number, cell in enumerate(cells(FIRST)):
        if cell["id"].startswith("setup-"):
            notebook.run_cell(notebook.cell(number))
    answered = notebook.cell(place(FIRST, f"exercise-{exercise}".replace("_", "-")))
    checked = notebook.cell(place(FIRST, f"check-{exercise}".replace("_", "-")))

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
    unit = COURSE.unit("03")
    NotebookPage(page, lab.page_of(unit.name))
    page.get_by_role("button", name="Validate").click()
    dialog = page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("The following cell", timeout=5 * MINUTE)
    expect(dialog).to_contain_text("not attempted")
