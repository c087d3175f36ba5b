"""Let a warm process have its memory in huge pages: a fork copies the table of its pages, 512 times smaller for these.

A process that has imported PyTorch and Ultralytics has written 500 MB; of the 40 ms that a fork of it took until it was
gone again, 30 were for that table. Linux only, a matter of speed only. Source: madvise(2), MADV_COLLAPSE.
"""

import ctypes
from collections.abc import Iterator

SIZE = 2 << 20  # bytes of a huge page
WISH = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}  # the C library asks for them from the start on
SETTING = "/sys/kernel/mm/transparent_hugepage"  # where it looks whether there are any
_COLLAPSE = 25


def use_huge_pages() -> None:
    """Gather what this process has allocated in huge pages; a kernel older than 6.1 leaves all as it is."""
    madvise = getattr(ctypes.CDLL(None), "madvise", None)
    for start, end in _allocated() if madvise else ():
        madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _COLLAPSE)


def _allocated() -> Iterator[tuple[int, int]]:
    """From where to where memory was allocated, of no file, in whole huge pages."""
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as file:
        places = [line.split() for line in file]
    for addresses, access, _, _, inode, *name in places:
        if access == "rw-p" and inode == "0" and name in ([], ["[heap]"]):
            start, end = (int(each, 16) for each in addresses.split("-"))
            start, end = -(-start // SIZE) * SIZE, end // SIZE * SIZE
            if start < end:
                yield start, end
