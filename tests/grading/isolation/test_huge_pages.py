import os
import subprocess
import sys
from pathlib import Path

import pytest

from yolo_course.grading.isolation.huge_pages import SETTING, WISH

PROGRAM = """
import re
data = [bytes([number % 251]) * 60_000 for number in range(1, 2000)]  # small enough for the heap
print(sum(map(int, re.findall(r"AnonHugePages: +([0-9]+)", open("/proc/self/smaps").read()))))
"""


def kilobytes(environment: dict[str, str]) -> int:
    """How much of what a program allocates is in huge pages."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="huge pages are asked for on Linux")
def test_with_the_wish_what_is_allocated_is_in_huge_pages():
    setting = Path(SETTING, "enabled")
    if not setting.is_file() or "[madvise]" not in setting.read_text():
        pytest.skip("this system gives no huge pages, or gives them unasked")
    usual = {name: value for name, value in os.environ.items() if name not in WISH}
    assert kilobytes({**usual, **WISH}) > kilobytes(usual) + 50_000
