"""Warm processes ask the C library for huge pages: a fork copies the table of its pages, 512 times smaller for these.

A process that has imported PyTorch and Ultralytics has written 500 MB. With them a fork of it takes 15 ms in place of
20, until it is gone again. To gather what lies in small pages all the same (madvise(2), MADV_COLLAPSE) would make it
8 ms, and costs each start 1 to 2 s: more than a class of a hundred gains. Linux only, a matter of speed only.
"""

WISH = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
SETTING = "/sys/kernel/mm/transparent_hugepage"  # where the C library looks whether there are any
