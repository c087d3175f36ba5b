"""Can a row of a model YAML build the block."""

from dataclasses import replace

from ultralytics.nn import tasks

from yolo_course.models.contract.signature import REPEATS, parameters, place_of_c2, place_of_repeats, takes_c1
from yolo_course.models.contract.specimen import Specimen, run
from yolo_course.models.contract.verdict import Broken
from yolo_course.registry.rules import RULES

PLAIN = int, float, str, bool, type(None)


def yaml_row(specimen: Specimen) -> str:
    """The widths stand where a row puts them and are believed, and repeats repeat what is inside."""
    cls = specimen.cls
    if vars(tasks).get(cls.__name__) is cls:
        return "Ultralytics' own: its parser knows the name"
    rule = _rule(specimen)
    if unplain := [value for value in (*specimen.args, *specimen.kwargs.values()) if not _plain(value)]:
        raise Broken(f"a YAML cannot write the argument {unplain[0]!r}; take numbers, strings and lists")
    if hidden := [p.name for p in parameters(cls) if p.kind is p.KEYWORD_ONLY and p.default is p.empty]:
        raise Broken(f"{hidden[0]} is taken by name only; a row gives arguments by place")
    _scaled_widths(specimen)
    if rule == "stacked":
        _repeats(specimen)
    scale = specimen.scale
    strided = f", stride {scale.denominator}" if scale.denominator > 1 else ""
    return f'@register(rule="{rule}"), {RULES[rule].row.replace("Block", cls.__name__)}{strided}'


def _rule(specimen: Specimen) -> str:
    place = place_of_c2(specimen.cls)
    if not takes_c1(specimen.cls):
        raise Broken("the constructor takes no c1, which every row gives first; make it (c1, c2, …) or (c1, …)")
    if isinstance(specimen.c1, list):
        if place != 1:
            raise Broken("a row over several layers builds Block([ca, cb], c2, …); take c2 second")
        return "fused"
    if place is None:
        return "same"
    if place > 1:
        raise Broken(f"c2 is argument {place + 1} of the constructor; a row gives it second: (c1, c2, …)")
    return "stacked" if place_of_repeats(specimen.cls) else "scaled"


def _plain(value: object) -> bool:
    return all(map(_plain, value)) if isinstance(value, list | tuple) else isinstance(value, PLAIN)


def _scaled_widths(specimen: Specimen) -> None:
    """Widths as another scale of the same YAML gives them, half as much again in multiples of 8."""
    wider = [-(-3 * width // 16) * 8 for width in (specimen.c1 if isinstance(specimen.c1, list) else [specimen.c1])]
    c1, c2 = wider if isinstance(specimen.c1, list) else wider[0], -(-3 * specimen.c2 // 16) * 8
    found, asked = run(specimen.build(c1, c2), specimen.images(c1=c1)).shape[1], specimen.c_out(c1, c2)
    if found != asked:
        raise Broken(f"with the widths {c1} and {c2} of another scale {found} channels come out")


def _repeats(specimen: Specimen) -> None:
    named = {name: value for name, value in specimen.kwargs.items() if name not in REPEATS}
    repeated = (replace(specimen, args=(n, *specimen.args[1:]), kwargs=named) for n in (1, 2))
    once, twice = (tuple(run(other.build(), specimen.images()).shape[1:]) for other in repeated)
    if once != twice:
        raise Broken(f"n=1 gives {once}, n=2 gives {twice}; only the first repeat may change width and size")
