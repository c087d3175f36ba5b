"""nbgrader's `ClearSolutions` with stubs of an exercise's own.

Inside a solution region the commented lines after `### STUB`, uncommented, are what a learner gets:

    ### BEGIN SOLUTION
    attended = attention(tokens.permute(1, 0, 2))
    ### STUB
    # attended = attention(tokens)
    ### END SOLUTION

A region without that line becomes nbgrader's own stub.
"""

import re

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions

STUB = "### STUB"
_REGION = re.compile(r"^[ \t]*### BEGIN SOLUTION\n(.*?)^[ \t]*### END SOLUTION(?:\n|\Z)", re.MULTILINE | re.DOTALL)
_OWN_STUB = re.compile(r"^[ \t]*### STUB\n(.*)", re.MULTILINE | re.DOTALL)


class ClearSolutionsKeepStubs(ClearSolutions):
    """Put an exercise's own stub in place of its solution; the rest is nbgrader's."""

    def _replace_solution_region(self, cell: NotebookNode, language: str) -> bool:
        before = cell.source
        replaced = _REGION.sub(lambda region: own_stub(region[1]) or region[0], before)
        cell.source = before if replaced == before else replaced.rstrip("\n")
        return super()._replace_solution_region(cell, language) or cell.source != before


def own_stub(region: str) -> str:
    """The stub a solution region carries, uncommented; empty if it has none."""
    found = _OWN_STUB.search(region)
    return re.sub(r"^([ \t]*)# ?", r"\1", found[1], flags=re.MULTILINE).rstrip() + "\n" if found else ""


def solution_only(source: str) -> str:
    """A cell's source as the solution's reader sees it: without markers and stubs."""
    kept = _REGION.sub(lambda region: _OWN_STUB.sub("", region[1]), source)
    return re.sub(r"^[ \t]*### (?:BEGIN|END) HIDDEN TESTS\n?", "", kept, flags=re.MULTILINE).rstrip("\n")
