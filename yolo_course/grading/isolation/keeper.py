"""The keeper: stands outside of one submission's namespaces, watches its memory and processes, and ends it whole.

    warm parent ── fork ── keeper ── fork ── the student's process
                           a new user        process 1 of a new pid namespace; takes the other namespaces,
                           namespace         furnishes the place, gives up all powers

Killing process 1 of a pid namespace kills everything in it, so nothing survives a submission.
"""

import contextlib
import json
import os
import select
import signal
import socket
import time
from collections.abc import Callable

from yolo_course.grading.isolation import calls, namespaces
from yolo_course.grading.isolation.namespaces import Limits

LOOK_EVERY = 0.05  # seconds between two looks at memory and processes


def keep(session: socket.socket, line: socket.socket, limits: Limits, work: Callable[[socket.socket], None]) -> None:
    """Run `work(session)` in namespaces of its own until it ends, uses too much, or the grader hangs up.

    Args:
        session: The student's end of the connection that values cross.
        line: The keeper's end of the grader's line: closed by the grader to end everything; the keeper writes one JSON
            line to it, `{"end": "ended" | "memory" | "processes" | "time" | "hung up" | "refused: …"}`.
        limits: What may be used.
        work: What the student's process does.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    why = _kept(session, line, limits, work)
    with contextlib.suppress(OSError):
        line.sendall(json.dumps({"end": why}).encode() + b"\n")
    os._exit(0)


def _kept(session: socket.socket, line: socket.socket, limits: Limits, work: Callable) -> str:
    try:
        namespaces.enter_user_namespace()
    except OSError as error:
        return f"refused: {error}"
    told, tell = os.pipe()
    student = os.fork()
    if student == 0:
        os.close(told)
        line.close()
        _be_student(session, limits, work, tell)
    os.close(tell)
    session.close()
    if (why := _watch(student, line, limits)) != "ended":
        os.kill(student, signal.SIGKILL)  # not waited for: the number is still its own
    with os.fdopen(told, encoding="utf-8") as answers:
        refusal = answers.read().strip()
    return f"refused: {refusal}" if refusal else why


def _be_student(session: socket.socket, limits: Limits, work: Callable, tell: int) -> None:
    """As process 1 of the new namespace: furnish the place, give up all powers, work."""
    try:
        namespaces.die_with_parent()
        size = namespaces.address_space()
        namespaces.enter_other_namespaces()
        namespaces.furnish(limits)
        namespaces.hide_memory()
        namespaces.limit(limits, size)
        namespaces.give_up_powers()
        calls.forbid()
    except OSError as error:
        os.write(tell, f"{error}\n".encode())
        os._exit(1)
    os.close(tell)
    try:
        work(session)
    finally:
        os._exit(0)  # and with process 1 ends everything that it has started


def _watch(student: int, line: socket.socket, limits: Limits) -> str:
    """Look until something is to end; return why."""
    until, usual = time.monotonic() + limits.total, _private(os.getpid())
    watched = [line, *_end_of(student)]
    while True:
        if os.waitpid(student, os.WNOHANG)[0]:
            return "ended"
        if time.monotonic() > until:
            return "time"
        if line in select.select(watched, [], [], LOOK_EVERY)[0]:
            return "hung up"
        inside = _descendants(student)
        if len(inside) > limits.processes:
            return "processes"
        if sum(max(0, _private(each) - usual) for each in inside) > limits.memory:
            return "memory"


def _end_of(process: int) -> list[int]:
    """What can be read as soon as a process has ended; nothing, where the kernel is older than 5.3."""
    with contextlib.suppress(OSError):
        return [os.pidfd_open(process)]
    return []


def _descendants(first: int) -> list[int]:
    """Process 1 and all below it; an orphan belongs to process 1."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
                parents[int(name)] = int(file.read().rpartition(b")")[2].split()[1])
    found = [first]
    for each in found:  # grows while it is read
        found += [child for child, parent in parents.items() if parent == each]
    return found


def _private(process: int) -> int:
    """Bytes of memory that a process does not share with a file."""
    try:
        with open(f"/proc/{process}/status", encoding="ascii", errors="replace") as file:
            facts = dict(line.split(":", 1) for line in file if line.startswith(("RssAnon", "RssShmem")))
    except OSError:
        return 0
    return 1024 * sum(int(fact.split()[0]) for fact in facts.values())
