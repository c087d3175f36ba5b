import warnings

import numpy as np
import pytest
import torch
from torch import nn

from yolo_course.grading import CheckFailed, check
from yolo_course.grading.outcome import Status


def ask(question):
    """The outcome of a check whose only line is `question(c)`; None if it passed."""
    try:
        with check("exercise") as c:
            question(c)
    except CheckFailed as failed:
        return failed.outcome
    return None


RIGHT = {
    "true": lambda c: c.true(torch.tensor(True), "no"),
    "equal numbers of two types": lambda c: c.equal(3.0, 3),
    "equal list and tuple": lambda c: c.equal([1, (2, 3)], (1, [2, 3])),
    "equal tensor of whole numbers": lambda c: c.equal(torch.tensor([1, 2]), [1, 2]),
    "equal numpy scalar": lambda c: c.equal(np.int64(4), 4),
    "equal shape": lambda c: c.equal(torch.zeros(2, 3).shape, (2, 3)),
    "close tensors": lambda c: c.close(torch.ones(3) + 1e-7, torch.ones(3)),
    "close half precision": lambda c: c.close(torch.ones(3, dtype=torch.bfloat16), torch.ones(3)),
    "close list": lambda c: c.close([1.0, 2.0], torch.tensor([1.0, 2.0])),
    "close to a number everywhere": lambda c: c.close(torch.zeros(4, 4), 0),
    "close infinities": lambda c: c.close(torch.tensor([float("inf")]), torch.tensor([float("inf")])),
    "close large values": lambda c: c.close(torch.tensor(1e6 + 1), torch.tensor(1e6)),
    "close empty": lambda c: c.close(torch.zeros(0, 4), torch.zeros(0, 4)),
    "close booleans": lambda c: c.close(torch.tensor([True, False]), torch.tensor([True, False])),
    "shape of a tensor": lambda c: c.shape(torch.zeros(2, 3), (2, 3)),
    "shape itself": lambda c: c.shape(torch.zeros(2, 3).shape, (2, 3)),
    "shape of a number": lambda c: c.shape(torch.tensor(1.0), ()),
    "instance": lambda c: c.instance(nn.Identity(), nn.Module),
    "raises": lambda c: c.raises(ValueError, int, "x", hint="no"),
    "without": lambda c: c.without(lambda x: x + 1, "box_iou", hint="no"),
}

WRONG = {
    "true": lambda c: c.true(False, "told"),
    "equal": lambda c: c.equal(3, 4, "told"),
    "True is not 1": lambda c: c.equal(True, 1, "told"),
    "close": lambda c: c.close(torch.zeros(3), torch.ones(3), "told"),
    "close nan": lambda c: c.close(torch.tensor([float("nan")]), torch.tensor([1.0]), "told"),
    "close other shape": lambda c: c.close(torch.ones(3, 1), torch.ones(3), "told"),
    "shape": lambda c: c.shape(torch.zeros(2), (3,), "told"),
    "instance": lambda c: c.instance(3, str, "told"),
    "no error": lambda c: c.raises(ValueError, int, "3", hint="told"),
    "another error": lambda c: c.raises(KeyError, int, "x", hint="told"),
    "first predicate that holds": lambda c: c.close(
        torch.tensor(-1.0), 2.0, {(lambda f: f > 5): "no", (lambda f: f < 0): "told"}
    ),
    "a predicate that breaks is passed over": lambda c: c.equal(
        3, 4, {(lambda f: f.x): "no", (lambda f: True): "told"}
    ),
    "a function of what was found": lambda c: c.equal(3, 4, lambda found: "told" if found == 3 else None),
    "without": lambda c: c.without(nn.Linear, "linear", hint="told"),
}


@pytest.mark.parametrize("question", RIGHT.values(), ids=RIGHT.keys())
def test_right_answers_pass(question):
    assert ask(question) is None


@pytest.mark.parametrize("question", WRONG.values(), ids=WRONG.keys())
def test_wrong_answers_get_the_hint(question):
    outcome = ask(question)
    assert outcome.status is Status.WRONG
    assert outcome.message == "told"


def test_none_is_told_apart_from_a_wrong_value():
    assert "return" in ask(lambda c: c.close(None, torch.ones(3), "no")).message
    assert "return" in ask(lambda c: c.equal(None, 3)).message


def test_expected_and_found_point_at_the_worst_element():
    found, expected = torch.zeros(10, 4), torch.zeros(10, 4)
    found[7, 2] = 5
    outcome = ask(lambda c: c.close(found, expected))
    assert outcome.expected == "0"
    assert outcome.found == "5 at [7, 2]; 1 of 40 values differ"


def test_gradients():
    layer = nn.Linear(2, 2)
    assert "none at `weight`" in ask(lambda c: c.gradients(layer)).found
    layer(torch.ones(1, 2)).sum().backward()
    assert ask(lambda c: c.gradients(layer)) is None
    layer.bias.grad.zero_()
    assert "`bias`" in ask(lambda c: c.gradients(layer)).found


def test_without_reads_methods_and_inner_functions():
    class Sly(nn.Module):
        def forward(self, x):
            return [torch.ops.torchvision.nms(y, y, 0.5) for y in x]

    assert ask(lambda c: c.without(Sly, "nms", hint="told")).found == "`nms` in `Sly`"


def test_nothing_reaches_stderr(capsys):
    with check("exercise") as c:
        warnings.warn("careful", stacklevel=1)
        c.true(True, "")
    assert capsys.readouterr().err == ""


def test_a_failure_is_one_line_and_tells_all_under_validate(monkeypatch):
    with pytest.raises(CheckFailed) as failed, check("exercise") as c:
        c.true(False, "the box is empty")
    assert failed.value._render_traceback_() == ["exercise: wrong"]
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    assert failed.value._render_traceback_() == ["exercise: wrong. the box is empty"]


def test_an_interrupt_is_not_a_verdict():
    with pytest.raises(KeyboardInterrupt), check("exercise"):
        raise KeyboardInterrupt


def test_a_list_in_place_of_a_tensor_is_called_a_list():
    with pytest.raises(CheckFailed) as failed, check("anything") as c:
        c.shape([0.5, 0.25], (2,), "two scores must come out")
    outcome = failed.value.outcome
    assert (outcome.message, outcome.expected) == ("a tensor is expected, this is a list", "shape (2,)")


def test_a_shape_of_other_whole_numbers_is_still_a_shape():
    with check("anything") as c:
        c.shape((np.int64(2), 3.0), (2, 3))
