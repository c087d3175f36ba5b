"""Build, register, train and debug custom YOLO models on Ultralytics.

The public names below are imported when they are first used, so `import yolo_course` costs
milliseconds: neither torch nor ultralytics is loaded by it. Once Ultralytics is used, model YAMLs
know the course's blocks, and `YOLO("csp-attention-s.yaml")` the course's models and their scales.
"""

from importlib import import_module

from yolo_course.registry.hook import when_imported

__version__ = "0.1.0"

# public name -> the module that defines it; a name that is a module stands for itself
_PUBLIC = {
    "CourseError": "yolo_course.errors",
    "blocks": "yolo_course.blocks",
    "boxes": "yolo_course.boxes",
    "data": "yolo_course.data",
    "augment": "yolo_course.augment",
    "losses": "yolo_course.losses",
    "visual": "yolo_course.visual",
    "train_pico": "yolo_course.train.pico",
    "use_criterion": "yolo_course.train.criterion",
    "with_balance": "yolo_course.train.balanced",
    "with_transforms": "yolo_course.train.transforms",
    "build": "yolo_course.models.build",
    "check_block": "yolo_course.models.check_block",
    "lint": "yolo_course.models.lint.linter",
    "register": "yolo_course.registry.register",
}

__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> object:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'yolo_course' has no attribute {name!r}")
    module = import_module(_PUBLIC[name])
    value = module if _PUBLIC[name] == f"{__name__}.{name}" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


when_imported("ultralytics.nn.tasks", then="yolo_course.blocks")
when_imported("ultralytics.nn.tasks", then="yolo_course.models.names")
