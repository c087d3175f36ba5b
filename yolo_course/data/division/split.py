"""Divide a dataset into train, val and test, without copying an image."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from yolo_course.data.dataset import load
from yolo_course.data.division.groups import Group, grouped, presence, told
from yolo_course.data.division.lists import Division, count_parts, fingerprint, write_lists
from yolo_course.data.division.stratify import stratify
from yolo_course.data.folder import build
from yolo_course.errors import DataError

NAMES = ("train", "val", "test")


def split(
    data_yaml: str | Path,
    ratios: Sequence[float] = (0.8, 0.1, 0.1),
    *,
    by: Literal["class", "group"] = "class",
    group: Group | None = None,
    seed: int = 0,
    out: str | Path | None = None,
    force: bool = False,
) -> Division:
    """Divide a dataset anew: lists of images and a data YAML in a folder of their own.

    Every part gets its share of every class and of the images that show nothing, as far as that is possible. Identical
    files are always kept in one part.

    Args:
        data_yaml: The dataset. With three ratios all its splits are put together first; with two, its test split stays
            what it is.
        ratios: Shares of train, val and, if it is given, test; they add up to 1.
        by: With `group`, images of one group are kept in one part.
        group: What the groups are: a regular expression for the stem, a mapping from file name to group, or a function
            of the path. Without it, images whose names differ only in the number at the end.
        seed: Seed of everything random.
        out: Folder to make; without it, `<name of the YAML>-split` beside the YAML.
        force: Replace a division made there before.

    Raises:
        DataError: A ratio is out of range, there are fewer groups than parts, or the folder is taken.
    """
    ratios, dataset = _checked(ratios, seed), load(data_yaml)
    target = Path(out).expanduser() if out is not None else dataset.yaml.with_name(f"{dataset.yaml.stem}-split")
    kept = {"test": dataset.splits["test"]} if len(ratios) == 2 and "test" in dataset.splits else {}
    images, groups = grouped(dataset, kept, by, group, len(ratios))
    labels = np.zeros((groups.max() + 1, len(dataset.names) + 2), dtype=np.int64)
    shown = presence(dataset, images)
    rows = np.column_stack((shown, ~shown.any(1), np.ones(len(images), dtype=np.int64)))  # (n, classes + empty + all)
    np.add.at(labels, groups, rows)
    part = stratify(labels, ratios, np.random.default_rng(seed))[groups]  # (groups,) -> (n,)
    parts = {name: [images[row] for row in np.flatnonzero(part == k)] for k, name in enumerate(NAMES[: len(ratios)])}
    parts |= kept
    title = f"{dataset.yaml.name}, divided {':'.join(f'{ratio:g}' for ratio in ratios)} by {by}, seed {seed}"
    record = {"split": dataset.yaml.name, "ratios": ratios, "by": by, "group": told(group), "seed": seed}
    home = target.resolve()
    record["images"] = fingerprint(home, parts)
    build(target, record, lambda folder: write_lists(folder, home, dataset, parts, title), force)
    return Division(target / "data.yaml", count_parts(dataset, parts))


def _checked(ratios: Sequence[float], seed: int) -> list[float]:
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise DataError("out of range", expected="a whole number, 0 or more", found=repr(seed), where="seed")
    try:
        shares = [float(ratio) for ratio in ratios]
    except (TypeError, ValueError) as error:
        raise DataError("ratios must be numbers", found=repr(ratios), where="ratios") from error
    if len(shares) not in (2, 3) or not all(0 < share < 1 for share in shares) or not math.isclose(sum(shares), 1):
        found = " + ".join(f"{share:g}" for share in shares) + f" = {sum(shares):g}"
        expected = "two or three shares above 0 that add up to 1"
        raise DataError("these ratios don't work", expected=expected, found=found, where="ratios", hint="0.8,0.1,0.1")
    return shares
