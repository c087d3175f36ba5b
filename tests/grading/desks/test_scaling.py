"""What docs/scaling.md tells to type works as it stands there, the cluster on loopback."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from yolo_course.grading import notebooks
from yolo_course.grading.answers import solution
from yolo_course.grading.build import find_course

pytest.importorskip("distributed")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"<!-- run: (\w+) -->\n```bash\n(.*?)```", PAGE, re.DOTALL)
BIN = Path(sys.executable).parent


def commands(place):
    return [line for where, block in BLOCKS if where == place for line in block.splitlines()]


def arguments(line):
    program, *rest = shlex.split(line.replace("10.0.0.1", "127.0.0.1"))
    return [str(BIN / program), *rest]


@pytest.fixture
def root(tmp_path):
    """A course root with units 00 and 01; ada has solved the first exercise of each."""
    shutil.copy(ROOT / "course" / "nbgrader_config.py", tmp_path)
    course = find_course(ROOT)
    for unit in map(course.unit, ("00", "01")):
        source = tmp_path / "source" / unit.name / f"{unit.name}.ipynb"
        source.parent.mkdir(parents=True)
        source.write_text(notebooks.dumps(notebooks.source_notebook(unit)), encoding="utf-8")
        first = unit.with_role("exercise", "clinic")[0].name
        made = notebooks.learner_notebook(unit)
        for cell in made.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == first:
                cell.source = solution(unit, first)
        file = tmp_path / "submitted" / "ada" / unit.name / source.name
        file.parent.mkdir(parents=True)
        file.write_text(nbformat.writes(made), encoding="utf-8")
    return tmp_path


@pytest.fixture
def cluster():
    """The page's scheduler and workers."""
    [scheduler], [worker] = commands("scheduler"), commands("workers")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = [subprocess.Popen(arguments(line), **quiet) for line in (scheduler, worker)]
    yield running
    for each in reversed(running):
        each.terminate()
        each.wait(30)


def test_every_command_of_the_page(root, cluster):
    here = commands("here")
    assert len(here) >= 5
    for line in here:
        if "--dask" in line:  # something must be left to grade
            shutil.rmtree(root / ".yolo_course")
            shutil.rmtree(root / "autograded")
        done = subprocess.run(arguments(line), cwd=root, capture_output=True, text=True, env=os.environ)
        if "kept apart" in done.stderr or "does not let a sandbox" in done.stderr:
            pytest.skip(done.stderr)
        assert done.returncode == 0, f"{line}: {done.stdout} {done.stderr}"
        assert "ada" in done.stdout, line
    assert all(each.poll() is None for each in cluster)
