"""The estimator check of blocks: nineteen questions that a module must stand before it goes into a model YAML.

After scikit-learn's `check_estimator`.
"""

import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import nn

from yolo_course.models.contract import computation, deployment, maps, row, state
from yolo_course.models.contract.specimen import Specimen
from yolo_course.models.contract.verdict import Item, Report, Senseless

__all__ = ["CONTRACT", "check_block"]

# question -> what asks it, and the questions that must not have failed for the answer to mean something
CONTRACT: dict[str, tuple[Callable[[Specimen], str], tuple[str, ...]]] = {
    "constructor": (maps.constructor, ()),
    "registered": (state.registered, ("constructor",)),
    "reserved names": (state.reserved_names, ("constructor",)),
    "no lambdas": (state.no_lambdas, ("constructor",)),
    "shape": (maps.shape, ("constructor",)),
    "dtype": (maps.dtype, ("shape",)),
    "yaml row": (row.yaml_row, ("shape",)),
    "odd sizes": (maps.odd_sizes, ("shape",)),
    "tiny widths": (maps.tiny_widths, ("yaml row", "dtype")),
    "determinism": (computation.determinism, ("registered", "dtype")),
    "input intact": (computation.input_intact, ("determinism",)),
    "gradients": (computation.gradients, ("input intact",)),
    "batch independence": (computation.batch_independence, ("determinism",)),
    "deep copy": (state.deep_copy, ("determinism",)),
    "pickling": (state.pickling, ("deep copy", "no lambdas")),
    "half precision": (deployment.half_precision, ("determinism",)),
    "fuse": (deployment.fuse, ("determinism",)),
    "torchscript": (deployment.torchscript, ("determinism",)),
    "onnx": (deployment.onnx, ("torchscript",)),
}


def check_block(
    Block: type[nn.Module], c1: int | list[int] = 32, c2: int = 64, *args: object, **kwargs: object
) -> Report:
    """Ask a block everything that training, checkpoints, prediction and export will ask of it.

    It is called as `Block(c1, c2, *args, **kwargs)`, or without c2 where its constructor has none. A question whose
    answer would only repeat another failure is not applicable: mend the first one and ask again.

    Args:
        Block: The class; any `nn.Module` that maps a map, or a list of maps, to one map.
        c1: Channels in; a list for a block that reads several maps.
        c2: Channels out.
        *args: What else the constructor takes, by place.
        **kwargs: What else it takes, by name.

    Returns:
        A report with `.ok` and `.items`.

    Raises:
        ModelError: `Block` is no module class, or a width is below 1.

    Example:
        >>> check_block(Conv, 32, 64, 3, 2).ok
        True
    """
    specimen = Specimen(Block, c1, c2, args, kwargs)
    items, cause = [], {}  # question -> the failure that it is, or that stands behind it
    with _laboratory():
        for name, (ask, needs) in CONTRACT.items():
            behind = next((cause[need] for need in needs if need in cause), None)
            item = _answer(name, ask, specimen) if behind is None else _unasked(name, behind)
            if behind or item.status == "fail":
                cause[name] = behind or name
            items.append(item)
    return Report(specimen.call, tuple(items))


def _answer(name: str, ask: Callable[[Specimen], str], specimen: Specimen) -> Item:
    start = time.perf_counter()
    try:
        status, reason = "pass", ask(specimen)
    except Senseless as why:
        status, reason = "not applicable", str(why)
    except Exception as error:
        status, reason = "fail", maps.in_words(error)
    return Item(name, status, reason, round(time.perf_counter() - start, 4))


def _unasked(name: str, behind: str) -> Item:
    return Item(name, "not applicable", f"mend {behind} first", 0.0)


@contextmanager
def _laboratory() -> Iterator[None]:
    """No warnings, no gradients unless asked for, the caller's random state put back.

    One thread: on maps this small several spend most of their time waiting for each other.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with warnings.catch_warnings(), torch.random.fork_rng(devices=[]), torch.no_grad():
            warnings.simplefilter("ignore")
            yield
    finally:
        torch.set_num_threads(threads)
