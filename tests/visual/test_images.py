import io

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from yolo_course.errors import CourseError
from yolo_course.visual.images import colour_of, contact_sheet, draw_boxes, draw_labelled, labelled_image

GREY = np.full((40, 80, 3), 120, np.uint8)
LABELS = np.array([[0, 0.5, 0.5, 0.25, 0.5], [2, 0.25, 0.25, 0.5, 0.5]])
NAMES = {0: "circle", 1: "square", 2: "triangle"}


def pixels(figure):
    """What a figure looks like. Shape: (h, w, 3) uint8."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="rgba")
    width, height = (int(side) for side in figure.get_size_inches() * figure.dpi)
    return np.frombuffer(buffer.getvalue(), np.uint8).reshape(height, width, 4)[..., :3]


def bare(image):
    """An axis that fills its figure, ten dots a pixel of the image."""
    height, width = image.shape[:2]
    figure = Figure(figsize=(width / 10, height / 10), dpi=100)
    axis = figure.add_axes((0, 0, 1, 1))
    axis.imshow(image)
    axis.set_axis_off()
    return figure, axis


def test_a_box_is_drawn_around_its_pixels():
    """The outline lies on the borders between pixels: found by looking for its colour in the rendered picture."""
    figure, axis = bare(GREY)
    draw_boxes(axis, np.array([[20, 10, 50, 30]]), colours="#ff0000", width=1)
    red = (pixels(figure) == (255, 0, 0)).all(2)
    rows, columns = np.flatnonzero(red.any(1)), np.flatnonzero(red.any(0))
    assert np.allclose([columns[0], columns[-1], rows[0], rows[-1]], [200, 500, 100, 300], atol=2)


def test_labels_become_boxes_in_the_colour_of_their_class():
    axis = Figure().add_subplot()
    draw_labelled(axis, GREY, LABELS, NAMES)
    corners = [patch.get_extents().transformed(axis.transData.inverted()) for patch in axis.patches]
    assert np.allclose([(*box.min, *box.max) for box in corners], [[29.5, 9.5, 49.5, 29.5], [-0.5, -0.5, 39.5, 19.5]])
    assert [patch.get_edgecolor()[:3] for patch in axis.patches] == [to_rgb(colour_of(0)), to_rgb(colour_of(2))]
    assert [text.get_text() for text in axis.texts] == ["circle", "triangle"]


def test_ten_classes_have_ten_colours():
    assert len({colour_of(cls) for cls in range(10)}) == 10
    assert colour_of(10) == colour_of(0)


def test_no_boxes_and_unknown_classes_are_fine():
    nothing = labelled_image(GREY, np.zeros((0, 5)), NAMES, "nothing")
    assert not nothing.axes[0].patches
    stray = labelled_image(GREY[..., 0], np.array([[7, 0.5, 0.5, 0.1, 0.1]]), NAMES)
    assert stray.axes[0].texts[0].get_text() == "class 7"


@pytest.mark.parametrize(("count", "columns", "axes"), [(1, 4, 1), (4, 4, 4), (5, 4, 8), (3, 2, 4)])
def test_a_contact_sheet_shows_every_picture(count, columns, axes):
    figure = contact_sheet([(GREY, LABELS)] * count, NAMES, [f"{index}.jpg" for index in range(count)], columns)
    assert len(figure.axes) == axes
    assert [axis.get_title() for axis in figure.axes if axis.images] == [f"{index}.jpg" for index in range(count)]
    assert pixels(figure).std() > 0


def test_pyplot_knows_nothing_of_it():
    from matplotlib import pyplot

    before = pyplot.get_fignums()
    contact_sheet([(GREY, LABELS)], NAMES)
    assert pyplot.get_fignums() == before


def test_what_does_not_fit_is_refused():
    axis = Figure().add_subplot()
    with pytest.raises(CourseError, match=r"expected \(n, 4\), found \(1, 5\)"):
        draw_boxes(axis, LABELS[:1])
    with pytest.raises(CourseError, match="1 boxes, 2 labels, 1 colours"):
        draw_boxes(axis, LABELS[:1, 1:], labels=["a", "b"])
    with pytest.raises(CourseError, match="needs a picture"):
        contact_sheet([], NAMES)
