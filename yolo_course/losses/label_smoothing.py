"""Label smoothing: targets that are sure, but not too sure.

A logit that must reach exactly 1 grows for ever; a little doubt in the target gives it an end.

Szegedy et al., Rethinking the Inception Architecture for Computer Vision, 2015, arXiv:1512.00567.
"""

import torch
from torch import Tensor

from yolo_course.errors import CourseError

__all__ = ["smooth_labels"]


def smooth_labels(targets: Tensor, eps: float = 0.1, exclusive: bool = False) -> Tensor:
    """Move a share of the certainty to the other answers.

    Args:
        targets: 0 and 1, or shares in between: one column for each class.
        eps: The share that moves, in [0, 1].
        exclusive: Whether the classes share one softmax, where the other answers are all the classes. Otherwise each
            class is a sigmoid of its own, as in YOLO's heads, and the answers are yes and no.

    Shape:
        - targets: (..., nc)
        - returns: (..., nc)

    Raises:
        CourseError: `eps` outside [0, 1], or class numbers for targets.

    Example:
        >>> smooth_labels(torch.tensor([0, 1, 0, 0]), 0.5).tolist()
        [0.25, 0.75, 0.25, 0.25]
    """
    if not 0 <= eps <= 1:
        raise CourseError("eps is a share", expected="[0, 1]", found=eps)
    if not targets.is_floating_point():
        if targets.numel() and int(targets.max()) > 1:
            raise CourseError(
                "these are class numbers",
                expected="0 and 1, one column for each class",
                found=int(targets.max()),
                hint="torch.nn.functional.one_hot(labels, nc)",
            )
        targets = targets.to(torch.get_default_dtype())
    answers = targets.shape[-1] if exclusive else 2
    return targets * (1 - eps) + eps / answers
