"""The graph of a model YAML: channels, strides, who reads whom, and what the linter finds."""

from functools import lru_cache
from html import escape
from importlib.resources import files as packaged
from pathlib import Path

import ipywidgets as widgets
from matplotlib.figure import Figure

from yolo_course.errors import ModelError
from yolo_course.explorers.explorer import Explorer
from yolo_course.models.lint.finding import Report
from yolo_course.models.lint.linter import lint
from yolo_course.models.lint.locate import locate
from yolo_course.models.names import ZOO
from yolo_course.visual.architecture import draw_architecture

__all__ = ["architecture_graph"]

_STOCK = [
    Path(str(packaged("ultralytics"))) / "cfg" / "models" / name
    for name in ("v8/yolov8.yaml", "11/yolo11.yaml", "12/yolo12.yaml", "26/yolo26.yaml")
]
_SCALES = ("n", "s", "m", "l", "x")


def architecture_graph(*files: str | Path) -> Explorer:
    """Choose a model YAML and a scale; see its graph and the linter's findings.

    Args:
        files: Model YAMLs of your own, shown first; after them come the zoo and four of Ultralytics' models.

    Raises:
        ModelError: There is no such file, or it is no model YAML.

    Example:
        >>> architecture_graph("my-detector.yaml")  # doctest: +SKIP
    """
    models: dict[str, Path] = {}
    for file in [*(locate(Path(file))[0] for file in files), *sorted(ZOO.glob("*.yaml")), *_STOCK]:
        models.setdefault(file.stem, file.resolve())  # a file of one's own comes before one of the zoo

    def draw(model: str, scale: str) -> tuple[Figure, str]:
        report = _report(models[model], scale, models[model].stat().st_mtime_ns)
        return draw_architecture(report), _sentence(report, scale)

    return Explorer(
        draw,
        lines=True,
        model=widgets.Dropdown(options=list(models), description="model"),
        scale=widgets.ToggleButtons(options=_SCALES, description="scale", style={"button_width": "36px"}),
    )


@lru_cache(maxsize=64)
def _report(model: Path, scale: str, changed: int) -> Report:
    """Lint once for each model, scale and state of the file; a scale that the model lacks is its first."""
    try:
        return lint(model, scale=scale)
    except ModelError:
        return lint(model)


def _sentence(report: Report, scale: str) -> str:
    told = [
        f"<b>{escape(report.path.name)}</b>, scale {escape(report.scale) or 'none'}: {len(report.rows)} rows, "
        f"{report.params:,} parameters, {report.flops / 1e9:.1f} GFLOP for an image of {report.imgsz} px."
    ]
    if report.scale != scale:
        told.append(f"It has no scale {scale}.")
    told += [f"<br>Line {each.line}, {each.severity}: {escape(each.message)}." for each in report.findings]
    return " ".join(told if report.findings else [*told, "The linter finds nothing."])
