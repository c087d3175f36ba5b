"""Small bugs of this subject: dimensions, modes, layers, what a gradient sees, what a caller's tensor becomes."""

import ast
from collections.abc import Iterator

from yolo_course.grading.mutation.code import Code, Edit

# a name, and what it is taken for
_TWINS = {
    "mean": ("sum", "amax"),
    "sum": ("mean",),
    "amax": ("amin", "mean"),
    "amin": ("amax",),
    "max": ("min",),
    "min": ("max",),
    "minimum": ("maximum",),
    "maximum": ("minimum",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "prod": ("sum",),
    "any": ("all",),
    "all": ("any",),
    "sigmoid": ("relu", "tanh"),
    "log_softmax": ("softmax",),
    "softmax": ("log_softmax",),
    "ReLU": ("Sigmoid", "SiLU", "LeakyReLU"),
    "Sigmoid": ("Tanh",),
    "Identity": ("SiLU",),
    "MaxPool2d": ("AvgPool2d",),
    "Sequential": ("ModuleList",),
    "ModuleList": ("Sequential",),
    "Conv": ("DWConv",),
    "DWConv": ("Conv",),
    "int": ("round",),
    "round": ("int",),
    "floor": ("ceil", "round"),
    "ceil": ("floor",),
    "log2": ("log",),
    "sqrt": ("square",),
    "square": ("sqrt", "abs"),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "zeros_like": ("ones_like",),
    "ones_like": ("zeros_like",),
    "cat": ("stack",),
    "stack": ("cat",),
    "concatenate": ("stack",),
    "permute": ("reshape",),
    "reshape": ("permute",),
    "train": ("eval",),
    "eval": ("train",),
    "append": ("extend",),
    "weight": ("bias",),
    "bias": ("weight",),
    "running_mean": ("running_var",),
    "running_var": ("running_mean",),
    "width": ("height",),
    "height": ("width",),
    "rpartition": ("partition",),
    "partition": ("rpartition",),
    "long": ("int",),
    "float32": ("float16",),
    "float64": ("float32",),
    "uint8": ("int8",),
    "bool": ("uint8",),
    "bilinear": ("nearest",),
}
# a layer, and arguments that it does not need
_OPTIONS = {
    "Conv": ("act=False", "act=nn.ReLU()", "k=3", "s=2", "d=2"),
    "DWConv": ("act=False", "act=nn.ReLU()", "d=2"),
    "Conv1d": ("padding_mode='circular'", "dilation=2", "bias=False"),
    "Conv2d": ("padding_mode='reflect'", "dilation=2", "bias=False"),
    "Linear": ("bias=False",),
    "Bottleneck": ("g=2",),
    "MaxPool2d": ("padding=1", "dilation=2"),
}
_REDUCE = {"sum", "mean", "prod", "amax", "amin", "max", "min", "argmax", "argmin", "any", "all", "norm"}
_OF_DIMENSION = _REDUCE | {
    "cat",
    "stack",
    "softmax",
    "log_softmax",
    "argsort",
    "sort",
    "unsqueeze",
    "squeeze",
    "gather",
}
_WITHOUT_GRADIENT = {"argsort", "argmax", "argmin", "ones", "zeros", "full", "arange", "tensor", "long", "isfinite"}
_PYTHONS = {
    "super",
    "range",
    "max",
    "min",
    "len",
    "int",
    "float",
    "round",
    "sorted",
    "list",
    "set",
    "dict",
    "zip",
    "abs",
}


def twin(code: Code, node: ast.AST) -> Iterator[Edit]:
    """A name taken for its neighbour: `max` for `min`, `train` for `eval`, `cat` for `stack`."""
    if isinstance(node, ast.Attribute):
        for other in _TWINS.get(node.attr, ()):
            yield code.instead("other name", node, f"{code.text(node.value)}.{other}")
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        for other in _TWINS.get(node.id, ()):
            yield code.instead("other name", node, other)
    if isinstance(node, ast.Constant) and node.value in ("width", "height", "bilinear"):
        yield code.instead("other name", node, repr(*_TWINS[node.value]))


def branch(code: Code, node: ast.AST) -> Iterator[Edit]:
    """One of a block's numbered layers taken for the next: `self.cv2` for `self.cv1`."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and node.attr[-1:].isdigit():
        number = int(node.attr[-1])
        for other in {number + 1, number - 1} & {1, 2, 3}:
            yield code.instead("other layer", node, f"{code.text(node.value)}.{node.attr[:-1]}{other}")


def option(code: Code, node: ast.AST) -> Iterator[Edit]:
    """A layer with one option too many."""
    if isinstance(node, ast.Call):
        has = {each.arg for each in node.keywords}
        for extra in _OPTIONS.get(_called(node), ()):
            if extra.partition("=")[0] not in has:
                yield _with(code, node, "option too many", extra)


def dimension(code: Code, node: ast.AST) -> Iterator[Edit]:
    """The neighbouring dimension, none at all, one that is kept."""
    if not isinstance(node, ast.Call) or _called(node) not in _OF_DIMENSION:
        return
    place = _dimension_of(node)
    for other in {0: (1,), 1: (0,), -1: (-2,), -2: (-1,)}.get(_number(place), ()):
        yield Edit("other dimension", *code.span(place), str(other))
    if place is not None and _called(node) in _REDUCE:
        if isinstance(node.func, ast.Attribute) and len(node.args) + len(node.keywords) == 1:
            yield code.instead("dropped dimension", node, f"{code.text(node.func)}()")
        if not any(each.arg == "keepdim" for each in node.keywords):
            yield _with(code, node, "kept dimension", "keepdim=True")


def gradient(code: Code, node: ast.AST) -> Iterator[Edit]:
    """A result cut off from its graph."""
    name = _called(node) if isinstance(node, ast.Call) else ""
    if name[:1].islower() and name not in _PYTHONS | _WITHOUT_GRADIENT and not _is_index_or_truth(code, node):
        yield code.instead("cut off from the gradient", node, f"{code.text(node)}.detach()")


def in_place(code: Code, node: ast.AST) -> Iterator[Edit]:
    """A result written into the tensor it was made from, which may be the caller's."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.value, ast.BinOp):
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Name) and isinstance(value.left, ast.Name) and target.id == value.left.id:
            sign = _SIGNS.get(type(value.op))
            if sign:
                yield code.instead("in place", node, f"{target.id} {sign}= {code.text(value.right)}")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _WRITERS:
        yield Edit("in place", code.span(node.func)[1], code.span(node.func)[1], "_")


