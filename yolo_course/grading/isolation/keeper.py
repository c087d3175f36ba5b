"""The keeper: stands outside of one submission's namespaces, watches its memory and processes, and ends it whole.

    warm parent ── fork ── keeper ── fork ── gate ── fork ── process 1 ── fork ── the student's process
                                             takes the       furnishes the
                                             namespaces      place, reaps

Killing process 1 of a pid namespace kills everything in it, so nothing survives a submission.
"""

import contextlib
import json
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator

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
    told, tell = os.pipe()
    gate = os.fork()
    if gate == 0:
        os.close(told)
        line.close()
        _be_gate(session, limits, work, tell)
    os.close(tell)
    session.close()
    with os.fdopen(told, encoding="utf-8") as answers:
        first = answers.readline().strip()  # the number of process 1
        known = [int(first)] if first.isdigit() else []
        why = _watch(known[0], gate, line, limits) if known else f"refused: {first or 'the gate died'}"
        for doomed in [*known, gate]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(doomed, signal.SIGKILL)
        if known and (refusal := answers.read().strip()):
            why = f"refused: {refusal}"
    with contextlib.suppress(OSError):
        line.sendall(json.dumps({"end": why}).encode() + b"\n")
    os._exit(0)


def _be_gate(session: socket.socket, limits: Limits, work: Callable, tell: int) -> None:
    """Take new namespaces, start process 1 in them, say its number, wait for it."""
    with _telling(tell):
        namespaces.enter_user_namespaces()
        first = os.fork()
        if first == 0:
            _be_first(session, limits, work, tell)
        os.write(tell, f"{first}\n".encode())
    os.close(tell)
    session.close()
    os.waitpid(first, 0)
    os._exit(0)


def _be_first(session: socket.socket, limits: Limits, work: Callable, tell: int) -> None:
    """As process 1: furnish the place, start the student's process, reap whatever ends."""
    with _telling(tell):
        namespaces.die_with_parent()
        size = namespaces.address_space()
        namespaces.furnish(limits)
        namespaces.hide_memory()
        student = os.fork()
        if student == 0:
            _be_student(session, limits, size, work, tell)
        namespaces.give_up_powers()
    os.close(tell)
    session.close()
    while os.waitpid(-1, 0)[0] != student:
        pass
    os._exit(0)  # and with process 1 ends everything that the student left behind


def _be_student(session: socket.socket, limits: Limits, size: int, work: Callable, tell: int) -> None:
    with _telling(tell):
        namespaces.limit(limits, size)
        namespaces.give_up_powers()
        calls.forbid()
    os.close(tell)
    try:
        work(session)
    finally:
        os._exit(0)


@contextlib.contextmanager
def _telling(tell: int) -> Iterator[None]:
    """Tell the keeper what the system refuses, and end."""
    try:
        yield
    except OSError as error:
        os.write(tell, f"{error}\n".encode())
        os._exit(1)


def _watch(first: int, gate: int, line: socket.socket, limits: Limits) -> str:
    """Look until something is to end; return why."""
    until, usual = time.monotonic() + limits.total, _private(os.getpid())
    watched = [line, *_end_of(gate)]
    while True:
        if os.waitpid(gate, os.WNOHANG)[0]:
            return "ended"
        if time.monotonic() > until:
            return "time"
        if line in select.select(watched, [], [], LOOK_EVERY)[0]:
            return "hung up"
        inside = _descendants(first)
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
