"""A course root of two small units, released by nbgrader, with its real gradebook."""

import shutil
from pathlib import Path

import pytest

from yolo_course.grading import notebooks, unit_source
from yolo_course.grading.course.release import release
from yolo_course.grading.course.root import CourseRoot

UNITS = ("00_doubling", "01_tripling")


@pytest.fixture
def class_root(course, tmp_path) -> CourseRoot:
    """The root, in a folder of its own; nothing handed in yet."""
    second = course.units / UNITS[1]
    shutil.copytree(course.units / UNITS[0], second)
    text = (second / "unit.py").read_text(encoding="utf-8").replace(UNITS[0], UNITS[1])
    (second / "unit.py").write_text(text.replace('"double"', '"twice"').replace("double(", "twice("), encoding="utf-8")
    folder = tmp_path / "class"
    for name in UNITS:
        source = folder / "source" / name / f"{name}.ipynb"
        source.parent.mkdir(parents=True)
        source.write_text(notebooks.dumps(notebooks.source_notebook(unit_source.read(course.units / name))))
    shutil.copy(Path(__file__).parents[3] / "course" / "nbgrader_config.py", folder)
    return CourseRoot(folder)


@pytest.fixture(scope="session")
def kept(tmp_path_factory) -> Path:
    """Where the released root is kept: nbgrader takes seconds to make a gradebook."""
    return tmp_path_factory.mktemp("kept") / "class"


@pytest.fixture
def released(class_root, kept) -> CourseRoot:
    """The root with both units released."""
    if not kept.exists():
        for name in UNITS:
            release(class_root, name)
        shutil.copytree(class_root.folder, kept)
    return CourseRoot(shutil.copytree(kept, class_root.folder, dirs_exist_ok=True))


@pytest.fixture
def handed_out(released) -> bytes:
    """The first unit's notebook as learners get it."""
    return (released.place("release", ".", UNITS[0]) / f"{UNITS[0]}.ipynb").read_bytes()


@pytest.fixture
def gave(released):
    """Enter a graded submission as nbgrader would: points by exercise, and when it came."""

    def give(student, unit=UNITS[0], timestamp=None, **points):
        with released.gradebook() as gradebook:
            gradebook.update_or_create_student(student)
            submission = gradebook.update_or_create_submission(unit, student, timestamp=timestamp)
            for grade in submission.notebooks[0].grades:
                grade.auto_score = points.get(grade.name.removesuffix("_check"), 0)
                grade.needs_manual_grade = grade.name == "why"
            gradebook.db.commit()

    return give
