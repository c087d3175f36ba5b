"""Objects that are smaller than a cell of the detector's finest grid, once the image has the size to train with."""

from math import ceil

import numpy as np

from yolo_course.data.checking.examined import Examined
from yolo_course.data.findings import Finding

LARGEST = 4096  # an image size that hardly anyone trains with
COARSEST = 32  # an image size is a multiple of the coarsest stride
SLACK = 0.01  # pixels: labels have six decimals, so a box of a whole cell may read as a little less


def small_objects(sample: Examined, imgsz: int, stride: int) -> list[Finding]:
    """Find boxes of which one side is shorter than a cell.

    A detector predicts from the centres of its cells, `stride` pixels apart, and such a box may contain none of them.
    Ultralytics then enlarges the box to give it one, but what is left of the object is a pixel or two of its maps.

    Args:
        sample: The image.
        imgsz: Pixels of the longer side that images are resized to.
        stride: Pixels a cell of the finest grid: 8 in most models, 4 with a P2 head.
    """
    findings = []
    sides, least = sample.sides(imgsz), stride - SLACK
    for index in np.flatnonzero((sides < least).any(1)).tolist():
        width, height = sides[index].tolist()
        enough = imgsz * least / min(width, height)
        message = f"{width:.1f} × {height:.1f} pixels at imgsz={imgsz}, less than a cell of {stride}; "
        if enough <= LARGEST:
            message += f"imgsz={ceil(enough / COARSEST) * COARSEST} would do"
        else:
            message += f"even imgsz={LARGEST} would be too small"
        findings.append(Finding("small-object", "warning", message, sample.label, sample.lines[index]))
    return findings
