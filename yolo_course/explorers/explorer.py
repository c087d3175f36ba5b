"""Controls beside a picture that follows them.

One display carries both a live widget and a still picture: a front end that knows widgets shows the first, a page or a
file without a kernel shows the second.
"""

import base64
import io
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
from IPython.display import display
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

Picture = Callable[..., tuple[Figure, str]]


class Explorer:
    """A picture and a sentence, drawn anew whenever a control moves.

    Args:
        picture: Called with the controls' values by name; returns a figure and one sentence (HTML) about it.
        lines: Whether the figure is lines and text, which a browser draws itself, sharper and in a third of the time.
        controls: ipywidgets by name.

    Example:
        >>> Explorer(draw_power, exponent=widgets.IntSlider(2, 1, 5, description="exponent"))  # doctest: +SKIP
    """

    def __init__(self, picture: Picture, *, lines: bool = False, **controls: widgets.ValueWidget):
        self.picture, self.controls = picture, controls
        self.render = svg if lines else png
        layout = widgets.Layout(max_width="100%", align_self="flex-start")
        self.image = widgets.Image(format="svg+xml" if lines else "png", layout=layout)
        self.image.add_class("explorer-picture")
        self.sentence = widgets.HTML()
        self.sentence.add_class("explorer-sentence")
        for control in controls.values():
            control.observe(self._draw, names="value")
        self._draw()

    @property
    def values(self) -> dict[str, Any]:
        """What the controls say now."""
        return {name: control.value for name, control in self.controls.items()}

    def _draw(self, change: object = None) -> None:
        self.figure, told = self.picture(**self.values)
        self.image.value, self.sentence.value = self.render(self.figure), told

    def _ipython_display_(self) -> None:
        box = widgets.VBox([widgets.HBox(list(self.controls.values()), layout=_WRAP), self.sentence, self.image])
        live = box._repr_mimebundle_()
        still = base64.b64encode(self.image.value if self.render is png else png(self.figure)).decode()
        display({**live, "image/png": still, "text/plain": f"explorer: {self.values}"}, raw=True)


_WRAP = widgets.Layout(flex_flow="row wrap")


def png(figure: Figure, dpi: int = 90) -> bytes:
    """Render a figure without pyplot, so that nothing is left open."""
    quick = {"compress_level": 1}  # a quarter of the time was for the last per cent of the size
    return _render(figure, format="png", dpi=dpi, pil_kwargs=quick)


def svg(figure: Figure) -> bytes:
    """Write a figure down as its lines and its text; the browser has the fonts."""
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "explorer"}):
        return _render(figure, format="svg", metadata={"Date": None})


def _render(figure: Figure, **options: Any) -> bytes:
    buffer = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(buffer, **options)
    return buffer.getvalue()
