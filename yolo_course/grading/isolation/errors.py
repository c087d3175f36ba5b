"""An exception as plain values, and back: its class if both sides know it, its text, and whose line raised it."""

import traceback
from typing import Any

from yolo_course.grading.blame import learners_part
from yolo_course.grading.isolation.modules import class_at, path_of
from yolo_course.grading.isolation.wire import WireError

LONGEST = 2000  # characters of a message


def tell(error: BaseException) -> dict:
    """Write an exception down; nothing of it but its class, its text and plain facts crosses."""
    known = next(path for cls in type(error).__mro__ if (path := path_of(cls)))
    stub, line = learners_part(error)
    facts = vars(error)
    return {
        "cls": known,
        "name": type(error).__name__[:200],
        "text": _text(error),
        "facts": {name: value for name, value in facts.items() if _plain(value)},
        "stub": stub,
        "line": line[:LONGEST],
    }


def rebuild(told: Any) -> BaseException:
    """Make the exception that the other side had.

    Raises:
        WireError: It is none.
    """
    try:
        cls, text = class_at(told["cls"]), str(told["text"])
        if not issubclass(cls, BaseException):
            raise WireError("an error of a class that is none")
        if cls.__name__ != told["name"]:
            cls = type(str(told["name"])[:200], (cls,), {})
        error = cls.__new__(cls, text)
        error.args = (text,)
        for name, value in told["facts"].items():
            error.__dict__[str(name)] = value
        error.learners = bool(told["stub"]), str(told["line"])
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise WireError("a malformed error") from problem
    return error


def is_theirs(error: BaseException) -> bool:
    """Whether an error was raised on the other side."""
    return hasattr(error, "learners")


def _plain(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return len(value) < 100 and all(_plain(each) for each in value)
    return value is None or (type(value) in (str, int, float, bool) and len(str(value)) <= LONGEST)


def _text(error: BaseException) -> str:
    try:
        return str(error.args[0] if type(error) is KeyError and len(error.args) == 1 else error)[:LONGEST]
    except Exception:
        return traceback.format_exception_only(type(error))[-1].strip()[:LONGEST]
