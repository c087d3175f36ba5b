"""A course of one small unit, in a folder of its own."""

import textwrap
from pathlib import Path

import pytest

from yolo_course.grading import session
from yolo_course.grading.build import Course

UNIT = '''
# ---
# jupyter:
#   yolo_course:
#     title: Doubling
#     promise: You will double numbers.
#     goals: [double a number, triple a number, say why]
#     minutes: 5
#     budget: 60
#     prerequisites: []
# ---

# %% [markdown]
# # Doubling

# %% setup=true
import torch

from yolo_course.grading import check, hint, predict, progress, start

start("00_doubling")

# %% predict="half"
guess = 2  # what is half of four?
predict("half of four", guess, 2)

# %% exercise="double" minutes=3 difficulty=1
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% check="double" points=3
with check("double") as c:
    c.close(double(torch.ones(3)), 2, "every value must be doubled")
    ### BEGIN HIDDEN TESTS
    c.equal(double(4), 8, "numbers too")
    ### END HIDDEN TESTS

# %% [markdown] hints="double"
# 1. Think of sums.
# 2. Or of
#    products.

# %% clinic="triple" minutes=2 difficulty=2
def triple(x):
    ### BEGIN SOLUTION
    return 3 * x
    ### STUB
    # if True:
    #     return 2 * x  # looks right
    ### END SOLUTION

# %% check="triple" points=1
with check("triple") as c:
    c.close(triple(torch.ones(3)), 3, "a sum of three ones is not three")

# %% [markdown] hints="triple"
# 1. Count.
# 2. Count again.

# %% [markdown]
# Why does it work?

# %% [markdown] manual="why" points=2 minutes=2 difficulty=1
# ### BEGIN SOLUTION
# Because.
# ### END SOLUTION

# %%
progress()
'''


@pytest.fixture
def course(tmp_path: Path) -> Course:
    folder = tmp_path / "course" / "units" / "00_doubling"
    folder.mkdir(parents=True)
    (folder / "unit.py").write_text(textwrap.dedent(UNIT).lstrip(), encoding="utf-8")
    return Course(tmp_path)


@pytest.fixture(autouse=True)
def fresh_session(monkeypatch):
    monkeypatch.setattr(session, "_session", session.Session())
