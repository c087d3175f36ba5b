"""Imports one module as soon as another has been imported, so that neither has to be loaded before it is wanted."""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType


def when_imported(watched: str, then: str) -> None:
    """Import `then` right after `watched`: now if that is loaded already, else when it comes to be."""
    if watched in sys.modules:
        import_module(then)
    else:
        sys.meta_path.insert(0, _Watch(watched, then))


class _Watch:
    """A finder: has the watched module found as it always is, and has it loaded by `_Then`.

    It and its loader do without the base classes of `importlib.abc`, whose import takes 34 ms.
    """

    def __init__(self, watched: str, then: str):
        self.watched, self.then = watched, then

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != self.watched:
            return None
        sys.meta_path.remove(self)
        spec = find_spec(name)
        if spec and spec.loader:
            spec.loader = _Then(spec.loader, self.then)
        return spec


class _Then:
    """A loader: loads a module by its own loader, then imports the other."""

    def __init__(self, loader: object, then: str):
        self.loader, self.then = loader, then

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__.loader = module.__loader__ = self.loader  # so that inspect finds its source
        self.loader.exec_module(module)
        import_module(self.then)
