"""Divide things that carry several labels, so that every part gets its share of every label.

Iterative stratification: Sechidis, Tsoumakas and Vlahavas, "On the Stratification of Multi-Label Data", 2011. The
rarest label goes first, while there is still room to place it well.
"""

from collections.abc import Sequence

import numpy as np


def stratify(labels: np.ndarray, ratios: Sequence[float], rng: np.random.Generator) -> np.ndarray:
    """Give each group a part.

    Args:
        labels: How often each group carries each label; the last column says how many images the group has, and that
            column is shared out, too.
        ratios: Share of each part; they add up to 1.
        rng: Decides between equals, and the order of groups with the same label.

    Shape:
        labels (n, k) whole numbers; the result (n,) with values from 0 to the number of parts - 1. If there are groups
        enough, no part is empty.
    """
    wanted = np.outer(ratios, labels.sum(0)).astype(np.float64)  # (parts, k), what each part still lacks
    part = np.full(len(labels), -1)
    while (free := part < 0).any():
        label = _rarest((labels[free] > 0).sum(0))
        groups = rng.permutation(np.flatnonzero(free & (labels[:, label] > 0)))
        for group in groups[np.argsort(-labels[groups, label], kind="stable")]:  # what is big finds no place later
            part[group] = best = _neediest(wanted, label, rng)
            wanted[best] -= labels[group]
    _fill_empty(part, len(wanted), rng)
    return part


def _rarest(counts: np.ndarray) -> int:
    """The label that the fewest groups carry, but at least one does. Shape: (k,)."""
    return int(np.where(counts > 0, counts, counts.max() + 1).argmin())


def _neediest(wanted: np.ndarray, label: int, rng: np.random.Generator) -> int:
    """The part that lacks most of a label; of equal ones the one that lacks most images. Shape: (parts, k)."""
    best = np.flatnonzero(wanted[:, label] == wanted[:, label].max())
    best = best[wanted[best, -1] == wanted[best, -1].max()]
    return int(best[0] if len(best) == 1 else rng.choice(best))


def _fill_empty(part: np.ndarray, parts: int, rng: np.random.Generator) -> None:
    """Move a group of the largest part into each part that got none, as long as that leaves the largest one some."""
    for empty in np.setdiff1d(np.arange(parts), part):
        sizes = np.bincount(part, minlength=parts)
        if sizes.max() > 1:
            part[rng.choice(np.flatnonzero(part == sizes.argmax()))] = empty
