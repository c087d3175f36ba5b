"""What stands between a scene and its picture: uneven light, exposure, a soft lens and the sensor's noise."""

import cv2
import numpy as np


def photograph(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the scene as a camera would give it.

    Shape:
        (size, size, 3) float32 in [0, 255] to uint8 of the same shape.
    """
    size = len(image)
    image = image * _lamp(size, rng)
    if rng.random() < 0.4:
        image = cv2.GaussianBlur(image, (0, 0), size / 128 * rng.uniform(0.4, 0.9))
    image += rng.standard_normal((size, size, 1), dtype=np.float32) * rng.uniform(2, 8)
    return np.clip(image, 0, 255).astype(np.uint8)


def _lamp(size: int, rng: np.random.Generator) -> np.ndarray:
    """Brightness that falls off across the picture, times an exposure. Shape: (size, size, 1)."""
    ramp = np.linspace(-1, 1, size, dtype=np.float32)
    angle, slope, exposure = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.35), rng.uniform(0.7, 1.15)
    rows, columns = np.float32(np.sin(angle)) * ramp[:, None], np.float32(np.cos(angle)) * ramp[None, :]
    return (np.float32(exposure) * (1 + np.float32(slope) * (rows + columns)))[..., None]  # (size, size) -> (…, 1)
