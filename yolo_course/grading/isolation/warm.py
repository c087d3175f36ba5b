"""The warm parent: imports everything once, then forks a process for each submission. Runs inside of bubblewrap.

    python -I -m yolo_course.grading.isolation.warm FD

It holds nothing secret. On its socket comes a JSON line of limits with two file descriptors: the session that values
cross, and the line between grader and keeper. It forks the keeper and goes on waiting.
"""

import gc
import json
import os
import signal
import socket
import sys
import traceback
from importlib import import_module
from pkgutil import walk_packages

import yolo_course
import yolo_course.grading
from yolo_course.grading.isolation import keeper, namespaces, process
from yolo_course.grading.isolation.cells import Shell
from yolo_course.grading.isolation.namespaces import NOBODY, Limits

LIBRARIES = ("matplotlib.pyplot", "scipy", "sklearn.datasets", "torchvision", "ultralytics.utils.loss", "yaml")


def main() -> None:
    """Import, say that it is ready, fork at each request until the grader hangs up."""
    door = socket.socket(fileno=int(sys.argv[1]))
    shell = prepare()
    gc.freeze()  # a collection in a fork would copy all that was imported
    leave_root()
    be_alone("the warm parent")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers are nobody's business once they have ended
    door.sendall(b"ready\n")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # submissions would share the file that complaints go to
    while True:
        told, descriptors, *_ = socket.recv_fds(door, 4096, 2)
        if not told:
            return
        if os.fork() == 0:
            door.close()
            session, line = (socket.socket(fileno=each) for each in descriptors)
            be_keeper(session, line, Limits(**json.loads(told)), shell)
        for each in descriptors:
            os.close(each)


def prepare() -> Shell:
    """Import what submissions use, and make the shell; nothing here may start a thread."""
    import matplotlib

    matplotlib.use("agg")
    import_what_cells_use()
    import torch

    torch.set_num_threads(1)
    return Shell()


def import_what_cells_use() -> None:
    """Import what learners' cells and checks name: a fork then has it."""
    for name in LIBRARIES:
        import_module(name)
    for module in walk_packages(yolo_course.__path__, "yolo_course."):
        if not module.name.startswith(("yolo_course.cli", "yolo_course.grading", "yolo_course.__main__")):
            import_module(module.name)
    for name in yolo_course.grading.__all__:
        getattr(yolo_course.grading, name)


def be_alone(who: str) -> None:
    """End here if this process has a second thread: its forks could hang."""
    if (threads := len(os.listdir("/proc/self/task"))) != 1:
        raise SystemExit(f"{who} has {threads} threads: its children could hang")


def leave_root() -> None:
    """Become nobody, where root started this; who is no root already has namespaces of a user's own."""
    if os.getuid() == 0 and can_change_user():
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        namespaces.hide_memory(
            False
        )  # the kernel hides who changes the user; its children could not write their uid_map


def can_change_user() -> bool:
    """Whether there is another user in this user namespace to change to."""
    with open("/proc/self/uid_map", encoding="ascii") as file:
        return any(int(line.split()[0]) <= NOBODY < int(line.split()[0]) + int(line.split()[2]) for line in file)


def be_keeper(session: socket.socket, line: socket.socket, limits: Limits, shell: Shell) -> None:
    """In the forked child: keep one submission. Never returns."""
    try:
        shell.keep_output()
        keeper.keep(session, line, limits, lambda connection: process.work(connection, shell, limits))
    except BaseException:
        traceback.print_exc()
    os._exit(1)


if __name__ == "__main__":
    main()
