"""What becomes of a box that leaves the picture: the one rule that all transforms follow."""

import numpy as np

from yolo_course.augment.sample import Sample

LEAST_SHARE = 0.1  # of a box's area that must be left; Ultralytics' number, too
LEAST_SIDE = 2  # pixels; a box must be wider and higher


def cut(sample: Sample, share: float = LEAST_SHARE) -> Sample:
    """Cut boxes at the border of the picture, and drop those of which too little is left.

    A box stays if at least `share` of its area lies in the picture and what is left is more than 2 px wide and high.
    Polygons stay as they are: whoever fills them cuts them at the border.

    Args:
        sample: Its boxes may reach beyond its picture.
        share: Of the area, from 0 to 1.
    """
    height, width = sample.size
    inside = sample.boxes.clip(0, np.array((width, height, width, height), np.float32))
    sides, whole = inside[:, 2:] - inside[:, :2], sample.boxes[:, 2:] - sample.boxes[:, :2]
    keep = (sides > LEAST_SIDE).all(1) & (sides.prod(1) >= share * whole.prod(1))
    return sample.replace(boxes=inside).select(keep)
