"""Other colours and another light: hue, saturation and value (Smith, Color Gamut Transform Pairs, 1978)."""

from dataclasses import dataclass

import cv2
import numpy as np

from yolo_course.augment.sample import Sample
from yolo_course.augment.transform import Transform, within

TURN = 180  # hues in a full turn: OpenCV halves the 360 degrees, so that a hue fits into a byte
LEVELS = np.arange(256, dtype=np.float64)


def hsv(image: np.ndarray, hue: float = 0.0, saturation: float = 1.0, value: float = 1.0) -> np.ndarray:
    """Turn the hue and stretch saturation and value.

    Hue is an angle. What goes beyond a full turn comes in again at 0: red lies on both sides of it, and a hue that
    were clipped there would turn purple into red.

    Args:
        image: The picture.
        hue: Share of a full turn to add; 1/3 turns red into green.
        saturation: Factor; 0 is grey. White, grey and black stay what they are.
        value: Factor of the brightness.

    Shape:
        (h, w, 3) uint8, RGB -> (h, w, 3) uint8, RGB.
    """
    table = np.empty((1, 256, 3), np.uint8)
    table[0, :, 0] = (LEVELS + hue * TURN) % TURN
    table[0, :, 1] = (LEVELS * saturation).clip(0, 255)
    table[0, :, 2] = (LEVELS * value).clip(0, 255)
    levels = cv2.cvtColor(image, cv2.COLOR_RGB2HSV)
    return cv2.cvtColor(cv2.LUT(levels, table, dst=levels), cv2.COLOR_HSV2RGB)


@dataclass(frozen=True)
class HSV(Transform):
    """Draws a new light for each picture; the defaults are those of Ultralytics' training.

    Args:
        hue: Farthest turn to either side, as a share of a full one.
        saturation: How far its factor may be from 1.
        value: How far its factor may be from 1.
        p: Probability.
    """

    hue: float = 0.015
    saturation: float = 0.7
    value: float = 0.4

    def __post_init__(self):
        super().__post_init__()
        for name in ("hue", "saturation", "value"):
            within(name, getattr(self, name), 0, 1)

    def apply(self, sample: Sample, rng: np.random.Generator) -> Sample:
        """Draw the three numbers and change the picture; boxes stay where they are."""
        hue, saturation, value = rng.uniform(-1, 1, 3) * (self.hue, self.saturation, self.value)
        return sample.replace(image=hsv(sample.image, hue, 1 + saturation, 1 + value))
