"""Predict before you run: a guess beside the truth."""

from typing import Any

from yolo_course.grading import render
from yolo_course.grading.describe import describe


def predict(question: str, guess: Any, actual: Any, unit: str = "", tol: float = 0) -> None:
    """Compare a guess with what is so; without a guess, ask for one and give nothing away.

    Args:
        question: What was asked, in a few words.
        guess: The learner's number, shape or word; None while there is none.
        actual: The truth, or a function without arguments that computes it.
        unit: Of the number, such as "px".
        tol: A difference that still counts as right.
    """
    if guess is None or guess is ...:
        render.show(
            render.note_box("Your prediction first", f"{question}? Put your guess in place of `None`, run again.")
        )
        return
    truth = actual() if callable(actual) else actual
    right, distance = _compare(guess, truth, tol)
    verdict = "Right" if right else "Not quite"
    told = f"{question}: you said {_with(guess, unit)}, it is {_with(truth, unit)}{distance}."
    render.show(render.note_box(verdict, told, good=right))


def _compare(guess: Any, truth: Any, tol: float) -> tuple[bool, str]:
    if _is_number(guess) and _is_number(truth):
        gap = abs(float(guess) - float(truth))
        if gap <= tol:
            return True, ""
        if float(truth) and float(guess) / float(truth) >= 2:
            return False, f", {float(guess) / float(truth):.1f} times less"
        if float(guess) > 0 and float(truth) / float(guess) >= 2:
            return False, f", {float(truth) / float(guess):.1f} times more"
        return False, f", {gap:.4g} off"
    if isinstance(guess, (tuple, list)):
        return tuple(guess) == tuple(truth), ""
    return guess == truth, ""


def _is_number(value: Any) -> bool:
    return not isinstance(value, (bool, str)) and hasattr(value, "__float__")


def _with(value: Any, unit: str) -> str:
    return f"{describe(value)} {unit}".strip()
