"""The vocabulary of check cells: a question to the learner's code, an oracle beside it, a hint after a failure.

    with check("pairwise_iou") as c:
        c.shape(pairwise_iou(a, b), (5, 7), "one row for each box of a, one column for each box of b")
        c.close(pairwise_iou(a, b), torchvision.ops.box_iou(a, b))

The first line that fails ends the check. A check shows one box and, unless passed, raises `CheckFailed`.
"""

import contextlib
import io
import os
import types
import warnings
from collections.abc import Callable, Iterator, Mapping
from numbers import Integral
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from yolo_course.grading import session
from yolo_course.grading.blame import judge
from yolo_course.grading.describe import describe
from yolo_course.grading.outcome import Outcome, Status

Hint = str | Callable[[Any], str | None] | Mapping[Callable[[Any], Any], str]


class CheckFailed(Exception):
    """A check that was not passed; IPython shows its one line instead of a traceback.

    The box above that line holds the message; nbgrader's Validate shows the line alone, so there it says all.
    """

    def __init__(self, exercise: str, outcome: Outcome):
        self.exercise, self.outcome = exercise, outcome
        super().__init__(f"{exercise}: {outcome.status.value}")

    def _render_traceback_(self) -> list[str]:
        return [f"{self}. {self.outcome.message}" if "NBGRADER_VALIDATING" in os.environ else str(self)]


class _Wrong(Exception):
    def __init__(self, message: str, expected: str = "", found: str = ""):
        self.outcome = Outcome(Status.WRONG, message, expected, found)
        super().__init__(message)


@contextlib.contextmanager
def check(exercise: str) -> Iterator["Check"]:
    """Judge one exercise: everything inside the `with` block asks the learner's code a question.

    Warnings and stderr are held back, since nbgrader gives no points to a check cell that writes there.

    Args:
        exercise: Name of the exercise.

    Raises:
        CheckFailed: Unless the exercise is passed.
    """
    asked = Check()
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            yield asked
            outcome = Outcome(Status.PASSED, "All checks hold.")
        except _Wrong as wrong:
            outcome = wrong.outcome
        except (Exception, SystemExit) as error:
            outcome = judge(error)
    session.record(exercise, outcome)
    if not outcome.passed:
        raise CheckFailed(exercise, outcome) from None


class Check:
    """The questions a check cell can ask; each raises at the first wrong answer.

    `hint` is one line that names the misconception; a mapping `{predicate of found: line}`, the first that holds is
    shown; or a function of `found` that returns the line.
    """

    def true(self, condition: Any, hint: str) -> None:
        """A fact about the learner's work."""
        if not bool(condition):
            raise _Wrong(hint)

    def equal(self, found: Any, expected: Any, hint: Hint = "the value differs") -> None:
        """Equal plain values: numbers, strings, lists or tuples, sets, dicts, tensors of whole numbers."""
        _not_none(found, expected)
        got, want = _plain(found), _plain(expected)
        if isinstance(got, bool) is not isinstance(want, bool) or got != want:
            raise _Wrong(_line(hint, found), describe(expected), describe(found))

    def close(self, found: Any, expected: Any, hint: Hint = "the values differ", tol: float = 1e-5) -> None:
        """Tensors, arrays or numbers of the same shape, close in value.

        Args:
            found: What the learner's code gave.
            expected: The oracle's answer; a single number is compared with every element.
            hint: What to say if they differ.
            tol: Allowed difference, absolute below 1 and relative above.
        """
        _not_none(found, expected)
        got, want = _array(found), _array(expected)
        if got is None:
            raise _Wrong("a tensor or a number was expected", describe(expected), describe(found))
        if want.ndim and got.shape != want.shape:
            raise _Wrong(_line(hint, found, "the shape differs"), f"shape {want.shape}", f"shape {got.shape}")
        with np.errstate(invalid="ignore"):
            near = (got == want) | (np.abs(got - want) <= tol * np.maximum(1, np.abs(want)))
        if not near.all():
            raise _Wrong(_line(hint, found), *_worst(got, np.broadcast_to(want, got.shape), near))

    def shape(self, found: Any, expected: tuple[int, ...], hint: Hint = "the shape differs") -> None:
        """The shape of a tensor or an array, or a shape itself."""
        _not_none(found, expected)
        shape = tuple(getattr(found, "shape", found)) if not isinstance(found, (int, float)) else ()
        if shape != tuple(expected):
            if not all(isinstance(side, Integral) for side in shape):
                told = f"a tensor is expected, this is a {type(found).__name__}"
                raise _Wrong(told, f"shape {tuple(expected)}", describe(found))
            raise _Wrong(_line(hint, found), f"shape {tuple(expected)}", f"shape {shape}")

    def instance(self, found: Any, cls: type | tuple[type, ...], hint: Hint = "the type differs") -> None:
        """An instance of a class."""
        if not isinstance(found, cls):
            names = " or ".join(each.__name__ for each in (cls if isinstance(cls, tuple) else (cls,)))
            raise _Wrong(_line(hint, found), names, f"{type(found).__name__}: {describe(found)}")

    def raises(self, error: type[Exception], call: Callable, *args: Any, hint: str) -> None:
        """The call must raise this error, for input that has no right answer."""
        try:
            found = call(*args)
        except error:
            return
        except NotImplementedError:
            raise
        except Exception as other:
            raise _Wrong(hint, error.__name__, f"{type(other).__name__}: {other}") from None
        raise _Wrong(hint, error.__name__, f"no error, but {describe(found)}")

    def gradients(self, found: nn.Module | Tensor | list[Tensor], hint: Hint = "no gradient arrives") -> None:
        """After a backward pass: every parameter or tensor has a finite gradient that is not all zero."""
        named = found.named_parameters() if isinstance(found, nn.Module) else _named(found)
        for name, tensor in named:
            if tensor.grad is None:
                raise _Wrong(_line(hint, found), "a gradient", f"none at `{name}`")
            if not torch.isfinite(tensor.grad).all() or not tensor.grad.any():
                raise _Wrong(_line(hint, found), "a finite, non-zero gradient", f"{describe(tensor.grad)} at `{name}`")

    def without(self, written: Callable | type, *names: str, hint: str) -> None:
        """The learner's function or class must not lean on these names: the exercise is to write them."""
        if used := sorted(_names_in(written) & set(names)):
            raise _Wrong(hint, found=f"`{used[0]}` in `{written.__name__}`")


