import pytest
from PIL import Image
from ultralytics.utils.patches import imread

from yolo_course.data.picture_size import picture_size
from yolo_course.errors import DataError


@pytest.mark.parametrize("suffix", ["jpg", "png", "bmp", "webp", "tiff"])
@pytest.mark.parametrize("turn", [None, *range(1, 9)])
def test_the_size_is_that_of_the_picture_as_ultralytics_loads_it(suffix, turn, tmp_path):
    exif = Image.Exif()
    if turn:
        exif[0x0112] = turn
    file = tmp_path / f"a.{suffix}"
    Image.new("RGB", (40, 30)).save(file, exif=exif)
    assert picture_size(file) == imread(file).shape[1::-1]


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_told(content, tmp_path):
    (tmp_path / "a.jpg").write_bytes(content)
    with pytest.raises(DataError, match=r"a\.jpg: can't read the image"):
        picture_size(tmp_path / "a.jpg")
    with pytest.raises(DataError, match="No such file"):
        picture_size(tmp_path / "none.jpg")
