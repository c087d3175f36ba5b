"""What was handed in comes to where nbgrader grades it, whoever exported it and whatever strangers put into it."""

import json
import zipfile
from datetime import datetime

import pytest

from yolo_course.errors import CourseError
from yolo_course.grading.course.collecting.collect import collect
from yolo_course.grading.course.collecting.roster import Roster

UNIT = "00_doubling"


@pytest.fixture
def answered(handed_out):
    """Notebooks that differ: the one handed out with something added."""

    def answer(text):
        notebook = json.loads(handed_out)
        notebook["cells"][-1]["source"] = text
        return json.dumps(notebook).encode()

    return answer


@pytest.fixture
def export(tmp_path):
    """A zip file with these files."""

    def write(files):
        target = tmp_path / "export.zip"
        with zipfile.ZipFile(target, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return target

    return write


def outcomes(report):
    return {file.file: file.outcome for file in report.files}


def submitted(root, student):
    return (root.place("submitted", student, UNIT) / f"{UNIT}.ipynb").read_bytes()


def test_a_canvas_export_with_all_that_goes_wrong_in_one(released, export, answered, handed_out):
    other = (released.place("release", ".", "01_tripling") / "01_tripling.ipynb").read_bytes()
    files = {
        "lovelaceada_12_100_00_doubling.ipynb": answered("old"),
        "lovelaceada_12_101_00_doubling-1.ipynb": answered("new"),
        "nollbob_LATE_13_102_Untitled (2).ipynb": answered("late"),
        "youngcy_14_103_00_doubling.ipynb": b"not a notebook",
        "zeddee_15_104_01_tripling.ipynb": other,
        "zeddee_15_105_essay.pdf": b"%PDF",
    }
    report = collect(released, UNIT, export(files))
    assert report.form == "canvas"
    assert [outcomes(report)[name] for name in list(files)[:5]] == ["new", "resubmitted", "new", "refused", "refused"]
    notes = {file.student: file.note for file in report.files}
    assert "no JSON" in notes["14"]
    assert notes["15"] == "of another unit: 01_tripling"
    assert (report.ignored, report.ok) == (1, False)
    assert submitted(released, "12") == answered("new")
    assert (released.folder / "attempts" / "12" / UNIT / "1" / f"{UNIT}.ipynb").read_bytes() == answered("old")
    assert released.students(UNIT) == ["12", "13"]
    assert [file.late for file in report.files if file.student == "13"] == [True]
    with released.gradebook() as gradebook:
        assert {each.id: each.lms_user_id for each in gradebook.students} == {"12": "12", "13": "13"}


def test_collecting_again_changes_nothing(released, export, answered):
    source = export({f"a_1_{n}_00_doubling.ipynb": answered(str(n)) for n in range(3)})
    collect(released, UNIT, source)
    before = sorted(file.relative_to(released.folder) for file in released.folder.rglob("*.ipynb"))
    report = collect(released, UNIT, source)
    assert sorted(outcomes(report).values()) == ["earlier", "earlier", "unchanged"]
    assert sorted(file.relative_to(released.folder) for file in released.folder.rglob("*.ipynb")) == before
    assert report.ok


def test_times_are_written_as_nbgrader_reads_them_and_the_later_counts(released, tmp_path, answered):
    def hand_in(text, stamp):
        place = tmp_path / "shared" / "ada" / UNIT
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{UNIT}.ipynb").write_bytes(answered(text))
        (place / "timestamp.txt").write_text(stamp)
        return collect(released, UNIT, tmp_path / "shared").files[0].outcome

    assert hand_in("second", "2026-11-21 10:00:00 UTC") == "new"
    assert hand_in("first", "2026-11-20T10:00+02:00") == "earlier"
    assert hand_in("third", "2026-11-22 10:00:00") == "resubmitted"
    assert submitted(released, "ada") == answered("third")
    place = released.place("submitted", "ada", UNIT)
    assert released.directory.get_existing_timestamp(str(place)) == datetime(2026, 11, 22, 10)
    kept = [folder / f"{UNIT}.ipynb" for folder in sorted((released.folder / "attempts" / "ada" / UNIT).iterdir())]
    assert [file.read_bytes() for file in kept] == [answered("first"), answered("second")]


def test_attempts_are_counted_and_some_have_more(released, export, answered):
    released.config.Attempts.most = 2
    released.config.Attempts.extra = {"2": 1}
    for text in ("one", "two", "three", "four"):
        report = collect(released, UNIT, export({f"{who}/{UNIT}.ipynb": answered(text) for who in ("1", "2")}))
    assert [file.outcome for file in report.files] == ["over the limit"] * 2
    assert submitted(released, "1") == answered("two")
    assert submitted(released, "2") == answered("three")
    assert not report.ok
    assert "2 attempts" in report.files[0].note


def test_two_people_of_one_name_need_a_roster(released, export, answered, tmp_path):
    files = {f"Ada Lovelace_{n}_assignsubmission_file_/x.ipynb": answered(str(n)) for n in (7, 8)}
    report = collect(released, UNIT, export(files))
    assert set(outcomes(report).values()) == {"refused"}
    assert "--roster" in report.files[0].note
    text = (
        "Identifier,ID number,Full name\nParticipant 7,a7,Ada Lovelace\nParticipant 8,a8,Ada Lovelace\n,a9,Cy Young\n"
    )
    (tmp_path / "roster.csv").write_text(text)
    report = collect(released, UNIT, export(files), roster=Roster(tmp_path / "roster.csv"))
    assert [(file.student, file.outcome) for file in report.files] == [("a7", "new"), ("a8", "new")]
    assert report.missing == ("a9",)
    with released.gradebook() as gradebook:
        assert [(each.first_name, each.last_name) for each in gradebook.students] == [
            *[("Ada", "Lovelace")] * 2,
            ("Cy", "Young"),
        ]


def test_the_whole_roster_enters_the_gradebook(released, export, answered, tmp_path):
    (tmp_path / "roster.csv").write_text("student_id,name\nada,Ada Lovelace\nbob,Bob Noll\n")
    source = export({"lovelaceada_12_100_00_doubling.ipynb": answered("hers")})
    report = collect(released, UNIT, source, roster=Roster(tmp_path / "roster.csv"))
    assert report.missing == ("bob",)
    with released.gradebook() as gradebook:
        assert {each.id: each.lms_user_id for each in gradebook.students} == {"ada": "12", "bob": None}


def test_a_roster_of_strangers_takes_nothing_in(released, export, answered, tmp_path):
    (tmp_path / "roster.csv").write_text("student_id,name\nada,Ada Lovelace\n")
    source = export({"nollbob_13_100_00_doubling.ipynb": answered("his")})
    with pytest.raises(CourseError, match=r"nobody who handed in is in the roster.*Canvas: the gradebook"):
        collect(released, UNIT, source, roster=Roster(tmp_path / "roster.csv"))
    assert released.students(UNIT) == []
    with released.gradebook() as gradebook:
        assert gradebook.students == []


def test_a_group_of_gradescope_gets_a_copy_each(released, export, answered):
    metadata = """\
submission_1:
  :submitters:
  - {":name": Ada Lovelace, ":sid": a1, ":email": ada@example.org}
  - {":name": Bob Noll, ":sid": b2, ":email": bob@example.org}
  :created_at: 2026-11-20 10:00:00.5 Z
"""
    report = collect(
        released, UNIT, export({"submission_metadata.yml": metadata, "submission_1/x.ipynb": answered("both")})
    )
    assert [(file.student, file.outcome) for file in report.files] == [("a1", "new"), ("b2", "new")]
    with released.gradebook() as gradebook:
        assert gradebook.find_student("b2").email == "bob@example.org"
    stamp = released.directory.get_existing_timestamp(str(released.place("submitted", "a1", UNIT)))
    assert stamp == datetime(2026, 11, 20, 10, 0, 0, 500000)


def test_one_folder_a_student_with_every_unit_in_it(released, export, answered):
    other = (released.place("release", ".", "01_tripling") / "01_tripling.ipynb").read_bytes()
    report = collect(released, UNIT, export({"ada/one.ipynb": answered("x"), "ada/two.ipynb": other}))
    assert outcomes(report) == {"ada/one.ipynb": "new"}
    assert report.ok


def test_no_name_in_an_export_leads_out_of_the_course(released, export, answered, tmp_path):
    before = {file for file in tmp_path.rglob("*") if released.folder not in file.parents}
    collect(
        released, UNIT, export({"../../evil.ipynb": answered("x"), "..\\..\\b/x.ipynb": answered("y")}), form="plain"
    )
    inner = {f"x_1_2_{UNIT}.ipynb": answered("z"), "..._9_1_x.ipynb": answered("w")}
    collect(released, UNIT, export(inner))
    after = {file for file in tmp_path.rglob("*") if released.folder not in file.parents}
    assert {file.name for file in after - before} <= {"export.zip"}


def test_the_report_for_machines_is_plain(released, export, answered):
    record = json.loads(json.dumps(collect(released, UNIT, export({"ada/a.ipynb": answered("x")})).record()))
    assert record["files"] == [
        {"student": "ada", "outcome": "new", "file": "ada/a.ipynb", "received": None, "late": False, "note": ""}
    ]
    assert (record["unit"], record["form"], record["ok"]) == (UNIT, "plain", True)
