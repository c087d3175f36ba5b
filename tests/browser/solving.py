"""Solve a notebook that is open in JupyterLab, in its own kernel: what a learner does in two hours, in one go."""

import ast
import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_client import BlockingKernelClient

from yolo_course.grading import notebooks
from yolo_course.grading.isolation.needed import bound
from yolo_course.grading.unit_source import Unit

CPU = "sum(__import__('os').times()[:4])"  # seconds of this process and of its children that have ended


@contextmanager
def kernel_of(url: str, home: Path, notebook: str) -> Iterator[BlockingKernelClient]:
    """The kernel that JupyterLab has started for a notebook.

    Args:
        url: Of the server.
        home: Of the server.
        notebook: Its name.
    """
    with urllib.request.urlopen(f"{url}/api/sessions?token=test", timeout=20) as answer:
        [number] = [each["kernel"]["id"] for each in json.load(answer) if each["name"].startswith(notebook)]
    [file] = home.rglob(f"kernel-{number}.json")
    client = BlockingKernelClient(connection_file=str(file))
    client.load_connection_file()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield client
    finally:
        client.stop_channels()


def solve(unit: Unit, kernel: BlockingKernelClient) -> float:
    """Run the solutions, the checks, and the lesson's cells that use them; all must pass.

    Returns:
        Seconds of CPU that the kernel has taken since it started.
    """
    for source in solved_cells(unit):
        told = kernel.execute_interactive(source, timeout=300, output_hook=lambda message: None)["content"]
        assert told["status"] == "ok", (told["ename"], told["evalue"], source)
    told = kernel.execute_interactive("", user_expressions={"cpu": CPU}, timeout=60)["content"]
    return float(told["user_expressions"]["cpu"]["data"]["text/plain"])


def solved_cells(unit: Unit) -> Iterator[str]:
    """Code that does more once the exercises are solved: solutions, checks, and whatever uses names from there."""
    ours: set[str] = set()
    learner = {cell.id: cell.source for cell in notebooks.learner_notebook(unit).cells}
    for cell in notebooks.solution_notebook(unit).cells:
        if cell.cell_type == "code":
            other = cell.source != learner[cell.id]
            if other or ours & {node.id for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Name)}:
                yield cell.source
                ours |= bound(cell.source)
