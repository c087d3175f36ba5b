"""An export is read, never unpacked: whatever strangers put into it."""

import io
import os
import zipfile

import pytest

from yolo_course.errors import CourseError
from yolo_course.grading.course.collecting import archives
from yolo_course.grading.course.collecting.archives import Export, Unreadable


def zipped(files: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def contents(export: Export) -> dict[str, bytes | str]:
    """Each file's bytes, or why it has none."""
    found = {}
    for entry in export.entries:
        try:
            found[str(entry.path)] = entry.read()
        except Unreadable as error:
            found[str(entry.path)] = str(error)
    return found


def test_a_folder_and_a_zip_file_read_alike(tmp_path):
    inner = zipped({"deep/b.ipynb": b"two", "c.txt": b"three", "__MACOSX/._c.txt": b"no"})
    files = {"ada/a.ipynb": b"one", "bob.zip": inner, "ada/.hidden": b"no", "ada/.ipynb_checkpoints/a.ipynb": b"no"}
    (tmp_path / "class.zip").write_bytes(zipped(files))
    for name, content in files.items():
        (tmp_path / "class" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "class" / name).write_bytes(content)
    expected = {"ada/a.ipynb": b"one", "bob/c.txt": b"three", "bob/deep/b.ipynb": b"two"}
    for source in (tmp_path / "class.zip", tmp_path / "class"):
        with Export(source) as export:
            assert contents(export) == expected


def test_names_that_lead_out_and_links_are_not_read(tmp_path):
    link = zipfile.ZipInfo("link.ipynb")
    link.external_attr = 0o120777 << 16
    data = io.BytesIO(zipped({"../../out.ipynb": b"x", "/abs.ipynb": b"x", "..\\win.ipynb": b"x"}))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    (tmp_path / "a.zip").write_bytes(zipped({"ada.zip": data.getvalue()}))
    with Export(tmp_path / "a.zip") as export:
        reasons = list(contents(export).values())
    assert sorted(reasons) == ["a link or a device", *["its name leads out of the folder"] * 3]


def test_links_and_pipes_of_a_folder_are_not_followed(tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "gradebook.ipynb").write_text("secret")
    (folder / "file.ipynb").symlink_to(tmp_path / "secret" / "gradebook.ipynb")
    (folder / "folder").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "pipe.ipynb")
    with Export(folder) as export:
        assert contents(export) == dict.fromkeys(("file.ipynb", "folder", "pipe.ipynb"), "a link or a device")


def test_a_bomb_does_not_go_off(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST", 1 << 20)
    bomb, many = zipped({"big.ipynb": bytes(8 << 20)}), zipped({f"{n}.ipynb": bytes(600 << 10) for n in range(3)})
    files = {"ada.zip": bomb, "bob.zip": many, "cy.ipynb": bytes(2 << 20), "dee.ipynb": b"fine"}
    (tmp_path / "class.zip").write_bytes(zipped(files))
    with Export(tmp_path / "class.zip") as export:
        told = contents(export)
    assert told == {
        "ada.zip": "unpacks to too much",
        "bob.zip": "unpacks to too much",
        "cy.ipynb": "too large: 2 MB",
        "dee.ipynb": b"fine",
    }


def test_a_zip_file_that_lies_about_its_size_is_not_read_further(tmp_path):
    data = bytearray(zipped({"a.ipynb": bytes(1 << 20)}))
    claimed = (1 << 20).to_bytes(4, "little")
    for _ in range(2):  # in the file's own header and in the directory
        place = data.index(claimed)
        data[place : place + 4] = (10).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(bytes(data))
    with Export(tmp_path / "a.zip") as export:
        (told,) = contents(export).values()
    assert "broken" in told


def test_a_broken_or_locked_zip_file_inside_costs_itself_only(tmp_path):
    whole = zipped({"a.ipynb": b"content" * 100})
    locked = bytearray(zipped({"a.ipynb": b"content"}))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1  # encrypted, says the directory
    locked[6] |= 1
    files = {"cut.zip": whole[:60], "no.zip": b"no zip", "locked.zip": bytes(locked), "ok.zip": whole}
    (tmp_path / "class.zip").write_bytes(zipped(files))
    with Export(tmp_path / "class.zip") as export:
        told = contents(export)
    assert told["ok/a.ipynb"] == b"content" * 100
    assert all("broken" in told[name] for name in ("cut.zip", "no.zip", "locked/a.ipynb"))


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 and no more"])
def test_what_is_no_export_is_said(tmp_path, content):
    if content is not None:
        (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(CourseError, match="a folder or a zip file"):
        Export(tmp_path / "a.zip")
