"""Source code with its syntax tree: where each node stands in the text, and the text with one place changed."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_OPERATIONS = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.IfExp)
_BINDS_TIGHTER = (*_OPERATIONS[:3], ast.Attribute, ast.Subscript, ast.Call, ast.Starred)


@dataclass(frozen=True)
class Edit:
    """One change of a text.

    Args:
        what: What kind of bug it is.
        start: First byte that goes, in UTF-8.
        end: Byte behind the last one that goes.
        text: What comes there.
    """

    what: str
    start: int
    end: int
    text: str


class Code:
    """A source and the nodes in it that may be changed.

    Args:
        source: Python.
        lines: Lines, counted from 1, that may be changed; all if None.

    Raises:
        SyntaxError: It is no Python.
    """

    def __init__(self, source: str, lines: set[int] | None = None):
        self.data, self.lines = source.encode(), lines
        self.starts = [0]
        for line in self.data.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.tree = ast.parse(source)
        self.parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def nodes(self) -> Iterator[ast.AST]:
        """What may be changed: no annotation, docstring or formatted text, and not the message of an error."""
        left = [self.tree]
        while left:
            node = left.pop(0)
            if self._may_change(node):
                yield node
            left = [child for child in ast.iter_child_nodes(node) if not _is_talk(node, child)] + left

    def span(self, node: ast.AST) -> tuple[int, int]:
        """First byte of a node and the byte behind its last one."""
        start = self.starts[node.lineno - 1] + node.col_offset
        return start, self.starts[node.end_lineno - 1] + node.end_col_offset

    def text(self, node: ast.AST) -> str:
        """A node as it is written, with the parentheses that stand around it inside of its parent."""
        return self.data[slice(*self._with_parentheses(node))].decode()

    def instead(self, what: str, node: ast.AST, text: str) -> Edit:
        """Put a text in a node's place, in parentheses where it would bind to its neighbours."""
        start, end = self.span(node)
        looser = isinstance(_expression(text), _OPERATIONS) and isinstance(self.parents.get(node), _BINDS_TIGHTER)
        argument = isinstance(self.parents.get(node), ast.Call) and self.parents[node].func is not node
        if looser and not argument and self._with_parentheses(node) == (start, end) and not self._is_index(node):
            text = f"({text})"
        return Edit(what, start, end, text)

    def changed(self, edit: Edit) -> str:
        """The source with one change."""
        return (self.data[: edit.start] + edit.text.encode() + self.data[edit.end :]).decode()

    def _may_change(self, node: ast.AST) -> bool:
        if not hasattr(node, "lineno") or isinstance(node, (ast.JoinedStr, ast.arg)):
            return False
        return self.lines is None or set(range(node.lineno, node.end_lineno + 1)) <= self.lines

    def _is_index(self, node: ast.AST) -> bool:
        parent = self.parents[node]
        return isinstance(parent, ast.Subscript) and parent.slice is node

    def _with_parentheses(self, node: ast.AST) -> tuple[int, int]:
        start, end = self.span(node)
        parent = self.parents.get(node)
        if not isinstance(parent, (*_OPERATIONS, ast.Attribute, ast.Return, ast.Assign)):
            return start, end
        first, last = self.span(parent)
        while True:
            before, after = self.data[first:start].rstrip(), self.data[end:last].lstrip()
            if not (before.endswith(b"(") and after.startswith(b")")):
                return start, end
            start, end = first + len(before) - 1, last - len(after) + 1


def _is_talk(parent: ast.AST, child: ast.AST) -> bool:
    """Whether a child says something to people or to type checkers, and nothing to the computer."""
    if isinstance(parent, ast.Raise) or isinstance(child, ast.JoinedStr):
        return True
    if isinstance(parent, (ast.FunctionDef, ast.ClassDef)) and child is parent.body[0]:
        return isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
    return child in (getattr(parent, "annotation", None), getattr(parent, "returns", None))


def _expression(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        return None
