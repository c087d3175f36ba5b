"""Formgrader's own button grades in isolation, and what an instructor then reads runs nothing of the learner's."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from notebook_page import MINUTE
from playwright.sync_api import expect
from start_jupyter import start_jupyter

from yolo_course.grading import notebooks
from yolo_course.grading.answers import solution
from yolo_course.grading.build import find_course
from yolo_course.grading.course.root import CourseRoot
from yolo_course.grading.isolation.sandbox import Sandbox, SandboxError

COURSE = find_course()
UNIT = COURSE.unit("01")
ATTACK = "document.body.dataset.taken = 1"
SCRIPT = f'<img src=x onerror="{ATTACK}"><script>{ATTACK}</script>'

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """A course root with one submission: half of the exercises, and scripts wherever a learner can put one."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copy(COURSE.root / "course" / "nbgrader_config.py", folder)
    source = folder / "source" / UNIT.name / f"{UNIT.name}.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(notebooks.dumps(notebooks.source_notebook(UNIT)), encoding="utf-8")
    assert CourseRoot(folder).api().generate_assignment(UNIT.name)["success"]
    released = nbformat.read(folder / "release" / UNIT.name / f"{UNIT.name}.ipynb", as_version=4)
    every = [cell.name for cell in UNIT.with_role("exercise", "clinic")]
    for cell in released.cells:
        name = cell.metadata.get("yolo_course", {}).get("name")
        if cell.metadata.get("yolo_course", {}).get("role") in ("exercise", "clinic") and name in every[::2]:
            cell.source = solution(UNIT, name)
    released.cells += [new_markdown_cell(SCRIPT), new_code_cell(f"from IPython.display import HTML\nHTML({SCRIPT!r})")]
    handed_in = folder / "submitted" / "ada" / UNIT.name / f"{UNIT.name}.ipynb"
    handed_in.parent.mkdir(parents=True)
    nbformat.write(released, handed_in)
    return folder


@pytest.fixture(scope="module")
def formgrader(root, tmp_path_factory) -> Iterator[str]:
    """The address of a Jupyter server on the course root."""
    try:
        Sandbox().close()
    except SandboxError as error:
        pytest.skip(f"no sandbox here: {error}")
    home = tmp_path_factory.mktemp("formgrader")
    with start_jupyter(["-m", "jupyter", "server"], home, "api/status", "", root) as url:
        yield f"{url}/formgrader"


def test_the_button_grades_and_the_page_is_inert(formgrader, root, page, outside):
    page.goto(f"{formgrader}/manage_submissions/{UNIT.name}")
    row = page.get_by_role("row").filter(has_text="ada")
    expect(row).to_contain_text("needs autograding", timeout=MINUTE)
    row.locator(".autograde a").click()
    expect(page.locator("#success-modal")).to_contain_text("Successfully autograded", timeout=3 * MINUTE)
    exercises = [each for each in UNIT.syllabus().exercises if each.kind != "manual"]
    earned = sum(each.points for each in exercises[::2])
    expect(row.locator(".score")).to_contain_text(f"{earned:g} / ", timeout=MINUTE)

    with CourseRoot(root).gradebook() as gradebook:
        handed_in = gradebook.find_submission_notebook(UNIT.name, UNIT.name, "ada")
        assert handed_in.score == earned
        identity = handed_in.id
    page.goto(f"{formgrader}/submissions/{identity}/")
    expect(page.get_by_text("All checks hold.").first).to_be_visible(timeout=MINUTE)
    assert page.locator("body").get_attribute("data-taken") is None
    assert [url for url in outside if "mathjax" not in url.lower()] == []  # Formgrader loads MathJax from the web
