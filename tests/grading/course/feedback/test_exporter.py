"""Feedback pages of a class that is really graded: unit 00, in the sandbox, through nbgrader's own commands."""

import html
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from yolo_course.errors import CourseError
from yolo_course.grading.answers import read_answers, solution
from yolo_course.grading.build import find_course
from yolo_course.grading.course.feedback.exporter import write_feedback
from yolo_course.grading.course.root import CourseRoot
from yolo_course.grading.notebooks import dumps, learner_notebook, source_notebook
from yolo_course.grading.outcome import Status

COURSE = find_course()
UNIT = COURSE.unit("00")
EXERCISES = [cell.name for cell in UNIT.with_role("exercise", "clinic")]
SETTINGS = """
from nbgrader.plugins import LateSubmissionPlugin

class Fixed(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 1.5

c.AssignLatePenalties.plugin_class = Fixed
c.GenerateFeedback.exporter_class = "yolo_course.grading.course.feedback.exporter.FeedbackExporter"
c.Exchange.root = "{exchange}"
"""
PICTURE = (
    "from PIL import Image\ndisplay(Image.new('RGB', (30, 20), 'red'))\nprint('a </pre><script>alert(1)</script>')"
)
HOSTILE = "<img src=x onerror=alert(1)> <script>alert(2)</script>"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def wrong(name):
    return next(answer for answer in read_answers(UNIT, name) if answer.status is Status.WRONG)


