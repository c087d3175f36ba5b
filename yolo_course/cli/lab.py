"""`yolo-course lab`: a folder of the learner's own, with notebooks and data, open in JupyterLab."""

import os
from pathlib import Path

import typer
from rich.console import Console

from yolo_course.cli import app
from yolo_course.cli.bar import bar
from yolo_course.errors import CourseError

_DATASET = "shapes"
_FIRST = "00_first_detector.ipynb"

# Ultralytics otherwise installs packages by itself, looks up two hosts at every import, sends usage events and advises
# an upgrade that the course does not support. Neither setting keeps a learner from downloading weights or data.
_ENVIRONMENT = {"YOLO_AUTOINSTALL": "false", "YOLO_OFFLINE": "true"}

# A learner needs nbgrader's Validate button, not its tools for instructors; nor a question about Jupyter's news.
_JUPYTER = Path(__file__).parent / "jupyter"

# JupyterLab otherwise looks for updates on every start.
_QUIET = {"--LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate"}

_SAYS = {
    "new": "[green]new[/]       {name}",
    "refreshed": "[green]refreshed[/] {name}",
    "beside": "[yellow]kept[/]      {name}, your work. The new version is beside it: {file}",
}


@app.command(context_settings={"ignore_unknown_options": True})
def lab(
    folder: str = typer.Argument("my-course", metavar="DIR", help="Your folder; made when missing."),
    flags: list[str] = typer.Argument(None, metavar="FLAGS", help="After --, for JupyterLab, like --port=8888."),
    start: bool = typer.Option(True, "--start/--no-start", help="Open JupyterLab when the folder is ready."),
) -> None:
    """Put your copies of the notebooks and the data in DIR, and open JupyterLab there.

    Copies that you have worked in are never overwritten: a new version is laid beside them.
    """
    if folder.startswith("-"):  # `yolo-course lab -- --no-browser`: no DIR was given
        folder, flags = "my-course", [folder, *(flags or [])]
    place = Path(folder).expanduser().resolve()
    console = Console(highlight=False, soft_wrap=True)
    _lay_notebooks(place, console)
    _make_data(place / "datasets" / _DATASET, console)
    if start:
        _open(place, flags or [])


def _lay_notebooks(place: Path, console: Console) -> None:
    from yolo_course.cli.learner_copies import course_notebooks, lay_copies

    copies = lay_copies(course_notebooks(), place)
    for copy in copies:
        if copy.outcome in _SAYS:
            console.print(_SAYS[copy.outcome].format(name=copy.name, file=copy.path.name))
    console.print(f"{len(copies)} notebooks in {place / 'notebooks'}", markup=False)


def _make_data(target: Path, console: Console) -> None:
    from yolo_course import data

    if target.exists():
        return
    with bar(f"making {_DATASET}") as progress:
        data.make(_DATASET, out=target, progress=progress)
    console.print(f"{_DATASET} made in {target}", markup=False)


def _open(place: Path, flags: list[str]) -> None:
    try:
        from jupyterlab.labapp import LabApp
    except ImportError as error:
        raise CourseError("JupyterLab is not installed", hint='pip install "yolo-course[lab]"') from error
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    paths = [os.environ.get("JUPYTER_CONFIG_PATH"), str(_JUPYTER)]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, paths))
    os.chdir(place)
    page = f"/tree/notebooks/{_FIRST}" if (place / "notebooks" / _FIRST).exists() else ""
    ours = {"--ServerApp.root_dir": place, "--LabApp.default_url": f"/lab{page}", **_QUIET}
    chosen = {flag.partition("=")[0] for flag in flags}  # JupyterLab refuses to be told twice
    LabApp.launch_instance([*(f"{name}={value}" for name, value in ours.items() if name not in chosen), *flags])
