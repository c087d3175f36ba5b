"""`lint`: everything that is wrong with a model YAML, in one run."""

from pathlib import Path

from yolo_course.errors import ModelError
from yolo_course.models.lint.document import read_text
from yolo_course.models.lint.finding import Finding, Report
from yolo_course.models.lint.graph import capped, unused
from yolo_course.models.lint.judging import Judge, Judgement
from yolo_course.models.lint.keys import mend_keys
from yolo_course.models.lint.locate import locate
from yolo_course.models.lint.mending import read
from yolo_course.models.lint.rows import read_rows
from yolo_course.models.lint.settings import read_settings
from yolo_course.models.lint.trial import Laboratory

COARSEST = 32
_OF_THE_WHOLE = {"task", "unused"}  # rules that say nothing about half a model


def lint(path: str | Path, scale: str | None = None, imgsz: int = 640) -> Report:
    """Find what is wrong with a model YAML, and what each of its rows gives.

    No weight is allocated, and nothing that the file says is run: neither `activation:`, nor a download, nor anything
    that is not a layer. Registered modules are known.

    Args:
        path: The YAML, the name of a model of the zoo (`csp-attention-s`), or of one of Ultralytics' (`yolo11n.yaml`).
        scale: Key under `scales:`; without it, what the name says, else the first.
        imgsz: Pixels of the image's sides, a multiple of 32 and of the model's coarsest stride.

    Raises:
        ModelError: If there is no such file or scale, or the file is too large to be a model.

    Example:
        >>> lint("yolo11n.yaml").ok
        True
    """
    if not isinstance(imgsz, int) or imgsz < COARSEST or imgsz % COARSEST or imgsz > 8192:
        raise ModelError("this is no image size", expected="a multiple of 32, at most 8192", found=imgsz)
    path, named = locate(Path(path).expanduser())
    document, findings = read(read_text(path))
    if document is None:
        return _report(path, "", imgsz, findings, Judgement())
    if not isinstance(document.value, dict):
        wrong = Finding("part", "error", "not a model YAML", 1, expected="nc, scales, backbone and head")
        return _report(path, "", imgsz, [*findings, wrong], Judgement())
    findings += mend_keys(document)
    settings, problems = read_settings(document, path, scale, named)
    rows, missing = read_rows(document)
    with Laboratory(settings, imgsz).opened() as lab:
        told = Judge(lab, rows).go_on([])
    whole = [*told.findings, *unused(rows)]
    findings += [f for f in whole if not (missing and f.rule in _OF_THE_WHOLE)]
    findings += [*problems, *missing, *capped(tuple(told.rows), document, settings.scale)]
    return _report(path, settings.scale, imgsz, findings, told)


def _report(path: Path, scale: str, imgsz: int, findings: list[Finding], told: Judgement) -> Report:
    return Report(path, scale, imgsz, tuple(sorted(findings, key=lambda f: (f.line, f.row or 0))), tuple(told.rows))
