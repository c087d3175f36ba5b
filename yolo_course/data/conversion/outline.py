"""From a mask to one polygon, and back to its area: YOLO's labels hold one outline an object, without parts or holes.

An outline runs along the edges of pixels, so that its area is the number of pixels and its box the box of the mask.
Parts and holes hang together by bridges of no width that are walked there and back; by the even-odd rule they enclose
nothing.
"""

import cv2
import numpy as np


def trace(mask: np.ndarray) -> list[np.ndarray]:
    """Return the outlines of a mask: one ring around each part and one around each hole.

    Shape:
        mask (h, w); each ring (n, 2) float64, x and y in pixels, the corner of the first pixel being (0, 0).
    """
    twice = np.repeat(np.repeat(mask.astype(np.uint8), 2, axis=0), 2, axis=1)  # (h, w) -> (2h, 2w)
    rings, _ = cv2.findContours(twice, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    # OpenCV walks through pixels. Of a pixel's two halves the first stands for its near edge, the second for its far.
    return [_sparse((ring[:, 0] + 1) // 2).astype(np.float64) for ring in rings]  # (n, 1, 2) -> (n, 2)


def join(rings: list[np.ndarray]) -> np.ndarray:
    """Join rings to one polygon, each to the point nearest to it of those before.

    Shape:
        rings of (n, 2) each; the polygon (m, 2).
    """
    polygon = np.asarray(rings[0])
    for ring in map(np.asarray, rings[1:]):
        here, there = nearest(polygon, ring)
        round_trip = np.concatenate((ring[there:], ring[: there + 1]))
        polygon = np.concatenate((polygon[: here + 1], round_trip, polygon[here:]))
    return polygon


def nearest(polygon: np.ndarray, ring: np.ndarray) -> tuple[int, int]:
    """Return the places of the two points that are nearest to each other. Shape: (n, 2) and (m, 2)."""
    best, pair = np.inf, (0, 0)
    for place, point in enumerate(ring):  # a row at a time: all pairs of two long outlines would not fit into memory
        distances = ((polygon - point) ** 2).sum(1)
        closest = int(distances.argmin())
        if distances[closest] < best:
            best, pair = distances[closest], (closest, place)
    return pair


def area(polygon: np.ndarray) -> float:
    """Return what a polygon encloses, by the shoelace formula; its bridges add nothing. Shape: (n, 2)."""
    x, y = polygon.T
    around = np.dot(x[:-1], y[1:]) - np.dot(y[:-1], x[1:]) + x[-1] * y[0] - y[-1] * x[0]
    return abs(float(around)) / 2


def _sparse(ring: np.ndarray) -> np.ndarray:
    """Drop points that repeat the one before, or lie between it and the next on a straight line. Shape: (n, 2)."""
    ring = ring[(ring != np.roll(ring, 1, axis=0)).any(1)]
    back, on = ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring
    return ring[back[:, 0] * on[:, 1] != back[:, 1] * on[:, 0]]
