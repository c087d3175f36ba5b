"""Class weights by inverse frequency: what is rare counts for more."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from yolo_course.errors import CourseError

__all__ = ["inverse_frequency"]


def inverse_frequency(
    values: Tensor | np.ndarray | Sequence[float], nc: int | None = None, power: float = 1.0
) -> Tensor:
    """Return a weight for each class: its count to the power of `-power`, scaled to a mean of 1.

    A class that never occurs gets the mean of the others: dividing by its count would give infinity, and
    the scaling would turn that into NaN for all. This is also what Ultralytics' `cls_pw` computes.

    Args:
        values: How often each class occurs; with `nc`, the class number of each object instead.
        nc: How many classes there are. Labels alone do not tell: the last class may not occur.
        power: Between 0 (all classes weigh the same) and 1 (all classes weigh the same in sum).

    Shape:
        - values: (nc,), or any with `nc`
        - returns: (nc,)

    Raises:
        CourseError: No class, a count below 0, a label that is no class, or a negative `power`.

    Example:
        >>> inverse_frequency([10, 0, 30]).tolist()
        [1.5, 1.0, 0.5]
        >>> inverse_frequency(torch.tensor([0, 0, 1]), nc=3).tolist()
        [0.6666666865348816, 1.3333333730697632, 1.0]
    """
    values = torch.as_tensor(values)
    counts = (values if nc is None else _count(values, nc)).to(torch.float32)
    if power < 0 or counts.ndim != 1 or len(counts) == 0 or not bool((counts >= 0).all()):
        raise CourseError(
            "these are no counts of classes",
            expected="a row of numbers from 0, and a power from 0",
            found=f"{values.tolist() if values.numel() < 10 else tuple(values.shape)} and {power}",
        )
    present = counts > 0
    if not present.any():
        return torch.ones_like(counts)
    weights = counts.where(present, 1) ** -power
    weights = weights.where(present, weights[present].mean())
    return weights / weights.mean()


def _count(labels: Tensor, nc: int) -> Tensor:
    labels = labels.flatten().long()  # (...) -> (N,)
    if len(labels) and (labels.min() < 0 or labels.max() >= nc):
        raise CourseError(
            "a label is no class",
            expected=f"0 to {nc - 1}",
            found=f"{int(labels.min())} to {int(labels.max())}",
            hint="counts are given without nc",
        )
    return torch.bincount(labels, minlength=nc)
