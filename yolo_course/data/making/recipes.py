"""The datasets that the course makes, with the defaults every unit relies on."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from yolo_course.errors import DataError

Progress = Callable[[int, int], None]

SMALLEST_SIZE = 32
FEWEST_IMAGES = 2


@dataclass(frozen=True)
class Recipe:
    """What decides the bytes of a made dataset.

    Args:
        name: Name of the dataset, of its folder and of its data YAML.
        images: How many images, all splits together.
        size: Side of the square images in pixels.
        seed: Seed of everything random.
        version: Raised whenever the same numbers would give other bytes.
    """

    name: str
    images: int
    size: int
    seed: int = 0
    version: int = 1

    def write(self, folder: Path, progress: Progress | None = None) -> None:
        """Write the dataset into an empty folder; `progress(done, total)` is called after every image."""
        maker = import_module(f"yolo_course.data.making.{self.name.replace('-', '_')}")
        maker.write(folder, self, progress or (lambda done, total: None))

    def entry(self, folder: Path) -> Path:
        """What training takes: the data YAML, or the folder itself for a classification set."""
        return folder if self.name == "digit-crops" else folder / f"{self.name}.yaml"

    def record(self) -> dict:
        """The recipe as plain values, as `made.json` keeps it."""
        return asdict(self)

    def splits(self) -> dict[str, int]:
        """Images per split: one in five, rounded up, is for validation."""
        val = -(-self.images // 5)
        return {"train": self.images - val, "val": val}


RECIPES = {
    "shapes": Recipe("shapes", images=400, size=128),
    "digits": Recipe("digits", images=1000, size=128),
    "digit-crops": Recipe("digit-crops", images=1797, size=32),
}


def recipe(name: str, images: int | None = None, size: int | None = None, seed: int = 0) -> Recipe:
    """Return the recipe of a dataset, its defaults replaced by what is given.

    Raises:
        DataError: No dataset has that name, or a number is out of range.
    """
    if name not in RECIPES:
        nearest = get_close_matches(str(name), RECIPES, n=1, cutoff=0.4)
        hint = f"did you mean {nearest[0]}?" if nearest else None
        raise DataError("unknown dataset", expected=" or ".join(RECIPES), found=repr(name), hint=hint)
    default = RECIPES[name]
    images = _whole("images", default.images if images is None else images, FEWEST_IMAGES)
    size = _whole("size", default.size if size is None else size, SMALLEST_SIZE)
    return replace(default, images=images, size=size, seed=_whole("seed", seed, 0))


def _whole(option: str, value: object, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise DataError("out of range", expected=f"a whole number, {least} or more", found=repr(value), where=option)
    return value
