"""What can be wrong with one box of a label file, whatever else there is."""

from collections.abc import Iterator, Sequence

SLACK = 0.01  # Ultralytics drops an image when a coordinate lies further outside than this
COVERS, ELONGATED = 0.95, 20  # share of the image, and ratio of the sides, that few real boxes exceed


def box_problems(classes: Sequence[int] | dict[int, str], row: Sequence[float]) -> Iterator[tuple[str, str, str]]:
    """Name each thing that is wrong with a box: kind, severity and a sentence without a full stop.

    Args:
        classes: The class ids there are.
        row: Class, centre and size as fractions of the image.
    """
    cls, x, y, w, h = row
    if int(cls) not in classes:
        yield "unknown-class", "error", f"class {int(cls)}, but the classes run from 0 to {len(classes) - 1}"
    if w <= 0 or h <= 0:
        yield "zero-area", "error", f"width {w:g} and height {h:g} leave no area"
        return
    edges = x - w / 2, y - h / 2, x + w / 2, y + h / 2
    if max(*row[1:], *edges) > 1 + SLACK or min(edges) < -SLACK:
        reach = "({:.3f}, {:.3f}) to ({:.3f}, {:.3f})".format(*edges)
        yield "out-of-range", "error", f"reaches from {reach}, outside of 0…1"
        return
    if w * h > COVERS:
        yield "absurd", "warning", f"covers {w * h:.0%} of the image"
    if max(w / h, h / w) > ELONGATED:
        yield "absurd", "warning", f"one side is {max(w / h, h / w):.0f} times the other"
