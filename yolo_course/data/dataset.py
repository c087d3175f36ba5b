"""Read a data YAML and find its files, by the rules of Ultralytics' `check_det_dataset` and `img2label_paths`.

Nothing is downloaded and a `download:` entry is never run.
"""

import os
from dataclasses import dataclass
from glob import escape, glob
from pathlib import Path

import yaml

from yolo_course.data.findings import Finding
from yolo_course.errors import DataError

SPLITS = ("train", "val", "test")
NEEDED = ("train", "val")
FORMATS = ("avif", "bmp", "dng", "heic", "heif", "jp2", "jpeg", "jpg", "mpo", "png", "tif", "tiff", "webp")


@dataclass(frozen=True)
class Dataset:
    """A detection dataset.

    Args:
        yaml: Its data YAML.
        root: The folder that its splits are relative to.
        names: Class names by class id.
        splits: Image paths by split, sorted.
    """

    yaml: Path
    root: Path
    names: dict[int, str]
    splits: dict[str, tuple[Path, ...]]

    @staticmethod
    def label_of(image: Path) -> Path:
        """Return where an image's labels are: the last `images` folder of its path becomes `labels`."""
        before, found, after = str(image).rpartition(f"{os.sep}images{os.sep}")
        return Path(f"{before}{os.sep}labels{os.sep}{after}" if found else image).with_suffix(".txt")

    def images(self, split: str) -> tuple[Path, ...]:
        """Return the images of a split.

        Raises:
            DataError: The dataset has no such split.
        """
        if split not in self.splits:
            raise DataError("no such split", expected=" or ".join(self.splits), found=repr(split), where=self.yaml)
        return self.splits[split]


def load(data_yaml: str | Path) -> Dataset:
    """Describe the dataset of a data YAML.

    Raises:
        DataError: The YAML is missing or broken, lacks a key or contradicts itself, or a split has no images.
    """
    dataset, findings = survey(data_yaml)
    for finding in findings:
        if finding.severity == "error":
            raise finding.error()
    return dataset


def survey(data_yaml: str | Path) -> tuple[Dataset, list[Finding]]:
    """Describe a dataset as far as its YAML allows, with a finding for each thing that is wrong with the YAML.

    Raises:
        DataError: There is no YAML to speak of.
    """
    file = Path(data_yaml).expanduser()
    data = read_yaml(file)
    if not any(split in data for split in SPLITS):
        raise DataError(
            "not a data YAML", expected="train: and val:", found=", ".join(map(str, data)) or "nothing", where=file
        )
    root, findings = _root(file, data)
    names, wrong = _names(file, data)
    findings += wrong
    if data.get("download"):
        message = "has a `download:` entry; Ultralytics executes it when images are missing, this command never does"
        findings.append(Finding("download", "warning", message, file))
    data.setdefault("val", data.get("validation"))
    splits = {}
    for split in SPLITS:
        if split in NEEDED or data.get(split):
            splits[split], wrong = _images(file, root, split, data.get(split))
            findings += wrong
    return Dataset(file, root, names, splits), findings


def read_yaml(file: Path) -> dict:
    """Read a YAML file that holds a mapping.

    Raises:
        DataError: It is missing, is no YAML, or holds something else.
    """
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DataError("can't read the data YAML", found=error.strerror, where=file) from error
    except UnicodeDecodeError as error:
        raise DataError("not UTF-8 text", where=file) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{file}:{mark.line + 1}" if mark else file
        raise DataError("broken YAML", found=getattr(error, "problem", None) or error, where=where) from error
    if not isinstance(data, dict):
        raise DataError("not a data YAML", expected="a mapping", found=type(data).__name__, where=file)
    return data


def _root(file: Path, data: dict) -> tuple[Path, list[Finding]]:
    """A relative `path:` is one of the current folder to Ultralytics; one that isn't there is tried beside the YAML."""
    path = data.get("path")
    if path is None or path == "":
        return file.parent.resolve(), []
    if not isinstance(path, str):
        return file.parent.resolve(), [
            Finding("path", "error", f"`path:` must be text, not {type(path).__name__}", file)
        ]
    root = Path(path)
    if root.is_absolute():
        return root, []
    message = f"`path: {path}` is relative, so it means another folder wherever training starts; leave it out"
    return (root if root.exists() else file.parent / root).resolve(), [Finding("path", "warning", message, file)]


def _names(file: Path, data: dict) -> tuple[dict[int, str], list[Finding]]:
    """Class names by id; a mismatch with `nc:` or a gap in the ids is a finding."""
    given, nc = data.get("names"), data.get("nc")
    if given is None and isinstance(nc, int) and nc > 0:
        return {index: f"class_{index}" for index in range(nc)}, []
    try:
        names = {int(key): str(name) for key, name in (given.items() if isinstance(given, dict) else enumerate(given))}
    except (TypeError, ValueError):
        names = {}
    problems = []
    if not names or not isinstance(given, list | dict):
        problems.append(f"`names:` must list the classes, found {given!r}")
    elif sorted(names) != list(range(len(names))):
        problems.append(f"class ids must run from 0 to {len(names) - 1}, found {sorted(names)}")
    if names and nc is not None and nc != len(names):
        problems.append(f"`nc: {nc}` but {len(names)} names")
    if len(set(names.values())) < len(names):
        problems.append("two classes share a name")
    return names, [Finding("names", "error", problem, file) for problem in problems]


def _images(file: Path, root: Path, split: str, entry: object) -> tuple[tuple[Path, ...], list[Finding]]:
    """The images of a split: of a folder, of a text file that lists them, or of several of these."""
    entries = entry if isinstance(entry, list) else [entry]
    if not entries or not all(isinstance(item, str) and item for item in entries):
        return (), [Finding("missing-split", "error", f"`{split}:` must name a folder, found {entry!r}", file)]
    images, findings = set(), []
    for place in (_place(root, item) for item in entries):
        try:
            images.update(_listed(place) if place.is_file() else _within(place))
        except (OSError, UnicodeDecodeError):
            findings.append(Finding("missing-split", "error", f"`{split}:` can't be read: {place}", file))
    if not images and not findings:
        message = f"`{split}:` has no images: {_place(root, entries[0])}"
        findings.append(Finding("missing-split", "error", message, file))
    return tuple(sorted(images)), findings


def _place(root: Path, item: str) -> Path:
    place = root / item
    if not place.exists() and item.startswith("../"):  # exported datasets mean their own folder by it
        place = root / item[3:]
    return place.resolve()


def _within(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise NotADirectoryError(folder)
    files = glob(str(Path(escape(str(folder))) / "**" / "*.*"), recursive=True)
    return [path for path in map(Path, files) if path.suffix.lower()[1:] in FORMATS]


def _listed(file: Path) -> list[Path]:
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    paths = (file.parent / line if line.startswith("./") else Path(line) for line in lines if line.strip())
    return [path for path in paths if path.suffix.lower()[1:] in FORMATS]
