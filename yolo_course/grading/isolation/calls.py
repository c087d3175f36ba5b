"""System calls that no submission needs and no limit counts: memory without a process, and the kernel's key rings.

A filter of seccomp(2), written as a program of classic BPF. It forbids, it does not list what is allowed: what is left
of the kernel is reachable as before. Numbers: the kernel's `syscall.tbl` and `asm-generic/unistd.h`.
"""

import ctypes
import errno
import os
import struct

_FORBIDDEN = {  # memfd_create, memfd_secret, shmget, msgget, add_key, request_key, keyctl, io_uring_setup
    "x86_64": (0xC000003E, (319, 447, 29, 68, 248, 249, 250, 425)),
    "aarch64": (0xC00000B7, (279, 447, 194, 186, 217, 218, 219, 425)),
}
_X32 = 0x40000000  # the same calls under other numbers begin here
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_JMP|JGE|K, BPF_RET|K
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_NUMBER, _ARCHITECTURE = 0, 4  # where struct seccomp_data holds them
_PR_SET_SECCOMP, _FILTER = 22, 2


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]


def forbid() -> None:
    """Refuse these calls with EPERM, to this process and all that come of it. It must have no_new_privs.

    Raises:
        OSError: The kernel has no such filters, or this kind of processor is not known here.
    """
    machine = os.uname().machine
    if machine not in _FORBIDDEN:
        raise OSError(errno.ENOSYS, f"the forbidden calls of {machine} are not known")
    code = _program(*_FORBIDDEN[machine])
    program = _Program(len(code) // 8, code)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"seccomp: {os.strerror(number)}")


def _program(architecture: int, numbers: tuple[int, ...]) -> bytes:
    """Instructions; a jump's two numbers say how many to skip if it holds and if it does not."""
    refuse = len(numbers) + 5  # the place of the last instruction
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 0, refuse - 2, architecture),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, refuse - 4, 0, _X32),
    ]
    steps += [(_EQUAL, refuse - place - 1, 0, number) for place, number in enumerate(numbers, start=4)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
