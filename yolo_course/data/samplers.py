"""Balanced sampling: images with rare classes are drawn more often, and none is left out for good.

The weights are those of repeat factor sampling, Gupta et al. 2019, "LVIS" (arXiv:1908.03195), with the commonest class
as the threshold: a class that `f` of the images show, while the commonest is shown by `f_max`, has the weight
(f_max / f) ** power, and an image that of its rarest class. LVIS has power 0.5. An image without any object weighs 1,
as much as one of the commonest class: the inverse of its count would be 0 boxes, and it would never be drawn.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from yolo_course.errors import DataError


def balanced_weights(classes: Sequence[np.ndarray], power: float = 0.5) -> np.ndarray:
    """How often each image should be drawn, beside one of the commonest class.

    Args:
        classes: The class ids of each image's boxes, in any shape; empty where nothing is there.
        power: 0 treats all alike, 1 balances fully. Ultralytics' `cls_pw` is the same power over boxes, and weighs the
            loss of a class, not its images.

    Shape:
        (images,) float64, 1 or more.

    Raises:
        DataError: The power is out of range.

    Example:
        >>> balanced_weights([np.array([0]), np.array([0, 0]), np.array([0, 1]), np.array([])], power=1).tolist()
        [1.0, 1.0, 3.0, 1.0]
    """
    if not 0 <= power <= 1:
        raise DataError("out of range", expected="0 to 1", found=power, where="power")
    shown = [np.unique(np.asarray(each, dtype=np.int64)) for each in classes]
    images = np.bincount(np.concatenate(shown)) if any(map(len, shown)) else np.zeros(0)
    factors = (images.max(initial=1) / np.maximum(images, 1)) ** power
    return np.array([factors[each].max(initial=1.0) for each in shown])


class BalancedSampler:
    """Draw images by weight, as many in a pass as there are; a `sampler=` for torch's `DataLoader`.

    The draw is systematic: a comb with evenly spaced teeth falls on the weights laid end to end. An image that should
    come 2.3 times comes twice or three times, one that should come 0.9 times misses one pass in ten; drawing one by one
    would miss it in four of ten.

    Args:
        weights: One an image, as of `balanced_weights`.
        seed: Of every draw. Each pass is another one.
        rank: Which of the `replicas` this process is; all draw the same and share it out.
        replicas: Processes that train together.

    Raises:
        DataError: Weights that can't be drawn by.

    Example:
        >>> sampler = BalancedSampler(balanced_weights([rows[:, 0] for rows in dataset.labels]))  # doctest: +SKIP
        >>> DataLoader(dataset, batch_size=16, sampler=sampler, collate_fn=collate)  # doctest: +SKIP
    """

    def __init__(self, weights: Sequence[float] | np.ndarray, seed: int = 0, rank: int = 0, replicas: int = 1):
        weights = np.asarray(weights, np.float64)
        if weights.ndim != 1 or not np.isfinite(weights).all() or (weights < 0).any() or not weights.sum():
            raise DataError("can't draw by these weights", expected="one an image, 0 or more, not all 0")
        if not 0 <= rank < replicas:
            raise DataError("out of range", expected=f"a rank below {replicas}", found=rank, where="rank")
        self.weights, self.seed, self.rank, self.replicas, self.passes = weights, seed, rank, replicas, 0

    def __len__(self) -> int:
        return -(-len(self.weights) // self.replicas)

    def __iter__(self) -> Iterator[int]:
        rng = np.random.default_rng((self.seed, self.passes))
        self.passes += 1
        drawn = rng.permutation(self._draw(len(self) * self.replicas, rng))
        return iter(drawn[self.rank :: self.replicas].tolist())

    def _draw(self, count: int, rng: np.random.Generator) -> np.ndarray:
        ends = np.cumsum(self.weights) / self.weights.sum()
        teeth = (np.arange(count) + rng.random()) / count
        return np.searchsorted(ends[:-1], teeth, side="right")  # the last end is 1 but for rounding

    def set_epoch(self, epoch: int) -> None:
        """Do nothing; Ultralytics calls it in data-parallel runs, where each pass is another one anyway."""