def bound(code: Code, node: ast.AST) -> Iterator[Edit]:
    """A limit below taken for a limit above."""
    if isinstance(node, ast.Call) and _called(node) in ("clamp", "clip"):
        for each in node.keywords:
            if each.arg in ("min", "max"):
                start = code.span(each)[0]
                yield Edit("other bound", start, start + 3, "max" if each.arg == "min" else "min")


OPERATORS = (twin, branch, option, dimension, gradient, in_place, bound)

_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.BitAnd: "&", ast.BitOr: "|"}
_WRITERS = {"clamp", "masked_fill", "square", "sigmoid", "relu", "floor", "abs", "sub", "add", "mul", "div"}


def _is_index_or_truth(code: Code, node: ast.AST) -> bool:
    """Whether a value has no gradient anyway, or is not used."""
    while isinstance(node, ast.expr):
        parent = code.parents[node]
        if isinstance(parent, ast.Compare) or (isinstance(parent, ast.Subscript) and parent.slice is node):
            return True
        node = parent
    return not isinstance(node, (ast.Assign, ast.AugAssign, ast.Return, ast.comprehension, ast.keyword))


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def _with(code: Code, node: ast.Call, what: str, extra: str) -> Edit:
    end = code.span(node)[1] - 1
    filled = node.args or node.keywords
    tail = code.data[:end].rstrip()
    return Edit(what, end, end, extra if not filled or tail.endswith(b",") else f", {extra}")


def _dimension_of(node: ast.Call) -> ast.expr | None:
    """The argument that says which dimension."""
    for each in node.keywords:
        if each.arg in ("dim", "axis"):
            return each.value
    function = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") in ("torch", "np", "F")
    given = node.args[1:] if function else node.args
    return given[0] if given and isinstance(node.func, ast.Attribute) else None


def _number(node: ast.expr | None) -> int | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        return -node.operand.value
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None
