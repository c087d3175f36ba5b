"""Running a module without numbers: shapes on the meta device, FLOPs, and an end to what would never end."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, process_time

import torch
from torch import Tensor, nn
from torch.nn.modules.module import register_module_module_registration_hook
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

MAX_STEPS = 60_000  # operations and modules of one file; the most that a stock one takes, yolo26x-p6, is 14,447
MAX_SECONDS = 20  # of computing, for the few modules that become slow before they become many
_BATCH_NORM = torch.ops.aten.native_batch_norm.default  # torch takes 30 steps of Python to see that it keeps the shape
_WRITES_NUMBERS = {"aten::uniform_", "aten::normal_", "aten::fill_", "aten::zero_"}


class TooMuch(Exception):
    """The model is larger than any that could be meant."""


class DryRun(TorchDispatchMode):
    """Counts FLOPs, leaves numbers unwritten, and refuses to leave the meta device.

    Attributes:
        flops: Of everything run so far.
    """

    def __init__(self):
        super().__init__()
        self.flops = 0
        self.steps = 0
        self.end = process_time() + MAX_SECONDS
        self.next_look = 0.0

    def step(self) -> None:
        """Count one operation or one module.

        Raises:
            TooMuch: After `MAX_STEPS` or `MAX_SECONDS`.
        """
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise TooMuch(f"more than {MAX_STEPS} operations and modules")
        if (now := monotonic()) > self.next_look:
            self.next_look = now + 0.1  # to ask for the time of computing may take longer than the step
            if process_time() > self.end:
                raise TooMuch(f"more than {MAX_SECONDS} seconds to read it")

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.step()
        kwargs = kwargs or {}
        if (device := kwargs.get("device")) is not None and torch.device(device).type != "meta":
            raise NotImplementedError(f"it wants numbers on the {device}, and on the meta device there are none")
        if func._schema.name in _WRITES_NUMBERS:
            return args[0]
        if func is _BATCH_NORM and not args[5] and _fits(*args[:2]):
            return torch.empty_like(args[0]), args[0].new_empty(0), args[0].new_empty(0)
        result = func(*args, **kwargs)
        if formula := flop_registry.get(func._overloadpacket):
            self.flops += formula(*args, **kwargs, out_val=result)
        return result


def _fits(x: Tensor, weight: Tensor | None) -> bool:
    return weight is not None and weight.numel() == x.shape[1]


@contextmanager
def dry_run() -> Iterator[DryRun]:
    """Inside, modules are built without weights and run without numbers, in silence."""
    run = DryRun()

    def count(parent: nn.Module, name: str, child: nn.Module) -> None:
        run.step()

    hook = register_module_module_registration_hook(count)
    try:
        with warnings.catch_warnings(), torch.no_grad(), torch.device("meta"), run:
            warnings.simplefilter("ignore")
            yield run
    finally:
        hook.remove()


torch.empty(1, device="meta").add(1)  # loads torch's kernels for the meta device: a second that belongs to importing
