"""Which split a file or a folder belongs to, by its name."""

_WORDS = {"train": "train", "training": "train", "val": "val", "valid": "val", "validation": "val", "test": "test"}


def split_of_file(stem: str) -> str | None:
    """Return train, val or test if a word of the name says so, as in `instances_val2017`."""
    words = stem.lower().replace("-", "_").replace(".", "_").split("_")
    return next((_WORDS[word] for word in (each.rstrip("0123456789") for each in words) if word in _WORDS), None)


def split_of_folder(*names: str) -> str | None:
    """Return train, val or test if one of the folders is called so, as a whole: `valid`, but not `test_of_mine`."""
    return next((_WORDS[name.lower()] for name in names if name.lower() in _WORDS), None)