def submission(done, prose=None, added=None):
    notebook = learner_notebook(UNIT)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = done.get(name, cell.source)
        if name == "three_mistakes" and prose:
            cell.source = prose
    if added:
        last = max(place for place, cell in enumerate(notebook.cells) if cell.get("id") == "exercise-box-formats")
        notebook.cells.insert(last + 1, nbformat.v4.new_code_cell(added))
    return dumps(notebook)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Learners, graded once: ada is right and late, bob wrong and hostile, cleo has done nothing, dan mistyped."""
    folder = tmp_path_factory.mktemp("course")
    settings = (COURSE.root / "course" / "nbgrader_config.py").read_text()
    (folder / "nbgrader_config.py").write_text(settings + SETTINGS.format(exchange=tmp_path_factory.mktemp("exchange")))
    (folder / "source" / UNIT.name).mkdir(parents=True)
    (folder / "source" / UNIT.name / f"{UNIT.name}.ipynb").write_text(dumps(source_notebook(UNIT)))
    root = CourseRoot(folder)
    works = {
        "ada": submission({name: solution(UNIT, name) for name in EXERCISES}, "Because.", PICTURE),
        "bob": submission({name: wrong(name).source for name in EXERCISES}, HOSTILE, f"print({HOSTILE!r})"),
        "cleo": submission({}),
        "dan": submission({"box_formats": "def to_corners(boxes:\n    return boxes"}),
    }
    for student, text in works.items():
        place = root.place("submitted", student, UNIT.name)
        place.mkdir(parents=True)
        (place / f"{UNIT.name}.ipynb").write_text(text)
        (place / "timestamp.txt").write_text("2026-11-02 03:00:00 UTC")
        (place / "submission_secret.txt").write_text(f"secret of {student}")
    with root.gradebook() as gradebook:
        gradebook.update_or_create_assignment(UNIT.name, duedate="2026-11-01 00:00:00 UTC")
        gradebook.update_or_create_student("bob", first_name="<b>Bob", last_name="Stone")
    assert root.api().generate_assignment(UNIT.name)["success"]
    command = [sys.executable, "-m", "nbgrader", "autograde", UNIT.name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if "SandboxError" in done.stderr:
        pytest.skip(f"no sandbox here: {done.stderr[-300:]}")
    assert done.returncode == 0, done.stderr[-3000:]
    return root


def shown(page: Path) -> str:
    """The words of a page."""
    body = page.read_text(encoding="utf-8").split("<body>")[1]
    return html.unescape(re.sub(r"<[^>]*>", "", body))


def pages(root, *students):
    return {file.parent.parent.name: file for file in write_feedback(root, "00", students or None)}


def test_pages_stand_where_nbgrader_looks_and_say_verdict_points_and_hint(graded):
    steps = []
    written = write_feedback(graded, "00", progress=lambda done, total: steps.append((done, total)))
    assert written == [
        graded.place("feedback", student, UNIT.name) / f"{UNIT.name}.html" for student in ("ada", "bob", "cleo", "dan")
    ]
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]
    there = {file.name for file in written[0].parent.iterdir()}
    assert there == {f"{UNIT.name}.html", "timestamp.txt", "submission_secret.txt"}

    ada, bob, cleo, dan = map(shown, written)
    syllabus = UNIT.syllabus()
    assert ada.count("✓ passed") == len(EXERCISES)
    assert cleo.count("○ not attempted") == len(UNIT.with_role("exercise"))  # a clinic starts from a bug
    assert cleo.count("✗ wrong") == len(UNIT.with_role("clinic"))
    assert "Your instructor" not in cleo  # nbgrader's own "No response." is nobody's
    assert "box_formats2 · Two ways to write a box! raised" in " ".join(dan.split()).replace(
        "box_formats 2", "box_formats2"
    )
    assert "Your cell stopped before it was done: SyntaxError" in dan
    assert "late" in ada
    assert "less 1.5 for handing in 1 day 3 hours late" in ada
    earned = sum(exercise.points for exercise in syllabus.exercises if exercise.kind != "manual")
    assert f"{earned - 1.5:g} of {syllabus.points:g} points" in ada
    for name in EXERCISES:
        assert wrong(name).hint in bob.replace("`", "")
        assert wrong(name).source.strip() in bob
    assert "4 · How well do two boxes agree?" in bob
    assert "<b>Bob Stone" in bob  # as text


def test_pictures_and_text_are_kept_and_nothing_of_the_learners_is_html(graded):
    for student, page in pages(graded).items():
        text = page.read_text(encoding="utf-8")
        markup = re.sub(r'src="data:image/png;base64,[A-Za-z0-9+/=]*"', "src", text)
        assert ("<img src " in markup) == (student == "ada")
        assert not re.search(r"<script|<b>|onerror=alert\(1\)>(?!.*&)|<iframe|<object|https?:", markup)
    assert "a </pre><script>alert(1)</script>" in shown(pages(graded, "ada")["ada"])
    assert shown(pages(graded, "bob")["bob"]).count(HOSTILE.replace("<", "< ")) >= 1


def hidden_lines():
    found = []
    for cell in UNIT.with_role("check"):
        for region in re.findall(r"### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS", cell.source, re.DOTALL):
            found += [line.strip() for line in region.splitlines() if len(line.strip()) > 25]
    return found


def test_no_hidden_check_and_no_solution_is_on_a_page(graded):
    assert len(hidden_lines()) > 10
    for student, page in pages(graded).items():
        text = shown(page)
        assert [line for line in hidden_lines() if line in text] == []
        assert "HIDDEN TESTS" not in text
        if student != "ada":
            assert [name for name in EXERCISES if solution(UNIT, name) in text] == []


def test_nbgraders_own_step_writes_the_same_page(graded):
    ours = {page: page.read_text() for page in pages(graded).values()}
    for page in ours:
        page.write_text("")
    result = graded.api().generate_feedback(UNIT.name)  # what `nbgrader generate_feedback` and Formgrader's button do
    assert result["success"], result
    assert {page: page.read_text() for page in ours} == ours


def test_a_stock_page_would_show_hidden_checks(graded):
    stock = CourseRoot(graded.folder)
    del stock.config.GenerateFeedback["exporter_class"]
    result = stock.api().generate_feedback(UNIT.name, "cleo")
    assert result["success"], result
    page = stock.place("feedback", "cleo", UNIT.name) / f"{UNIT.name}.html"
    text = html.unescape(re.sub(r"<[^>]*>", "", page.read_text()))
    assert any(line in text for line in hidden_lines())
    pages(graded)


def test_nbgrader_releases_our_pages(graded):
    written = pages(graded)
    result = graded.api().release_feedback(UNIT.name)
    assert result["success"], result
    released = {file.read_text() for file in Path(graded.config.Exchange.root).rglob("*.html")}
    assert released == {page.read_text() for page in written.values()}


def test_a_persons_marks_and_remarks_are_on_the_page(graded):
    assert "✎ waits for a person" in shown(pages(graded, "bob")["bob"])
    with graded.gradebook() as gradebook:
        grade = gradebook.find_grade("three_mistakes", UNIT.name, UNIT.name, "bob")
        grade.manual_score, grade.needs_manual_grade = 1.0, False
        gradebook.find_grade("box_formats_check", UNIT.name, UNIT.name, "bob").manual_score = 2.0
        remark = gradebook.find_comment("pairwise_iou", UNIT.name, UNIT.name, "bob")
        remark.manual_comment = "See `clamp` and **ask**. <script>x</script> ![a](http://b/c.png)"
        gradebook.db.commit()
    page = pages(graded, "bob")["bob"]
    text = page.read_text()
    assert "✎ marked by a person" in shown(page)
    assert "Your instructor has set these points." in text
    assert "See <code>clamp</code> and <strong>ask</strong>. &lt;script&gt;" in text
    assert "<img" not in text


def test_who_is_not_graded_has_no_page(graded):
    with pytest.raises(CourseError, match="nobody has handed in nothing"):
        write_feedback(graded, "00", ["nobody"])
    (graded.place("submitted", "nobody", UNIT.name)).mkdir(parents=True)
    with pytest.raises(CourseError, match=r"not graded yet.*yolo-course grade"):
        write_feedback(graded, "00", ["nobody"])
    assert not graded.place("feedback", "nobody", UNIT.name).exists()
    assert json.loads((graded.source(UNIT.name)).read_text())["cells"]  # the source is only read
