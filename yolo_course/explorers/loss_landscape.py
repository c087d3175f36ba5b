"""Drag a box over a target: IoU, GIoU, DIoU, CIoU, their slopes and the landscape of their loss follow.

The browser computes everything itself (`box_scores.js`), so the explorer lives in a page without a kernel as well; with
one, `box`, `target` and `kind` are the same on both sides.
"""

import base64
from collections.abc import Sequence
from pathlib import Path
from string import Template

import anywidget
import torch
import traitlets
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from yolo_course.errors import CourseError
from yolo_course.explorers.explorer import png
from yolo_course.losses import iou

__all__ = ["KINDS", "LossLandscape", "loss_landscape"]

KINDS = ("iou", "giou", "diou", "ciou")
PLANE = 100  # sides of the plane on which the boxes lie
CELLS = 64  # squares of the still landscape in a row

_HERE = Path(__file__).parent
_MODULE = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in ("box_scores.js", "loss_landscape.js"))
_STYLE = (_HERE / "loss_landscape.css").read_text(encoding="utf-8")

# a page without a kernel: the picture stays where scripts are not allowed, else the explorer takes its place
_PAGE = Template("""<div class="loss-landscape-still"><img alt="$told" src="data:image/png;base64,$picture"></div>
<style>$style</style>
<script type="module">
$module
for (const el of document.querySelectorAll(".loss-landscape-still:not([data-alive])")) {
  el.dataset.alive = "true";
  render({ model: still({ box: $box, target: $target, kind: "$kind" }), el });
}
</script>""")


class LossLandscape(anywidget.AnyWidget):
    """The explorer; `loss_landscape` makes one.

    Args:
        box: The predicted box, as the learner left it.
        target: The true box, which stays.
        kind: Whose landscape is shown, one of `KINDS`.

    Shape:
        box and target: 4 numbers, centre x, centre y, width, height, on a plane of 100 by 100.
    """

    _esm = _MODULE
    _css = _STYLE
    box = traitlets.List(traitlets.Float(), minlen=4, maxlen=4).tag(sync=True)
    target = traitlets.List(traitlets.Float(), minlen=4, maxlen=4).tag(sync=True)
    kind = traitlets.Enum(KINDS).tag(sync=True)

    def page(self) -> str:
        """Write the explorer as HTML that needs neither a kernel nor a network."""
        return _PAGE.substitute(
            told=self.told(),
            picture=base64.b64encode(self.picture()).decode(),
            style=_STYLE,
            module=_MODULE,
            box=self.box,
            target=self.target,
            kind=self.kind,
        )

    def told(self) -> str:
        """Say in one line what the picture shows."""
        score = iou(torch.tensor(self.box), torch.tensor(self.target), kind=self.kind, fmt="xywh").item()
        return f"the {self.kind} of a predicted box and its target is {score:.3f}, and the landscape of its loss"

    def picture(self) -> bytes:
        """Draw the boxes on the landscape as a PNG."""
        figure = Figure(figsize=(4, 4), layout="constrained")
        axes = figure.add_subplot()
        values = loss_map(self.target, self.box[2:], self.kind)
        axes.imshow(values.numpy(), cmap="Blues", vmin=0, vmax=2, extent=(0, PLANE, PLANE, 0))
        for (x, y, w, h), colour, line in ((self.target, "#c2410c", "--"), (self.box, "#1d4ed8", "-")):
            corner = x - w / 2, y - h / 2
            axes.add_patch(Rectangle(corner, w, h, fill=False, edgecolor=colour, ls=line, lw=2))
        axes.set_title(f"1 − {self.kind}, by the place of the blue box's centre", fontsize=9)
        axes.set_axis_off()
        return png(figure)

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict, dict]:
        live, about = super()._repr_mimebundle_(**kwargs)
        still = {"text/html": self.page(), "image/png": base64.b64encode(self.picture()).decode()}
        return {**live, **still, "text/plain": f"explorer: {self.told()}"}, about


def loss_landscape(
    box: Sequence[float] = (28, 36, 34, 18), target: Sequence[float] = (62, 60, 22, 34), kind: str = "ciou"
) -> LossLandscape:
    """Drag a predicted box and its size, choose whose loss makes the landscape, walk downhill.

    Args:
        box: The predicted box to begin with.
        target: The true box.
        kind: Whose landscape is shown first, one of `KINDS`.

    Shape:
        box and target: 4 numbers, centre x, centre y, width, height, on a plane of 100 by 100.

    Raises:
        CourseError: An unknown kind, or a box that is none.

    Example:
        >>> explorer = loss_landscape(kind="giou")  # doctest: +SKIP
        >>> explorer.box  # where you have dragged it  # doctest: +SKIP
    """
    if kind not in KINDS:
        raise CourseError("unknown kind of loss", expected=", ".join(KINDS), found=repr(kind))
    for name, values in (("box", box), ("target", target)):
        if len(values) != 4 or min(values[2:]) <= 0:
            raise CourseError(f"{name} is no box", expected="x, y, width, height, sizes above 0", found=tuple(values))
    return LossLandscape(box=[float(each) for each in box], target=[float(each) for each in target], kind=kind)


def loss_map(target: Sequence[float], size: Sequence[float], kind: str) -> torch.Tensor:
    """Compute the loss, 1 minus the score, of a box of this size with its centre at each place of the plane.

    Shape:
        - target: 4 numbers, size: 2
        - returns: (64, 64), rows from top to bottom
    """
    places = (torch.arange(CELLS) + 0.5) * PLANE / CELLS
    y, x = torch.meshgrid(places, places, indexing="ij")  # two of (64, 64)
    boxes = torch.stack((x, y, torch.full_like(x, size[0]), torch.full_like(x, size[1])), -1)  # (64, 64, 4)
    return 1 - iou(boxes, torch.tensor(target).expand_as(boxes), kind=kind, fmt="xywh")
