"""What `datasets/<name>.yaml` says about a dataset that can be fetched."""

import os
import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

import yolo_course
from yolo_course.data.dataset import read_yaml
from yolo_course.errors import DataError

LAYOUTS = ("yolo", "voc", "coco")


@dataclass(frozen=True)
class Descriptor:
    """A dataset on the net.

    Args:
        name: Its name, and that of its folder.
        what: What is on it.
        source: Where it comes from.
        licence: Under which licence.
        url: The archive.
        sha256: Checksum of the archive; empty if nobody has vouched for one.
        layout: `yolo`, or `voc` or `coco`, which are converted.
        root: Folder of the archive that holds the dataset; empty for the archive itself.
        classes: Class names in order; may be empty for `voc` and `coco`.
        splits: Folder of the images by split; only for `yolo`.
    """

    name: str
    what: str
    source: str
    licence: str
    url: str
    sha256: str
    layout: str
    root: str = ""
    classes: tuple[str, ...] = ()
    splits: dict[str, str] = field(default_factory=dict)


def describe(name: str) -> Descriptor:
    """Read the descriptor of a dataset.

    Raises:
        DataError: There is none of that name, it is broken, or the dataset is made here and not fetched.
    """
    found = descriptors()
    if name not in found:
        nearest = get_close_matches(str(name), found, n=1, cutoff=0.4)
        hint = f"did you mean {nearest[0]}?" if nearest else None
        raise DataError("unknown dataset", expected=" or ".join(sorted(found)), found=repr(name), hint=hint)
    entries = read_yaml(found[name])
    if "make" in entries:
        raise DataError("this dataset is made, not fetched", found=name, hint=str(entries["make"]))
    return _checked(entries, found[name])


def descriptors() -> dict[str, Path]:
    """Return the descriptors by name: those of `datasets` folders from here upwards, then those that were shipped."""
    package, here = Path(yolo_course.__file__).parent, Path.cwd()
    shipped = [package / "_datasets", package.parent / "datasets"]
    found: dict[str, Path] = {}
    for folder in [*(place / "datasets" for place in (here, *here.parents)), *shipped]:
        for file in sorted(folder.glob("*.yaml")) if os.access(folder, os.R_OK) else ():
            found.setdefault(file.stem, file)
    return found


def _checked(entries: dict, file: Path) -> Descriptor:
    texts = ("name", "what", "source", "licence", "url", "layout")
    if missing := [key for key in texts if not isinstance(entries.get(key), str) or not entries[key].strip()]:
        raise DataError("a descriptor lacks a key", expected=missing[0], found=", ".join(map(str, entries)), where=file)
    checksum = str(entries.get("sha256") or "").lower()
    if checksum and not re.fullmatch(r"[0-9a-f]{64}", checksum):
        raise DataError("sha256 must be 64 hexadecimal digits", found=checksum, where=file)
    if entries["name"] != file.stem or not re.fullmatch(r"[\w-][\w.-]*", entries["name"]):
        raise DataError("a descriptor is named after its file", expected=file.stem, found=entries["name"], where=file)
    if urlsplit(entries["url"]).scheme not in ("http", "https"):
        raise DataError("an archive comes by http or https", found=entries["url"], where=file)
    if entries["layout"] not in LAYOUTS:
        raise DataError("unknown layout", expected=" or ".join(LAYOUTS), found=entries["layout"], where=file)
    classes, splits = entries.get("classes") or [], entries.get("splits") or {}
    if not isinstance(classes, list) or not isinstance(splits, dict):
        raise DataError("classes must be a list and splits a mapping", where=file)
    if entries["layout"] == "yolo" and not (classes and {"train", "val"} <= splits.keys()):
        raise DataError("a YOLO dataset needs classes, and the folders of train and val", where=file)
    plain = {key: entries[key] for key in texts} | {"sha256": checksum, "root": str(entries.get("root") or "")}
    return Descriptor(**plain, classes=tuple(map(str, classes)), splits={k: str(v) for k, v in splits.items()})
