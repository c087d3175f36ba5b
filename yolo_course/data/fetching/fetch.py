"""Get a public dataset by its descriptor: fetched, compared with its checksum, unpacked and converted."""

import shutil
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from yolo_course.data.conversion.annotated import Log
from yolo_course.data.conversion.coco import read_coco
from yolo_course.data.conversion.voc import read_voc
from yolo_course.data.conversion.yolo_folder import write_yolo
from yolo_course.data.dataset import load
from yolo_course.data.fetching.descriptor import Descriptor, describe
from yolo_course.data.fetching.download import download, sha256
from yolo_course.data.fetching.unpack import unpack
from yolo_course.data.folder import build, record_of
from yolo_course.data.making.makers import default_folder
from yolo_course.data.making.recipes import Progress
from yolo_course.errors import DataError

ENTRY = "data.yaml"
FINDINGS = "findings.txt"


def get(
    name: str,
    out: str | Path | None = None,
    *,
    archive: str | Path | None = None,
    unverified: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Get a dataset that `datasets/<name>.yaml` describes, and return its data YAML.

    A download that broke off is continued by the next call. The archive is compared with the checksum before it is
    opened, and removed once the dataset is whole. What a conversion skips or repairs is listed in `findings.txt`.

    Args:
        name: Name of the descriptor.
        out: Folder of the dataset; without it, `<name>` in the `datasets` folder that `make` would choose.
        archive: The archive, fetched by other means; it is left where it is.
        unverified: Take an archive whose checksum nobody knows.
        force: Replace a dataset that was fetched there before.
        progress: Called as `progress(done, total)`, first in bytes, then in members of the archive.

    Raises:
        DataError: An unknown name, no network, another checksum, an unsafe archive, or a folder that is taken.
    """
    descriptor = describe(name)
    target = Path(out).expanduser() if out is not None else default_folder(name)
    if not descriptor.sha256 and not unverified and record_of(target) != _record(descriptor):
        hint = f"--unverified, if you trust {urlsplit(descriptor.url).hostname}"
        raise DataError("nobody knows the checksum of this archive", where=descriptor.url, hint=hint)

    def fill(folder: Path) -> None:
        file = _archive(descriptor, target, archive, progress)
        _verify(descriptor, file, archive is None)
        _lay_out(descriptor, file, folder, progress)
        if archive is None:
            shutil.rmtree(file.parent)

    build(target, _record(descriptor), fill, force)
    return target / ENTRY


def _record(descriptor: Descriptor) -> dict:
    return {"got": descriptor.name, "url": descriptor.url, "sha256": descriptor.sha256}


def _archive(descriptor: Descriptor, target: Path, given: str | Path | None, progress: Progress | None) -> Path:
    if given is not None:
        file = Path(given).expanduser()
        if not file.is_file():
            raise DataError("no such archive", where=file)
        return file
    last = Path(urlsplit(descriptor.url).path).name or "archive"
    return download(descriptor.url, target.parent / f".{target.name}.download" / last, progress)


def _verify(descriptor: Descriptor, file: Path, ours: bool) -> None:
    """Compare the checksum; a download that is another file is removed, or it would be the same next time."""
    if descriptor.sha256 and (found := sha256(file)) != descriptor.sha256:
        if ours:
            file.unlink()
        hint = "get it again; if that gives the same, the file at the source has changed"
        raise DataError("another checksum", expected=descriptor.sha256, found=found, where=file.name, hint=hint)


def _lay_out(descriptor: Descriptor, file: Path, folder: Path, progress: Progress | None) -> None:
    """Unpack into the empty folder, or beside it and convert, so that the folder is a YOLO dataset."""
    raw = folder / ".archive"
    raw.mkdir()
    unpack(file, raw, progress=progress)
    root = raw / descriptor.root
    if not root.is_dir():
        raise DataError("the archive has no such folder", expected=descriptor.root, where=file.name)
    title = f"{descriptor.name}: {descriptor.source}; {descriptor.licence}"
    if descriptor.layout == "yolo":
        for item in root.iterdir():
            item.rename(folder / item.name)
        _write_yaml(folder / ENTRY, descriptor, title)
    else:
        log, read = Log(), read_voc if descriptor.layout == "voc" else read_coco
        write_yolo(folder, read(root, log, descriptor.classes or None), title, copy=True)
        _write_findings(folder / FINDINGS, log, root)
    shutil.rmtree(raw)
    load(folder / ENTRY)  # an archive of another make shows here, and not in the middle of training


def _write_findings(file: Path, log: Log, root: Path) -> None:
    """One line for everything that was skipped or repaired, files named as in the archive; no file if there is none."""
    lines = []
    for finding in log.findings:
        inside = finding.file.relative_to(root) if finding.file.is_relative_to(root) else finding.file
        where = f"{inside.as_posix()}:{finding.line}" if finding.line else inside.as_posix()
        lines.append(f"{where}: {finding.severity}: {finding.message}\n")
    if lines:
        file.write_text("".join(lines), encoding="utf-8", newline="\n")


def _write_yaml(file: Path, descriptor: Descriptor, title: str) -> None:
    entries = descriptor.splits | {"names": dict(enumerate(descriptor.classes))}
    text = yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=1000)
    file.write_text(f"# {' '.join(title.split())}\n{text}", encoding="utf-8", newline="\n")
