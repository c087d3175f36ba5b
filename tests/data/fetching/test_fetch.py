"""`data.get` against a real server on this machine, with archives made here."""

import hashlib
import http.server
import threading
import zipfile
from functools import partial
from pathlib import Path

import pytest
import yaml
from PIL import Image

from yolo_course import data
from yolo_course.data.fetching import download as downloading
from yolo_course.data.fetching.descriptor import describe, descriptors
from yolo_course.errors import DataError

ROOT = Path(__file__).parents[3]
SOUND, FLAT = 14, 4  # the right edge of a box, and one that leaves it no width
VOC = (
    "<annotation><filename>{0}.jpg</filename><size><width>40</width><height>30</height></size>"
    "<object><name>cat</name><bndbox><xmin>4</xmin><ymin>3</ymin><xmax>{1}</xmax><ymax>13</ymax></bndbox></object>"
    "</annotation>"
)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A server of `tmp_path/www`, and a home with an empty `datasets` folder, which is the current one."""
    for folder in ("www", "home/datasets"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "home")
    monkeypatch.setattr(downloading, "PAUSE", 0.0)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    handler = partial(Quiet, directory=str(tmp_path / "www"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield tmp_path / "www", f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def pack(file, layout):
    """An archive with six pictures in the layout, below a folder `pets-1.0`."""
    picture = file.with_suffix(".jpg")
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(6):
            Image.new("RGB", (40, 30), (number * 40, 0, 0)).save(picture)
            split = "train" if number < 4 else "val"
            if layout == "yolo":
                archive.write(picture, f"pets-1.0/images/{split}/{number}.jpg")
                archive.writestr(f"pets-1.0/labels/{split}/{number}.txt", "0 .5 .5 .2 .2\n")
            else:
                archive.write(picture, f"pets-1.0/JPEGImages/{number}.jpg")
                archive.writestr(
                    f"pets-1.0/Annotations/{number}.xml", VOC.format(number, FLAT if number == 5 else SOUND)
                )
    picture.unlink()
    return hashlib.sha256(file.read_bytes()).hexdigest()


def describe_pets(url, checksum, layout="yolo", /, **changes):
    entries = {
        "name": "pets", "what": "Pets.", "source": "this test", "licence": "MIT", "url": f"{url}/pets.zip",
        "sha256": checksum, "layout": layout, "root": "pets-1.0", "classes": ["cat"],
        "splits": {"train": "images/train", "val": "images/val"} if layout == "yolo" else None,
    }  # fmt: skip
    Path("datasets/pets.yaml").write_text(yaml.safe_dump(entries | changes))


@pytest.mark.parametrize("layout", ["yolo", "voc"])
def test_a_dataset_is_fetched_compared_unpacked_and_found_again(layout, served):
    folder, url = served
    describe_pets(url, pack(folder / "pets.zip", layout), layout)
    entry = data.get("pets")
    assert entry == Path("datasets/pets/data.yaml").resolve()
    assert data.check(entry).counts["train"].boxes == {"cat": 4 if layout == "yolo" else 5}
    assert "MIT" in entry.read_text().splitlines()[0]
    findings = entry.with_name("findings.txt")
    if layout == "voc":
        assert (
            findings.read_text()
            == "Annotations/5.xml:1: error: object 1 (cat) skipped: width 0 and height 10 leave no area\n"
        )
    else:
        assert not findings.exists()
    assert sorted(file.name for file in Path("datasets").iterdir()) == ["pets", "pets.yaml"]
    (folder / "pets.zip").unlink()
    assert data.get("pets") == entry  # what stands there is not fetched again


def test_another_checksum_is_refused_before_the_archive_is_opened(served, monkeypatch):
    folder, url = served
    pack(folder / "pets.zip", "yolo")
    describe_pets(url, "0" * 64)
    monkeypatch.setattr("yolo_course.data.fetching.fetch.unpack", lambda *_, **__: pytest.fail("opened"))
    with pytest.raises(DataError, match=r"pets\.zip: another checksum: expected 0000.*, found [0-9a-f]{64}"):
        data.get("pets")
    assert not Path("datasets/pets").exists()
    assert not list(Path("datasets").rglob("*.zip*"))


def test_without_a_checksum_it_wants_to_be_told_so(served):
    folder, url = served
    pack(folder / "pets.zip", "yolo")
    describe_pets(url, "")
    with pytest.raises(
        DataError, match=r"nobody knows the checksum of this archive.*--unverified, if you trust 127\.0\.0\.1"
    ):
        data.get("pets")
    entry = data.get("pets", unverified=True)
    assert data.get("pets") == entry


def test_an_archive_from_elsewhere_is_used_without_a_network_and_left(served):
    folder, _ = served
    checksum = pack(folder / "mine.zip", "yolo")
    describe_pets("http://no.such.host.invalid", checksum)
    with pytest.raises(DataError, match="--archive FILE"):
        data.get("pets")
    assert [file.name for file in Path("datasets").iterdir()] == ["pets.yaml"]
    data.get("pets", archive=folder / "mine.zip")
    assert (folder / "mine.zip").exists()
    with pytest.raises(DataError, match="no such archive"):
        data.get("pets", out="other", archive="nowhere.zip")


def test_an_archive_of_another_make_leaves_nothing(served):
    folder, url = served
    describe_pets(url, pack(folder / "pets.zip", "yolo"), root="pets-2.0")
    with pytest.raises(DataError, match=r"the archive has no such folder: expected pets-2\.0"):
        data.get("pets")
    describe_pets(url, pack(folder / "pets.zip", "yolo"), splits={"train": "images/train", "val": "images/valid"})
    with pytest.raises(DataError, match="`val:` can't be read"):
        data.get("pets")
    assert not Path("datasets/pets").exists()


def test_an_archive_that_is_not_safe_leaves_nothing(served):
    folder, url = served
    with zipfile.ZipFile(folder / "pets.zip", "w") as archive:
        archive.writestr("pets-1.0/a.txt", "good")
        archive.writestr("../../victim.txt", "bad")
    describe_pets(url, hashlib.sha256((folder / "pets.zip").read_bytes()).hexdigest())
    with pytest.raises(DataError, match="not a safe archive"):
        data.get("pets")
    assert not list(folder.parent.rglob("victim*"))
    assert not Path("datasets/pets").exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "file:///etc/passwd"}, "comes by http or https"),
        ({"url": "ftp://host/file"}, "comes by http or https"),
        ({"url": None}, "lacks a key: expected url"),
        ({"licence": ""}, "lacks a key: expected licence"),
        ({"sha256": "abc"}, "64 hexadecimal digits"),
        ({"layout": "csv"}, "unknown layout: expected yolo or voc or coco"),
        ({"classes": None}, "needs classes"),
        ({"splits": {"train": "x"}}, "needs classes"),
        ({"classes": "cat"}, "must be a list"),
        ({"name": "dogs"}, "named after its file: expected pets, found dogs"),
        ({"make": "yolo-course data make pets"}, "is made, not fetched.*yolo-course data make pets"),
    ],
)
def test_a_broken_descriptor_is_told(changes, words, served):
    describe_pets(served[1], "", **changes)
    with pytest.raises(DataError, match=words):
        describe("pets")


def test_an_unknown_name_is_told_with_the_nearest(served):
    describe_pets(served[1], "")
    with pytest.raises(DataError, match=r"unknown dataset: expected .*bccd.*, found 'coco9'. Try: did you mean coco8"):
        data.get("coco9")
    with pytest.raises(DataError, match="is made, not fetched"):
        data.get("shapes")


@pytest.mark.parametrize("file", sorted((ROOT / "datasets").glob("*.yaml")), ids=lambda file: file.stem)
def test_every_descriptor_of_the_course_is_sound(file):
    entries = yaml.safe_load(file.read_text())
    assert descriptors()[file.stem].exists()
    assert {"name", "task", "what", "source", "licence", "images", "classes"} <= set(entries)
    if "make" not in entries:
        told = describe(file.stem)
        assert told.url.startswith("https://")
        assert told.classes == tuple(entries["classes"])


@pytest.mark.parametrize("name", ["coco8", "coco128", "african-wildlife"])
def test_descriptors_agree_with_those_of_ultralytics(name):
    import ultralytics

    theirs = yaml.safe_load((Path(ultralytics.__file__).parent / "cfg" / "datasets" / f"{name}.yaml").read_text())
    ours = describe(name)
    assert ours.url == theirs["download"]
    assert ours.classes == tuple(theirs["names"].values())
    assert ours.splits == {split: theirs[split] for split in ("train", "val", "test") if theirs.get(split)}
    assert ours.root == theirs["path"]
