"""The student's process: runs cells one by one, then answers what the checks ask.

It is not trusted. Nothing that it says counts as more than data, and no code of the grader depends on its honesty.
"""

import contextlib
import os
import random
import signal
import socket

import numpy as np
import torch

from yolo_course.grading.isolation import wire
from yolo_course.grading.isolation.cells import Shell
from yolo_course.grading.isolation.namespaces import Limits
from yolo_course.grading.isolation.student import Student


def work(session: socket.socket, shell: Shell, limits: Limits) -> None:
    """Run the cells that the grader sends, one by one, and serve its checks.

    Messages of the grader: `{"run": source}`, answered with what the cell showed; `{"serve": true}`, after which it
    asks what a check asks until that is over. Anything else ends it.
    """
    seed()
    os.register_at_fork(after_in_child=session.close)  # what the learner's code forks would speak on it, too
    while True:
        message, _ = wire.receive(session, limits.total)
        if "run" in message:
            shown = shell.run(message["run"], limits)
            end_others()
            wire.send(session, shown, [], limits.cell)
        elif "serve" in message:
            Student(session, shell.names).serve()
            end_others()
        else:
            return


def end_others() -> None:
    """Nothing that a cell or a check has started outlives it: kill what is left in these namespaces, and reap it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(-1, signal.SIGKILL)  # all but this process, which is process 1
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def seed() -> None:
    """Every submission starts from the same random state, not from its parent's."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - the state that learners draw from
    torch.manual_seed(0)
