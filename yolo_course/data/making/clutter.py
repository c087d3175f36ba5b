"""The background of the shapes: uneven ground, strokes and blobs that are none of the classes, sticks in front."""

import cv2
import numpy as np

Stick = tuple[tuple[int, int], tuple[int, int], int, tuple[float, float, float]]


def draw_ground(rng: np.random.Generator, size: int) -> np.ndarray:
    """Soft patches of colour with a finer grain on top. Shape: (size, size, 3) uint8."""
    cells = rng.integers(2, 6, 2)
    patches = rng.uniform(60, 190) + rng.uniform(-30, 30, 3) + rng.uniform(-45, 45, (*cells, 1))
    patches = patches + rng.uniform(-22, 22, (*cells, 3))  # brightness varies more than hue, as outdoors
    grain = rng.uniform(-14, 14, (24, 24, 1)) * rng.random()
    ground = cv2.resize(patches.astype(np.float32), (size, size), interpolation=cv2.INTER_CUBIC)
    ground += cv2.resize(grain.astype(np.float32), (size, size), interpolation=cv2.INTER_LINEAR)[..., None]
    return np.clip(ground, 0, 255).astype(np.uint8)  # OpenCV draws smooth edges on 8 bits only


def draw_clutter(image: np.ndarray, rng: np.random.Generator) -> None:
    """Draw lines, open arcs, crosses and ragged blobs."""
    draw = (_line, _arc, _cross, _blob)
    for kind in rng.integers(0, len(draw), int(rng.integers(1, 6))).tolist():
        colour = tuple(rng.uniform(20, 235, 3).tolist())
        draw[kind](image, rng.uniform(0, len(image), 2), len(image) * rng.uniform(0.04, 0.13), colour, rng)


def plan_sticks(rng: np.random.Generator, size: int) -> list[Stick]:
    """Choose up to two thin sticks that lie in front of everything."""
    sticks = []
    for _ in range(int(rng.integers(0, 3))):
        start, end = rng.integers(0, size, (2, 2)).tolist()
        width = max(1, round(size * rng.uniform(0.01, 0.03)))
        sticks.append((tuple(start), tuple(end), width, tuple(rng.uniform(15, 240, 3).tolist())))
    return sticks


def draw_sticks(canvas: np.ndarray, sticks: list[Stick], value: int | None = None) -> None:
    """Draw sticks in their own colours, or all with one value."""
    for start, end, width, colour in sticks:
        if value is None:
            cv2.line(canvas, start, end, colour, width, cv2.LINE_AA)
        else:
            cv2.line(canvas, start, end, value, width)


def _line(image: np.ndarray, at: np.ndarray, reach: float, colour: tuple, rng: np.random.Generator) -> None:
    end = at + rng.uniform(-3, 3, 2) * reach
    cv2.line(image, _pixel(at), _pixel(end), colour, _pen(image, rng), cv2.LINE_AA)


def _arc(image: np.ndarray, at: np.ndarray, reach: float, colour: tuple, rng: np.random.Generator) -> None:
    start, axes = rng.uniform(0, 360), (round(reach) + 1, round(reach * rng.uniform(0.5, 1)) + 1)
    turn, end = rng.uniform(0, 180), start + rng.uniform(80, 230)
    cv2.ellipse(image, _pixel(at), axes, turn, start, end, colour, _pen(image, rng), cv2.LINE_AA)


def _cross(image: np.ndarray, at: np.ndarray, reach: float, colour: tuple, rng: np.random.Generator) -> None:
    turn, pen = rng.uniform(0, np.pi), _pen(image, rng)
    for angle in (turn, turn + np.pi / 2):
        arm = reach * np.array((np.cos(angle), np.sin(angle)))
        cv2.line(image, _pixel(at - arm), _pixel(at + arm), colour, pen, cv2.LINE_AA)


def _blob(image: np.ndarray, at: np.ndarray, reach: float, colour: tuple, rng: np.random.Generator) -> None:
    corners = int(rng.integers(7, 12))
    angles = np.arange(corners) * (2 * np.pi / corners)
    radii = reach * np.where(np.arange(corners) % 2, rng.uniform(0.3, 0.6), 1) * rng.uniform(0.7, 1.2, corners)
    points = at + radii[:, None] * np.stack((np.cos(angles), np.sin(angles)), axis=1)
    cv2.fillPoly(image, [np.round(points).astype(np.int32)], colour, cv2.LINE_AA)


def _pen(image: np.ndarray, rng: np.random.Generator) -> int:
    return max(1, round(len(image) * rng.uniform(0.008, 0.025)))


def _pixel(point: np.ndarray) -> tuple[int, int]:
    return int(point[0]), int(point[1])