def _line(hint: Hint, found: Any, otherwise: str = "the value differs") -> str:
    if isinstance(hint, str):
        return hint
    tests = hint.items() if isinstance(hint, Mapping) else [(hint, None)]
    for test, line in tests:
        with contextlib.suppress(Exception):  # a predicate that does not fit what came simply does not apply
            if answer := test(found):
                return line or str(answer)
    return otherwise


def _not_none(found: Any, expected: Any) -> None:
    if found is None and expected is not None:
        raise _Wrong("your code gives None: is a `return` missing?", describe(expected), "None")


def _plain(value: Any) -> Any:
    """Make right answers of several types alike: [1, 2] and (1, 2) and tensor([1, 2])."""
    if isinstance(value, (Tensor, np.ndarray, np.generic)):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, dict) else value


def _array(value: Any) -> np.ndarray | None:
    try:
        if isinstance(value, Tensor):
            value = value.detach().cpu().to(torch.float64 if not value.is_complex() else value.dtype).numpy()
        array = np.asarray(value)
        return array.astype(np.float64) if array.dtype.kind in "biuf" else None
    except (TypeError, ValueError, RuntimeError):
        return None


def _worst(got: np.ndarray, want: np.ndarray, near: np.ndarray) -> tuple[str, str]:
    """Name the element that is furthest off; small answers are shown whole."""
    if got.ndim == 0 or got.size <= 8:
        return describe(want), describe(got)
    gap = np.where(near, -1.0, np.nan_to_num(np.abs(got - want), nan=np.inf))
    place = tuple(int(i) for i in np.unravel_index(gap.argmax(), got.shape))
    at = f"at [{', '.join(map(str, place))}]; {int((~near).sum())} of {got.size} values differ"
    return describe(float(want[place])), f"{describe(float(got[place]))} {at}"


def _named(tensors: Tensor | list[Tensor]) -> Iterator[tuple[str, Tensor]]:
    many = [tensors] if isinstance(tensors, Tensor) else tensors
    yield from ((f"tensor {index}", tensor) for index, tensor in enumerate(many))


def _names_in(written: Any) -> set[str]:
    """Every name that a function, or the methods of a class, loads or looks up."""
    if isinstance(written, type):
        return set().union(*(_names_in(member) for member in vars(written).values()))
    code = written if isinstance(written, types.CodeType) else getattr(written, "__code__", None)
    if code is None:
        return set()
    inner = (_names_in(constant) for constant in code.co_consts if isinstance(constant, types.CodeType))
    return set(code.co_names).union(*inner)
