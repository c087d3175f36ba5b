"""Two folders of pictures as they come from real life: shapes with VOC and COCO annotations, spoilt in twelve ways.

    camera/JPEGImages/*.JPG      camera/Annotations/*.xml     Pascal VOC, one file a picture
    archive/images/*.png         archive/instances.json       COCO, one file for all
    exam/images/*.jpg            exam/labels/*.txt            YOLO, without a fault: what a model is measured on
    planted.json                                              the key: which fault stands where

A picture has one fault at most. Faults come as they do in real life: some here and there, some in whole batches.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from yolo_course.data.folder import build
from yolo_course.data.making.messy_annotations import write_coco, write_voc
from yolo_course.data.making.messy_faults import FAULTS, Photo, Shape
from yolo_course.data.making.recipes import Progress
from yolo_course.data.making.shapes import NAMES, compose
from yolo_course.data.making.writing import write_image, write_labels
from yolo_course.errors import DataError

SMALLEST = {"images": 40, "exam": 1, "size": 96, "seed": 0}  # with fewer images some fault would have none
BATCHES = 4  # the archive came in four deliveries
MARGIN = 16  # pixels left around the outermost shapes, at most
NARROWEST, FLATTEST = 48, 0.85  # least side in pixels, and greatest ratio of the sides: no picture is square


@dataclass(frozen=True)
class Planted:
    """One picture's fault: its name in `FAULTS`, where, which objects are spoilt, and the original of a twin."""

    fault: str
    source: str
    picture: str
    objects: tuple[int, ...] = ()
    other: str | None = None


def make_messy(
    out: str | Path,
    images: int = 240,
    exam: int = 60,
    size: int = 128,
    seed: int = 0,
    progress: Progress | None = None,
    *,
    force: bool = False,
) -> Path:
    """Make the messy folders and return the folder that holds them.

    The same numbers give the same bytes; a folder that was made so already is reused.

    Args:
        out: The folder.
        images: Pictures in `camera` and `archive` together, half in each.
        exam: Pictures in `exam`.
        size: Longer side of a picture in pixels.
        seed: Seed of everything random.
        progress: Called as `progress(done, total)`.
        force: Replace a folder that was made with other values.

    Raises:
        DataError: A number out of range, or a folder that is taken or can't be written.
    """
    numbers = {"images": images, "exam": exam, "size": size, "seed": seed}
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < SMALLEST[name]:
            expected = f"a whole number, {SMALLEST[name]} or more"
            raise DataError("out of range", expected=expected, found=repr(value), where=name)
    folder, tell = Path(out).expanduser(), progress or (lambda done, total: None)
    record = {"name": "messy", **numbers, "version": 1}
    build(folder, record, lambda temporary: _write(temporary, images, exam, size, seed, tell), force)
    return folder


def planted(folder: str | Path) -> tuple[Planted, ...]:
    """Return every fault that was planted in a folder.

    Raises:
        DataError: It is no folder of `make_messy`.
    """
    file = Path(folder) / "planted.json"
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        return tuple(Planted(**row | {"objects": tuple(row["objects"])}) for row in rows)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DataError("no key of planted faults", expected="a folder of make_messy", where=file) from error


