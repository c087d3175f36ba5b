"""Which cells of a submission have to run: setup cells, exercises, what the learner added, and what these lean on."""

import ast
import symtable
from dataclasses import dataclass
from functools import lru_cache

from nbformat import NotebookNode


@dataclass(frozen=True)
class Step:
    """A cell to run in the sandbox.

    Args:
        cell: Id of the cell, as the submitted notebook has it.
        source: What runs.
        learners: Whether the learner wrote it.
    """

    cell: str
    source: str
    learners: bool


def steps(source: NotebookNode, submitted: NotebookNode) -> list[Step]:
    """The cells to run, in order. Setup cells come from the course's own copy, whatever was submitted.

    A lesson's cells run only if an exercise, or a cell that the learner added, uses a name that they define: grading
    trains no detector for nothing.

    Args:
        source: The instructor's notebook.
        submitted: What the learner handed in.
    """
    added = _added({cell.id: cell for cell in source.cells}, submitted)
    handed_in = {_key(cell): cell for cell in submitted.cells if cell.cell_type == "code" and _key(cell)}
    all_steps = []
    for cell in source.cells:
        role = cell.metadata.get("yolo_course", {}).get("role", "")
        if cell.cell_type == "code" and role not in ("check", "predict"):
            answer = handed_in.get(_key(cell)) if role in ("exercise", "clinic") else None
            if role not in ("exercise", "clinic"):
                all_steps.append((Step(cell.id, cell.source, False), role == "setup"))
            elif answer is not None:
                all_steps.append((Step(answer.id, answer.source, True), True))
        all_steps += [(Step(each.id, each.source, True), True) for each in added.get(cell.id, [])]
    first = [(Step(each.id, each.source, True), True) for each in added.get(None, [])]
    return _leaning(first + all_steps)


def _key(cell: NotebookNode) -> str:
    """What nbgrader knows a cell by; its id may have been changed by a front end."""
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def _added(known: dict, submitted: NotebookNode) -> dict[str | None, list[NotebookNode]]:
    """Code cells that the learner added, by the cell of ours that they stand behind (None: before all of them)."""
    last, found = None, {}
    for cell in submitted.cells:
        if cell.id in known or _key(cell):
            last = cell.id
        elif cell.cell_type == "code":
            found.setdefault(last, []).append(cell)
    return found


def _leaning(steps: list[tuple[Step, bool]]) -> list[Step]:
    """Keep what must run and, backwards, what defines a name that something kept uses."""
    wanted: set[str] = set()
    for step, must in steps:
        if must:
            wanted |= _used(step.source)
    kept = {index for index, (_, must) in enumerate(steps) if must}
    defined = set().union(*(bound(steps[index][0].source) for index in kept)) if kept else set()
    missing = wanted - defined
    for index in reversed(range(len(steps))):
        if index not in kept and bound(steps[index][0].source) & missing:
            kept.add(index)
            missing |= _used(steps[index][0].source) - defined
    return [step for index, (step, _) in enumerate(steps) if index in kept]


@lru_cache(maxsize=1000)
def _used(source: str) -> frozenset[str]:
    """Global names that a cell reads, inside of its functions too."""
    table = _table(source)
    if table is None:
        return frozenset()
    names, inner = {each.get_name() for each in table.get_symbols() if each.is_referenced()}, [*table.get_children()]
    for each in inner:  # grows while it is read
        names |= {symbol.get_name() for symbol in each.get_symbols() if symbol.is_global()}
        inner += each.get_children()
    return frozenset(names)


@lru_cache(maxsize=1000)
def bound(source: str) -> frozenset[str]:
    """Global names that a cell gives a value, loop variables included."""
    table = _table(source)
    symbols = table.get_symbols() if table is not None else []
    given = (each for each in symbols if each.is_assigned() or each.is_imported() or each.is_namespace())
    return frozenset(each.get_name() for each in given)


@lru_cache(maxsize=1000)
def bound_at_top(source: str) -> frozenset[str]:
    """Names that a cell defines at its top level: functions, classes, imports, assignments."""
    names: set[str] = set()
    for node in getattr(_tree(source), "body", []):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {(each.asname or each.name).partition(".")[0] for each in node.names}
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}
    return frozenset(names)


def _table(source: str) -> symtable.SymbolTable | None:
    return symtable.symtable(source, "<cell>", "exec") if _tree(source) is not None else None


def _tree(source: str) -> ast.Module | None:
    """The syntax tree of a cell; None for one that is no plain Python, a magic for example."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
