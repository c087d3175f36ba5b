"""Values as JSON and raw bytes, and back: typed, bounded in depth and number.

Anything that is not a plain value is left to the two sides: `Encoder` asks `other(value, encoder)` for a tagged dict,
`Decoder` hands that dict to `other(tagged, decoder)`.
"""

import math
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import torch

from yolo_course.grading.isolation import layout
from yolo_course.grading.isolation.wire import BYTES, WireError

DEPTH, ITEMS = 64, 200_000  # the most a message may hold
_DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (
        *(torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.complex64, torch.complex128),
        *(torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool),
    )
}


class Encoder:
    """Turn values into a message.

    Args:
        other: Called for what is no plain value; returns a dict with a tag `t`, or raises.
    """

    def __init__(self, other: Callable[[Any, "Encoder"], dict]):
        self.other, self.buffers, self.items = other, [], 0

    def __call__(self, value: Any, depth: int = 0) -> Any:
        """Return the JSON of a value; its bytes are gathered on the way.

        Raises:
            WireError: It nests too deep or holds too many items.
        """
        self.items += 1
        if depth > DEPTH or self.items > ITEMS:
            raise WireError("the value is nested too deep or holds too many items")
        kind = type(value)
        if value is None or kind in (bool, str):
            return value
        if kind is int:
            return value if abs(value) < 2**63 else {"t": "int", "v": hex(value)}
        if kind is float:
            return value if math.isfinite(value) else {"t": "float", "v": repr(value)}
        if kind is list:
            return [self(each, depth + 1) for each in value]
        if kind in (tuple, set, frozenset, torch.Size):
            return {"t": kind.__name__, "v": [self(each, depth + 1) for each in value]}
        if kind is dict:
            return {"t": "dict", "v": [[self(key, depth + 1), self(each, depth + 1)] for key, each in value.items()]}
        return self._leaf(value, kind) or self.other(value, self)

    def _leaf(self, value: Any, kind: type) -> dict | None:
        if kind in (torch.Tensor, torch.nn.Parameter) and value.device.type in ("cpu", "meta"):
            return self._tensor(value)
        if isinstance(value, (np.ndarray, np.generic)) and np.asarray(value).dtype.kind in "biufc":
            array = np.ascontiguousarray(value)
            shape = list(np.shape(value))
            return {"t": "array", "dtype": array.dtype.str, "shape": shape, "n": self._bytes(array.tobytes())}
        if kind is bytes:
            return {"t": "bytes", "n": self._bytes(value)}
        if kind is complex:
            return {"t": "complex", "v": [repr(value.real), repr(value.imag)]}
        if kind in (range, slice):
            return {"t": kind.__name__, "v": [value.start, value.stop, value.step]}
        if isinstance(value, np.random.Generator) and type(value.bit_generator) is np.random.PCG64:
            return {"t": "generator", "v": self(value.bit_generator.state)}
        if kind is torch.Generator:
            return {"t": "torch_generator", "v": self(value.get_state())}
        if kind is torch.dtype:
            return {"t": "dtype", "v": str(value).removeprefix("torch.")}
        if kind is torch.device:
            return {"t": "device", "v": str(value)}
        if isinstance(value, PurePath):
            return {"t": "path", "v": str(value)}
        return {"t": "ellipsis"} if value is Ellipsis else None

    def _tensor(self, value: torch.Tensor) -> dict:
        plain = value.detach()
        name = str(plain.dtype).removeprefix("torch.")
        if name not in _DTYPES or plain.layout is not torch.strided:
            raise WireError(f"a tensor of type {plain.dtype} and layout {plain.layout} does not cross")
        tag = {"t": "tensor", "dtype": name, "shape": list(plain.shape), "learns": value.requires_grad}
        tag["parameter"] = type(value) is torch.nn.Parameter
        if plain.device.type == "meta":
            return {**tag, "meta": True}
        if (told := layout.strides(plain)) is not None:
            tag["strides"], plain = told, layout.each_once(plain)
        flat = plain.resolve_conj().resolve_neg().contiguous()
        flat = flat.as_strided((flat.numel(),), (1,))  # a single element may lie there with any stride
        return {**tag, "n": self._bytes(flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b"")}

    def _bytes(self, data: bytes) -> int:
        self.buffers.append(data)
        return len(data)


