"""`there(thing)`: a thing of an installed package as it is where the learner's code runs.

In a notebook that is here, and `there` gives back what it gets. When a submission is graded the learner's code runs in
a process of its own; whoever wants to see what it did to `Conv.default_act`, or what a YAML becomes where its blocks
are registered, has to look there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_elsewhere: list[Callable[[Any], Any]] = []


def there(thing: Any) -> Any:
    """Return a class or a function of an installed package as the learner's process has it."""
    return _elsewhere[-1](thing) if _elsewhere else thing


@contextmanager
def look_elsewhere(reach: Callable[[Any], Any]) -> Iterator[None]:
    """For as long as a block lasts the learner's process is another one, and `reach` finds things in it."""
    _elsewhere.append(reach)
    try:
        yield
    finally:
        _elsewhere.pop()
