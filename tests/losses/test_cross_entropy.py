"""Cross entropy against PyTorch's, and the batches in which nothing counts."""

import pytest
import torch
import torch.nn.functional as F

from yolo_course.errors import CourseError
from yolo_course.losses import cross_entropy_loss


def example():
    generator = torch.Generator().manual_seed(0)
    logits, target = torch.randn(2, 3, 6, 5, generator=generator), torch.randint(0, 3, (2, 6, 5), generator=generator)
    target[0, :2] = 255
    return logits, target


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize("class_weight", [None, [0.2, 1.0, 1.8], [1.0, 0.0, 2.0]])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_values_agree_with_pytorch(reduction, class_weight, smoothing):
    logits, target = example()
    weight = None if class_weight is None else torch.tensor(class_weight)
    expected = F.cross_entropy(logits, target, weight, ignore_index=255, reduction=reduction, label_smoothing=smoothing)
    found = cross_entropy_loss(logits, target, reduction=reduction, class_weight=class_weight, smoothing=smoothing)
    torch.testing.assert_close(found, expected)


def test_labels_may_be_bytes_as_in_masks():
    logits, target = example()
    assert torch.equal(cross_entropy_loss(logits, target.byte()), cross_entropy_loss(logits, target))


def test_where_nothing_counts_pytorch_says_nan_and_we_say_zero():
    logits, target = example()
    logits.requires_grad_()
    target.fill_(255)
    assert F.cross_entropy(logits, target, ignore_index=255).isnan()
    loss = cross_entropy_loss(logits, target)
    loss.backward()
    assert loss.item() == 0
    assert not logits.grad.any()


def test_one_place_for_each_image_is_classification():
    logits, labels = torch.randn(8, 4, generator=torch.Generator().manual_seed(0)), torch.arange(8) % 4
    torch.testing.assert_close(cross_entropy_loss(logits, labels), F.cross_entropy(logits, labels))


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (torch.zeros(2, 3, 4, 4), "argmax"),
        (torch.zeros(2, 4, 4), "whole numbers"),
        (torch.zeros(2, 8, 8, dtype=torch.long), r"expected \(2, 4, 4\)"),
    ],
)
def test_mistakes_are_told_in_words(target, words):
    with pytest.raises(CourseError, match=words):
        cross_entropy_loss(torch.zeros(2, 3, 4, 4), target)
