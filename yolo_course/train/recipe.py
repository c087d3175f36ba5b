"""How pico is trained: the values, why each is what it is, and the check that a run will really use them."""

import multiprocessing
import os
from difflib import get_close_matches

from ultralytics.cfg import get_cfg
from ultralytics.utils import DEFAULT_CFG_DICT

from yolo_course.errors import CourseError
from yolo_course.models.quiet import quiet

# what train_pico decides itself, and the argument of its own that does it
TAKEN = {
    "model": "weights=",
    "pretrained": "weights=",
    "data": "the first argument",
    "project": "out=",
    "name": "out=",
    "save_dir": "out=",
    "exist_ok": "out=",
    "resume": "weights=",
    "mode": None,
    "task": None,
    "cfg": "the options themselves",
}
STRIDE = 32  # of the coarsest level: a side that is no multiple of it gets rounded up


def recipe(epochs: int, imgsz: int, batch: int, seed: int, overrides: dict) -> dict:
    """Return the options that Ultralytics' trainer gets.

    Raises:
        CourseError: A number out of range, an option that Ultralytics doesn't know, or one that an argument of
            `train_pico` stands for.
    """
    _whole("epochs", epochs, 1)
    _whole("batch", batch, 1)
    _whole("seed", seed, 0)
    _whole("imgsz", imgsz, STRIDE)
    if imgsz % STRIDE:
        raise CourseError(
            "imgsz must be a multiple of the coarsest stride", expected=f"a multiple of {STRIDE}", found=imgsz
        )
    options = {
        "epochs": epochs,
        "imgsz": imgsz,
        "batch": batch,
        "nbs": batch,  # one optimizer step a batch; the default of 64 would gather several
        "seed": seed,
        "optimizer": "MuSGD",  # "auto" would ignore lr0 and momentum
        "lr0": 0.015,
        "momentum": 0.85,  # a run of some hundred steps should forget its first ones soon
        "warmup_epochs": 1.0,
        "warmup_bias_lr": 0.0,
        "cls": 3.0,  # six times the default: from scratch and in seconds, what a thing is comes later than where
        "mosaic": 1.0,
        "cache": "ram",  # saves a third of the time of loading, and mosaics draw from all images, not from the last few
        "scale": 0.2,  # the default of 0.5 halves some objects, and at 128 px little is left of them
        "hsv_s": 0.3,  # colours vary by half of the default or less: no time to see everything in any light
        "hsv_v": 0.2,
        "fliplr": 0.0,  # a mirrored digit is no digit
        "close_mosaic": max(1, epochs // 4),  # the default of 10 would leave a run of 10 epochs without any mosaic
        "amp": False,  # nothing to gain without a GPU
        "plots": False,
        "verbose": False,
        "device": "cpu",
        "workers": workers(),
    }
    return _checked(options | overrides)


def workers() -> int:
    """Return how many processes prepare the images: one, for the core that Ultralytics leaves idle, where it can fork.

    Elsewhere a worker is a fresh interpreter that imports everything again, and starts over in a script without
    `if __name__ == "__main__":`.
    """
    start = multiprocessing.get_start_method(allow_none=True) or multiprocessing.get_all_start_methods()[0]
    return 1 if start == "fork" and (os.cpu_count() or 1) > 1 else 0


def _checked(options: dict) -> dict:
    for name in options:
        if name in TAKEN:
            raise CourseError(f"{name} is not an option here", hint=f"use {TAKEN[name]}" if TAKEN[name] else None)
        if name not in DEFAULT_CFG_DICT:
            nearest = get_close_matches(name, DEFAULT_CFG_DICT, n=1)
            hint = f"did you mean {nearest[0]!r}?" if nearest else None
            raise CourseError("unknown training option", found=name, hint=hint)
    try:
        with quiet():
            get_cfg(overrides=options)
    except (TypeError, ValueError, AssertionError) as error:
        raise CourseError("a training option has a wrong value", found=" ".join(str(error).split())) from error
    return options


def _whole(name: str, value: object, smallest: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < smallest:
        raise CourseError(f"{name} must be a whole number", expected=f"{smallest} or more", found=value)
