"""What both sides write and read alike: installed classes by name, errors and namespaces by what they hold."""

from types import SimpleNamespace
from typing import Any

from yolo_course.grading.isolation import errors, modules
from yolo_course.grading.isolation.values import Decoder, Encoder
from yolo_course.grading.isolation.wire import WireError


def write(value: Any, encoder: Encoder) -> dict | None:
    """Write an error or a namespace, such as Ultralytics' settings; None for anything else."""
    if isinstance(value, BaseException):
        return {"t": "raised", "v": encoder(errors.tell(value))}
    if isinstance(value, SimpleNamespace) and (path := modules.path_of(type(value))):
        return {"t": "namespace", "cls": path, "v": encoder(dict(vars(value)))}
    return None


def read(told: dict, decoder: Decoder) -> Any:
    """Read a class, an error or a namespace.

    Raises:
        WireError: It is none of them.
    """
    kind = told["t"]
    if kind == "class":
        return modules.class_at(told["v"])
    if kind == "raised":
        return errors.rebuild(decoder(told["v"]))
    if kind != "namespace":
        raise WireError(f"a value of an unknown type, {kind[:20]}")
    cls, held = modules.class_at(told["cls"]), decoder(told["v"])
    if not issubclass(cls, SimpleNamespace):
        raise WireError("a namespace of a class that is none")
    made = cls.__new__(cls)
    vars(made).update(held)
    return made
