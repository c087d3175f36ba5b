"""Which file a model's name stands for: a path, a model of the zoo, or one of Ultralytics' own."""

import re
from pathlib import Path

import ultralytics
from ultralytics.nn.tasks import guess_model_scale

from yolo_course.errors import ModelError
from yolo_course.models.names import find

STOCK = Path(ultralytics.__file__).parent / "cfg" / "models"


def locate(name: Path) -> tuple[Path, str]:
    """The file, and the scale that its name says, if any.

    Raises:
        ModelError: If there is no such file, or its name is not that of a YAML.
    """
    if found := find(name):
        file, scale = found
        if file.suffix.lower() not in {".yaml", ".yml"}:
            raise ModelError("not a model YAML", expected="a name that ends in .yaml or .yml", found=str(name))
        return file, scale or guess_model_scale(name)
    without_scale = re.sub(r"(\d+)[nslmx](.+)?$", r"\1\2", name.stem)
    for stem in (name.stem, without_scale):
        if name.parent == Path() and (files := [*STOCK.glob(f"*/{_literal(stem)}.yaml")]):
            return files[0], guess_model_scale(name)
    raise ModelError("no such model", found=str(name), hint="give the path of a YAML, or a name such as yolo11n.yaml")


def _literal(stem: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", stem)
