"""The registry: which class a name in a model YAML stands for."""

import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from yolo_course.errors import ModelError
from yolo_course.registry.rules import RULES, Rule

RESERVED = ("i", "f", "type", "np")

_entries: dict[str, "Entry"] = {}


@dataclass(frozen=True)
class Entry:
    """A registered class.

    Args:
        cls: The class that rows with this name build.
        rule: How a row becomes its constructor's arguments.
    """

    cls: type
    rule: Rule

    @property
    def origin(self) -> str:
        """Where the class was written; a cell that is run again gives another class of the same origin."""
        return f"{self.cls.__module__}.{self.cls.__qualname__}"


def register(rule: str, aliases: Iterable[str] = ()) -> Callable[[type], type]:
    """Make a module usable by name in a model YAML; `rules` says what its constructor receives.

    A class from the same place replaces the one before it, so a notebook cell can be run again.

    Args:
        rule: `"scaled"`, `"stacked"`, `"same"`, `"fused"` or `"head"`.
        aliases: Further names for the same class.

    Returns:
        The decorator; it gives back the class as it is.

    Raises:
        ModelError: If the rule is unknown, a name is taken by another class or by Ultralytics, or the class defines an
            attribute that Ultralytics overwrites.

    Example:
        >>> @register(rule="scaled", aliases=["Edge"])
        ... class EdgeConv(Conv):
        ...     "A row `[-1, 1, EdgeConv, [64, 3]]` builds `EdgeConv(c1, 64 * width, 3)`."
    """
    if rule not in RULES:
        raise ModelError(
            "unknown rule", expected=", ".join(RULES), found=rule, hint='write @register(rule="scaled") above the class'
        )

    def decorate(cls: type) -> type:
        from yolo_course.registry.install import install
        from yolo_course.registry.loading import allow, forbid

        install()
        _check_class(cls)
        names = (cls.__name__, *aliases)
        entry = Entry(cls, RULES[rule])
        for name in names:
            _check_name(name, entry)
        stale = {name: known.cls for name, known in _entries.items() if known.origin == entry.origin}
        if cls.__module__ == "__main__" and not stale:
            logging.getLogger("ultralytics").warning(
                f"{cls.__name__} is defined in a notebook or script: it trains here, but its checkpoints cannot be "
                "loaded elsewhere. Move it into a module to keep them."
            )
        for name in stale:
            del _entries[name]
        forbid(stale.values())
        allow([cls])
        _entries.update(dict.fromkeys(names, entry))
        return cls

    return decorate


def registered() -> dict[str, Entry]:
    """Every registered name with its entry, aliases included."""
    return dict(_entries)


@contextmanager
def isolated() -> Iterator[None]:
    """Forget, at the end of the block, what was registered inside it; models built in it go on working."""
    before = dict(_entries)
    try:
        yield
    finally:
        _entries.clear()
        _entries.update(before)


def _check_class(cls: type) -> None:
    from torch import nn

    if not (isinstance(cls, type) and issubclass(cls, nn.Module)):
        raise ModelError("only a class can be registered", expected="a subclass of torch.nn.Module", found=cls)
    own = cls.__mro__[: cls.__mro__.index(nn.Module)]
    if taken := [name for name in RESERVED if any(name in vars(base) for base in own)]:
        raise ModelError(
            f"{cls.__name__} defines {' and '.join(taken)}, which Ultralytics overwrites on every layer",
            hint="rename it",
        )


def _check_name(name: str, entry: Entry) -> None:
    native = vars(sys.modules["ultralytics.nn.tasks"]).get(name)
    if native is not None:
        raise ModelError(
            f"the name {name} belongs to Ultralytics",
            found=f"{native.__module__}.{name}" if isinstance(native, type) else name,
            hint="give the class or the alias a name of its own",
        )
    known = _entries.get(name)
    if known and known.origin != entry.origin:
        raise ModelError(
            f"the name {name} is taken",
            expected=f"{known.origin}, registered before",
            found=entry.origin,
            hint="rename one of the two",
        )
