"""What a learner is told about a graded unit, from the autograded notebook and the gradebook.

The source of a check is never read, nor the instructor's solution: they cannot end up on a page.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from nbformat import NotebookNode
from nbgrader.api import Grade, Gradebook, SubmittedAssignment

from yolo_course.errors import UnitError
from yolo_course.grading import syllabus
from yolo_course.grading.course.feedback.cell_text import LONGEST, CellText, Shown, read_cell
from yolo_course.grading.course.feedback.verdict_text import read_verdict
from yolo_course.grading.outcome import Outcome, Status

UNSAFE = "graded without isolation"  # what `IsolatedExecute.unsafe` writes under every check
_KIND = {Status.PASSED: "passed", Status.WRONG: "wrong", Status.RAISED: "raised", Status.NOT_ATTEMPTED: "open"}
_MARK = {"passed": "✓", "wrong": "✗", "raised": "!", "open": "○", "note": "✎"}


@dataclass
class Part:
    """One exercise of the page.

    Args:
        name: Name of the exercise.
        most: Full marks.
        score: Points of the gradebook.
        kind: "passed", "wrong", "raised", "open", or "note" for what a person marks.
        verdict: The same in words.
        heading: Of the lesson's section it stands in.
        message: The line of the check.
        told: Labels and values under it: expected, found, the learner's line.
        by_hand: What a person has done, or has still to do.
        waits: Whether only a person can give the points, and has not yet.
        comment: The instructor's, Markdown.
        hints: The ladder, unless passed.
        answer: What the learner wrote, `cut` characters less.
        prose: Whether it is a text instead of code.
        shown: What the answer's cell showed.
        added: Cells of the learner's own behind it.
    """

    name: str
    most: float
    score: float
    kind: str = "open"
    verdict: str = "no verdict"
    heading: str = ""
    message: str = ""
    told: list[tuple[str, str]] = field(default_factory=list)
    by_hand: str = ""
    waits: bool = False
    comment: str = ""
    hints: tuple[str, ...] = ()
    answer: str = ""
    cut: int = 0
    prose: bool = False
    shown: list[Shown] = field(default_factory=list)
    added: list[CellText] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """A sign for the table."""
        return _MARK[self.kind]


@dataclass(frozen=True)
class Feedback:
    """The whole page; points are those of the gradebook, times UTC."""

    unit: str
    title: str
    student: str
    name: str
    parts: list[Part]
    earned: float
    most: float
    penalty: float
    waiting: float
    handed_in: str
    late: str
    written: str
    unsafe: bool = False

    @property
    def score(self) -> float:
        """Points after the penalty, never below zero."""
        return max(0.0, self.earned - self.penalty)


def read_feedback(
    graded: NotebookNode, source: NotebookNode | None, gradebook: Gradebook, student: str, unit: str
) -> Feedback:
    """Gather what the page of one learner says.

    Args:
        graded: The autograded notebook.
        source: The instructor's notebook: it tells which cells are the lesson's, and the headings.
        gradebook: An open gradebook.
        student: nbgrader's id of the learner.
        unit: Full name of the unit.

    Raises:
        nbgrader.api.MissingEntry: The gradebook has no such submission.
    """
    handed_in = gradebook.find_submission(unit, student)
    record = gradebook.find_submission_notebook(unit, unit, student)
    comments = {each.name: each.manual_comment for each in record.comments if each.manual_comment}
    try:
        title, exercises = (lesson := syllabus.load(unit)).title, {each.name: each for each in lesson.exercises}
    except UnitError:  # a unit of the instructor's own, written without `yolo-course build`
        title, exercises = unit, {}
    cells, headings = _by_grade_id(graded), _headings(source)
    parts = []
    for grade in _in_order(record.grades, [*exercises], graded):
        part = _part(grade, cells, comments)
        part.heading = headings.get(part.name, "")
        part.hints = exercises[part.name].hints if part.name in exercises and part.kind != "passed" else ()
        parts.append(part)
    _add_own_cells(parts, graded, source)
    person = handed_in.student
    return Feedback(
        unit=unit,
        title=title,
        student=student,
        name=" ".join(filter(None, (person.first_name, person.last_name))) or student,
        parts=parts,
        earned=record.score,
        most=record.max_score,
        penalty=record.late_submission_penalty or 0.0,
        waiting=sum(each.max_score for each in record.grades if each.needs_manual_grade),
        handed_in=f"{handed_in.timestamp:%Y-%m-%d %H:%M} UTC" if handed_in.timestamp else "",
        late=_late(handed_in),
        written=f"{datetime.now(UTC):%Y-%m-%d}",
        unsafe=any(UNSAFE in output.get("text", "") for cell in graded.cells for output in cell.get("outputs", [])),
    )


def _by_grade_id(notebook: NotebookNode) -> dict[str, NotebookNode]:
    return {key: cell for cell in reversed(notebook.cells) if (key := _grade_id(cell))}


def _grade_id(cell: NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def _name(grade_id: str) -> str:
    """The exercise that a graded cell belongs to."""
    return grade_id.removesuffix("_check")


def _in_order(grades: Iterable[Grade], exercises: list[str], graded: NotebookNode) -> list[Grade]:
    """As the lesson has them; restored check cells stand at the notebook's end."""
    places = exercises + [_name(_grade_id(cell)) for cell in graded.cells]
    return sorted(grades, key=lambda grade: [*places, _name(grade.name)].index(_name(grade.name)))


