"""Puts the registry into Ultralytics: its model parser, its checkpoint loader, its data-parallel workers."""

from ultralytics.nn import tasks
from ultralytics.utils.callbacks.base import default_callbacks

from yolo_course.registry.loading import with_registered_classes
from yolo_course.registry.parser import with_registry
from yolo_course.registry.workers import MARKER


def install() -> None:
    """Replace `tasks.parse_model` and `tasks.torch_safe_load` by wrapped ones; a second call does nothing.

    Both are looked up in their module whenever they are used, so it does not matter when this happens; only a name that
    was imported from there before keeps the original.
    """
    if hasattr(tasks.parse_model, "has_registry"):
        return
    tasks.parse_model = with_registry(tasks.parse_model)
    tasks.parse_model.has_registry = True
    tasks.torch_safe_load = with_registered_classes(tasks.torch_safe_load)
    default_callbacks["on_pretrain_routine_start"].append(MARKER)
