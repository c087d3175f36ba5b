"""Make a dataset, or find one that was made before."""

import os
from pathlib import Path

from yolo_course.data.folder import build, record_of
from yolo_course.data.making.recipes import Progress, recipe


def make(
    name: str,
    out: str | Path | None = None,
    images: int | None = None,
    size: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    *,
    force: bool = False,
) -> Path:
    """Make a dataset and return what training takes: its data YAML, or the folder of a classification set.

    The same name, count, size and seed give the same bytes (with the same numpy and OpenCV). A folder that was made so
    already is reused; an interrupted run leaves nothing behind that a later run trusts.

    Args:
        name: `shapes`, `digits` or `digit-crops`.
        out: Folder of the dataset; without it, `<name>` in the `datasets` folder that `ensure` would choose.
        images: How many images, all splits together.
        size: Side of the square images in pixels.
        seed: Seed of everything random.
        progress: Called as `progress(done, total)`.
        force: Replace a dataset that was made with other values.

    Raises:
        DataError: An unknown name, a number out of range, a folder that is taken or can't be written.
    """
    wanted = recipe(name, images, size, seed)
    folder = Path(out).expanduser() if out is not None else default_folder(name)
    build(folder, wanted.record(), lambda temporary: wanted.write(temporary, progress), force)
    return wanted.entry(folder)


def ensure(name: str, progress: Progress | None = None) -> Path:
    """Find the default dataset of that name, or make it.

    Looked for in `datasets/<name>/` of the current folder and its parents, then in `$YOLO_COURSE_DATA/<name>/`. If none
    of them has it, it is made in the first of those folders that exists and can be written, else in `./datasets`.

    Raises:
        DataError: An unknown name, or a folder of that name that holds something else.
    """
    wanted = recipe(name)
    for place in _places():
        if record_of(place / name) == wanted.record():
            return wanted.entry(place / name)
    return make(name, progress=progress)


def default_folder(name: str) -> Path:
    """Return where a dataset is made when no folder is given."""
    home = next((place for place in _places() if place.is_dir() and os.access(place, os.W_OK)), Path("datasets"))
    return home.resolve() / name


def _places() -> list[Path]:
    here = Path.cwd()
    places = [folder / "datasets" for folder in (here, *here.parents)]
    elsewhere = os.environ.get("YOLO_COURSE_DATA")
    return [*places, Path(elsewhere).expanduser()] if elsewhere else places
