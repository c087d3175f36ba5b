"""Put a forked process into Linux namespaces of its own: no network, no other process, no place to write but a tmp.

`bwrap` stands around the warm parent and gives it a read-only system. It cannot wrap a process that already runs, so
each forked child takes the last steps by system calls: `unshare`, a tmpfs over its scratch folder and /dev/shm, a
/proc of its own, no capabilities, no way to get new ones, limits. Sources: namespaces(7), user_namespaces(7),
capabilities(7), prctl(2).
"""

import ctypes
import os
import signal
from dataclasses import dataclass
from functools import cache

_NEW_NS, _NEW_UTS, _NEW_IPC, _NEW_USER, _NEW_PID, _NEW_NET = (
    0x20000,
    0x4000000,
    0x8000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 1, 2, 4, 8, 0x4000, 0x40000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
_CAPSET_VERSION_3, _CAPSET_CALL = 0x20080522, {"x86_64": 126, "aarch64": 91}
NOBODY = 65534
PROC_OF_ALL = "/hidden"  # where bubblewrap shows the system's own /proc to the warm parent


@dataclass(frozen=True)
class Limits:
    """What a submission may use.

    Args:
        cell: Seconds of wall time for one cell.
        check: Seconds for all that one check asks.
        total: Seconds for the whole submission.
        memory: Bytes beyond what the warm parent has already.
        processes: Processes and threads at once.
        disk: Bytes in its scratch, which is /tmp where that can be, and in /dev/shm.
        file: Bytes of one file.
        output: Bytes of output kept of one cell.
    """

    cell: float = 60.0
    check: float = 30.0
    total: float = 600.0
    memory: int = 2 << 30
    processes: int = 64
    disk: int = 256 << 20
    file: int = 64 << 20
    output: int = 64 << 10


def enter_user_namespace() -> None:
    """Leave the caller's user namespace; its next child is process 1 of a new pid namespace.

    Raises:
        OSError: The system does not allow it.
    """
    uid, gid = os.getuid(), os.getgid()
    _call("unshare", _NEW_USER | _NEW_PID)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{NOBODY} {uid} 1")
    _write("/proc/self/gid_map", f"{NOBODY} {gid} 1")


def enter_other_namespaces() -> None:
    """As process 1: leave the caller's network, mounts, shared memory and names, too.

    Raises:
        OSError: The system does not allow it.
    """
    _call("unshare", _NEW_NS | _NEW_NET | _NEW_IPC | _NEW_UTS)


def furnish(limits: Limits) -> None:
    """As process 1: hide what the parent wrote, and give a tmp, a shared memory and a /proc of one's own.

    Raises:
        OSError: A mount is refused.
    """
    _mount("none", "/", "", _MS_REC | _MS_PRIVATE)
    scratch = os.environ["TMPDIR"]
    for place in (scratch, "/dev/shm"):
        _mount("tmpfs", place, "tmpfs", _MS_NOSUID | _MS_NODEV, f"size={limits.disk},nr_inodes=8192,mode=1777")
    empty = "size=4096,nr_inodes=2,mode=555"
    try:
        _mount("proc", "/proc", "proc", _MS_RDONLY | _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
    except OSError:  # inside of a container that masks parts of /proc: then there is none
        _mount("tmpfs", "/proc", "tmpfs", _MS_RDONLY | _MS_NOSUID | _MS_NODEV, empty)
    _mount("tmpfs", PROC_OF_ALL, "tmpfs", _MS_RDONLY | _MS_NOSUID | _MS_NODEV, empty)
    os.chdir(scratch)


def give_up_powers() -> None:
    """No capability is left, none can come back, and no other process of this user may look into this one.

    Raises:
        OSError: The kernel refuses.
    """
    for capability in range(64):
        if _libc().prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0):
            break  # behind the kernel's last one
    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPSET_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _call("syscall", _CAPSET_CALL[os.uname().machine], header, nothing)


def hide_memory(hidden: bool = True) -> None:
    """Forbid others of the same user to trace this process and to read its memory; or allow it, and one's own /proc."""
    _call("prctl", _PR_SET_DUMPABLE, int(not hidden), 0, 0, 0)


def die_with_parent() -> None:
    """Ask the kernel for a SIGKILL when the parent ends."""
    _call("prctl", _PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


def address_space() -> int:
    """Bytes of addresses that this process has reserved."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def limit(limits: Limits, size: int) -> None:
    """Set the kernel's limits for this process and its children, beyond the address space that it has already."""
    import resource  # not on Windows, where this module can be imported and refuses later

    for kind, most in (
        (resource.RLIMIT_AS, size + 2 * limits.memory),  # address space: threads and forks reserve more than they use
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_CPU, int(2 * limits.total)),
        (resource.RLIMIT_FSIZE, limits.file),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    _call("mount", source.encode(), target.encode(), kind.encode() or None, flags, data.encode() or None)


def _call(name: str, *arguments: object) -> None:
    made = [ctypes.c_ulong(each) if isinstance(each, int) else each for each in arguments]
    if getattr(_libc(), name)(*made) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def _write(place: str, text: str) -> None:
    with open(place, "w", encoding="ascii") as file:
        file.write(text)
