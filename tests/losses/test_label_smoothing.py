"""Label smoothing against PyTorch's cross entropy."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from yolo_course.errors import CourseError
from yolo_course.losses import smooth_labels


@given(eps=st.floats(0, 1), nc=st.integers(2, 9))
@settings(deadline=None)
def test_exclusive_classes_agree_with_pytorch(eps, nc):
    logits = torch.randn(5, nc, generator=torch.Generator().manual_seed(nc))
    labels = torch.arange(5) % nc
    found = F.cross_entropy(logits, smooth_labels(F.one_hot(labels, nc), eps, exclusive=True))
    torch.testing.assert_close(found, F.cross_entropy(logits, labels, label_smoothing=eps))


@given(eps=st.floats(0, 1), targets=st.lists(st.floats(0, 1, width=32), min_size=1, max_size=5))
@settings(deadline=None)
def test_a_class_of_its_own_is_two_exclusive_answers(eps, targets):
    yes = torch.tensor(targets)
    answers = smooth_labels(torch.stack((yes, 1 - yes), -1), eps, exclusive=True)
    torch.testing.assert_close(smooth_labels(yes, eps), answers[:, 0])


def test_binary_cross_entropy_then_has_an_end():
    """With a target of 1 a logit grows for ever; smoothed, the best one is the logit of the target."""
    logit = torch.tensor([0.0], requires_grad=True)
    optimizer = torch.optim.SGD([logit], lr=1.0)
    for _ in range(300):
        optimizer.zero_grad()
        F.binary_cross_entropy_with_logits(logit, smooth_labels(torch.ones(1), 0.1)).backward()
        optimizer.step()
    assert logit.sigmoid().item() == pytest.approx(0.95, abs=1e-3)


def test_whole_and_half_precision_targets():
    assert smooth_labels(torch.tensor([0, 1])).dtype == torch.float32
    assert smooth_labels(torch.zeros(2, dtype=torch.float16)).dtype == torch.float16
    assert smooth_labels(torch.zeros(0, 3, dtype=torch.long)).shape == (0, 3)


def test_mistakes_are_told_in_words():
    with pytest.raises(CourseError, match=r"\[0, 1\], found 1.5"):
        smooth_labels(torch.zeros(3), 1.5)
    with pytest.raises(CourseError, match="one_hot"):
        smooth_labels(torch.tensor([0, 2, 1]))
