"""A view crosses as a view: its values, its strides, and what PyTorch refuses to do with it."""

import json

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from yolo_course.grading.isolation import layout
from yolo_course.grading.isolation.values import Decoder, Encoder


def crossed(tensor):
    encoder = Encoder(None)
    text = json.loads(json.dumps(encoder(tensor)))
    return Decoder(memoryview(b"".join(encoder.buffers)), None)(text), len(b"".join(encoder.buffers))


VIEWS = {
    "transposed": torch.arange(6.0).reshape(2, 3).T,
    "expanded": torch.arange(3.0)[:, None].expand(3, 5),
    "expanded in front": torch.arange(3.0).expand(4, 3),
    "one element, expanded": torch.ones(()).expand(2, 3),
    "channels last": torch.rand(2, 3, 4, 5).contiguous(memory_format=torch.channels_last),
    "every other": torch.arange(10)[::2],
    "columns of a table": torch.arange(12.0).reshape(3, 4)[:, 2:],
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_view_stays_one(view):
    found, _ = crossed(view)
    assert torch.equal(found, view)
    assert found.stride() == view.stride()
    assert found.is_contiguous() == view.is_contiguous()


def test_what_is_repeated_crosses_once():
    found, size = crossed(torch.rand(1, 4).expand(100, 4))
    assert size == 16
    with pytest.raises(RuntimeError, match="more than one element"):
        found.clamp_(0, 1)


@pytest.mark.parametrize("view", [torch.arange(8).unfold(0, 4, 1), torch.zeros(1000)[::100], torch.zeros(2, 0).T])
def test_windows_and_wide_gaps_cross_as_their_values(view):
    found, _ = crossed(view)
    assert torch.equal(found, view)
    assert found.is_contiguous()


SIZES = st.lists(st.integers(0, 4), max_size=4)


@given(SIZES, st.lists(st.integers(-2, 20), max_size=4))
def test_a_layout_that_fits_gives_each_element_a_place_of_its_own(shape, strides):
    if layout.fits(shape, strides):
        elements = torch.arange(layout.count(shape, strides))
        made = layout.lay_out(elements, shape, strides)
        assert list(made.shape) == shape
        assert torch.equal(layout.each_once(made).reshape(-1), elements)
