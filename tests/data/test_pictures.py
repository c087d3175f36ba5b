import numpy as np
import pytest
from PIL import Image

from yolo_course import data
from yolo_course.errors import DataError


def test_a_turned_photograph_is_set_upright(tmp_path):
    """EXIF tag 274, value 6: turn by 90 degrees; OpenCV, which Ultralytics reads with, does the same."""
    import cv2

    picture = Image.fromarray(np.arange(20 * 30 * 3, dtype=np.uint8).reshape(20, 30, 3))
    exif = picture.getexif()
    exif[274] = 6
    picture.save(tmp_path / "turned.png", exif=exif)
    theirs = cv2.imread(str(tmp_path / "turned.png"))[..., ::-1]
    assert np.array_equal(data.read_image(tmp_path / "turned.png"), theirs)
    assert theirs.shape == (30, 20, 3)


def test_grey_and_transparent_pictures_become_rgb(tmp_path):
    for mode in ("L", "RGBA", "P", "1"):
        Image.new(mode, (12, 8)).save(tmp_path / f"{mode}.png")
        assert data.read_image(tmp_path / f"{mode}.png").shape == (8, 12, 3)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "bmp", "tif", "jp2", "avif"])
def test_reads_the_usual_formats(tmp_path, suffix):
    picture = Image.linear_gradient("L").resize((40, 24)).convert("RGB")
    picture.save(tmp_path / f"picture.{suffix}")
    assert np.abs(data.read_image(tmp_path / f"picture.{suffix}").astype(int) - np.asarray(picture)).mean() < 4


def test_a_broken_picture_starts_no_installer(tmp_path, monkeypatch):
    """Ultralytics patches `Image.open` so that an unknown format makes it install a plugin."""
    from ultralytics.utils import checks

    monkeypatch.setattr(checks, "check_requirements", lambda *_, **__: pytest.fail("would install something"))
    for number, content in enumerate((b"", b"no", b"\xff\xd8\xff\xe0 and no more", b"\x89PNG\r\n\x1a\n" + bytes(40))):
        (tmp_path / f"{number}.jpg").write_bytes(content)
        with pytest.raises(DataError, match="no picture, or a broken one"):
            data.read_image(tmp_path / f"{number}.jpg")


def test_what_cant_be_read_is_told(tmp_path):
    (tmp_path / "no.png").write_text("no")
    for name in ("no.png", "none.png", ""):
        with pytest.raises(DataError, match="can't read the image"):
            data.read_image(tmp_path / name)


def test_no_label_file_means_nothing_there(copy):
    dataset = data.load(copy)
    image = dataset.images("val")[0]
    assert len(data.read_labelled(dataset, image)[1])
    dataset.label_of(image).unlink()
    assert data.read_labelled(dataset, image)[1].shape == (0, 5)
