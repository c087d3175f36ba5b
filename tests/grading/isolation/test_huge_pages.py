import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import hashlib, re
from yolo_course.grading.isolation.huge_pages import use_huge_pages

def kilobytes():
    return sum(map(int, re.findall(r"AnonHugePages: +([0-9]+)", open("/proc/self/smaps").read())))

data = [bytes([number % 251]) * 3_000_000 for number in range(20)]
digest, before = [hashlib.sha256(each).digest() for each in data], kilobytes()
use_huge_pages()
assert digest == [hashlib.sha256(each).digest() for each in data]
print(kilobytes() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="huge pages are asked for on Linux")
def test_what_was_allocated_is_in_huge_pages_and_unchanged():
    if tuple(map(int, re.findall(r"\d+", os.uname().release)[:2])) < (6, 1):
        pytest.skip("this kernel cannot collapse pages on demand")
    setting = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    if not setting.is_file() or "[never]" in setting.read_text():
        pytest.skip("this system gives no huge pages")
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 30_000
