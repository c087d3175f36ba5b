"""Grade one submission with stock `nbgrader autograde`, behind walls: a real attack may harm nothing but its sandbox.

    hostile.py ── bwrap ── process 1, `inside` ── nbgrader autograde ── kernel: learner's code and checks together

bubblewrap gives a read-only system, no network, an empty home and /tmp of limited size; prlimit bounds addresses and
files; a watchdog outside kills everything once there are too many processes or too much memory. `prove_walls` shows
on harmless programs that it does. Process 1 cannot be killed from inside, so it can tell what an attack has left.
"""

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

PROCESSES, MEMORY, SECONDS, CELL_SECONDS = 60, 3 << 30, 75, 10  # what a stock run may use
DISK, ADDRESSES = 256 << 20, 16 << 30
COURSE, TEMPLATE, HOME = Path("/tmp/course"), Path("/tmp/template"), Path("/root")
ATTACKER, NEXT, UNIT = "mallory", "zoe", "hostile"
REPOSITORY = Path(__file__).resolve().parents[1]
SCORES = """select b.name, coalesce(g.manual_score, g.auto_score) from grade g join base_cell b on b.id = g.cell_id
join submitted_notebook n on n.id = g.notebook_id join submitted_assignment a on a.id = n.assignment_id
where a.student_id = ?"""


def autograde_stock(template: Path, attack: Path, honest: Path, secret: str, then_honest: bool = False) -> dict:
    """Grade a submission; return its points, its outputs and what it left behind.

    Args:
        template: A course root with a released assignment and an honest student's graded work.
        attack: The submitted notebook.
        honest: A right one, graded afterwards if `then_honest`.
        secret: Stands in the environment of the grader and in its home.
        then_honest: Whether to grade an honest submission behind the attack, in the same place.
    """
    with tempfile.TemporaryDirectory(prefix="writable-") as folder:
        binds = ["--ro-bind", str(template), str(TEMPLATE)]
        binds += ["--ro-bind", str(attack), "/tmp/attack.ipynb", "--ro-bind", str(honest), "/tmp/honest.ipynb"]
        copies = {}
        for package in ("torch/__init__.py", "yolo_course/grading/checks.py"):  # as writable as in a user's own venv
            place = _installed(package)
            copies[package] = Path(folder, package.replace("/", "-"))
            shutil.copy(place, copies[package])
            binds += ["--bind", str(copies[package]), str(place)]
        told = walled([sys.executable, __file__, "inside", secret, *["next"] * then_honest], binds)
        changed = [each for each, copy in copies.items() if copy.read_bytes() != _installed(each).read_bytes()]
    return told | {"packages_changed": changed}


def _installed(name: str) -> Path:
    for root in (sysconfig.get_path("purelib"), str(REPOSITORY)):
        if Path(root, name).is_file():
            return Path(root, name)
    raise FileNotFoundError(name)


def walled(command: list[str], binds: list[str]) -> dict:
    """Run a command in the sandbox under the watchdog; return the JSON it printed, and `stopped` if it was killed."""
    walls = ["prlimit", f"--as={ADDRESSES}", f"--fsize={DISK}", "--core=0", "--nofile=1024", "bwrap", "--unshare-all"]
    walls += ["--die-with-parent", "--new-session", "--as-pid-1", "--cap-drop", "ALL", "--clearenv"]
    walls += ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    for place in ("/tmp", str(HOME), "/home", "/run", "/dev/shm"):
        walls += ["--size", str(DISK), "--tmpfs", place]
    for place in (sys.base_prefix, sys.prefix, str(REPOSITORY)):
        walls += ["--ro-bind", place, place]
    environment = {
        "PATH": f"{sysconfig.get_path('scripts')}:/usr/bin:/bin",
        "HOME": str(HOME),
        "LANG": "C.UTF-8",
        "YOLO_AUTOINSTALL": "false",
        "OMP_NUM_THREADS": "1",
    }
    for name, value in environment.items():
        walls += ["--setenv", name, value]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen([*walls, *binds, "--", *command], stdin=subprocess.DEVNULL, stdout=output)
        stopped = _watch(process)
        output.seek(0)
        text = output.read().decode(errors="replace").strip().rpartition("\n")[2]
    return (json.loads(text) if text.startswith("{") else {}) | {"stopped": stopped}


def _watch(process: subprocess.Popen) -> str:
    """Wait for the end of a process tree; kill it if it uses too much, and say what of."""
    until, why = time.monotonic() + SECONDS + 30, ""
    while process.poll() is None and not why:
        used, tree = 0, [process.pid]
        with contextlib.suppress(psutil.Error):
            tree = psutil.Process(process.pid).children(recursive=True)
            for each in tree:
                with contextlib.suppress(psutil.Error):
                    memory = each.memory_info()
                    used += memory.rss - memory.shared
        if len(tree) > PROCESSES:
            why = "processes"
        elif used > MEMORY:
            why = "memory"
        elif time.monotonic() > until:
            why = "time"
        time.sleep(0.02)
    process.kill()  # and with bubblewrap ends its process 1, and with that all the rest
    process.wait()
    return why


