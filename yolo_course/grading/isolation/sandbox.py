"""Start the warm parent inside of bubblewrap, open sessions with it, and end them.

Linux only. bubblewrap gives the parent a system that it can only read, without network, home, course or gradebook;
`keeper` and `namespaces` take the last steps for each submission.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import yolo_course
from yolo_course.errors import CourseError
from yolo_course.grading.isolation import huge_pages, wire
from yolo_course.grading.isolation.namespaces import PROC_OF_ALL, Limits

STARTING = 120.0  # seconds that importing everything may take on a slow disk
_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin")
_ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "fonts", "localtime", "alternatives")
_UNSAFE = "docs/security.md says what it needs, and how to grade without"
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "YOLO_AUTOINSTALL": "false",
    "YOLO_OFFLINE": "true",
    "YOLO_VERBOSE": "false",
    **huge_pages.WISH,
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"),
}


class SandboxError(CourseError):
    """This machine cannot keep a learner's code apart."""


class Session:
    """One submission's process: `socket` is the connection to it.

    Args:
        connection: The grader's end of what values cross.
        line: The grader's end of the line to the keeper.
    """

    def __init__(self, connection: socket.socket, line: socket.socket):
        self.socket, self._line = connection, line

    def end(self, seconds: float = 10.0) -> str:
        """Hang up: everything of this submission is killed. Return what the keeper says was its end."""
        with contextlib.suppress(OSError):
            self.socket.close()
            self._line.settimeout(0.2)
            told = self._read()
            if not told:
                self._line.shutdown(socket.SHUT_WR)
                self._line.settimeout(seconds)
                told = self._read()
            return str(json.loads(told)["end"])[:500] if told else "the keeper is gone"
        return "the keeper is gone"

    def _read(self) -> bytes:
        told = b""
        with contextlib.suppress(TimeoutError):
            while not told.endswith(b"\n") and (piece := self._line.recv(4096)):
                told += piece
        return told

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *error: object) -> None:
        self.end()
        self._line.close()


class Sandbox:
    """A warm parent and the sessions that it forks. Close it, or use it in a `with`.

    Args:
        meanwhile: Called while the warm parent imports.
    """

    def __init__(self, meanwhile: Callable[[], None] = lambda: None):
        program = shutil.which("bwrap")
        if sys.platform != "linux" or program is None:
            found = "bubblewrap is not installed" if sys.platform == "linux" else f"this is {sys.platform}"
            raise SandboxError(
                "submissions cannot be kept apart here",
                found=found,
                hint=f"apt install bubblewrap, on Linux; {_UNSAFE}",
            )
        self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [program, *_walls(), sys.executable, "-I", "-m", f"{__package__}.warm", str(theirs.fileno())]
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the sandbox
        self._process = subprocess.Popen(
            command,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._complaints,
        )
        theirs.close()
        meanwhile()
        self._wait_until_ready()
        self._try()

    def _wait_until_ready(self) -> None:
        self._door.settimeout(STARTING)
        try:
            told = self._door.recv(100)
        except OSError:
            told = b""
        if told != b"ready\n":
            self.close()
            raise SandboxError(
                "the sandbox does not start",
                found=self.complaint or "no answer",
                hint=_UNSAFE,
            )

    def _try(self) -> None:
        """Run an empty cell: only now is it known whether the system lets a process have namespaces of its own."""
        with self.open(Limits()) as session:
            try:
                wire.send(session.socket, {"run": ""}, [], STARTING)
                wire.receive(session.socket, STARTING)
            except wire.WireError as error:
                why = session.end()
                self.close()
                raise SandboxError("this system does not let a sandbox be built", found=why, hint=_UNSAFE) from error

    def open(self, limits: Limits) -> Session:
        """Fork a process for a submission.

        Raises:
            SandboxError: The warm parent is gone.
        """
        ours, theirs = socket.socketpair()
        line, keepers = socket.socketpair()
        try:
            socket.send_fds(self._door, [json.dumps(asdict(limits)).encode()], [theirs.fileno(), keepers.fileno()])
        except OSError as error:
            raise SandboxError("the warm parent is gone", found=error.strerror) from error
        finally:
            theirs.close()
            keepers.close()
        return Session(ours, line)

    def close(self) -> None:
        """End the warm parent and with it everything that it has forked."""
        self._door.close()
        self._process.kill()
        self._process.wait()
        self._complaints.seek(0)
        self.complaint = " ".join(self._complaints.read()[-500:].decode(errors="replace").split("\n")[-2:]).strip()
        self._complaints.close()

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _walls() -> list[str]:
    """The arguments of bubblewrap: what can be seen, and nothing of it written."""
    root = os.getuid() == 0
    walls = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--die-with-parent", "--new-session"]
    walls += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"] if root else ["--unshare-user"]
    for folder in _SYSTEM:
        if os.path.islink(folder):
            walls += ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            walls += ["--ro-bind", folder, folder]
    seen = {*_SYSTEM, *(f"/etc/{name}" for name in _ETC)}
    for place in [*(f"/etc/{name}" for name in _ETC if os.path.exists(f"/etc/{name}")), *_python()]:
        walls += [*_parents(place, seen), "--ro-bind", place, place]
    shipped = Path(yolo_course.__file__).resolve().parent / "_course"
    if shipped.is_dir():  # a wheel carries solutions and hidden checks
        walls += ["--tmpfs", str(shipped)]
    # a process that sees all of some /proc may mount one of its own; namespaces.furnish covers this one up
    walls += ["--ro-bind", "/proc", PROC_OF_ALL, "--proc", "/proc", "--dev", "/dev"]
    walls += [*_parents(huge_pages.SETTING, seen), "--ro-bind-try", huge_pages.SETTING, huge_pages.SETTING]
    # /tmp, unless this Python lives there: a tmpfs would hide it
    scratch = "/scratch" if any(place.startswith("/tmp/") for place in _python()) else "/tmp"
    walls += ["--perms", "1777", "--tmpfs", scratch, "--remount-ro", "/", "--chdir", scratch, "--clearenv"]
    places = {"HOME": scratch, "TMPDIR": scratch, "YOLO_CONFIG_DIR": scratch, "MPLCONFIGDIR": f"{scratch}/matplotlib"}
    for name, value in (_ENVIRONMENT | places).items():
        walls += ["--setenv", name, value]
    return walls


def _python() -> list[str]:
    """Folders of the interpreter, its packages and this library, outermost first, none inside of another."""
    paths = sysconfig.get_paths()
    wanted = {sys.prefix, sys.base_prefix, paths["purelib"], paths["platlib"], paths["stdlib"]}
    wanted |= {str(Path(yolo_course.__file__).resolve().parent), str(Path(sys.executable).resolve().parent)}
    kept: list[str] = []
    for place in sorted(wanted, key=len):
        if not any(place == known or place.startswith(known + "/") for known in (*kept, "/usr", "/lib")):
            kept.append(place)
    return kept


def _parents(place: str, seen: set[str]) -> list[str]:
    """Make the folders above a place readable by anybody; bubblewrap would make them for root alone."""
    made = []
    for folder in reversed(Path(place).parents):
        if str(folder) not in seen and str(folder) != "/":
            seen.add(str(folder))
            made += ["--perms", "0755", "--dir", str(folder)]
    return made
