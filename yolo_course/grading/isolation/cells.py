"""Run notebook cells in this process, as a kernel would, without the kernel: IPython's shell, output kept on file."""

import base64
import contextlib
import os
import sys
from typing import Any

from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from yolo_course.grading.isolation.namespaces import Limits

PICTURES, PICTURE = 8, 2 << 20  # pictures of a cell that are kept, bytes of one


class Shell:
    """An IPython shell that keeps no history and starts no thread; made once, before any fork."""

    def __init__(self):
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "nocolor"
        config.InteractiveShell.xmode = "Plain"
        self.shell = InteractiveShell.instance(config=config)
        self.shell.display_pub = CapturingDisplayPublisher(parent=self.shell)
        self.shell.run_cell("pass", store_history=False)  # the first cell costs a hundredth of a second
        self.output = -1

    def keep_output(self) -> None:
        """Make the file that output goes to: one without a name, which no cell can make, since /tmp may be full."""
        self.output = os.memfd_create("output")

    @property
    def names(self) -> dict[str, Any]:
        """What the cells have defined."""
        return self.shell.user_ns

    def run(self, source: str, limits: Limits) -> dict:
        """Run a cell; return its error, if any, and its output as text and pictures."""
        os.ftruncate(self.output, 0)
        os.lseek(self.output, 0, os.SEEK_SET)
        before = os.dup(1), os.dup(2)
        os.dup2(self.output, 1)
        os.dup2(self.output, 2)
        try:
            with capture_output(stdout=False, stderr=False, display=True) as captured:
                result = self.shell.run_cell(source, store_history=True)
        finally:
            for stream in (sys.stdout, sys.stderr):
                with contextlib.suppress(OSError, ValueError):  # the file is full, or the cell has closed it
                    stream.flush()
            for number, old in enumerate(before, start=1):
                os.dup2(old, number)
                os.close(old)
        text = os.pread(self.output, limits.output, 0).decode(errors="replace")
        error = result.error_before_exec or result.error_in_exec
        pictures = [picture for output in captured.outputs if (picture := _picture(output.data))]
        return {
            "text": text,
            "error": None if error is None else [type(error).__name__[:200], str(error)[:2000]],
            "shown": [str(output.data.get("text/plain", ""))[:2000] for output in captured.outputs],
            "pictures": pictures[:PICTURES],
        }


def _picture(data: dict) -> str | None:
    """A picture as base64."""
    png = data.get("image/png")
    png = base64.b64encode(png).decode() if isinstance(png, bytes) else png
    return png if isinstance(png, str) and len(png) <= PICTURE else None
