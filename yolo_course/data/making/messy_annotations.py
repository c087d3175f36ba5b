"""Write annotations as labelling tools do: Pascal VOC's XML, one file a picture, and COCO's JSON, one file for all."""

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from yolo_course.data.making.messy_faults import Photo, Shape

CATEGORIES = {"triangle": 1, "circle": 3, "square": 7}  # with gaps and in another order, as exports have them


def write_voc(folder: Path, photos: list[Photo]) -> None:
    """Write one XML file a picture: its size, and name and corners in pixels of each object."""
    folder.mkdir(parents=True)
    for photo in photos:
        root = ElementTree.Element("annotation")
        _texts(root, folder="JPEGImages", filename=photo.file)
        _texts(ElementTree.SubElement(root, "size"), width=photo.size[0], height=photo.size[1], depth=3)
        for shape in photo.shapes:
            item = ElementTree.SubElement(root, "object")
            _texts(item, name=shape.name, pose="Unspecified", truncated=0, difficult=0)
            corners = dict(zip(("xmin", "ymin", "xmax", "ymax"), shape.numbers, strict=True))
            _texts(ElementTree.SubElement(item, "bndbox"), **corners)
        ElementTree.indent(root)
        text = ElementTree.tostring(root, encoding="unicode") + "\n"
        (folder / photo.file).with_suffix(".xml").write_text(text, encoding="utf-8", newline="\n")


def write_coco(file: Path, photos: list[Photo], rng: np.random.Generator) -> None:
    """Write one JSON file: pictures under ids of their own, in no order, and boxes as left, top, width, height."""
    images, annotations = [], []
    for number, photo in zip(rng.permutation(len(photos)).tolist(), photos, strict=True):
        image_id = 1000 + 7 * number
        width, height = photo.size
        images.append({"id": image_id, "file_name": photo.file, "width": width, "height": height})
        annotations += [_annotation(shape, image_id, photo.size) for shape in photo.shapes]
    images.sort(key=lambda image: image["id"])
    rng.shuffle(annotations)
    for number, annotation in enumerate(annotations, 1):
        annotation["id"] = number
    categories = [{"id": number, "name": name, "supercategory": "shape"} for name, number in CATEGORIES.items()]
    content = {"images": images, "categories": categories, "annotations": annotations}
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8", newline="\n")


def _annotation(shape: Shape, image_id: int, size: list[int]) -> dict:
    x1, y1, x2, y2 = shape.numbers
    box = [x1, y1, x2, y2] if shape.notation == "raw" else [x1, y1, x2 - x1, y2 - y1]
    crowd = {"segmentation": _region(shape.numbers, size)} if shape.crowd else {}
    facts = {"image_id": image_id, "category_id": CATEGORIES[shape.name], "bbox": box}
    return {"id": 0, **facts, "area": abs(box[2] * box[3]), "iscrowd": int(shape.crowd), **crowd}


def _region(corners: list[int], size: list[int]) -> dict:
    """The run lengths of a filled box, down the columns, as COCO stores a crowd: zeros first, then ones, and so on."""
    (x1, y1, x2, y2), (width, height) = corners, size
    mask = np.zeros((height, width), bool)
    mask[y1:y2, x1:x2] = True
    flat = mask.T.ravel()  # (h, w) -> (w * h,), column by column
    ends = np.flatnonzero(np.diff(flat)) + 1
    counts = np.diff([0, *ends, flat.size]).tolist()
    return {"size": [height, width], "counts": [0, *counts] if flat[0] else counts}


def _texts(parent: ElementTree.Element, **values: object) -> None:
    for tag, value in values.items():
        ElementTree.SubElement(parent, tag).text = str(value)
