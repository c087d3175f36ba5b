"""Desks as the rest of the grader sees them: a job goes in, an answer comes out, a desk that dies is replaced.

They are processes of their own, started by `subprocess`, so who uses them may have threads, be a Jupyter server or a
worker of Dask.
"""

import atexit
import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from typing import Any

from yolo_course.errors import CourseError
from yolo_course.grading.isolation import huge_pages
from yolo_course.grading.isolation.sandbox import STARTING, SandboxError

LARGEST = 128 << 20  # bytes of an answer
SPARE = 30.0  # seconds beyond a job's own limits
TRIES = 2
_ENVIRONMENT = {
    "YOLO_AUTOINSTALL": "false",
    "YOLO_OFFLINE": "true",
    "YOLO_VERBOSE": "false",
    "MPLBACKEND": "agg",
    **huge_pages.WISH,
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"),
}

_here: "Desks | None" = None


class DeskError(CourseError):
    """A desk died, was too slow, or was closed."""


class Desk:
    """One desk. It is started at once and ready later.

    Raises:
        DeskError: No process can be started.
    """

    def __init__(self):
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the desk
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", f"{__package__}.desk"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            env=os.environ | _ENVIRONMENT,
            start_new_session=True,  # an interrupt from the keyboard is the command's business
            bufsize=0,
        )
        self._rest, self.environment = b"", None

    def wait(self) -> dict[str, str]:
        """Wait until it is ready; return the environment that it grades in.

        Raises:
            SandboxError: Submissions cannot be kept apart on this machine.
            DeskError: It does not start.
        """
        if self.environment is None:
            told = self._line(2 * STARTING)
            if "refused" in told:
                raise SandboxError(told["refused"])
            self.environment = told["ready"]
        return self.environment

    def grade(self, job: dict[str, Any]) -> dict[str, Any]:
        """Grade one submission; see `desk` for a job and an answer.

        Raises:
            SandboxError: Submissions cannot be kept apart on this machine.
            DeskError: It dies, or gives no answer in time.
        """
        self.wait()
        try:
            self._process.stdin.write(json.dumps(job).encode() + b"\n")
        except (OSError, ValueError) as error:
            raise DeskError("a grading process died", found=self._complaint()) from error
        limits = job["limits"]
        return self._line(limits["total"] + limits["check"] + SPARE)

    def close(self) -> None:
        """End it and everything that it has started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _line(self, seconds: float) -> dict[str, Any]:
        until, pieces, size = time.monotonic() + seconds, [self._rest], len(self._rest)
        while b"\n" not in pieces[-1]:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self._process.stdout], [], [], left)[0]:
                raise DeskError(f"a grading process gave no answer within {seconds:g} s")
            pieces.append(self._process.stdout.read(1 << 20))
            size += len(pieces[-1])
            if not pieces[-1] or size > LARGEST:
                raise DeskError("a grading process died", found=self._complaint())
        line, _, self._rest = b"".join(pieces).partition(b"\n")
        return json.loads(line)

    def _complaint(self) -> str | None:
        """Its last words."""
        with contextlib.suppress(ValueError, OSError):
            self._complaints.seek(0)
            return " ".join(self._complaints.read()[-2000:].decode(errors="replace").split("\n")[-3:]).strip() or None
        return None


class Desks:
    """As many desks as are needed at once; may be called from several threads."""

    def __init__(self):
        self._lock, self._closed = threading.Lock(), False
        self._all: set[Desk] = set()
        self._idle: list[Desk] = []

    def __call__(self, job: dict[str, Any]) -> dict[str, Any]:
        """Grade one submission; a desk that dies is replaced and the job tried once more.

        Returns:
            `{"told": …, "seconds": …, "environment": …}`, or `{"error": why}` where it cannot be graded.

        Raises:
            SandboxError: Submissions cannot be kept apart on this machine.
            DeskError: The desks were closed.
        """
        for _ in range(TRIES):
            desk = self._take()
            try:
                answer = desk.grade(job)
            except DeskError as error:
                self._drop(desk)
                answer = {"error": str(error)}
            except BaseException:
                self._drop(desk)
                raise
            else:
                self._give_back(desk)
                return answer | {"environment": desk.environment}
        return answer

    @property
    def closed(self) -> bool:
        """Whether they grade no more."""
        return self._closed

    def close(self) -> None:
        """End all of them, those at work too."""
        with self._lock:
            self._closed, desks = True, [*self._all]
            self._all.clear()
            self._idle.clear()
        for desk in desks:
            desk.close()

    def __enter__(self) -> "Desks":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _take(self) -> Desk:
        with self._lock:
            if self._closed:
                raise DeskError("grading was stopped")
            if self._idle:
                return self._idle.pop()
            desk = Desk()
            self._all.add(desk)
            return desk

    def _give_back(self, desk: Desk) -> None:
        with self._lock:
            if desk in self._all:
                self._idle.append(desk)

    def _drop(self, desk: Desk) -> None:
        with self._lock:
            self._all.discard(desk)
        desk.close()


def desks_here() -> Desks:
    """The desks of this process, which stay warm and end with it; new ones, if somebody has closed them."""
    global _here
    if _here is None or _here.closed:
        _here = Desks()
        atexit.register(_here.close)
    return _here
