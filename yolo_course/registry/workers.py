"""Data-parallel workers: processes that Ultralytics starts with nothing but a pickle of the trainer's state."""

from importlib import import_module

from yolo_course.registry.register import registered


class Marker:
    """A callback that does nothing, and whose pickle names the modules that register classes.

    It travels with the trainer's callbacks into each worker, where unpickling it imports those modules.
    """

    def __call__(self, trainer: object) -> None:
        """Nothing to do: it has been unpickled."""

    def __reduce__(self) -> tuple:
        modules = {entry.cls.__module__ for entry in registered().values()} - {"__main__"}
        return revive, (sorted(modules),)

    def __deepcopy__(self, memo: dict) -> "Marker":
        return self


MARKER = Marker()


def revive(modules: list[str]) -> Marker:
    """What a worker calls in place of unpickling: import the modules, which register their classes."""
    for module in modules:
        import_module(module)
    return MARKER
