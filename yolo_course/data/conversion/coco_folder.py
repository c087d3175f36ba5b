"""Write annotated pictures as a COCO dataset: `annotations/instances_<split>.json` and `images/<split>`."""

import json
from pathlib import Path

from yolo_course.data.conversion.annotated import Picture, Source, Thing
from yolo_course.data.conversion.outline import area
from yolo_course.data.conversion.yolo_folder import place
from yolo_course.data.making.recipes import Progress

_DIGITS = 4  # of a pixel: what a label was written from comes back as it was


def write_coco(folder: Path, source: Source, title: str, copy: bool = False, progress: Progress | None = None) -> None:
    """Write a dataset into an empty folder.

    Args:
        folder: The folder.
        source: What to write. Classes get the category ids of the source, else 1, 2, ….
        title: What the files say about themselves.
        copy: Copy the pictures instead of linking them.
        progress: Called as `progress(done, total)` after every picture.
    """
    (folder / "annotations").mkdir()
    done = 0
    for split in dict.fromkeys(picture.split for picture in source.pictures):
        pictures = [picture for picture in source.pictures if picture.split == split]
        for picture in pictures:
            image = folder / "images" / split / picture.name
            image.parent.mkdir(parents=True, exist_ok=True)
            place(picture.file, image, copy)
            done += 1
            if progress:
                progress(done, len(source.pictures))
        text = json.dumps(describe(pictures, source, title), ensure_ascii=False)
        (folder / "annotations" / f"instances_{split}.json").write_text(text + "\n", encoding="utf-8")


def describe(pictures: list[Picture], source: Source, title: str) -> dict:
    """Return pictures as COCO's lists; images and annotations are numbered from 1."""
    ids = dict(zip(source.names, source.ids or range(1, len(source.names) + 1), strict=True))
    images, annotations = [], []
    for number, picture in enumerate(pictures, 1):
        width, height = picture.size
        images.append({"id": number, "file_name": picture.name, "width": width, "height": height})
        for thing in picture.things:
            entry = {"id": len(annotations) + 1, "image_id": number, "category_id": ids[thing.name]}
            annotations.append(entry | _measures(thing) | {"iscrowd": 0})
    categories = [{"id": ids[name], "name": name, "supercategory": ""} for name in source.names]
    return {"info": {"description": title}, "images": images, "annotations": annotations, "categories": categories}


def _measures(thing: Thing) -> dict:
    x1, y1, x2, y2 = thing.box
    bbox = [round(value, _DIGITS) for value in (x1, y1, x2 - x1, y2 - y1)]
    if thing.outline is None:
        return {"bbox": bbox, "area": round(bbox[2] * bbox[3], _DIGITS), "segmentation": []}
    points = thing.outline.ravel().round(_DIGITS).tolist()  # (n, 2) -> (2n,), x and y in turn
    return {"bbox": bbox, "area": round(area(thing.outline), _DIGITS), "segmentation": [points]}
