"""Transforms of a picture and of what is on it: boxes, classes, polygons and masks go along.

Each class holds its strength and is called with a sample and a random generator. The pure functions that do the work,
without any chance in them, stand in the module that is named after them: `flip.flip`, `hsv.hsv`, `affine.warp`.
"""

from yolo_course.augment.affine import Affine
from yolo_course.augment.blur import Blur
from yolo_course.augment.compose import Compose
from yolo_course.augment.cutout import Cutout
from yolo_course.augment.flip import Flip
from yolo_course.augment.hsv import HSV
from yolo_course.augment.mixup import MixUp
from yolo_course.augment.mosaic import Mosaic
from yolo_course.augment.noise import Noise
from yolo_course.augment.perspective import Perspective
from yolo_course.augment.sample import Sample
from yolo_course.augment.transform import Transform

__all__ = [
    "HSV",
    "Affine",
    "Blur",
    "Compose",
    "Cutout",
    "Flip",
    "MixUp",
    "Mosaic",
    "Noise",
    "Perspective",
    "Sample",
    "Transform",
]
