"""Build a model of the zoo, or of any model YAML, at the scale that was asked for."""

from difflib import get_close_matches
from pathlib import Path

from ultralytics import YOLO
from ultralytics.nn.tasks import guess_model_scale

from yolo_course.errors import ModelError
from yolo_course.models.names import ZOO, find, read, zoo
from yolo_course.models.quiet import quiet

__all__ = ["ZOO", "build"]


def build(name_or_path: str | Path, scale: str | None = None, nc: int | None = None) -> YOLO:
    """Build a model with fresh weights.

    Ultralytics reads the scale of a YAML off its file name and nowhere else (`names` says what it can read there), and
    training builds the model anew from that file. The model returned here carries its scale, its number of classes and
    its weights into `train()`; `train(pretrained=False)` keeps the architecture and draws the weights anew from its
    `seed`.

    Args:
        name_or_path: A model of the zoo, such as `pico` or `csp-attention`, or the path of a model YAML.
        scale: Key under `scales:`; without it, what the name says (`csp-attention-s`, `yolo8s-mine.yaml`), else the
            first key.
        nc: Number of classes; without it, the YAML's.

    Raises:
        ModelError: No such model or scale, a number of classes below 1, or a YAML that describes no model.

    Example:
        >>> build("csp-attention", scale="s", nc=3).model.yaml["nc"]
        3
    """
    file, named = _find(name_or_path)
    config = _read(file)
    scale = _scale(config, scale, named, file)
    path = _path(file, scale, config)
    config |= {"scale": scale, "yaml_file": str(path)}
    if nc is not None:
        config["nc"] = _classes(nc)
    try:
        with quiet():
            model = YOLO(file)
            net = type(model.model)(config, verbose=False)
    except ModelError:
        raise
    except Exception as error:  # parse_model raises whatever the row it trips over makes Python raise
        found = f"{type(error).__name__}: {error}"
        raise ModelError("Ultralytics can't build this model", found=found, where=file) from error
    net.task, net.args = model.model.task, model.model.args | {"model": str(path)}
    model.overrides["model"] = model.cfg = model.model_name = str(path)
    model.model, model.ckpt = net, {"model": net}  # with a checkpoint train() starts from the model, not from the file
    return model


def _find(name_or_path: str | Path) -> tuple[Path, str]:
    """The YAML, its folder spelt out, and the scale that the name says, if any."""
    if found := find(name_or_path):
        return found[0].resolve(), found[1]
    name, known = Path(name_or_path).stem, zoo()
    nearest = get_close_matches(name, known, n=1, cutoff=0.5)
    raise ModelError(
        "unknown model",
        expected=f"{', '.join(known)} or the path of a model YAML",
        found=str(name_or_path),
        hint=f"did you mean {nearest[0]!r}?" if nearest else None,
    )


def _read(file: Path) -> dict:
    config = read(file)
    if missing := [key for key in ("backbone", "head") if key not in config]:
        raise ModelError("not a model YAML", expected="backbone and head", found=f"no {missing[0]}", where=file)
    return config


def _scale(config: dict, asked: str | None, named: str, file: Path) -> str:
    scales = config.get("scales") or {}
    if asked is None:
        return named or _own_scale(config, file)
    if asked not in scales:
        raise ModelError("unknown scale", expected=", ".join(scales) or "none", found=asked, where=file)
    if named and named != asked:
        raise ModelError("two scales", expected=f"{named}, as the name says", found=asked, where=file)
    return asked


def _own_scale(config: dict, file: Path) -> str:
    """The scale that Ultralytics builds from this file name."""
    return guess_model_scale(file) or next(iter(config.get("scales") or {}), "")


def _path(file: Path, scale: str, config: dict) -> Path:
    """The name under which Ultralytics builds the same again; what is exported is called after it."""
    return file if scale == _own_scale(config, file) else file.with_stem(f"{file.stem}-{scale}")


def _classes(nc: int) -> int:
    if isinstance(nc, bool) or not isinstance(nc, int) or nc < 1:
        raise ModelError("a model needs at least one class", expected="nc of 1 or more", found=nc)
    return nc