class Decoder:
    """Turn a message back into values.

    Args:
        buffers: The bytes of its tensors.
        other: Called with each tagged dict that is no plain value, and this decoder.
    """

    def __init__(self, buffers: memoryview, other: Callable[[dict, "Decoder"], Any]):
        self.rest, self.other, self.items = buffers, other, 0

    def __call__(self, told: Any, depth: int = 0) -> Any:
        """Return the value of a JSON.

        Raises:
            WireError: It is malformed, too deep or too long.
        """
        self.items += 1
        if depth > DEPTH or self.items > ITEMS:
            raise WireError("the value is nested too deep or holds too many items")
        if told is None or isinstance(told, (bool, int, float, str)):
            return told
        if isinstance(told, list):
            return [self(each, depth + 1) for each in told]
        if not isinstance(told, dict) or not isinstance(told.get("t"), str):
            raise WireError("a value without a type")
        try:
            return self._tagged(told, depth)
        except (KeyError, TypeError, ValueError, RuntimeError, OverflowError) as error:
            raise WireError(f"a malformed {told['t'][:20]}") from error

    def _tagged(self, told: dict, depth: int) -> Any:
        kind, value = told["t"], told.get("v")
        if kind in ("tuple", "set", "frozenset", "Size"):
            made = {"tuple": tuple, "set": set, "frozenset": frozenset, "Size": torch.Size}[kind]
            return made(self(each, depth + 1) for each in value)
        if kind == "dict":
            return {self(key, depth + 1): self(each, depth + 1) for key, each in value}
        if kind == "tensor":
            return self._tensor(told)
        if kind == "array":
            return self._array(told)
        if kind == "bytes":
            return bytes(self._take(told["n"]))
        if kind in ("float", "int"):
            return float(value) if kind == "float" else int(value[:4096], 16)
        if kind == "complex":
            return complex(float(value[0]), float(value[1]))
        if kind == "range":
            return _short(range(*value))
        if kind == "slice":
            return slice(*(self(each, depth + 1) for each in value))
        if kind == "dtype":
            return _DTYPES[value]
        if kind == "device":
            return torch.device(value)
        if kind == "path":
            return Path(value)
        if kind == "generator":
            made = np.random.Generator(np.random.PCG64())
            made.bit_generator.state = self(value)
            return made
        if kind == "torch_generator":
            made = torch.Generator()
            made.set_state(self(value))
            return made
        return Ellipsis if kind == "ellipsis" else self.other(told, self)

    def _tensor(self, told: dict) -> torch.Tensor:
        dtype, shape = _DTYPES[told["dtype"]], [_whole(side) for side in told["shape"]]
        if told.get("meta"):
            made = torch.empty(shape, dtype=dtype, device="meta")
        elif "strides" in told:
            strides = [_whole(stride) for stride in told["strides"]]
            if not layout.fits(shape, strides) or math.prod(shape) * dtype.itemsize > BYTES:
                raise WireError("a tensor that is larger than what came of it")
            made = layout.lay_out(self._elements(told, dtype, layout.count(shape, strides)), shape, strides)
        else:
            made = self._elements(told, dtype, math.prod(shape)).reshape(shape)
        learns = bool(told.get("learns"))
        return torch.nn.Parameter(made, requires_grad=learns) if told.get("parameter") else made.requires_grad_(learns)

    def _elements(self, told: dict, dtype: torch.dtype, count: int) -> torch.Tensor:
        data = self._take(told["n"])
        if len(data) != count * dtype.itemsize:
            raise WireError("a tensor has other bytes than its shape says")
        return torch.frombuffer(bytearray(data), dtype=dtype) if len(data) else torch.empty(0, dtype=dtype)

    def _array(self, told: dict) -> Any:
        dtype = np.dtype(told["dtype"])
        if dtype.kind not in "biufc":
            raise WireError("an array of objects")
        shape = [_whole(side) for side in told["shape"]]
        array = np.frombuffer(self._take(told["n"]), dtype=dtype).reshape(shape).copy()
        return array if shape else array[()]

    def _take(self, size: Any) -> memoryview:
        if _whole(size) > len(self.rest):
            raise WireError("fewer bytes than announced")
        taken, self.rest = self.rest[:size], self.rest[size:]
        return taken


def _short(numbers: range) -> range:
    if len(numbers) > ITEMS:  # whoever makes an array of it writes them all out
        raise WireError("a range of too many numbers")
    return numbers


def _whole(number: Any) -> int:
    if type(number) is not int or number < 0:
        raise WireError("a size must be a whole number")
    return number
