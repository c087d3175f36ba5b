"""Datasets: make them, find them, read them, and find out what is wrong with them."""

from importlib import import_module

from yolo_course.data.checking.audit import check
from yolo_course.data.checking.by_image import by_image
from yolo_course.data.checking.report_page import write_page
from yolo_course.data.conversion.convert import Conversion, convert
from yolo_course.data.dataset import Dataset, load
from yolo_course.data.division.kfold import kfold
from yolo_course.data.division.lists import Division
from yolo_course.data.division.split import split
from yolo_course.data.fetching.fetch import get
from yolo_course.data.findings import Count, Finding, Report
from yolo_course.data.labels import read_labels
from yolo_course.data.letterbox import Letterbox, letterbox
from yolo_course.data.making.makers import ensure, make
from yolo_course.data.pictures import read_image, read_labelled
from yolo_course.data.samplers import BalancedSampler, balanced_weights
from yolo_course.data.stats import Statistics, stats

# these need torch, which takes seconds to import; the rest of the room doesn't
_WITH_TORCH = {
    "DetectionDataset": "yolo_course.data.detection_dataset",
    "collate": "yolo_course.data.batching",
}

__all__ = [
    "BalancedSampler",
    "Conversion",
    "Count",
    "Dataset",
    "DetectionDataset",
    "Division",
    "Finding",
    "Letterbox",
    "Report",
    "Statistics",
    "balanced_weights",
    "by_image",
    "check",
    "collate",
    "convert",
    "ensure",
    "get",
    "kfold",
    "letterbox",
    "load",
    "make",
    "read_image",
    "read_labelled",
    "read_labels",
    "split",
    "stats",
    "write_page",
]


def __getattr__(name: str) -> object:
    if name not in _WITH_TORCH:
        raise AttributeError(f"module 'yolo_course.data' has no attribute {name!r}")
    return getattr(import_module(_WITH_TORCH[name]), name)
