"""A small assignment, a grader for it, and the secrets that no submission may see."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from nbformat.v4 import new_code_cell, new_notebook

from yolo_course.grading.isolation.apart import apart
from yolo_course.grading.isolation.grade import grade
from yolo_course.grading.isolation.namespaces import Limits

CANARY = "canary-7391"  # stands in the hidden checks, in the gradebook and in another learner's work
LIMITS = Limits(cell=3, check=2, total=40, memory=400 << 20, processes=24, disk=16 << 20, file=8 << 20, output=20_000)

SETUP = "import torch\nfrom torch import nn\n\nfrom yolo_course.grading import check, hint"
SOLUTIONS = {
    "double": "def double(x):\n    return 2 * x",
    "Scale": (
        "class Scale(nn.Module):\n    def __init__(self, channels):\n        super().__init__()\n"
        "        self.factor = nn.Parameter(torch.ones(channels))\n\n    def forward(self, x):\n"
        "        return x * self.factor[:, None, None]"
    ),
    "lengths": "def lengths(words):\n    return [len(word) for word in words]",
}
CHECKS = {
    "double": (
        'with check("double") as c:\n    c.close(double(torch.tensor([1.0, 3.0])), [2.0, 6.0], "twice as much")\n'
        "    ### BEGIN HIDDEN TESTS\n    # canary-7391\n    x = torch.linspace(-3, 3, 11)\n    twice = x + x\n"
        '    c.close(double(x), twice, "other numbers")\n    ### END HIDDEN TESTS'
    ),
    "Scale": (
        'with check("Scale") as c:\n    block, x = Scale(3), torch.rand(2, 3, 4, 5)\n'
        '    given = x.clone()\n    c.close(block(x), given, "factors of one change nothing")\n'
        "    with torch.no_grad():\n        next(block.parameters()).copy_(torch.tensor([1.0, 2.0, 3.0]))\n"
        '    c.close(block(x)[:, 2], 3 * given[:, 2], "each channel has its factor")\n'
        '    block(x).sum().backward()\n    c.gradients(block, "nothing learns")'
    ),
    "lengths": (
        'with check("lengths") as c:\n    c.equal(lengths(["a", "bcd"]), [1, 3], "how long is each word?")\n'
        '    c.equal(lengths([]), [], "no words")'
    ),
}
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


def notebook(answers, more=()):
    """The assignment with these cells as answers, and more cells behind them."""
    cells = [_cell("setup", "", SETUP, "setup-1")]
    for name in SOLUTIONS:
        cells.append(_cell("exercise", name, answers.get(name, STUB), f"exercise-{name.lower()}", name))
        cells.append(_cell("check", name, CHECKS[name], f"check-{name.lower()}", f"{name}_check"))
    cells += [new_code_cell(source=source, id=f"more-{index}") for index, source in enumerate(more)]
    return new_notebook(cells=cells, metadata={"yolo_course": {"unit": "hostile"}})


def _cell(role, name, source, identity, grade_id=None):
    cell = new_code_cell(source=source, id=identity)
    cell.metadata["yolo_course"] = {"role": role, "name": name}
    if grade_id:
        cell.metadata["nbgrader"] = {"grade_id": grade_id}
    return cell


def pytest_generate_tests(metafunc):
    """`@pytest.mark.attacks("folder")`: once for each cell in attacks/folder; its first line says what it tries."""
    for mark in metafunc.definition.iter_markers("attacks"):
        files = sorted((Path(__file__).parent / "attacks" / mark.args[0]).glob("*.py"))
        metafunc.parametrize("attack", [file.read_text() for file in files], ids=[file.stem for file in files])


@pytest.fixture(scope="session")
def graded(sandbox):
    """Grade answers: what passed, all that was shown, and how it ended."""
    source = notebook(SOLUTIONS)

    def once(answers, more=(), submitted=None):
        def work():
            torch.set_num_threads(1)
            report = grade(source, submitted or notebook(answers, more), sandbox, LIMITS)
            return {
                "passed": [name for name, outcome in report.outcomes.items() if outcome.passed],
                "said": {
                    name: f"{o.status.value}: {o.message} {o.found} {o.line}" for name, o in report.outcomes.items()
                },
                "shown": "".join(each.text + each.error for each in report.shown.values()),
                "end": report.end,
            }

        return SimpleNamespace(**apart(work, 90))

    return once


@pytest.fixture(scope="session")
def solutions():
    """Right answers to the three exercises."""
    return SOLUTIONS


@pytest.fixture(scope="session")
def assignment():
    """Make a notebook as handed in."""
    return notebook


@pytest.fixture(scope="session")
def canary():
    """What no submission may see."""
    return CANARY


@pytest.fixture(scope="module")
def honest(graded):
    """Prove that the next submission grades rightly."""

    def proof():
        assert graded(SOLUTIONS).passed == list(SOLUTIONS)

    proof()
    return proof
