"""Datasets: make them, find them, read them, and find out what is wrong with them."""

from yolo_course.data.audit import check
from yolo_course.data.dataset import Dataset, load
from yolo_course.data.findings import Count, Finding, Report
from yolo_course.data.labels import read_labels
from yolo_course.data.makers import ensure, make
from yolo_course.data.pictures import read_image, read_labelled

__all__ = [
    "Count",
    "Dataset",
    "Finding",
    "Report",
    "check",
    "ensure",
    "load",
    "make",
    "read_image",
    "read_labelled",
    "read_labels",
]
