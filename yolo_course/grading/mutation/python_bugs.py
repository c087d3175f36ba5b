"""Small bugs that any Python can have, an operator a function: it takes a node and gives the changes of its place.

cosmic-ray and mutmut know about a third of these and none of `tensor_bugs`; they work on files and test suites, and
their operators are no public interface. So the operators are our own, on positions of the syntax tree.
"""

import ast
from collections.abc import Iterator

from yolo_course.grading.mutation.code import Code, Edit

_ARITHMETIC = {
    ast.Add: ("+", ["-"]),
    ast.Sub: ("-", ["+"]),
    ast.Mult: ("*", ["/", "+"]),
    ast.Div: ("/", ["*", "//"]),
    ast.FloorDiv: ("//", ["/", "*"]),
    ast.Mod: ("%", ["//"]),
    ast.Pow: ("**", ["*"]),
    ast.BitAnd: ("&", ["|"]),
    ast.BitOr: ("|", ["&"]),
    ast.MatMult: ("@", ["*"]),
}
_COMPARISONS = {
    ast.Lt: ("<", ["<=", ">"]),
    ast.LtE: ("<=", ["<", ">="]),
    ast.Gt: (">", [">=", "<"]),
    ast.GtE: (">=", [">", "<="]),
    ast.Eq: ("==", ["!="]),
    ast.NotEq: ("!=", ["=="]),
    ast.Is: ("is", ["is not"]),
    ast.IsNot: ("is not", ["is"]),
    ast.In: ("in", ["not in"]),
    ast.NotIn: ("not in", ["in"]),  # codespell:ignore
}
_ORDERED = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)
_MODULES = {"torch", "nn", "F", "np", "math", "functional", "tasks", "yaml", "random", "cv2", "difflib", "ElementTree"}
_STATEMENTS = (ast.Assign, ast.AugAssign, ast.If, ast.For, ast.Raise, ast.Try, ast.Delete)


def arithmetic(code: Code, node: ast.AST) -> Iterator[Edit]:
    """Another operator, a dropped term, the two sides swapped."""
    if isinstance(node, ast.AugAssign):
        target, value = code.text(node.target), code.text(node.value)
        for other in _ARITHMETIC.get(type(node.op), ("", []))[1]:
            yield code.instead("operator", node, f"{target} {other}= {value}")
    if isinstance(node, ast.BinOp):
        left, right = code.text(node.left), code.text(node.right)
        sign, others = _ARITHMETIC.get(type(node.op), ("", []))
        for other in others:
            yield code.instead("operator", node, f"{left} {other} {right}")
        yield code.instead("dropped term", node, left)
        yield code.instead("dropped term", node, right)
        if isinstance(node.op, _ORDERED):
            yield code.instead("swapped sides", node, f"{right} {sign} {left}")


def comparison(code: Code, node: ast.AST) -> Iterator[Edit]:
    """A border that belongs to the other side, a comparison the wrong way round."""
    if isinstance(node, ast.Compare):
        sides = [code.text(each) for each in (node.left, *node.comparators)]
        signs = [_COMPARISONS[type(each)][0] for each in node.ops]
        for index, each in enumerate(node.ops):
            for other in _COMPARISONS[type(each)][1]:
                changed = [*signs[:index], other, *signs[index + 1 :]]
                text = sides[0] + "".join(f" {a} {b}" for a, b in zip(changed, sides[1:], strict=True))
                yield code.instead("comparison", node, text)


def logic(code: Code, node: ast.AST) -> Iterator[Edit]:
    """`and` for `or`, a condition dropped or negated, one branch alone."""
    if isinstance(node, ast.BoolOp):
        values = [code.text(each) for each in node.values]
        both, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        yield code.instead("and, or", node, f" {other} ".join(values))
        for index in range(len(values)):
            left = values[:index] + values[index + 1 :]
            yield code.instead("dropped condition", node, f" {both} ".join(left))
    if isinstance(node, (ast.If, ast.While, ast.IfExp)):
        start, end = code.span(node.test)
        yield Edit("negated condition", start, end, f"not ({code.text(node.test)})")
    if isinstance(node, ast.IfExp):
        yield code.instead("one branch", node, code.text(node.body))
        yield code.instead("one branch", node, code.text(node.orelse))
    if isinstance(node, ast.UnaryOp):
        yield code.instead("dropped sign", node, code.text(node.operand))
    for loop in getattr(node, "generators", []):
        for condition in loop.ifs:
            yield Edit("dropped condition", *code.span(condition), "True")


def constant(code: Code, node: ast.AST) -> Iterator[Edit]:
    """One more, one less, twice as much, the other truth value, another text."""
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield code.instead("other truth", node, str(not value))
    elif isinstance(value, (int, float)):
        for step in (1, -1):
            yield code.instead("off by one", node, repr(value + step))
        if isinstance(value, float) and value:
            yield code.instead("other number", node, repr(value * 2))
    elif isinstance(value, str):
        yield code.instead("other text", node, repr(value + "x"))


