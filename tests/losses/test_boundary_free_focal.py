"""Boundary-free focal loss against PyTorch and torchvision; its borders against a loop over pixels."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torchvision.ops import sigmoid_focal_loss

from yolo_course.errors import CourseError
from yolo_course.losses import boundary_free_focal_loss, without_borders


def example(nc=3):
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(2, nc, 6, 7, generator=generator)
    return logits, torch.randint(0, nc, (2, 6, 7), generator=generator)


def seams(target, border):
    """Every pixel with another class in the square around it, seen one by one; 255 is no class."""
    found = target.clone()
    for b, y, x in target.ne(255).nonzero().tolist():
        near = target[b, max(y - border, 0) : y + border + 1, max(x - border, 0) : x + border + 1]
        if len(set(near.flatten().tolist()) - {255}) > 1:
            found[b, y, x] = 255
    return found


@given(
    values=st.lists(st.sampled_from([0, 0, 0, 1, 7, 255]), min_size=40, max_size=40),
    border=st.integers(0, 3),
)
@settings(max_examples=60, deadline=None)
def test_borders_agree_with_a_loop(values, border):
    target = torch.tensor(values).reshape(2, 4, 5)
    assert torch.equal(without_borders(target, border), seams(target, border))
    assert torch.equal(without_borders(target.byte(), border), seams(target, border).byte())


@pytest.mark.parametrize("class_weight", [None, [0.3, 1.0, 1.7]])
def test_without_gamma_and_border_it_is_cross_entropy(class_weight):
    logits, target = example()
    weight = None if class_weight is None else torch.tensor(class_weight)
    found = boundary_free_focal_loss(logits, target, gamma=0, border=0, class_weight=class_weight)
    torch.testing.assert_close(found, F.cross_entropy(logits, target, weight))


@pytest.mark.parametrize("gamma", [1.0, 2.0, 5.0])
def test_two_classes_agree_with_torchvision_s_sigmoid(gamma):
    logits, target = example(nc=2)
    expected = sigmoid_focal_loss(logits[:, 1] - logits[:, 0], target.float(), alpha=-1, gamma=gamma)
    found = boundary_free_focal_loss(logits, target, reduction="none", gamma=gamma, border=0)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-6)


def test_pixels_at_a_seam_are_neither_counted_nor_learnt():
    logits = example()[0].requires_grad_()
    target = torch.zeros(2, 6, 7, dtype=torch.long)
    target[..., 4:] = 2
    kept = torch.ones(2, 6, 7, dtype=torch.bool)
    kept[..., 3:5] = False
    loss = boundary_free_focal_loss(logits, target)
    loss.backward()
    torch.testing.assert_close(loss, boundary_free_focal_loss(logits, target, reduction="none", border=0)[kept].mean())
    assert torch.equal(logits.grad.any(1), kept)


def test_where_all_is_seam_nothing_is_lost():
    logits, target = example()
    assert boundary_free_focal_loss(logits, target, border=9).item() == 0


def test_mistakes_are_told_in_words():
    logits, target = example()
    for options, words in (({"border": -1}, "0 or more pixels"), ({"gamma": -1}, "gamma")):
        with pytest.raises(CourseError, match=words):
            boundary_free_focal_loss(logits, target, **options)