def _headings(source: NotebookNode | None) -> dict[str, str]:
    """For each answer's cell the heading above it."""
    found, heading = {}, ""
    for cell in source.cells if source is not None else []:
        if cell.cell_type == "markdown" and cell.source.startswith("#"):
            heading = cell.source.splitlines()[0].lstrip("# ")
        elif _grade_id(cell):
            found[_grade_id(cell)] = heading
    return found


def _part(grade: Grade, cells: dict[str, NotebookNode], comments: dict[str, str]) -> Part:
    name = _name(grade.name)
    part = Part(name, grade.max_score, grade.score or 0.0, comment=comments.get(name, ""))
    answer = cells.get(name)
    if answer is not None:
        read = read_cell(answer)
        part.answer, part.cut, part.shown, part.prose = read.source, read.cut, read.shown, answer.cell_type != "code"
    if name == grade.name:  # the answer itself is marked
        part.kind, part.verdict = "note", "waits for a person" if grade.needs_manual_grade else "marked by a person"
        part.waits = grade.needs_manual_grade
        if not part.waits and grade.manual_score is None:
            part.verdict = "not answered"
    elif outcome := _outcome(cells.get(grade.name)):
        stopped = next((each.text for each in part.shown if each.kind == "error"), "")
        if stopped and outcome.status is Status.NOT_ATTEMPTED:  # the check only sees that a name is missing
            message = f"Your cell stopped before it was done: {stopped.strip().splitlines()[0]}"
            outcome = replace(outcome, status=Status.RAISED, message=message)
        part.kind, part.verdict, part.message = _KIND[outcome.status], outcome.status.value, _message(outcome)
        told = [("expected", outcome.expected), ("found", outcome.found), ("your code", outcome.line)]
        part.told = [(label, value[:LONGEST]) for label, value in told if value]
        part.by_hand = "Your instructor has set these points." if grade.manual_score is not None else ""
    if name != grade.name and grade.needs_manual_grade:
        part.by_hand = "A person will look at this."
    return part


def _message(outcome: Outcome) -> str:
    """The check's line; the one about a stub speaks of a notebook that is open."""
    stub = outcome.status is Status.NOT_ATTEMPTED and "`" not in outcome.message
    return "This exercise still holds what you started from." if stub else outcome.message


def _outcome(check: NotebookNode | None) -> Outcome | None:
    """The verdict that the check's box holds."""
    for output in check.get("outputs", []) if check is not None else []:
        if outcome := read_verdict(output.get("data", {}).get("text/plain", "")):
            return outcome
    return None


def _add_own_cells(parts: list[Part], graded: NotebookNode, source: NotebookNode | None) -> None:
    """Hang the learner's own cells that showed something on the exercise before them."""
    if source is None:
        return
    lesson, named = {cell.id for cell in source.cells}, {part.name: part for part in parts}
    part = None
    for cell in graded.cells:
        part = named.get(_name(_grade_id(cell)), part)
        if part is not None and cell.cell_type == "code" and cell.get("id") not in lesson and not _grade_id(cell):
            part.added += [read] if (read := read_cell(cell)).shown else []


def _late(handed_in: SubmittedAssignment) -> str:
    if handed_in.assignment.duedate is None or not handed_in.total_seconds_late:
        return ""
    minutes = int(handed_in.total_seconds_late // 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    parts = [(days, "day"), (hours, "hour"), (minutes % 60, "minute")]
    told = [f"{count} {unit}{'s' if count > 1 else ''}" for count, unit in parts if count][:2]
    return f"{' '.join(told) or 'less than a minute'} late"