def call(code: Code, node: ast.AST) -> Iterator[Edit]:
    """Arguments swapped or forgotten, a call that is not made."""
    if not isinstance(node, ast.Call):
        return
    given = [code.text(each) for each in node.args]
    named = [f"{each.arg or '**'}{'=' * bool(each.arg)}{code.text(each.value)}" for each in node.keywords]
    for index in range(len(given) - 1):
        swapped = [*given[:index], given[index + 1], given[index], *given[index + 2 :]]
        yield code.instead("swapped arguments", node, _call(code, node, [*swapped, *named]))
    several = len(given) + len(named) > 1
    for index in range(len(given) * several):
        left = given[:index] + given[index + 1 :]
        yield code.instead("dropped argument", node, _call(code, node, [*left, *named]))
    for index in range(len(named)):
        left = named[:index] + named[index + 1 :]
        yield code.instead("dropped argument", node, _call(code, node, [*given, *left]))
    if len(given) == 1 and not named and not isinstance(node.args[0], (ast.Starred, ast.GeneratorExp)):
        yield code.instead("dropped call", node, given[0])
    if isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") not in _MODULES:
        yield code.instead("dropped call", node, code.text(node.func.value))
    if isinstance(node.func, ast.Name) and node.func.id in ("max", "min") and len(given) == 2 and not named:
        for each in given:
            yield code.instead("dropped limit", node, each)


def collection(code: Code, node: ast.AST) -> Iterator[Edit]:
    """Items swapped or forgotten, a slice without one of its ends."""
    if isinstance(node, (ast.Tuple, ast.List)) and isinstance(node.ctx, ast.Load):
        items = [code.text(each) for each in node.elts]
        for index in range(len(items) - 1):
            swapped = [*items[:index], items[index + 1], items[index], *items[index + 2 :]]
            yield code.instead("swapped items", node, _items(code, node, swapped))
        for index in range(len(items) * (len(items) > 1)):
            yield code.instead("dropped item", node, _items(code, node, items[:index] + items[index + 1 :]))
    if isinstance(node, ast.Dict):
        pairs = [f"{code.text(k)}: {code.text(v)}" if k else f"**{code.text(v)}" for k, v in _pairs(node)]
        for index in range(len(pairs)):
            yield code.instead("dropped item", node, "{" + ", ".join(pairs[:index] + pairs[index + 1 :]) + "}")
    if isinstance(node, ast.Slice):
        lower, upper, step = (code.text(each) if each else "" for each in (node.lower, node.upper, node.step))
        tail = f":{step}" if step else ""
        if lower:
            yield code.instead("dropped end of a slice", node, f":{upper}{tail}")
        if upper:
            yield code.instead("dropped end of a slice", node, f"{lower}:{tail}")
        if step:
            yield code.instead("dropped end of a slice", node, f"{lower}:{upper}")


def statement(code: Code, node: ast.AST) -> Iterator[Edit]:
    """A line that is forgotten, a loop that goes on or ends, what surrounds other lines taken away."""
    call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    early = isinstance(node, ast.Return) and not isinstance(code.parents[node], (ast.FunctionDef, ast.Lambda))
    if isinstance(node, _STATEMENTS) or call or early:
        yield code.instead("dropped statement", node, "pass")
    if isinstance(node, (ast.Break, ast.Continue)):
        yield code.instead("other way on", node, "continue" if isinstance(node, ast.Break) else "break")
    if isinstance(node, ast.With):
        start = code.span(node)[0]
        yield Edit("dropped context", start, code.span(node.items[-1].context_expr)[1], "if True")
    for decorator in getattr(node, "decorator_list", []):
        start, end = code.span(decorator)
        yield Edit("dropped decorator", start - 1, end, "")


def parameter(code: Code, node: ast.AST) -> Iterator[Edit]:
    """A parameter taken for the next one."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        names = _parameters(code, node)
        if node.id in names and len(names) > 1:
            yield code.instead("other parameter", node, names[(names.index(node.id) + 1) % len(names)])


OPERATORS = (arithmetic, comparison, logic, constant, call, collection, statement, parameter)


def _call(code: Code, node: ast.Call, arguments: list[str]) -> str:
    return f"{code.text(node.func)}({', '.join(arguments)})"


def _items(code: Code, node: ast.Tuple | ast.List, items: list[str]) -> str:
    inside = ", ".join(items)
    if isinstance(node, ast.List):
        return f"[{inside}]"
    inside += "," if len(items) == 1 else ""
    start, end = code.span(node)
    return f"({inside})" if code.data[start:end].startswith(b"(") and code.data[start:end].endswith(b")") else inside


def _pairs(node: ast.Dict) -> Iterator[tuple[ast.expr | None, ast.expr]]:
    return zip(node.keys, node.values, strict=True)


def _parameters(code: Code, node: ast.AST) -> list[str]:
    """Names of the parameters of the function around a node, without `self`."""
    while node in code.parents:
        node = code.parents[node]
        if isinstance(node, ast.FunctionDef):
            arguments = node.args
            names = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
            return [name for name in names if name not in ("self", "cls")]
    return []
