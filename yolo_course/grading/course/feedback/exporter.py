"""A page of feedback for each learner, where nbgrader keeps it: feedback/STUDENT/UNIT/UNIT.html.

nbgrader's own page shows the autograded notebook as it is, hidden checks with it. `FeedbackExporter` makes
`nbgrader generate_feedback` and Formgrader's button write this page instead; `write_feedback` writes the same page,
whole or not at all.
"""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry

from yolo_course.errors import CourseError
from yolo_course.grading.course.feedback.facts import read_feedback
from yolo_course.grading.course.page import page
from yolo_course.grading.course.root import CourseRoot
from yolo_course.grading.whole import write_whole

BESIDE = ("timestamp.txt", "submission_secret.txt")  # what `nbgrader release_feedback` reads there


def write_feedback(
    root: CourseRoot,
    unit: str,
    students: Iterable[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Write the page of each learner; one that is there is replaced.

    Args:
        root: The course root.
        unit: A unit, by name or number.
        students: Whose; None for all that are graded.
        progress: Called with how many pages are written, and of how many.

    Returns:
        The pages.

    Raises:
        CourseError: There is no such unit, a learner named is not graded yet, or a page can't be written.
    """
    unit = root.unit(unit)
    chosen = [*dict.fromkeys(students)] if students is not None else _graded(root, unit)
    source, pages = nbformat.read(root.source(unit), as_version=4), []
    with root.gradebook() as gradebook:
        for done, student in enumerate(chosen, 1):
            pages.append(_write(root, gradebook, source, unit, student))
            if progress is not None:
                progress(done, len(chosen))
    return pages


class FeedbackExporter(Exporter):
    """The same page for nbgrader's converter: `c.GenerateFeedback.exporter_class = FeedbackExporter`."""

    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> tuple[str, dict]:
        """Turn an autograded notebook into the page.

        Args:
            nb: The autograded notebook.
            resources: nbgrader's; they name the learner and the unit.
            kw: Not used.
        """
        facts, course = resources["nbgrader"], self.parent.coursedir
        unit = facts["notebook"]
        file = Path(course.format_path(course.source_directory, ".", facts["assignment"])) / f"{unit}.ipynb"
        source = nbformat.read(file, as_version=4) if file.is_file() else None
        with Gradebook(facts["db_url"], course.course_id) as gradebook:
            text = _page(nb, source, gradebook, facts["student"], unit)
        return text, {**resources, "output_extension": ".html"}


def _graded(root: CourseRoot, unit: str) -> list[str]:
    there = root.place("autograded", "_", unit).parents[1].glob(f"*/{unit}/{unit}.ipynb")
    return sorted(file.parents[1].name for file in there)


def _write(root: CourseRoot, gradebook: Gradebook, source: NotebookNode, unit: str, student: str) -> Path:
    graded, out = root.place("autograded", student, unit), root.place("feedback", student, unit)
    try:
        text = _page(nbformat.read(graded / f"{unit}.ipynb", as_version=4), source, gradebook, student, unit)
    except (FileNotFoundError, MissingEntry) as error:
        if student not in root.students(unit):
            raise CourseError(f"{student} has handed in nothing for {unit}", where=root.folder) from error
        hint = f"yolo-course grade {unit}"
        raise CourseError("not graded yet", where=f"{unit} of {student}", hint=hint) from error
    file = write_whole(out / f"{unit}.html", text)
    for name in BESIDE:
        if (graded / name).is_file():
            shutil.copyfile(graded / name, out / name)
    return file


def _page(graded: NotebookNode, source: NotebookNode | None, gradebook: Gradebook, student: str, unit: str) -> str:
    return page("feedback.html", feedback=read_feedback(graded, source, gradebook, student, unit))
