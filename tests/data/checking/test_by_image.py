from yolo_course import data


def test_findings_go_to_their_picture_whether_about_pixels_or_labels(copy):
    root = copy.parent
    (root / "labels/train/00003.txt").write_text("7 0.5 0.5 0.1 0.1\n0 0.5 0.5 0.1 0\n")
    (root / "images/train/00004.jpg").write_text("no picture")
    (root / "labels/val/stray.txt").write_text("")
    copy.write_text(copy.read_text().replace("names:", "download: x\nnames:"))
    report, dataset = data.check(copy), data.load(copy)
    found = data.by_image(dataset, report.findings)
    assert list(found) == [*dataset.images("train"), *dataset.images("val")]
    told = {image.name: [finding.kind for finding in some] for image, some in found.items() if some}
    assert told == {"00003.jpg": ["unknown-class", "zero-area"], "00004.jpg": ["unreadable-image"]}
    assert {finding.kind for finding in report.findings} - {"unknown-class", "zero-area", "unreadable-image"} == {
        "download",
        "orphaned-label",
    }
