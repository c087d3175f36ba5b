"""What code in the sandbox sees and may do. Each line is tried by code that runs there, not read from a setting."""

import os
import time

import pytest

from yolo_course.grading.isolation import wire
from yolo_course.grading.isolation.namespaces import Limits

pytestmark = pytest.mark.slow
SMALL = Limits(cell=20, total=30, memory=300 << 20, processes=20, disk=8 << 20, file=4 << 20, output=10_000)


def run(sandbox, source, limits=SMALL, seconds=20):
    """What a cell shows, and how its session ended."""
    with sandbox.open(limits) as session:
        wire.send(session.socket, {"run": source}, [], seconds)
        try:
            told, _ = wire.receive(session.socket, seconds)
        except wire.WireError:
            told = None
        return told, session.end()


def shown(sandbox, source, **more):
    told, _ = run(sandbox, source, **more)
    assert told is not None
    assert told["error"] is None, told
    return told["text"].strip()


def refused(sandbox, source):
    told, _ = run(sandbox, source)
    assert told["error"] is not None, told["text"]
    return told["error"][0]


def test_nobody_without_powers(sandbox):
    facts = shown(sandbox, "import os\nprint(os.getuid(), os.getpid())\nprint(open('/proc/self/status').read())")
    lines = dict(line.split(":\t", 1) for line in facts.splitlines()[1:] if ":\t" in line)
    assert facts.split()[0] == "65534"
    assert {lines[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}
    assert lines["NoNewPrivs"] == "1"


def test_no_other_process_is_there(sandbox):
    found = shown(sandbox, "import os\nprint(*[n for n in os.listdir('/proc') if n.isdigit()], *os.listdir('/hidden'))")
    assert found == "1"  # the student's own


def test_process_1_can_neither_be_traced_nor_killed(sandbox):
    assert refused(sandbox, "open('/proc/1/mem', 'rb').read(1)") == "PermissionError"
    assert shown(sandbox, "import os\nos.kill(1, 9)\nprint('still here')") == "still here"


def test_no_network(sandbox):
    assert refused(sandbox, "import socket\nsocket.create_connection(('192.0.2.1', 80), 3)") == "OSError"
    names = shown(sandbox, "import socket\nprint(*[name for _, name in socket.if_nameindex()])")
    assert names in ("lo", "")


def test_an_abstract_socket_of_the_system_is_out_of_reach(sandbox):
    import socket

    with socket.socket(socket.AF_UNIX) as ours:
        ours.bind("\0yolo-course-test")
        ours.listen()
        attempt = "import socket\nsocket.socket(socket.AF_UNIX).connect('\\0yolo-course-test')"
        assert refused(sandbox, attempt) == "ConnectionRefusedError"


@pytest.mark.parametrize("place", ["/usr/x", "/x", "/etc/x", "/proc/x", "/dev/x"])
def test_the_system_cannot_be_written(sandbox, place):
    assert refused(sandbox, f"open({place!r}, 'w')") in ("OSError", "PermissionError", "FileNotFoundError")


def test_the_package_cannot_be_written(sandbox):
    source = "import yolo_course, os\nprint(os.access(os.path.dirname(yolo_course.__file__), os.W_OK))"
    assert shown(sandbox, source) == "False"


def test_home_course_and_repository_are_not_there(sandbox):
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    places = [
        os.path.expanduser("~/.bashrc"),
        f"{root}/course",
        f"{root}/tests",
        f"{root}/solutions",
        "/etc/passwd",
        "/var",
    ]
    assert shown(sandbox, f"import os\nprint([p for p in {places!r} if os.path.exists(p)])") == "[]"


def test_the_environment_is_the_sandboxs_own(sandbox, monkeypatch):
    monkeypatch.setenv("SECRET_OF_THE_GRADER", "1")
    names = shown(sandbox, "import os\nprint(*os.environ)")
    assert "SECRET_OF_THE_GRADER" not in names
    assert "HOME" in names


def test_tmp_is_ones_own_and_small(sandbox):
    here = "import os, tempfile\nos.chdir(tempfile.gettempdir())\n"
    assert shown(sandbox, f"{here}open('kept', 'w').write('x')\nprint('written')") == "written"
    assert shown(sandbox, f"{here}print(os.path.exists('kept'))") == "False"
    fill = "for n in range(9):\n    open(str(n), 'wb').write(bytes(2 << 20))"
    assert refused(sandbox, here + fill) == "OSError"
    assert refused(sandbox, f"{here}open('large', 'wb').write(bytes(5 << 20))") == "OSError"
    shown(sandbox, "from multiprocessing import shared_memory as s\ns.SharedMemory(create=True, size=1000).unlink()")


def test_memory_runs_out(sandbox):
    told, end = run(sandbox, "kept = [b'x' * (1 << 20) for _ in range(100_000)]")
    assert end == "memory" or told["error"][0] == "MemoryError"


@pytest.mark.parametrize(
    "call",
    ["os.memfd_create('x')", "libc.shmget(0, 4096, 0o1600)", "libc.msgget(0, 0o1600)", "libc.syscall(425, 8, 0)"],
)
def test_memory_that_no_process_shows_cannot_be_had(sandbox, call):
    source = f"import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\nprint({call}, ctypes.get_errno())"
    told, _ = run(sandbox, source)
    seen = told["error"] or told["text"].split()
    assert seen in (["-1", "1"], ["PermissionError", "[Errno 1] Operation not permitted"])


def test_children_are_held_by_the_same_filter(sandbox):
    source = """
import os, subprocess, sys
code = "import os\\ntry: os.memfd_create('x')\\nexcept PermissionError: print('refused')"
print(subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True).stdout)
"""
    assert shown(sandbox, source) == "refused"


def test_no_file_is_open_that_another_submission_can_see(sandbox):
    source = """
import os, stat
for number in range(256):
    try: found = os.fstat(number)
    except OSError: continue
    if stat.S_ISREG(found.st_mode): print(os.readlink(f"/proc/self/fd/{number}").split(":")[-1].split()[0])
"""
    assert set(shown(sandbox, source).split()) <= {"output"}  # its own


def test_memory_of_many_children_counts_together(sandbox):
    source = """
import os, time
for _ in range(6):
    if not os.fork():
        kept = b"x" * (100 << 20)
        time.sleep(20)
time.sleep(20)
"""
    assert run(sandbox, source)[1] == "memory"


def test_a_fork_bomb_ends(sandbox):
    started = time.monotonic()
    told, end = run(sandbox, "import os\nwhile True:\n    os.fork()")
    # killed, or it could not fork any more; "hung up": we saw that it was gone before its keeper did
    assert end in ("processes", "ended", "time", "hung up")
    assert told is None or told["error"][0] == "BlockingIOError"
    assert time.monotonic() - started < 20
    assert shown(sandbox, "print(1)") == "1"


def test_nothing_survives(sandbox):
    daemon = """
import os, time
if not os.fork():
    os.setsid()
    if not os.fork():
        time.sleep(12345)
print("left")
"""
    assert shown(sandbox, daemon) == "left"
    told = shown(sandbox, "import os\nprint(len([n for n in os.listdir('/proc') if n.isdigit()]))")
    assert told == "1"
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                assert b"12345" not in file.read()
        except OSError:
            continue


def test_who_swallows_interrupts_is_killed_all_the_same(sandbox):
    started = time.monotonic()
    stubborn = """
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass
"""
    with sandbox.open(SMALL) as session:
        wire.send(session.socket, {"run": stubborn}, [], 5)
        with pytest.raises(wire.NoAnswer):
            wire.receive(session.socket, 1)
        assert session.end() == "hung up"
    assert time.monotonic() - started < 5


def test_a_flood_of_output_is_cut(sandbox):
    text = shown(sandbox, "for _ in range(20_000):\n    print('x' * 100)")
    assert len(text) <= SMALL.output


def test_each_submission_starts_from_the_same_seed(sandbox):
    draw = "import random, numpy, torch\nprint(random.random(), numpy.random.rand(), torch.rand(1).item())"
    assert shown(sandbox, draw) == shown(sandbox, draw)


def test_threads_and_workers_run_inside(sandbox):
    source = """
import torch
torch.set_num_threads(2)
print((torch.rand(200, 200) @ torch.rand(200, 200)).shape[0])
loader = torch.utils.data.DataLoader(torch.arange(8), batch_size=4, num_workers=2)
print(sum(int(each.sum()) for each in loader))
"""
    assert shown(sandbox, source, limits=Limits(cell=60)).split() == ["200", "28"]


def test_a_figure_crosses_as_a_picture(sandbox):
    source = (
        "import matplotlib.pyplot as plt\nfrom IPython.display import display\nfig, _ = plt.subplots()\ndisplay(fig)"
    )
    told, _ = run(
        sandbox, "from IPython.core.pylabtools import select_figure_formats as s\ns(get_ipython(), {'png'})\n" + source
    )
    assert told["error"] is None
    assert len(told["pictures"]) == 1
