"""Where a constructor takes its widths.

A block of a model YAML is `(c1, c2, …)`, but people write `in_channels` and `oup` too, and attention often has no
second width at all. Names decide, since a number in the wrong place goes unnoticed: an ECA called as `(c1, c2)` reads
the width as its `gamma`.
"""

import inspect

_IN = {"c", "c1", "cin", "inc", "ch", "channels", "inch", "inchannels", "dim", "indim", "dimin", "inp", "inplanes"}
_OUT = {"c2", "cout", "outc", "outch", "chout", "outchannels", "channelsout", "outdim", "dimout"}
_OUT |= {"oup", "outp", "planes", "outplanes", "filters", "outfeatures"}
REPEATS = {"n", "repeats", "depth"}
_PLACED = inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD


def parameters(cls: type) -> list[inspect.Parameter]:
    """The constructor's parameters, without `self`; empty where Python cannot tell."""
    try:
        return list(inspect.signature(cls).parameters.values())
    except (ValueError, TypeError):
        return []


def positional(cls: type) -> list[inspect.Parameter]:
    """Those parameters that a row's list of arguments can reach."""
    return [parameter for parameter in parameters(cls) if parameter.kind in _PLACED]


def takes_c1(cls: type) -> bool:
    """Whether the first argument is the width in; `Concat(dimension=1)` has none."""
    found = positional(cls)
    if not found:
        return any(parameter.kind is inspect.Parameter.VAR_POSITIONAL for parameter in parameters(cls))
    return found[0].default is inspect.Parameter.empty or _plain(found[0].name) in _IN | _OUT


def place_of_c2(cls: type) -> int | None:
    """At which place, counted from 0, the width out stands; None for a block that keeps its width.

    Example:
        >>> place_of_c2(nn.Conv2d), place_of_c2(CBAM)  # (in_channels, out_channels, …) and (c1, kernel_size)
        (1, None)
    """
    found = positional(cls)
    if not found and takes_c1(cls):
        return 1  # (*args) passes all of it on
    return next((place for place, p in enumerate(found) if place and _plain(p.name) in _OUT), None)


def place_of_repeats(cls: type) -> int | None:
    """2 for `(c1, c2, n, …)`, which is where Ultralytics puts a row's repeats; else None."""
    found = positional(cls)
    return 2 if place_of_c2(cls) == 1 and len(found) > 2 and found[2].name in REPEATS else None


def _plain(name: str) -> str:
    return name.lower().replace("_", "")
