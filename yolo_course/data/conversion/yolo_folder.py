"""Write annotated pictures as a YOLO dataset: `images/<split>`, `labels/<split>` and a data YAML."""

import os
import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import yaml

from yolo_course.data.conversion.annotated import Picture, Source, Thing
from yolo_course.data.dataset import SPLITS
from yolo_course.data.findings import Count
from yolo_course.data.making.recipes import Progress

# Nine decimals of a fraction tell the ten-thousandth of a pixel in pictures of up to 50,000. Ultralytics' own %g gives
# six digits.
_BOX = "%d %.9f %.9f %.9f %.9f\n"
_ONE = 10**9


def write_yolo(
    folder: Path,
    source: Source,
    title: str,
    copy: bool = False,
    segments: bool = False,
    progress: Progress | None = None,
) -> None:
    """Write a dataset into an empty folder; its data YAML is `data.yaml`.

    Args:
        folder: The folder.
        source: What to write.
        title: First line of the data YAML.
        copy: Copy the pictures instead of linking them.
        segments: Write outlines instead of boxes; an object without one gets the outline of its box.
        progress: Called as `progress(done, total)` after every picture.
    """
    ids = {name: number for number, name in enumerate(source.names)}
    made, line, root = set(), _segment if segments else _box, os.fspath(folder)
    for done, (picture, name) in enumerate(zip(source.pictures, unique_names(source.pictures), strict=True), 1):
        # plain text instead of Path objects, which would take a third of the time
        image = os.path.join(root, "images", picture.split, name)
        label = os.path.join(root, "labels", picture.split, f"{os.path.splitext(name)[0]}.txt")
        if (home := (picture.split, os.path.dirname(name))) not in made:
            made.add(home)
            for file in (image, label):
                os.makedirs(os.path.dirname(file), exist_ok=True)
        place(picture.file, image, copy)
        text = "".join([line(ids[thing.name], thing, picture.size) for thing in picture.things])
        with open(label, "wb", buffering=0) as file:
            file.write(text.encode())
        if progress:
            progress(done, len(source.pictures))
    splits = [split for split in SPLITS if any(each.split == split for each in source.pictures)]
    _write_yaml(folder / "data.yaml", title, splits, source)


def unique_names(pictures: Iterable[Picture]) -> list[str]:
    """Names inside a split that no two pictures share, not even with their suffixes or capitals left out.

    A label file is named after the picture without its suffix, so `a.jpg` and `a.png` would share one.
    """
    taken: set[tuple[str, str]] = set()
    names = []
    for picture in pictures:
        stem, suffix = os.path.splitext(picture.name)
        free, number = stem, 1
        while (key := (picture.split, free.lower())) in taken:
            number += 1
            free = f"{stem}-{number}"
        taken.add(key)
        names.append(free + suffix)
    return names


def place(file: Path, target: str | Path, copy: bool) -> None:
    """Put a picture into its place: a hard link, a symbolic one where the disk is another, or a copy where asked for.

    Whoever edits a hard-linked picture where it lies, edits the source, too.
    """
    if copy:
        shutil.copyfile(file, target)
        return
    source = os.path.realpath(file) if os.path.islink(file) else file  # a link to a link may lead nowhere from there
    try:
        os.link(source, target)
    except OSError:
        try:
            os.symlink(os.path.realpath(file), target)
        except OSError:  # Windows without the right to link
            shutil.copyfile(file, target)


def count(pictures: Iterable[Picture], names: Iterable[str]) -> dict[str, Count]:
    """Count pictures, those that show nothing, and objects by class, for each split."""
    names = list(names)
    by_split: dict[str, list[Picture]] = {split: [] for split in SPLITS}
    for picture in pictures:
        by_split[picture.split].append(picture)
    return {split: _count(some, names) for split, some in by_split.items() if some}


def _count(pictures: list[Picture], names: list[str]) -> Count:
    objects = Counter(dict.fromkeys(names, 0))
    objects.update(thing.name for picture in pictures for thing in picture.things)
    return Count(len(pictures), sum(not picture.things for picture in pictures), dict(objects))


def _box(cls: int, thing: Thing, size: tuple[int, int]) -> str:
    (x1, y1, x2, y2), (width, height) = thing.box, size
    return _BOX % (cls, (x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height)


def _segment(cls: int, thing: Thing, size: tuple[int, int]) -> str:
    if thing.outline is None:
        x1, y1, x2, y2 = thing.box
        points = np.array(((x1, y1), (x2, y1), (x2, y2), (x1, y2)))
    else:
        points = thing.outline
    width, height = size
    billionths = (points * (_ONE / width, _ONE / height) + 0.5).astype(np.int64).ravel().tolist()  # (n, 2) -> (2n,)
    if max(billionths) >= _ONE:
        return f"%d{' %.9f' * len(billionths)}\n" % (cls, *(whole / _ONE for whole in billionths))
    return f"%d{' 0.%09d' * len(billionths)}\n" % (cls, *billionths)  # half the time that fractions take


def _write_yaml(file: Path, title: str, splits: list[str], source: Source) -> None:
    """Write a data YAML without `path:`, so that the folder can be moved and trained on from anywhere."""
    entries: dict = {split: f"images/{split}" for split in splits}
    lines = [f"# {title}", "# No `path:`, so the splits are looked for beside this file, wherever it lies."]
    for split in ("train", "val"):
        if split not in entries:
            entries[split] = f"images/{splits[0] if splits else 'train'}"
            lines.append(f"# There is no {split} split yet. Make one: yolo-course data split {file.name}")
    entries |= {"names": dict(enumerate(source.names))}
    if source.ids:
        entries["category_ids"] = list(source.ids)  # of COCO, for the way back
    text = yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=1000)
    file.write_text("\n".join(lines) + "\n" + text, encoding="utf-8", newline="\n")
