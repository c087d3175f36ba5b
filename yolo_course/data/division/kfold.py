"""Divide a dataset into k folds, each of them the val split once."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np

from yolo_course.data.dataset import load
from yolo_course.data.division.groups import Group, grouped, presence, told
from yolo_course.data.division.lists import Division, count_parts, fingerprint, write_lists
from yolo_course.data.folder import build
from yolo_course.errors import DataError


def kfold(
    data_yaml: str | Path,
    folds: int = 5,
    *,
    by: Literal["class", "group"] = "class",
    group: Group | None = None,
    seed: int = 0,
    out: str | Path | None = None,
    force: bool = False,
) -> tuple[Division, ...]:
    """Divide the train and val images of a dataset into folds; its test split stays what it is in all of them.

    scikit-learn deals the images out. It knows one label an image: that is the rarest class which the image shows.

    Args:
        data_yaml: The dataset.
        folds: How many, 2 or more.
        by: With `group`, images of one group are kept in one fold. Identical files always are.
        group: As for `split`.
        seed: Seed of everything random.
        out: Folder to make, with `fold1.yaml`, `fold2.yaml`, …; without it, `<name of the YAML>-kfold` beside the YAML.
        force: Replace what an earlier call made there.

    Raises:
        DataError: A number is out of range, there are fewer groups than folds, or the folder is taken.
    """
    for name, value, least in (("folds", folds, 2), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise DataError("out of range", expected=f"a whole number, {least} or more", found=repr(value), where=name)
    dataset = load(data_yaml)
    target = Path(out).expanduser() if out is not None else dataset.yaml.with_name(f"{dataset.yaml.stem}-kfold")
    kept = {"test": dataset.splits["test"]} if "test" in dataset.splits else {}
    images, groups = grouped(dataset, kept, by, group, folds)
    stems = [f"fold{number}" for number in range(1, folds + 1)]
    every = []
    for train, val in _deal(rarest_class(presence(dataset, images)), groups, folds, seed):
        every.append({"train": [images[row] for row in train], "val": [images[row] for row in val]} | kept)
    home, title = target.resolve(), f"{dataset.yaml.name}, {folds} folds by {by}, seed {seed}"
    record = {"kfold": dataset.yaml.name, "folds": folds, "by": by, "group": told(group), "seed": seed}
    record["images"] = [fingerprint(home, parts) for parts in every]

    def fill(folder: Path) -> None:
        for stem, parts in zip(stems, every, strict=True):
            write_lists(folder, home, dataset, parts, f"{title}: {stem}", stem)

    build(target, record, fill, force)
    counts = [count_parts(dataset, parts) for parts in every]
    return tuple(Division(target / f"{stem}.yaml", count) for stem, count in zip(stems, counts, strict=True))


def rarest_class(shown: np.ndarray) -> np.ndarray:
    """Return the class of each image that the fewest images show, or -1 where nothing is shown.

    Shape:
        shown (n, classes) of 0 and 1; the result (n,).
    """
    totals = np.where(shown > 0, shown.sum(0), len(shown) + 1)  # (classes,) -> (n, classes), what isn't shown is last
    return np.where(shown.any(1), totals.argmin(1), -1)


def _deal(labels: np.ndarray, groups: np.ndarray, folds: int, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the rows of train and of val of each fold. Shape: labels and groups (n,)."""
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold  # takes a second to import

    classes, counts = np.unique(labels, return_counts=True)
    labels = np.where(np.isin(labels, classes[counts >= folds]), labels, -2)  # too rare to be in every fold: one lot
    alone = groups.max() + 1 == len(groups)  # then every image is a group, and the plain splitter is exact
    splitter = (StratifiedKFold if alone else StratifiedGroupKFold)(folds, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The least populated class", UserWarning)  # that lot
        for train, val in splitter.split(groups, labels, None if alone else groups):
            if not len(val):
                raise DataError("a fold is left empty", expected="more groups, or fewer folds", where="folds")
            yield train, val
