"""Losses of detectors and their neighbours, and the criterion that puts them together.

A loss is a pure function `(pred, target, weight=None, reduction="mean", avg_factor=None, **options)`; the
module of the same name, `(**options, reduction, loss_weight)`, stores the options and calls it. All of them compute
half precision in float32, stay finite on degenerate input, and give 0 for an empty batch. Unit 06 builds them.
"""

from importlib import import_module

from yolo_course.losses.boundary_free_focal import BoundaryFreeFocalLoss, boundary_free_focal_loss, without_borders
from yolo_course.losses.class_weights import inverse_frequency
from yolo_course.losses.cross_entropy import CrossEntropyLoss, cross_entropy_loss
from yolo_course.losses.dfl import DistributionFocalLoss, distribution_focal_loss
from yolo_course.losses.dice import DiceLoss, dice_loss
from yolo_course.losses.distillation import Teacher, box_distillation, feature_distillation, logit_distillation
from yolo_course.losses.focal import FocalLoss, sigmoid_focal_loss
from yolo_course.losses.iou import IoULoss, iou, iou_loss
from yolo_course.losses.l1 import L1Loss, l1_loss
from yolo_course.losses.label_smoothing import smooth_labels
from yolo_course.losses.smooth_l1 import SmoothL1Loss, smooth_l1_loss
from yolo_course.losses.varifocal import VarifocalLoss, varifocal_loss
from yolo_course.losses.weighted import LossModule, reduce_loss, weighted_loss

# name -> its file; imported when first used, since they bring Ultralytics with them, which takes seconds
_LATER = {
    "DetectionCriterion": "criterion",
    "Learnable": "learnable",
    "TaskAlignedAssigner": "assigner",
}

__all__ = [
    "BoundaryFreeFocalLoss",
    "CrossEntropyLoss",
    "DetectionCriterion",
    "DiceLoss",
    "DistributionFocalLoss",
    "FocalLoss",
    "IoULoss",
    "L1Loss",
    "Learnable",
    "LossModule",
    "SmoothL1Loss",
    "TaskAlignedAssigner",
    "Teacher",
    "VarifocalLoss",
    "boundary_free_focal_loss",
    "box_distillation",
    "cross_entropy_loss",
    "dice_loss",
    "distribution_focal_loss",
    "feature_distillation",
    "inverse_frequency",
    "iou",
    "iou_loss",
    "l1_loss",
    "logit_distillation",
    "reduce_loss",
    "sigmoid_focal_loss",
    "smooth_l1_loss",
    "smooth_labels",
    "varifocal_loss",
    "weighted_loss",
    "without_borders",
]


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