def prove_walls() -> None:
    """Show on programs that mean no harm that the walls hold.

    Raises:
        SystemExit: They do not; then no attack may run.
    """
    many = "import os,time\nfor _ in range(100):\n    if not os.fork(): time.sleep(30); os._exit(0)\ntime.sleep(30)"
    large = f"import time\nkept = b'x' * {MEMORY + (512 << 20)}\ntime.sleep(30)"
    out = "import os\ntry: open('/usr/hostile', 'w')\nexcept OSError: print('{\"written\": false}')"
    found = [walled([sys.executable, "-c", code], []) for code in (many, large, out)]
    if [each["stopped"] for each in found] != ["processes", "memory", ""] or found[2].get("written") is not False:
        raise SystemExit(f"the walls do not hold here, no attack is run: {found}")


def make_template(folder: Path, source: str, honest: str, secret: str) -> None:
    """A course root as stock nbgrader has it: a released assignment, and an honest student whose work is graded.

    Args:
        folder: Where it goes.
        source: The instructor's notebook.
        honest: The honest submission.
        secret: Stands in the honest student's work and in the gradebook.
    """
    scripts = os.environ | {"PATH": f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}"}  # alembic is one of them
    for place, text in (
        (f"source/{UNIT}/{UNIT}.ipynb", source),
        (f"submitted/ann/{UNIT}/{UNIT}.ipynb", honest),
        (f"submitted/ann/{UNIT}/notes.txt", secret),
        ("nbgrader_config.py", "c = get_config()\nc.CourseDirectory.course_id = 'stock'\n"),
    ):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text)
    for command in (
        ["generate_assignment", UNIT],
        ["db", "student", "add", "ann", f"--last-name={secret}"],
        ["autograde", UNIT, "--student", "ann"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *command], cwd=folder, env=scripts, capture_output=True
        )
        if done.returncode:
            raise SystemExit(f"nbgrader {command[0]} failed:\n{done.stderr.decode()}")


def inside() -> None:
    """As process 1 of the sandbox: grade, then look around and tell."""
    secret, then_honest = sys.argv[2], "next" in sys.argv
    (HOME / "secret.txt").write_text(secret)
    os.environ["SECRET"] = secret
    shutil.copytree(TEMPLATE, COURSE)
    for student, notebook in ((ATTACKER, "attack"), (NEXT, "honest")):
        place = COURSE / "submitted" / student / UNIT
        place.mkdir(parents=True)
        shutil.copy(f"/tmp/{notebook}.ipynb", place / f"{UNIT}.ipynb")
    before = _files()
    started = time.monotonic()
    end = _nbgrader(ATTACKER)
    told = {"end": end, "seconds": round(time.monotonic() - started, 1), "processes_left": _others()}
    told |= {"points": _points(ATTACKER), "points_of_ann": _points("ann"), "shown": _shown(secret)}
    after = _files()
    told["files"] = sorted(str(name) for name in after if before.get(name) != after[name])[:300]
    told["files_gone"] = sorted(str(name) for name in before.keys() - after.keys())[:300]
    if then_honest:
        _nbgrader(NEXT)
        told["points_of_next"] = _points(NEXT)
    print("\n" + json.dumps(told), flush=True)


def _nbgrader(student: str) -> str:
    """Run autograde as an instructor would; how it ended."""
    limit = f"--Execute.timeout={CELL_SECONDS}"  # nbgrader's default is 30 s: the same end, only later
    command = [sys.executable, "-m", "nbgrader", "autograde", UNIT, "--student", student, limit]
    with open("/tmp/autograde.log", "wb") as log:
        process = subprocess.Popen(command, cwd=COURSE, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            code = process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return f"not within {SECONDS} s"
    return "done" if code == 0 else f"nbgrader ended with {code}"


def _others() -> list[str]:
    """Processes that are still there a moment behind nbgrader's end."""
    time.sleep(0.7)
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            words = Path("/proc", name, "cmdline").read_bytes().split(b"\0")
            if int(name) != 1 and words[0]:  # a zombie has no words
                found.append(b" ".join(words).decode(errors="replace")[:100])
    return found


def _points(student: str) -> dict[str, float] | str:
    """Points by check, as the gradebook has them."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{COURSE}/gradebook.db?mode=ro", uri=True)) as book:
            return {name: points for name, points in book.execute(SCORES, (student,))}
    except sqlite3.Error as error:
        return f"unreadable: {error}"


def _shown(secret: str) -> dict:
    """Whether the outputs of the learner's cells hold the secret: an instructor's feedback would hand it over."""
    try:
        notebook = json.loads((COURSE / "autograded" / ATTACKER / UNIT / f"{UNIT}.ipynb").read_text())
    except (OSError, ValueError) as error:
        return {"unreadable": type(error).__name__}
    theirs = [each for each in notebook["cells"] if not each["metadata"].get("nbgrader", {}).get("grade")]
    outputs = json.dumps([each.get("outputs", []) for each in theirs])
    return {"secret": secret in outputs, "bytes": len(outputs)}


def _files() -> dict[Path, tuple]:
    return {each: _facts(each) for root in (COURSE, HOME, Path("/tmp"), Path("/dev/shm")) for each in _below(root)}


def _below(root: Path) -> Iterator[Path]:
    for top, folders, names in os.walk(root):
        folders[:] = [each for each in folders if Path(top, each) not in (TEMPLATE, HOME / ".pyenv", REPOSITORY)]
        yield from (Path(top, name) for name in names)


def _facts(file: Path) -> tuple:
    with contextlib.suppress(OSError):
        return file.lstat().st_size, file.lstat().st_mtime_ns
    return ()


if __name__ == "__main__" and sys.argv[1:2] == ["inside"]:
    inside()
