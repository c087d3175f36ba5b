"""Boxes for notebooks: HTML where a front end shows it, plain text elsewhere.

Colours are JupyterLab's theme variables, so light and dark both read well; words carry the meaning, colour repeats it.
"""

import html
import re
import sys
from dataclasses import dataclass

from yolo_course.grading.outcome import Outcome, Status
from yolo_course.grading.syllabus import Exercise, Syllabus

_COLOUR = {
    Status.PASSED: "var(--jp-success-color1, #388e3c)",
    Status.WRONG: "var(--jp-warn-color1, #f57c00)",
    Status.RAISED: "var(--jp-error-color1, #d32f2f)",
    Status.NOT_ATTEMPTED: "var(--jp-ui-font-color2, #616161)",
}
_MARK = {Status.PASSED: "✓", Status.WRONG: "✗", Status.RAISED: "!", Status.NOT_ATTEMPTED: "○"}
_NOTE = "var(--jp-brand-color1, #1976d2)"


@dataclass(frozen=True)
class Box:
    """The same message twice: for a browser and for a terminal."""

    html: str
    text: str


def show(box: Box) -> None:
    """Display a box in IPython, print it elsewhere."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        ipython.display.display({"text/html": box.html, "text/plain": box.text}, raw=True)
    else:
        print(box.text)


def enable_figures() -> None:
    """Let a notebook show `matplotlib.figure.Figure`; it would not before pyplot has drawn its first one."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is not None:
        from IPython.core.pylabtools import select_figure_formats

        select_figure_formats(shell, {"png"})


def outcome_box(name: str, outcome: Outcome, exercise: Exercise | None) -> Box:
    """Build the box under a check cell."""
    status = outcome.status
    earned = _points(exercise, outcome)
    title = f"{name}: {status.value}"
    rows = [("expected", outcome.expected), ("found", outcome.found), ("your code", outcome.line)]
    rows = [(label, value) for label, value in rows if value]
    aside = (
        "" if outcome.passed or not (exercise and exercise.hints) else f'Stuck? Run `hint("{name}")` for the next step.'
    )
    details = "".join(
        f'<tr><td style="text-align:left;opacity:.7;vertical-align:top">{label}</td>'
        f'<td style="text-align:left"><code>{html.escape(value)}</code></td></tr>'
        for label, value in rows
    )
    body = f"<div>{_inline(outcome.message)}</div>"
    body += f'<table style="margin:.4em 0 0 0">{details}</table>' if details else ""
    body += f'<div style="opacity:.7;margin-top:.4em">{_inline(aside)}</div>' if aside else ""
    head = f"{_MARK[status]} {title}{f' · {earned}' if earned else ''}"
    text = [head, f"  {outcome.message}", *(f"  {label}: {value}" for label, value in rows)]
    return Box(_frame(_COLOUR[status], head, body), "\n".join([*text, *([f"  {aside}"] if aside else [])]))


def hint_box(exercise: Exercise, shown: int) -> Box:
    """Build the box of `hint()`: the steps shown so far, the newest last."""
    if not exercise.hints:
        return note_box(f"Hint: {exercise.name}", "This exercise has no hints: its question holds all you need.")
    head = f"Hint {shown} of {len(exercise.hints)} · {exercise.name}"
    steps = exercise.hints[:shown]
    body = "<ol style='margin:.2em 0'>" + "".join(f"<li>{_inline(step)}</li>" for step in steps) + "</ol>"
    text = "\n".join([head, *(f"  {number}. {step}" for number, step in enumerate(steps, 1))])
    return Box(_frame(_NOTE, head, body), text)


def note_box(head: str, told: str, good: bool | None = None) -> Box:
    """Build a plain box: a heading and a sentence."""
    colour = _NOTE if good is None else _COLOUR[Status.PASSED if good else Status.WRONG]
    return Box(_frame(colour, head, _inline(told)), f"{head}\n  {told}")


def unit_card(unit: Syllabus) -> Box:
    """Build the card that `start()` shows."""
    facts = f"{len(unit.exercises)} exercises · {unit.points:g} points · about {unit.minutes} minutes"
    told = f"{unit.promise} `hint('name')` helps with an exercise, `progress()` shows where you stand."
    head = f"{unit.unit} · {unit.title}"
    body = f"<div>{_inline(told)}</div><div style='opacity:.7;margin-top:.4em'>{facts}</div>"
    return Box(_frame(_NOTE, head, body), f"{head}\n  {told}\n  {facts}")


def progress_table(unit: Syllabus, rows: list[tuple[Exercise, Outcome]]) -> Box:
    """Build the table of `progress()`."""
    earned = sum(exercise.points for exercise, outcome in rows if outcome.passed)
    done = sum(outcome.passed for _, outcome in rows)
    head = f"{unit.title}: {done} of {len(rows)} done, {earned:g} of {unit.points:g} points since the kernel started"
    cells, lines = "", [head]
    for exercise, outcome in rows:
        state = "graded by a person" if exercise.kind == "manual" else outcome.status.value
        mark = _MARK[outcome.status]
        points = f"{exercise.points if outcome.passed else 0:g}/{exercise.points:g}"
        effort = f"{exercise.minutes} min, {'★' * exercise.difficulty}"
        cells += (
            f'<tr><td style="text-align:left;color:{_COLOUR[outcome.status]}">{mark}</td>'
            f'<td style="text-align:left"><code>{exercise.name}</code></td><td style="text-align:left">{state}</td>'
            f'<td style="text-align:right">{points}</td><td style="text-align:left;opacity:.7">{effort}</td></tr>'
        )
        lines.append(f"  {mark} {exercise.name:<28} {state:<18} {points:>6}  {effort}")
    table = f'<table style="margin:.2em 0">{cells}</table>'
    return Box(_frame(_COLOUR[Status.PASSED] if done == len(rows) else _NOTE, head, table), "\n".join(lines))


def _points(exercise: Exercise | None, outcome: Outcome) -> str:
    if exercise is None:
        return ""
    return f"{exercise.points if outcome.passed else 0:g} of {exercise.points:g} points"


def _frame(colour: str, head: str, body: str) -> str:
    return (
        f'<div style="border-left:4px solid {colour};padding:.4em .8em;margin:.2em 0;max-width:60em">'
        f'<div style="font-weight:600;color:{colour}">{html.escape(head)}</div>{body}</div>'
    )


def _inline(text: str) -> str:
    """Escape a sentence, with `code` in backticks kept as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