def _write(folder: Path, images: int, exam: int, size: int, seed: int, progress: Progress) -> None:
    half = images // 2
    archive = [_photo(f"b{_quarter(index, half)}_{index:04d}.png", size, (seed, 1, index)) for index in range(half)]
    camera = [_photo(f"IMG_{index + 1:04d}.JPG", size, (seed, 0, index)) for index in range(images - half)]
    test = [_photo(f"{index:05d}.jpg", size, (seed, 2, index)) for index in range(exam)]
    key = [*_spoil(archive, "archive", seed), *_spoil(camera, "camera", seed)]
    key += _twins(camera, archive, {each.picture for each in key}, seed)
    places = {"camera/JPEGImages": camera, "archive/images": archive, "exam/images": test}
    pictures = [(folder / place / photo.file, photo.image) for place, photos in places.items() for photo in photos]
    for done, (file, image) in enumerate(pictures, 1):
        _save(file, image)
        progress(done, len(pictures))
    write_voc(folder / "camera/Annotations", camera)
    write_coco(folder / "archive/instances.json", archive, np.random.default_rng((seed, 3)))
    (folder / "exam/labels").mkdir()
    for photo in test:
        _label((folder / "exam/labels" / photo.file).with_suffix(".txt"), photo)
    text = json.dumps([asdict(each) for each in key], indent=1)
    (folder / "planted.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def _quarter(index: int, count: int) -> int:
    return index * BATCHES // count + 1


def _photo(file: str, size: int, seed: tuple[int, ...]) -> Photo:
    """A scene with a shape or more in it, cropped along one side without cutting a shape."""
    rng = np.random.default_rng(seed)
    while True:
        scene = compose(rng, size)
        if len(scene.boxes):
            image, boxes = _cropped(scene.image, scene.boxes, rng)
            height, width = image.shape[:2]
            if min(height, width) <= FLATTEST * size:
                break
    named = zip(scene.classes.tolist(), boxes.astype(int).tolist(), strict=True)
    return Photo(file, image, [width, height], [Shape(NAMES[cls], box) for cls, box in named])


def _cropped(image: np.ndarray, boxes: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Crop along the side that has more room. Shape: image (size, size, 3); boxes (n, 4), x1 y1 x2 y2 in pixels."""
    first, last = boxes[:, :2].min(0).astype(int), boxes[:, 2:].max(0).astype(int)
    axis = int(np.argmin(last - first))
    start = max(0, first[axis] - int(rng.integers(0, MARGIN + 1)))
    end = min(len(image), last[axis] + int(rng.integers(0, MARGIN + 1)))
    start = min(start, max(0, end - NARROWEST))
    end = max(end, start + NARROWEST)
    window = (slice(None), slice(start, end)) if axis == 0 else (slice(start, end), slice(None))
    shift = np.zeros(4)
    shift[[axis, axis + 2]] = start
    return np.ascontiguousarray(image[window]), boxes - shift


def _spoil(photos: list[Photo], source: str, seed: int) -> list[Planted]:
    """Plant the faults of one source: whole batches first, then here and there among the pictures that are left."""
    rng = np.random.default_rng((seed, 4, len(source)))
    mine = {name: fault for name, fault in FAULTS.items() if fault.source == source and fault.spoil}
    batches = {fault.batch: name for name, fault in mine.items() if fault.batch}
    chosen = {index: batches.get(_quarter(index, len(photos))) for index in range(len(photos))}
    free = [int(index) for index in rng.permutation(len(photos)) if chosen[int(index)] is None]
    for name, fault in sorted(mine.items(), key=lambda item: -item[1].shapes):
        if not fault.batch:
            free.sort(key=lambda index: len(photos[index].shapes) < fault.shapes)
            count = max(1, round(fault.share * len(photos)))
            chosen |= dict.fromkeys(free[:count], name)
            free = free[count:]
    key = []
    for index, name in sorted(chosen.items()):
        if name is not None and (objects := mine[name].spoil(photos[index], rng)) is not None:
            key.append(Planted(name, source, photos[index].file, tuple(objects)))
    return key


def _twins(camera: list[Photo], archive: list[Photo], spoilt: set[str], seed: int) -> list[Planted]:
    """Put pictures of the archive, a little brighter, in place of camera pictures; both without another fault."""
    rng = np.random.default_rng((seed, 5))
    homes, models = ([photo for photo in photos if photo.file not in spoilt] for photos in (camera, archive))
    count, key = max(1, round(FAULTS["twin"].share * len(camera))), []
    for home, model in list(zip(homes, models, strict=False))[:count]:
        bright = model.image * rng.uniform(0.95, 1.05) + rng.uniform(4, 12)
        home.image, home.size = np.clip(bright, 0, 255).astype(np.uint8), list(model.size)
        home.shapes = [Shape(shape.name, list(shape.numbers)) for shape in model.shapes]
        key.append(Planted("twin", "camera", home.file, (), model.file))
    return key


def _save(file: Path, image: np.ndarray) -> None:
    """Write a picture, also under a suffix in capitals, as cameras give it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    written = file.with_suffix(file.suffix.lower())
    write_image(written, image)
    written.rename(file)


def _label(file: Path, photo: Photo) -> None:
    width, height = photo.size
    boxes = np.array([shape.numbers for shape in photo.shapes]) / (width, height, width, height)
    write_labels(file, np.array([NAMES.index(shape.name) for shape in photo.shapes]), boxes, size=1)
