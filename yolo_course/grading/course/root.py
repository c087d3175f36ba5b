"""The course root: the folder where nbgrader finds its settings, the sources, what was handed in, and the gradebook."""

import os
import sysconfig
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from yolo_course.errors import CourseError

SETTINGS = "nbgrader_config.py"


class CourseRoot:
    """A course root and the places in it.

    Args:
        folder: The folder that holds `nbgrader_config.py`.

    Attributes:
        folder: That folder, absolute.
        config: The settings, as nbgrader's applications take them.
        directory: nbgrader's view of the folder.
    """

    def __init__(self, folder: Path):
        self.folder = folder.resolve()
        if not (self.folder / SETTINGS).is_file():
            raise CourseError(
                "this is no course root",
                where=folder,
                expected=f"a file {SETTINGS}",
                hint="yolo-course course new DIR makes one",
            )
        self.config: Config = PyFileConfigLoader(SETTINGS, path=str(self.folder)).load_config()
        self.config.CourseDirectory.root = str(self.folder)
        self.directory = CourseDirectory(config=self.config)
        programs = sysconfig.get_path("scripts")  # nbgrader calls alembic by its name to make a gradebook
        if programs not in os.environ.get("PATH", "").split(os.pathsep):
            os.environ["PATH"] = os.pathsep.join(filter(None, (programs, os.environ.get("PATH"))))

    def place(self, step: str, student: str, unit: str) -> Path:
        """A folder of nbgrader's: `step` is source, release, submitted, autograded or feedback."""
        step = getattr(self.directory, f"{step}_directory")
        return Path(self.directory.format_path(step, student, unit))

    def units(self) -> list[str]:
        """The units whose source notebooks are there, in order."""
        found = Path(self.directory.format_path(self.directory.source_directory, ".", "_")).parent.glob("*/*.ipynb")
        return sorted(file.stem for file in found if file.stem == file.parent.name)

    def unit(self, name: str) -> str:
        """The full name of a unit, given it or its number.

        Raises:
            CourseError: There is no such unit here.
        """
        for each in self.units():
            if name in (each, number := each.partition("_")[0], number.lstrip("0")):
                return each
        there = ", ".join(self.units()) or "none; `yolo-course build` or `yolo-course course new` makes them"
        raise CourseError(f"no unit {name!r} in this course", where=self.folder, expected=there)

    def source(self, unit: str) -> Path:
        """The instructor's notebook of a unit."""
        return self.place("source", ".", unit) / f"{unit}.ipynb"

    def students(self, unit: str) -> list[str]:
        """Who has handed in something for a unit, whatever it is."""
        places = self.place("submitted", "_", unit).parents[1].glob(f"*/{unit}")
        return sorted(place.parent.name for place in places if not place.parent.name.startswith("."))

    def api(self) -> NbGraderAPI:
        """nbgrader's own commands as functions."""
        return NbGraderAPI(self.directory, config=self.config)

    def gradebook(self) -> Gradebook:
        """nbgrader's gradebook; use it in a `with`."""
        return Gradebook(self.directory.db_url, self.directory.course_id)


def find_root(folder: Path | None = None) -> CourseRoot:
    """Open a course root: the folder given; else the current one or `course/` below it.

    Raises:
        CourseError: There is none.
    """
    here = Path.cwd()
    places = [folder] if folder is not None else [here, here / "course"]
    return CourseRoot(next((place for place in places if (place / SETTINGS).is_file()), places[0]))
