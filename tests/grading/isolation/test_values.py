"""Typed values: what goes in comes out, what does not fit is refused."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from yolo_course.grading.isolation.values import ITEMS, Decoder, Encoder
from yolo_course.grading.isolation.wire import WireError

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers(), inner, max_size=4)
        | st.frozensets(st.integers() | st.text(), max_size=4)
    ),
    max_leaves=20,
)


def refuse(value, encoder):
    raise WireError(f"{type(value).__name__} does not cross")


def there_and_back(value):
    encoder = Encoder(refuse)
    text = json.loads(json.dumps(encoder(value)))
    return Decoder(memoryview(b"".join(encoder.buffers)), refuse)(text)


@given(PLAIN)
def test_plain_values_come_back_as_they_went(value):
    found = there_and_back(value)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "dtype", [torch.float32, torch.float64, torch.bfloat16, torch.int64, torch.bool, torch.complex64]
)
@pytest.mark.parametrize("shape", [(), (0, 3), (2, 3), (1, 2, 3, 4)])
def test_tensors_come_back_bit_by_bit(dtype, shape):
    value = (torch.rand(shape) * 9).to(dtype)
    found = there_and_back(value)
    assert found.dtype == dtype
    assert found.shape == value.shape
    assert torch.equal(found, value)


def test_a_view_crosses_as_what_it_shows():
    value = torch.arange(12.0).reshape(3, 4).T[::2]
    assert torch.equal(there_and_back(value), value)
    assert torch.equal(there_and_back(torch.tensor([1 + 2j]).conj()), torch.tensor([1 - 2j]))


def test_what_learns_still_does():
    learns, parameter = there_and_back([torch.zeros(2, requires_grad=True), torch.nn.Parameter(torch.ones(1), False)])
    assert learns.requires_grad
    assert learns.is_leaf
    assert isinstance(parameter, torch.nn.Parameter)
    assert not parameter.requires_grad


@pytest.mark.parametrize("array", [np.arange(6).reshape(2, 3).T, np.float32(2.5), np.zeros((0, 2)), np.array([True])])
def test_arrays_and_numbers_of_numpy(array):
    found = there_and_back(array)
    assert type(found) is type(array)
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, array)


def test_other_plain_things():
    for value in (
        torch.Size([2, 3]),
        slice(1, None, 2),
        range(3),
        torch.float16,
        torch.device("cpu"),
        Path("a/b"),
        ...,
        2 - 1j,
    ):
        assert there_and_back(value) == value
    assert math.isnan(there_and_back(float("nan")))
    assert there_and_back(-math.inf) == -math.inf


def test_generators_go_on_where_they_were():
    ours, theirs = np.random.default_rng(3), torch.Generator().manual_seed(3)
    ours.random(5), torch.rand(5, generator=theirs)
    mine, yours = there_and_back([ours, theirs])
    assert mine.random() == ours.random()
    assert torch.equal(torch.rand(3, generator=yours), torch.rand(3, generator=theirs))


def test_objects_are_left_to_the_two_sides():
    with pytest.raises(WireError, match="object does not cross"):
        there_and_back([1, {"a": object()}])


def test_too_deep_and_too_many_is_refused():
    deep = []
    for _ in range(100):
        deep = [deep]
    for value in (deep, [0] * (ITEMS + 1)):
        with pytest.raises(WireError, match="too deep or holds too many"):
            there_and_back(value)


@pytest.mark.parametrize(
    "told",
    [
        {"v": 1},
        {"t": "tensor"},
        {"t": "tensor", "dtype": "float32", "shape": [2], "n": 4},
        {"t": "tensor", "dtype": "float32", "shape": [-1, -1], "n": 4},
        {"t": "tensor", "dtype": "float32", "shape": [1 << 62, 1 << 62], "n": 8},
        {"t": "tensor", "dtype": "float32", "shape": [1 << 40], "strides": [0], "n": 4},
        {"t": "tensor", "dtype": "float32", "shape": [2], "strides": [1 << 40], "n": 8},
        {"t": "tensor", "dtype": "float32", "shape": [2, 1], "strides": [-1, 1], "n": 8},
        {"t": "tensor", "dtype": "float32", "shape": [2, 2], "strides": [1, 1], "n": 8},
        {"t": "array", "dtype": "|O", "shape": [1], "n": 8},
        {"t": "array", "dtype": "<f4", "shape": [3], "n": 8},
        {"t": "bytes", "n": 1 << 40},
        {"t": "dict", "v": [[{"t": "dict", "v": []}, 1]]},
        {"t": "tuple", "v": 3},
        {"t": "int", "v": "print(1)"},
        {"t": "device", "v": "no such device"},
        {"t": "generator", "v": 3},
        {"t": "unheard of"},
    ],
    ids=lambda told: json.dumps(told)[:40],
)
def test_malformed_values_are_refused(told):
    with pytest.raises(WireError):
        Decoder(memoryview(bytes(8)), refuse)(told)
