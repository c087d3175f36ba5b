"""What a split is made of, in five panels: classes, sizes, shapes, places, objects per image."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from yolo_course.data.stats import Statistics
from yolo_course.visual.images import colour_of

MOST_CLASSES = 20  # bars that can be read
STRIDES = (8, 16, 32)
DARK = "#30343b"


def dataset_stats(statistics: Statistics, imgsz: int = 640) -> Figure:
    """Draw the statistics of a split.

    Args:
        statistics: As of `yolo_course.data.stats`.
        imgsz: Pixels of the images' longer side at which the boxes are measured.

    Example:
        >>> dataset_stats(data.stats("shapes.yaml", "train"), imgsz=128)  # doctest: +SKIP
    """
    figure = Figure(figsize=(12, 6.6), layout="constrained")
    axes = figure.subplot_mosaic("AAB;CDE")
    _classes(axes["A"], statistics)
    _per_image(axes["B"], statistics)
    _sizes(axes["C"], statistics, imgsz)
    _aspects(axes["D"], statistics)
    _places(axes["E"], statistics)
    for name in "ABCD":
        axes[name].spines[["top", "right"]].set_visible(False)
    split, images, boxes = statistics.split, len(statistics.sizes), len(statistics.rows)
    figure.suptitle(f"{split}: {images} images, {boxes} boxes", fontsize=12)
    return figure


def _classes(axis: Axes, statistics: Statistics) -> None:
    """Boxes of each class, and the images that show it; the commonest of very many."""
    count = len(statistics.names)
    boxes = np.bincount(statistics.classes, minlength=count)
    pairs = np.unique(np.stack((statistics.owners, statistics.classes)), axis=1)  # (2, boxes) -> (2, image and class)
    images = np.bincount(pairs[1], minlength=count)
    order = np.argsort(-boxes, kind="stable")[:MOST_CLASSES]
    bars = axis.bar(range(len(order)), boxes[order], color=[colour_of(cls) for cls in order.tolist()], label="boxes")
    axis.plot(range(len(order)), images[order], "_", ms=22, mew=2.5, color=DARK, label="images with it")
    axis.bar_label(bars, fontsize=8)
    axis.set_xticks(
        range(len(order)), [statistics.names[cls] for cls in order.tolist()], rotation=30 * (len(order) > 8)
    )
    rest = f", the {MOST_CLASSES} commonest of {count}" if count > MOST_CLASSES else ""
    axis.set_title(f"classes{rest}", fontsize=10)
    axis.legend(fontsize=8, frameon=False)


def _per_image(axis: Axes, statistics: Statistics) -> None:
    counts = statistics.per_image
    most = int(counts.max(initial=1))
    edges = np.arange(most + 2) - 0.5 if most < 60 else 40
    axis.hist(counts, edges, color=colour_of(6))
    axis.set_title("objects per image", fontsize=10)
    axis.set_ylabel("images")
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))


def _sizes(axis: Axes, statistics: Statistics, imgsz: int) -> None:
    """Width and height of every box; what lies left of or below a line is smaller than a cell of that stride."""
    sides = statistics.sides(imgsz)
    for cls, name in statistics.names.items():
        own = sides[statistics.classes == cls]
        axis.plot(*own.T, ".", ms=3, alpha=0.5, color=colour_of(cls), label=name)  # (n, 2) -> 2 of (n,)
    for stride in STRIDES:
        axis.axvline(stride, color=DARK, lw=0.7, ls=":")
        axis.axhline(stride, color=DARK, lw=0.7, ls=":")
        axis.annotate(
            str(stride), (stride, 1), xycoords=("data", "axes fraction"), fontsize=7, va="bottom", ha="center"
        )
    axis.set(xscale="log", yscale="log", xlabel=f"width in pixels at imgsz={imgsz}", ylabel="height")
    axis.set_title("sizes, with the strides", fontsize=10, pad=14)


def _aspects(axis: Axes, statistics: Statistics) -> None:
    ratios = np.log2(statistics.aspects())
    reach = max(1.0, float(np.abs(ratios).max(initial=0)))
    edges = np.linspace(-reach, reach, 41)
    for cls in statistics.names:
        axis.hist(ratios[statistics.classes == cls], edges, histtype="step", lw=1.6, color=colour_of(cls))
    ticks = np.arange(-np.floor(reach), np.floor(reach) + 1, max(1, reach // 3))
    axis.set_xticks(ticks, [f"1:{2**-tick:g}" if tick < 0 else f"{2**tick:g}:1" for tick in ticks])
    axis.set_title("width to height", fontsize=10)
    axis.set_ylabel("boxes")


def _places(axis: Axes, statistics: Statistics) -> None:
    """Where in the image the centres lie: an even dataset has no bright middle."""
    x, y = statistics.rows[:, 1:3].T  # (n, 2) -> 2 of (n,)
    counts, _, _ = np.histogram2d(y, x, bins=24, range=((0, 1), (0, 1)))
    axis.imshow(counts, cmap="viridis", extent=(0, 1, 1, 0), vmin=0, interpolation="nearest")
    axis.set(xticks=(0, 0.5, 1), yticks=(0, 0.5, 1))
    axis.set_title("centres in the image", fontsize=10)
