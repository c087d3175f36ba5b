# ---
# jupyter:
#   yolo_course:
#     title: Losses you can trust
#     promise: You write the losses of a detector yourself, then train one with a term of your own that is counted once.
#     goals:
#       - work out IoU, GIoU, DIoU and CIoU by hand and say which of them still pulls when two boxes do not touch
#       - write GIoU, CIoU, focal and distribution focal losses that survive boxes without area and huge logits
#       - turn any loss into one with weights, reductions and an average factor
#       - say which anchors answer for an object, and what they are told
#       - train with a criterion of four terms and see the fourth in the progress bar and in results.csv
#       - find the mistakes of custom losses that raise no error
#     minutes: 170
#     budget: 120
#     measured: 55
#     prerequisites: [00_first_detector]
# ---

# %% [markdown]
# # Losses you can trust
#
# You write the losses of a detector yourself, then train one with a term of your own that is counted once.
#
# **After this unit you can**
#
# - work out IoU, GIoU, DIoU and CIoU by hand and say which of them still pulls when two boxes do not touch;
# - write GIoU, CIoU, focal and distribution focal losses that survive boxes without area and huge logits;
# - turn any loss into one with weights, reductions and an average factor;
# - say which anchors answer for an object, and what they are told;
# - train with a criterion of four terms and see the fourth in the progress bar and in `results.csv`;
# - find the mistakes of custom losses that raise no error.
#
# **Time** about three hours, of which the computer needs a minute or two. **You need** unit 00: boxes, IoU, how a
# detector is trained.
#
# A loss is a promise: make this number small, and the detector gets better. It is a promise that nobody checks. A loss
# with a mistake in it still falls, still draws a nice curve. So here you check.

# %% setup=true
import copy
import math
import os
from functools import partial
from pathlib import Path
from unittest import mock

os.environ["YOLO_VERBOSE"] = "false"  # Ultralytics logs page after page otherwise

import matplotlib.pyplot as plt
import numpy as np
import torch
import torchvision
from matplotlib.patches import Rectangle
from sklearn.utils.class_weight import compute_class_weight
from torch import Tensor, nn
from torch.nn import functional as F
from ultralytics.cfg import get_cfg
from ultralytics.nn import tasks
from ultralytics.utils.loss import E2ELoss, v8DetectionLoss
from ultralytics.utils.tal import TaskAlignedAssigner, make_anchors

import yolo_course
from yolo_course import data, losses, train_pico
from yolo_course.explorers.loss_landscape import loss_landscape
from yolo_course.grading import check, hint, predict, progress, start
from yolo_course.models.quiet import quiet
from yolo_course.train.criterion import use_criterion
from yolo_course.train.progress import epoch_lines
from yolo_course.train.recipe import recipe
from yolo_course.visual.curves import training_curves

start("06_losses")


# %% setup=true
def random_boxes(count: int, seed: int, size: float = 100, dtype: torch.dtype = torch.float32) -> Tensor:
    """Boxes as left, top, right, bottom, some of which overlap. Shape: (count, 4)."""
    generator = torch.Generator().manual_seed(seed)
    corner = torch.rand(count, 2, generator=generator, dtype=dtype) * 0.6 * size
    return torch.cat((corner, corner + torch.rand(count, 2, generator=generator, dtype=dtype) * 0.4 * size + 1), dim=1)


def near(*values: float):
    """For the hints of a check: is the number found one of these?"""
    return lambda found: any(abs(float(found) - value) < 1e-3 for value in values)


def otherwise(found: object) -> bool:
    """For the hints of a check: whatever was found."""
    return True


# %% [markdown]
# ## 1 · Where nothing pulls
#
# In unit 00 you scored boxes by intersection over union. So why not learn from it? The loss would be 1 − IoU.
#
# A detector that has just been born puts its boxes anywhere. Here are five of them, each further from the target.


# %%
def show(axis, box, colour, **style):
    """Draw a box given as left, top, right, bottom."""
    left, top, right, bottom = map(float, box)
    style = {"fill": False, "lw": 2, **style}
    axis.add_patch(Rectangle((left, top), right - left, bottom - top, edgecolor=colour, **style))


def plane(axis, width=60, height=30):
    """A plain surface for boxes; y grows downwards, as in pictures."""
    axis.set(xlim=(-2, width), ylim=(height, -2), aspect="equal", xticks=[], yticks=[])


TARGET, FOUND = "#c2410c", "#1d4ed8"
goal = torch.tensor([5.0, 5.0, 25.0, 25.0])
figure, axes = plt.subplots(1, 5, figsize=(13, 2))
for shift, axis in zip((0, 8, 16, 24, 32), axes, strict=True):
    moved = goal + torch.tensor([shift, 0, shift, 0])
    plane(axis)
    show(axis, goal, TARGET, ls="--")
    show(axis, moved, FOUND)
    axis.set_title(f"{shift} px off: 1 − IoU = {1 - losses.iou(moved, goal):.2f}", fontsize=9)
plt.show()

# %% [markdown]
# The last two are wrong by 24 and by 32 pixels. The loss says 1 to both. Training asks for more than the loss: it asks
# for its slope.

# %% predict="flat"
slope = 0.0  # the last box is 32 px too far right. How much does 1 − IoU fall 1 px further left?
far = (goal + torch.tensor([32.0, 0, 32, 0])).requires_grad_()
(1 - losses.iou(far, goal)).backward()
predict("slope of 1 − IoU", slope, far.grad.abs().sum().item())

# %% [markdown]
# Zero. Not small, zero. One pixel to the left changes nothing, so nothing tells the box to go there. Boxes that miss
# their target never learn.

# %% [markdown]
# ## 2 · The empty part
#
# GIoU, the *generalised* IoU, asks a second question. Put the smallest box around both. How much of it is empty?

# %%
figure, axes = plt.subplots(1, 3, figsize=(12, 2.4))
for shift, axis in zip((8, 24, 32), axes, strict=True):
    moved = goal + torch.tensor([shift, 3, shift, 3])
    around = (5, 5, 25 + shift, 28)
    plane(axis)
    show(axis, around, "0.4", fill=True, facecolor="#e5e7eb", lw=1, ls=":", hatch="//")
    for box, colour in ((goal, TARGET), (moved, FOUND)):
        show(axis, box, colour, fill=True, facecolor="white")
    show(axis, goal, TARGET, ls="--")
    axis.set_title(f"hatched: empty, GIoU = {losses.iou(moved, goal, kind='giou'):.2f}", fontsize=9)
plt.show()

# %% [markdown]
# The further apart, the more is empty. With C the area of the box around both and U the area of their union:
#
# $$\text{GIoU} = \text{IoU} - \frac{C - U}{C}$$
#
# Two boxes of 10 × 10, side by side in a row, with a gap of 10 between them. Draw them. What is around them, what is
# filled?

# %% predict="giou_by_hand"
giou_by_hand = -0.333  # the GIoU of these two boxes
pair = torch.tensor([[0.0, 0, 10, 10], [20, 0, 30, 10]])
predict("GIoU", giou_by_hand, round(losses.iou(pair[0], pair[1], kind="giou").item(), 3), tol=0.005)

# %% [markdown]
# 30 × 10 around them, 200 of it filled, 100 empty: one third. The score runs from 1 down to −1.
#
# **Exercise `giou`.** Write it, elementwise: the first box of `a` with the first of `b`, and so on. The four numbers
# stand in the last dimension. Mind a box without area: one careless label is enough, and 0 / 0 is NaN. One NaN in
# a batch is enough to lose a model.


# %% exercise="giou" minutes=12 difficulty=2
def giou(a: Tensor, b: Tensor) -> Tensor:
    """Generalised IoU of each box of `a` with the box at the same place of `b`.

    Args:
        a: Boxes as left, top, right, bottom.
        b: As many boxes.

    Returns:
        A score for each pair, from -1 to 1. It is finite, and so is its gradient, even if both
        boxes have no area.

    Shape:
        (..., 4) and (..., 4) to (...)
    """
    ### BEGIN SOLUTION
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - overlap
    around = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1)
    return overlap / (union + 1e-7) - (around - union) / (around + 1e-7)
    ### END SOLUTION


# %% [markdown] hints="giou"
# 1. Three areas are enough: what the boxes share, what they cover together, what lies around both. Write each on a line
#    of its own.
# 2. The shared box starts at the larger of the two lefts. The box around both starts at the smaller. `torch.maximum`
#    and `torch.minimum` compare two tensors place by place.
# 3. Boxes that do not meet share a negative width: clamp it at 0. And add a tiny number to what you divide by.

# %% check="giou" points=3
with check("giou") as c:
    names = ("generalized_box_iou", "generalized_box_iou_loss", "bbox_iou", "iou_loss", "losses")
    c.without(giou, *names, hint="a library's own GIoU is not the exercise: write the arithmetic")

    def of(first, second):
        """The score of one pair, as a number."""
        return giou(torch.tensor([first]), torch.tensor([second]))[0]

    c.shape(
        giou(random_boxes(5, seed=1), random_boxes(5, seed=2)),
        (5,),
        {
            lambda found: tuple(found.shape) == (5, 5): "each box is compared with all others, not with its partner",
            lambda found: found.ndim == 0: "one number for all pairs: nothing is to be averaged here",
            otherwise: "five pairs of boxes go in, five scores must come out",
        },
    )
    # 10 × 10 and 20 × 10, far apart on a slant: 0 shared, 300 covered, 40 × 40 around
    c.close(
        of([0.0, 0, 10, 10], [20.0, 30, 40, 40]),
        -0.8125,
        {
            near(0): "boxes that do not touch score 0, near or far: the empty part does not count",
            near(
                1.0625
            ): "these boxes do not touch, and yet you find something that they share: clamp each side, then multiply",
            near(-13 / 3): "a score below -1: the empty part is a share of the box around both, not of the union",
            near(0.8125): "the empty part raises the score; it is a penalty",
            near(-1): "the whole box around both is taken for empty: what the two boxes cover is filled",
            near(1.8125): "a loss came out, 1 minus the score; the score itself is asked for",
            otherwise: "(0, 0, 10, 10) and (20, 30, 40, 40) do not touch, and their score is not right",
        },
    )
    # two 10 × 10, one moved by 5 along both axes: 25 shared, 175 covered, 15 × 15 around
    c.close(
        of([0.0, 0, 10, 10], [5.0, 5, 15, 15]),
        25 / 175 - 50 / 225,
        {
            near(25 / 200 - 25 / 225): "what both boxes share is counted twice in the union",
            near(25 / 175 - 200 / 225): "the empty part is what neither box covers; you count what only one covers too",
            otherwise: "(0, 0, 10, 10) and (5, 5, 15, 15) overlap in a corner, and their score is not right",
        },
    )
    c.close(
        of([2.0, 3, 12, 8], [2.0, 3, 12, 8]),
        1,
        {
            near(1): "two equal boxes score nearly 1: what you add to the divisor is not tiny beside an area of 50",
            otherwise: "two equal boxes must score 1",
        },
    )
    # 4 × 4 inside of 20 × 10
    c.close(of([5.0, 4, 9, 8], [0.0, 0, 20, 10]), 16 / 200, "a box inside the other leaves nothing empty")
    c.close(of([0.2, 0.2, 0.5, 0.4], [0.2, 0.2, 0.5, 0.4]), 1, "boxes smaller than a pixel score wrong", tol=1e-3)
    found = giou(random_boxes(6, seed=3).reshape(2, 3, 4), random_boxes(6, seed=4).reshape(2, 3, 4))
    c.shape(found, (2, 3), "whatever stands before the four numbers must come out again")

    points = torch.tensor([[3.0, 4, 3, 4], [0.0, 0, 0, 5], [0.0, 0, 9, 9]], requires_grad=True)
    others = torch.tensor([[3.0, 4, 3, 4], [0.0, 0, 0, 5], [2.0, 2, 2, 2]])
    found = giou(points, others)
    c.true(torch.isfinite(found).all(), "two boxes without area give NaN: 0 is divided by 0")
    c.true(found.requires_grad, "the score is cut off from the graph: no gradient reaches the boxes")
    found.sum().backward()
    c.true(torch.isfinite(points.grad).all(), "the score of a box without area is finite, but its gradient is not")
    ### BEGIN HIDDEN TESTS
    for seed, shape in enumerate([(9,), (0,), (2, 5), (3, 1, 2), ()]):
        count = int(np.prod(shape))
        a, b = (random_boxes(count, 10 * seed + k, dtype=torch.float64).reshape(*shape, 4) for k in (1, 2))
        kept = a.clone(), b.clone()
        oracle = torchvision.ops.generalized_box_iou(a.reshape(-1, 4), b.reshape(-1, 4)).diagonal().reshape(shape)
        found = giou(a, b)
        c.shape(found, shape, "whatever stands before the four numbers must come out again")
        c.close(found, oracle, "other boxes score wrong")
        c.true(found.dtype == torch.float64, "float64 boxes must give a float64 score: precision gets lost")
        c.close(torch.stack([a, b]), torch.stack(kept), "your function changes the boxes it was given")
    a, b = random_boxes(40, 3).requires_grad_(), random_boxes(40, 4)
    giou(a, b).sum().backward()
    slopes = torch.autograd.grad(torchvision.ops.generalized_box_iou(a, b).diagonal().sum(), a)[0]
    c.close(a.grad, slopes, "the score is right and its gradient is not", tol=1e-4)
    ### END HIDDEN TESTS

# %% [markdown]
# ## 3 · The centre and the shape
#
# GIoU has a weakness of its own. Lay a small box into a large one, anywhere: nothing is empty, GIoU is IoU again, and
# the place inside does not count. DIoU looks at the centres instead. CIoU looks at the shape as well.

# %%
figure, axes = plt.subplots(1, 3, figsize=(12, 2.9))
large = torch.tensor([5.0, 2, 53, 27])
for axis, small in zip(axes, torch.tensor([[8.0, 4, 24, 16.5], [21, 8.25, 37, 20.75], [25, 2, 33, 27]]), strict=True):
    plane(axis)
    show(axis, large, TARGET, ls="--")
    show(axis, small, FOUND)
    axis.plot([5, 53], [2, 27], color="0.6", ls=":", lw=1)
    axis.plot([29, (small[0] + small[2]) / 2], [14.5, (small[1] + small[3]) / 2], "o-", color="black", ms=4)
    told = "   ".join(f"{name} {losses.iou(small, large, kind=name.lower()):.2f}" for name in ("GIoU", "DIoU", "CIoU"))
    axis.set_title(told, fontsize=9)
plt.show()

# %% [markdown]
# Black: the distance ρ of the two centres. Dotted: the diagonal d of the box around both.
#
# $$\text{DIoU} = \text{IoU} - \frac{\rho^2}{d^2} \qquad \text{CIoU} = \text{DIoU} - \alpha v$$
#
# v measures how much the shapes differ, by the angle of the diagonal. α says how much that matters: little while the
# boxes hardly overlap, more later.
#
# $$v = \frac{4}{\pi^2}\left(\arctan\frac{w_b}{h_b} - \arctan\frac{w_a}{h_a}\right)^2 \qquad
# \alpha = \frac{v}{1 - \text{IoU} + v}$$
#
# Two equal squares of 10 × 10. The second lies 30 to the right and 40 below.

# %% predict="diou_by_hand"
diou_by_hand = -0.61  # the DIoU of these two boxes; the box around both is 40 wide and 50 high
pair = torch.tensor([[0.0, 0, 10, 10], [30, 40, 40, 50]])
predict("DIoU", diou_by_hand, round(losses.iou(pair[0], pair[1], kind="diou").item(), 2), tol=0.02)

# %% [markdown]
# ρ² is 30² + 40² = 2500, d² is 40² + 50² = 4100. Neither needs a square root.
#
# **Exercise `ciou`.** 1 − CIoU is the box loss of Ultralytics' detectors. One thing more: α is a weight and not a
# part of what is learned. The paper holds it constant in the backward pass, and so do Ultralytics and torchvision.
# `torch.no_grad()` does it.


# %% exercise="ciou" minutes=18 difficulty=3
def ciou(a: Tensor, b: Tensor) -> Tensor:
    """Complete IoU of each box of `a` with the box at the same place of `b`.

    No gradient flows through the weight of the shape, alpha.

    Args:
        a: Boxes as left, top, right, bottom.
        b: As many boxes.

    Returns:
        A score for each pair, 1 for equal boxes. It is finite, and so is its gradient, even if both
        boxes have no area.

    Shape:
        (..., 4) and (..., 4) to (...)
    """
    ### BEGIN SOLUTION
    eps = 1e-7
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    score = overlap / (size_a.prod(-1) + size_b.prod(-1) - overlap + eps)

    around = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    between = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = between.square().sum(-1) / (around.square().sum(-1) + eps)

    angle_a, angle_b = (torch.atan(size[..., 0] / (size[..., 1] + eps)) for size in (size_a, size_b))
    v = 4 / math.pi**2 * (angle_b - angle_a).square()
    with torch.no_grad():
        alpha = v / (1 - score + v + eps)
    return score - distance - alpha * v
    ### END SOLUTION


# %% [markdown] hints="ciou"
# 1. Build it in three steps and look at each: the IoU, the share of the distance, the shape. The formula subtracts the
#    second and the third from the first.
# 2. The centre is the mean of two corners. You need the square of the distance and the square of the diagonal: a sum of
#    two squares each.
# 3. Two divisions can meet a zero that you have not met in GIoU: width by height, and α when v is 0 and the boxes are
#    equal.

# %% check="ciou" points=4
with check("ciou") as c:
    names = ("complete_box_iou", "complete_box_iou_loss", "distance_box_iou", "bbox_iou", "iou_loss", "losses")
    c.without(ciou, *names, hint="a library's own CIoU is not the exercise: write the arithmetic")

    def of(first, second):
        """The score of one pair, as a number."""
        return ciou(torch.tensor([first]), torch.tensor([second]))[0]

    c.shape(
        ciou(random_boxes(5, seed=1), random_boxes(5, seed=2)),
        (5,),
        {
            lambda found: tuple(found.shape) == (5, 5): "each box is compared with all others, not with its partner",
            lambda found: found.ndim == 0: "one number for all pairs: nothing is to be averaged here",
            otherwise: "five pairs of boxes go in, five scores must come out",
        },
    )
    # 20 × 10 in the middle of 40 × 20
    c.close(
        of([10.0, 5, 30, 15], [0.0, 0, 40, 20]),
        0.25,
        {
            near(0.2): "what both boxes share is counted twice in the union",
            near(0.75): "a loss came out, 1 minus the score; the score itself is asked for",
            otherwise: "these boxes share their centre and their shape, so only the IoU must be left",
        },
    )
    # two squares of 10 × 10 whose centres are (30, 40) apart
    squares = [0.0, 0, 10, 10], [30.0, 40, 40, 50]
    c.close(
        of(*squares),
        -2500 / 4100,
        {
            near(0): "two squares that miss each other score 0 wherever they lie: the centres do not count",
            near(-50 / 4100**0.5): "distance and diagonal both count with their square",
            near(-50 / 4100): "the distance counts with its square, as the diagonal does",
            near(-2500 / 4100**0.5): "the diagonal counts with its square, as the distance does",
            near(
                -10000 / 4100
            ): "these centres are further apart than they should be: a centre is the mean of two corners",
            near(-2500 / 2000): "the diagonal is not the area: it belongs to a sum of two squares",
            near(2500 / 4100): "the distance raises the score; it is a penalty",
            near(-2500 / 200, -2500 / 400): "the distance is measured against the wrong box: take the one around both",
            otherwise: "the penalty for the distance of two squares is not right",
        },
    )
    v = 4 / math.pi**2 * (math.atan(2) - math.atan(0.5)) ** 2
    plain = v * math.pi**2 / 4
    slip = 4 / math.pi**2 * (math.atan(2) - math.atan(0.5))  # the angle, not its square
    third = 1 / 3
    # 20 × 10 and 10 × 20 with the same centre: IoU is a third
    c.close(
        of([0.0, 5, 20, 15], [5.0, 0, 15, 20]),
        third - v * v / (1 - third + v),
        {
            near(third): "a flat box and a tall one with the same centre: their shapes do not count",
            lambda found: any(
                abs(float(found) - third + each * each / (1 - third + each)) < 1e-4 for each in (slip, -slip)
            ): "v is the square of a difference of angles; yours is not squared",
            near(third - v): "the shape counts in full: its weight alpha is missing",
            near(
                third - plain * plain / (1 - third + plain)
            ): "the angles go from 0 to π/2, v from 0 to 1: 4/π² is missing",
            near(
                third - v * v / (third + v)
            ): "alpha is large where the boxes do not overlap; it should be small there",
            near(third + v * v / (1 - third + v)): "a different shape raises the score; it is a penalty",
            near(third - v / (1 - third + v)): "alpha is there, but what it weighs is missing",
            near(third - v * v / (1 - third)): "v stands in the denominator of alpha, too",
            otherwise: "the penalty for the shape is not right",
        },
    )
    c.close(of([2.0, 3, 12, 8], [2.0, 3, 12, 8]), 1, "two equal boxes must score 1")

    a, b = random_boxes(20, seed=5).requires_grad_(), random_boxes(20, seed=6)
    oracle = torch.autograd.grad(torchvision.ops.complete_box_iou(a, b).diagonal().sum(), a)[0]
    of_diou = torch.autograd.grad(torchvision.ops.distance_box_iou(a, b).diagonal().sum(), a)[0]
    found = ciou(a, b)
    c.true(found.requires_grad, "the score is cut off from the graph: no gradient reaches the boxes")
    c.close(
        torch.autograd.grad(found.sum(), a)[0],
        oracle,
        {
            lambda found: torch.allclose(found, of_diou, atol=1e-4): "no gradient flows through v: only alpha is held",
            otherwise: "the score is right, the gradient is not: does one flow through alpha?",
        },
        tol=1e-4,
    )
    found = ciou(random_boxes(6, seed=3).reshape(2, 3, 4), random_boxes(6, seed=4).reshape(2, 3, 4))
    c.shape(found, (2, 3), "whatever stands before the four numbers must come out again")

    points = torch.tensor([[3.0, 4, 3, 4], [0.0, 0, 0, 5], [0.0, 7, 5, 7]], requires_grad=True)
    found = ciou(points, points.detach().clone())
    c.true(torch.isfinite(found).all(), "two boxes without area give NaN: 0 is divided by 0")
    found.sum().backward()
    c.true(torch.isfinite(points.grad).all(), "the score of a box without area is finite, but its gradient is not")
    ### BEGIN HIDDEN TESTS
    for seed, shape in enumerate([(9,), (0,), (2, 5), (3, 1, 2), ()]):
        count = int(np.prod(shape))
        a, b = (random_boxes(count, 10 * seed + k, dtype=torch.float64).reshape(*shape, 4) for k in (1, 2))
        kept = a.clone(), b.clone()
        oracle = torchvision.ops.complete_box_iou(a.reshape(-1, 4), b.reshape(-1, 4)).diagonal().reshape(shape)
        found = ciou(a, b)
        c.shape(found, shape, "whatever stands before the four numbers must come out again")
        c.close(found, oracle, "other boxes score wrong")
        c.true(found.dtype == torch.float64, "float64 boxes must give a float64 score: precision gets lost")
        c.close(torch.stack([a, b]), torch.stack(kept), "your function changes the boxes it was given")
    mixed = torch.tensor([[0.0, 0, 9, 9], [5.0, 5, 5, 5], [0.0, 0, 0, 5]], requires_grad=True)
    found = ciou(mixed, torch.tensor([[2.0, 2, 2, 2], [0.0, 0, 9, 3], [0.0, 0, 7, 0]]))
    found.sum().backward()
    c.true(bool(torch.isfinite(found).all() and torch.isfinite(mixed.grad).all()), "one box without area breaks it")
    ### END HIDDEN TESTS

# %% [markdown]
# ## 4 · A landscape to walk through
#
# Drag the blue box. The colours show the loss it would have at each other place, dark is high. The arrow shows
# where the gradient moves it.
#
# - Choose IoU and drag the box away from the target. What becomes of the arrow?
# - Choose GIoU, at the same place, and go downhill. What does the box do before it gets there?
# - Put a small box inside the target, off its centre. Which of the four notices?
# - Same centre, same area, another shape: which row changes?

# %%
loss_landscape()

# %% [markdown]
# Now without your hand. One box starts far from its target and goes downhill, 200 steps, with each of the four losses.

# %% predict="race"
overlap_of_iou = 0.0  # what IoU does the box reach that goes downhill on 1 − IoU?


# %%
def walk(kind, steps=200, rate=90.0):
    """Send a box downhill in steps that grow shorter; return its IoU with the target at each."""
    # xywh
    goal, box = torch.tensor([70.0, 62.0, 22.0, 30.0]), torch.tensor([24.0, 30.0, 30.0, 16.0])
    reached = []
    for step in range(steps):
        box.requires_grad_()
        loss = 1 - losses.iou(box, goal, kind=kind, fmt="xywh")
        (slope,) = torch.autograd.grad(loss, box)
        reached.append(losses.iou(box.detach(), goal, fmt="xywh").item())
        box = (box - rate * (1 - step / steps) * slope).detach()
    return reached


figure, axis = plt.subplots(figsize=(7, 3))
races = {kind: walk(kind) for kind in ("iou", "giou", "diou", "ciou")}
for kind, reached in races.items():
    axis.plot(reached, label=f"{kind[:-3].upper()}IoU")
axis.set(xlabel="step", ylabel="IoU with the target")
axis.legend()
plt.show()
for kind, reached in races.items():
    first = next((step for step, value in enumerate(reached) if value > 0), None)
    print(f"{kind:<5} first touch at step {first}, IoU at the end {reached[-1]:.2f}")
predict("IoU reached by 1 − IoU", overlap_of_iou, races["iou"][-1])

# %% [markdown]
# 1 − IoU does not move at all. The others arrive, GIoU first: it grows on the way to fill the emptiness, to twice
# the size of the target, and shrinks later. DIoU and CIoU grow as well, since a longer diagonal makes the distance
# a smaller share of it. The zigzag at the end: a box that is nearly there steps over its target, until the steps have
# grown short enough.
#
# None of the four is best everywhere. CIoU is what Ultralytics chose.

# %% [markdown]
# ## 5 · Eight thousand questions, ten objects
#
# A box has to be found before it can be moved. Each place of the maps, each *anchor*, is asked for each class: is one
# here? At 640 px there are 8,400 anchors. A picture with one object has ten or so that should say yes.
#
# Each answer p costs its **binary cross entropy**: −log p where the truth is 1, −log(1 − p) where it is 0. Say all
# anchors answer 0.05, for one class. Ten of them should say 1.

# %% predict="drowned"
drowned = 14.4  # all the others together cost how many times what the ten cost?
background, ten = -8390 * math.log(1 - 0.05), -10 * math.log(0.05)
predict("times the cost of the ten", drowned, round(background / ten, 1), tol=0.5)

# %% [markdown]
# The 8,390 are right, nearly. They have nothing to learn. Their small costs add up and drown the ten.
#
# The **focal loss** turns each cost down by how right the answer is already. Write $p_t$ for the probability that the
# answer gives to the truth: p where the truth is 1, 1 − p where it is 0.

# %%
right = torch.linspace(0.01, 1, 200)
figure, axis = plt.subplots(figsize=(7, 3))
for gamma in (0, 1, 2, 5):
    axis.plot(right, -((1 - right) ** gamma) * right.log(), label=f"γ = {gamma}")
axis.axvspan(0.6, 1, color="#e5e7eb", zorder=0)
axis.text(0.8, 3, "easy", ha="center")
axis.set(xlabel="$p_t$, what the answer gives to the truth", ylabel="cost", ylim=(0, 4.5))
axis.legend()
plt.show()

# %% [markdown]
# $$\text{FL} = -\alpha_t\,(1 - p_t)^\gamma \log p_t$$
#
# γ = 0 is cross entropy. $\alpha_t$ is α where the truth is 1 and 1 − α where it is 0. The usual values are γ = 2,
# α = 0.25.

# %% predict="after_focal"
after_focal = 0.12  # γ = 2, α = 0.25: the others together cost how many times what the ten cost?
quieter, louder = 0.75 * 0.05**2 * background, 0.25 * 0.95**2 * ten
predict("times the cost of the ten", after_focal, round(quieter / louder, 2), tol=0.02)

# %% [markdown]
# From fourteen times as loud to an eighth. Now the ten are heard.
#
# **Exercise `sigmoid_focal`.** One cost for each logit, nothing summed. Each class is a question of its own, so there
# is a sigmoid and no softmax. Logits can be ±1000: sigmoid(−1000) is 0, and its logarithm is −∞.


# %% exercise="sigmoid_focal" minutes=12 difficulty=2
def sigmoid_focal(logits: Tensor, targets: Tensor, alpha: float = 0.25, gamma: float = 2.0) -> Tensor:
    """Focal loss of independent yes-or-no questions.

    Args:
        logits: Answers before the sigmoid, any finite numbers.
        targets: The truth, 0.0 or 1.0.
        alpha: Weight of the ones; the zeros weigh 1 - alpha.
        gamma: How much an easy answer is turned down, 0 or more.

    Returns:
        The cost of each answer, not reduced, never NaN or infinite. Gradients flow through all of
        it.

    Shape:
        (...) and (...) to (...)
    """
    ### BEGIN SOLUTION
    cost = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    p = logits.sigmoid()
    miss = (1 - p) * targets + p * (1 - targets)
    weight = alpha * targets + (1 - alpha) * (1 - targets)
    return weight * miss**gamma * cost
    ### END SOLUTION


# %% [markdown] hints="sigmoid_focal"
# 1. Three factors, multiplied: the weight, how wrong the answer is, the cross entropy. Write each on a line of its own.
# 2. `targets * x + (1 - targets) * y` takes x where the truth is 1 and y where it is 0. You need that twice.
# 3. `F.binary_cross_entropy_with_logits` takes logits and never computes the logarithm of 0. By default it averages.

# %% check="sigmoid_focal" points=3
with check("sigmoid_focal") as c:
    names = ("sigmoid_focal_loss", "FocalLoss", "losses")
    c.without(sigmoid_focal, *names, hint="a library's own focal loss is not the exercise")

    def cost(logit, truth, **options):
        """The cost of one answer, as a number."""
        return sigmoid_focal(torch.tensor([logit]), torch.tensor([truth]), **options).flatten()[0]

    generator = torch.Generator().manual_seed(0)
    logits, truth = torch.randn(3, 4, generator=generator), torch.rand(3, 4, generator=generator).round()
    c.shape(
        sigmoid_focal(logits, truth),
        (3, 4),
        {
            lambda found: found.ndim == 0: "one number came out: each answer must keep its own cost",
            otherwise: "twelve answers go in, twelve costs must come out, in the same shape",
        },
    )
    half, nine = math.log(2), math.log(9.0)  # -log 0.5; the logit of 0.9
    c.close(
        cost(0.0, 1.0, alpha=1.0, gamma=0.0),
        half,
        {
            near(
                0
            ): "with alpha 1 a one costs nothing: alpha and 1 - alpha have changed places, or a softmax is at work",
            near(-half): "the cost is negative",
            near(0.4741): "the logits went through a sigmoid twice",
            near(half / 4): "`alpha` or `gamma` has no effect: they were 1 and 0 here",
            otherwise: "with gamma 0 and alpha 1 the cost of a one is its binary cross entropy",
        },
    )
    pair = sigmoid_focal(torch.tensor([0.0, 4.0]), torch.ones(2), alpha=1.0, gamma=0.0)[0]
    c.close(pair, half, "the cost of an answer depends on the answers beside it: an average hides in there")
    c.close(
        cost(0.0, 1.0, alpha=0.25, gamma=0.0),
        half / 4,
        {
            near(half): "alpha has no effect on a one",
            near(0.75 * half): "alpha belongs to the ones, 1 - alpha to the zeros",
            near(half / 16): "alpha is applied twice",
            otherwise: "with gamma 0 a one costs alpha times its cross entropy",
        },
    )
    c.close(
        cost(0.0, 0.0, alpha=0.25, gamma=0.0),
        0.75 * half,
        {
            near(half / 4): "the zeros weigh 1 - alpha; yours weigh alpha like the ones",
            near(half): "the zeros have no weight: they weigh 1 - alpha",
            near(0): "a zero costs nothing: background must be learned too",
            otherwise: "with gamma 0 a zero costs 1 - alpha times its cross entropy",
        },
    )
    c.close(
        cost(nine, 1.0, alpha=1.0),
        0.01 * -math.log(0.9),
        {
            near(0.81 * -math.log(0.9)): "the easy answer is turned up: the factor is how *wrong* an answer is",
            near(-math.log(0.9)): "gamma has no effect: an easy answer costs as much as before",
            near(0.1 * -math.log(0.9)): "the default of gamma is 2: this looks like 1",
            otherwise: "the cost of an easy one is not right",
        },
        tol=1e-4,
    )
    c.close(
        cost(nine, 0.0, alpha=0.0),
        0.81 * math.log(10),
        {
            near(0.01 * math.log(10)): "where the truth is 0, an answer is wrong by p and not by 1 - p",
            near(math.log(10)): "gamma has no effect on the zeros",
            otherwise: "the cost of a hard zero is not right",
        },
        tol=1e-4,
    )
    c.close(
        cost(nine, 0.0, alpha=0.0, gamma=3.0), 0.729 * math.log(10), "`gamma` has no effect: it was 3 here", tol=1e-4
    )
    c.close(cost(0.0, 1.0), 0.25 * 0.25 * half, "the default of alpha is 0.25, that of gamma 2", tol=1e-4)

    wild = torch.tensor([-1000.0, 1000, -1000, 1000], requires_grad=True)
    found = sigmoid_focal(wild, torch.tensor([1.0, 0, 0, 1]))
    c.true(
        torch.isfinite(found).all(),
        "a logit of ±1000 gives NaN or infinity: a sigmoid has become 0 before the logarithm",
    )
    c.close(found, [250.0, 750, 0, 0], "a logit of ±1000 costs too little: clamping hides how wrong it is")
    found.sum().backward()
    c.true(torch.isfinite(wild.grad).all(), "the cost of a logit of ±1000 is finite, but its gradient is not")

    logits.requires_grad_()
    slopes = torch.autograd.grad(sigmoid_focal(logits, truth).sum(), logits)[0]
    oracle = torch.autograd.grad(torchvision.ops.sigmoid_focal_loss(logits, truth, reduction="sum"), logits)[0]
    c.close(slopes, oracle, "the costs are right, the gradient is not: is the factor (1 - p_t)^gamma held constant?")
    ### BEGIN HIDDEN TESTS
    for seed, (shape, alpha, gamma) in enumerate(
        [((7,), 0.25, 2.0), ((2, 5, 3), 0.6, 1.5), ((0, 3), 0.25, 2.0), ((), 0.9, 4.0), ((4, 1), 0.5, 0.0)]
    ):
        generator = torch.Generator().manual_seed(seed)
        logits = 3 * torch.randn(shape, generator=generator, dtype=torch.float64)
        truth = torch.rand(shape, generator=generator, dtype=torch.float64).round()
        kept = truth.clone()
        found = sigmoid_focal(logits, truth, alpha, gamma)
        c.shape(found, shape, "answers of another shape give costs of another shape")
        c.close(found, torchvision.ops.sigmoid_focal_loss(logits, truth, alpha, gamma), "other answers cost wrong")
        c.true(found.dtype == torch.float64, "float64 answers must give float64 costs")
        c.close(truth, kept, "your function changes the targets it was given")
    ### END HIDDEN TESTS

# %% [markdown]
# ### Does it help?
#
# A crowd: 5,000 points of background, ten points to be found at its edge. A small network learns to tell them
# apart, 100 steps with each loss, from three seeds. The test has 50,000 and 100. Average precision (unit 09) says
# how well the wanted ones are ranked, 1 is perfect.

# %%
from sklearn.metrics import average_precision_score


def crowd(seed, many, few):
    """Points of background, and a few wanted ones at its edge."""
    generator = torch.Generator().manual_seed(seed)
    background = torch.randn(many, 2, generator=generator)
    wanted = 0.3 * torch.randn(few, 2, generator=generator) + torch.tensor([3.2, 1.0])
    return torch.cat((background, wanted)), torch.cat((torch.zeros(many), torch.ones(few)))


def learn(loss, seed, steps=100):
    """Train a small network on a crowd."""
    points, wanted = crowd(seed, 5000, 10)
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1))
    optimizer = torch.optim.Adam(net.parameters(), 0.01)
    for _ in range(steps):
        optimizer.zero_grad()
        loss(net(points)[:, 0], wanted).backward()
        optimizer.step()
    return net


torch.set_num_threads(1)  # networks this small are faster on one core than shared between two
contest = {
    "cross entropy": F.binary_cross_entropy_with_logits,
    "focal loss": lambda logits, truth: losses.sigmoid_focal_loss(logits, truth, avg_factor=truth.sum()),
}
points, wanted = crowd(100, 50_000, 100)
print(f"{'':<15}{'seed':>5}{'AP':>7}{'found':>7}{'alarms':>8}   (found and false alarms at a score of 0.25)")
for name, loss in contest.items():
    for seed in range(3):
        scores = learn(loss, seed)(points)[:, 0].sigmoid().detach()
        found, alarms = int((scores[wanted == 1] > 0.25).sum()), int((scores[wanted == 0] > 0.25).sum())
        print(f"{name:<15}{seed:>5}{average_precision_score(wanted, scores):>7.2f}{found:>7}{alarms:>8}")

# %% [markdown]
# Read it twice. The ranking is as good with either: the focal loss knows no more than cross entropy does. But it
# says yes sooner. At the same threshold it finds more of the wanted ones, and raises more false alarms. Some of
# that you could have had by a lower threshold.
#
# That is the honest size of it. Where background outnumbers objects a thousand to one and training is short, it helps
# to get started. It does not make a detector see better. Measure it on your own data.

# %% [markdown]
# ### The wrong focal loss
#
# Guides often take the focal loss of a classifier, made of `F.cross_entropy`, and lay it on a detector's tensors. Both
# have three dimensions, so nothing complains. Here is a batch of two images, eight anchors, three classes, all
# background: every target is 0. The answers are random.

# %% predict="background"
of_background = 0.0  # what does cross entropy say of them?
answers, nothing = torch.randn(2, 8, 3, generator=torch.Generator().manual_seed(0)), torch.zeros(2, 8, 3)
predict("cross entropy", of_background, lambda: abs(F.cross_entropy(answers, nothing).item()))

# %%
print(f"binary cross entropy: {F.binary_cross_entropy_with_logits(answers, nothing).item():.3f}")
print(f"focal loss of yolo_course: {losses.sigmoid_focal_loss(answers, nothing).item():.3f}")

# %% [markdown]
# Exactly zero, whatever the answers are. A softmax asks *which* class; "none" is no answer to it, so background is
# never taught. And it takes dimension 1, the anchors, for the classes. Nothing tells such a detector that there can
# be nothing.
#
# YOLO's own class loss is plain binary cross entropy. The score that an anchor should give is not 1 but how well
# its box fits (section 8): that alone quiets much of the crowd. `losses.varifocal_loss` joins both ideas.

# %% [markdown]
# ## 6 · A side as a distribution
#
# How far is it from an anchor to the left side of its box? YOLOv8 and YOLO11 do not answer with a number. They give a
# score to each of 0, 1, 2, … 15 strides, and the distance is the mean. So the head can say "4 or 5, I can't see it
# well".

# %%
bins = torch.arange(16.0)
figure, axes = plt.subplots(1, 3, figsize=(12, 2.4), sharey=True)
for axis, (title, scores_of) in zip(
    axes,
    {
        "sure: 4 or 5": -((bins - 4.3) ** 2) / 0.6,
        "unsure: 4 to 9": -((bins - 6.5) ** 2) / 9,
        "two edges: 3 or 10": torch.logaddexp(-((bins - 3) ** 2), -((bins - 10) ** 2) - 0.4),
    }.items(),
    strict=True,
):
    shares = scores_of.softmax(0)
    axis.bar(bins, shares, color="#93c5fd")
    axis.axvline((shares * bins).sum(), color=TARGET, ls="--")
    axis.set_title(f"{title}, mean {(shares * bins).sum():.1f}", fontsize=9)
    axis.set(xlabel="strides to the side", xticks=bins[::3])
axes[0].set_ylabel("probability")
plt.show()

# %% [markdown]
# The **distribution focal loss** teaches the two bins beside the truth: cross entropy with both, and the nearer one
# counts more. The two weights sum to 1.

# %% predict="left_bin"
left_bin = 0.7  # the truth is 4.3. What is the weight of bin 4?
predict("weight of bin 4", left_bin, round(1 - (4.3 - 4), 2))

# %% [markdown]
# **Exercise `dfl`.** Two traps. A whole number has no right neighbour to share with, and the last bin has none at all.
# And objects can be larger than the bins reach.


# %% exercise="dfl" minutes=12 difficulty=2
def dfl(logits: Tensor, target: Tensor) -> Tensor:
    """Distribution focal loss of one side for each row.

    Args:
        logits: Scores of the distances 0 to bins - 1, before the softmax; at least two bins.
        target: True distances, in the same unit. What lies outside of the bins counts as the
            nearest bin.

    Returns:
        The cost of each row, not reduced. The targets are left as they are.

    Shape:
        (N, bins) and (N,) to (N,)
    """
    ### BEGIN SOLUTION
    last = logits.shape[-1] - 1
    target = target.clamp(0, last)
    left = target.floor().clamp(max=last - 1).long()
    beyond = target - left
    log_p = logits.log_softmax(-1)
    log_left = log_p.gather(1, left[:, None])[:, 0]  # (N, 1) -> (N,)
    log_right = log_p.gather(1, left[:, None] + 1)[:, 0]  # (N, 1) -> (N,)
    return -((1 - beyond) * log_left + beyond * log_right)
    ### END SOLUTION


# %% [markdown] hints="dfl"
# 1. Work one row by hand: target 4.3. Which two bins, which two weights? Then the same for all rows at once.
# 2. `log_softmax` gives the logarithms without computing one of 0. `gather(1, index[:, None])` takes one number
#    from each row.
# 3. If the left bin may not be the last one, then the right one always exists. What weight does it get when the
#    target is exactly the last bin?

# %% check="dfl" points=3
with check("dfl") as c:
    names = ("distribution_focal_loss", "DFLoss", "DistributionFocalLoss", "losses")
    c.without(dfl, *names, hint="a library's own DFL is not the exercise")
    four = torch.tensor([[0.1, 0.2, 0.3, 0.4]]).log() + 5  # a softmax gives these four back

    def cost(distance, logits=four):
        """The cost of one row, as a number."""
        return dfl(logits, torch.tensor([distance])).flatten()[0]

    def expected(distance):
        left = int(distance)
        return -(
            (left + 1 - distance) * four.log_softmax(-1)[0, left]
            + (distance - left) * four.log_softmax(-1)[0, left + 1]
        )

    c.shape(
        dfl(torch.zeros(5, 16), torch.rand(5)),
        (5,),
        {
            lambda found: found.ndim == 0: "one number came out: each row must keep its own cost",
            lambda found: tuple(found.shape) == (5, 1): "one column too many: a row's cost is a number",
            otherwise: "five rows go in, five costs must come out",
        },
    )
    c.close(
        cost(1.25),
        expected(1.25),
        {
            near(-(0.25 * math.log(0.2) + 0.75 * math.log(0.3))): "the weights are swapped: the nearer bin counts more",
            near(-math.log(0.2)): "only the bin on the left, or the nearest one, is taught",
            near(-math.log(0.3)): "only the bin on the right is taught",
            near(-math.log(0.2) - math.log(0.3)): "both bins count in full: their weights sum to 1",
            near(-(0.75 * math.log(0.3) + 0.25 * math.log(0.4))): "all bins are off by one: bin 0 is a distance of 0",
            near(-(0.75 * math.log(0.1) + 0.25 * math.log(0.2))): "all bins are off by one: bin 0 is a distance of 0",
            near(-expected(1.25).item() + 0): "the cost is negative",
            near(
                -(0.75 * four[0, 1] + 0.25 * four[0, 2]).item()
            ): "no softmax: adding 5 to all scores must change nothing",
            near(0.75**2, (1.25 - 2.0) ** 2): "this compares the mean with the target; the bins themselves are taught",
            otherwise: "the cost of a target between two bins is not right",
        },
    )
    c.close(
        cost(1.75),
        expected(1.75),
        "1.75 lies between the bins 1 and 2: the bin on the left is the whole number below, not the nearest one",
    )
    c.close(cost(2.0), -math.log(0.3), "a target that is a whole number teaches that bin alone")
    c.close(cost(0.0), -math.log(0.1), "a target of 0 teaches the first bin alone")
    c.close(
        cost(3.0),
        -math.log(0.4),
        {
            near(-math.log(0.3)): "a target on the last bin teaches the one before it",
            lambda found: (
                abs(float(found) + math.log(0.4)) < 0.01
            ): "the last bin is reached only nearly: a target on it teaches it alone",
            otherwise: "a target on the last bin teaches that bin alone",
        },
    )
    given = torch.tensor([7.5, -2.0, 1.5])
    kept = given.clone()
    found = dfl(four.expand(3, 4), given)
    c.close(
        found,
        [-math.log(0.4), -math.log(0.1), expected(1.5)],
        "a target beyond the last bin counts as the last, one below 0 as the first",
    )
    c.close(given, kept, "your function changes the targets it was given")
    wild = torch.tensor([[0.0, 2000, 0, -2000]], requires_grad=True)
    found = dfl(wild, torch.tensor([2.5]))
    c.true(torch.isfinite(found).all(), "large scores give infinity: a softmax has become 0 before the logarithm")
    ### BEGIN HIDDEN TESTS
    for seed, (rows, count, dtype) in enumerate(
        [(9, 16, torch.float32), (0, 16, torch.float32), (40, 2, torch.float64), (6, 33, torch.float64)]
    ):
        generator = torch.Generator().manual_seed(seed)
        logits = (4 * torch.randn(rows, count, generator=generator, dtype=dtype)).requires_grad_()
        target = torch.rand(rows, generator=generator, dtype=dtype) * (count + 1) - 1
        target[::3] = target[::3].round()
        inside = target.clamp(0, count - 1)
        places = torch.arange(count, dtype=dtype)
        # a tent over the target: (rows, count)
        shares = (1 - (inside[:, None] - places).abs()).clamp(min=0)
        oracle = F.cross_entropy(logits, shares, reduction="none") if rows else torch.zeros(0, dtype=dtype)
        found = dfl(logits, target)
        c.shape(found, (rows,), "other rows give another shape")
        c.close(found, oracle, "other rows cost wrong", tol=1e-4)
        c.true(found.dtype == dtype, "float64 scores must give a float64 cost")
        if rows:
            slopes = torch.autograd.grad(found.sum(), logits)[0]
            c.close(slopes, logits.softmax(-1).detach() - shares, "the costs are right, the gradient is not", tol=1e-4)
    ### END HIDDEN TESTS

# %% [markdown]
# pico and YOLO26 do without: `reg_max: 1`, a side is one number, and the third loss is an L1. Where there are 16
# bins, an object can reach 15 strides at most from its anchor. At stride 8 that is 120 px; larger objects belong to
# the coarser maps.

# %% [markdown]
# ## 7 · The mean of what?
#
# You have four losses, each with a cost a row. Training wants one number. Which?
#
# Take pico's 336 anchors. Ten answer for an object and cost 1 each. The others cost nothing.

# %% predict="plain_mean"
plain_mean = 0.03  # the plain mean of all costs
costs = torch.zeros(336)
costs[:10] = 1.0
predict("mean", plain_mean, round(costs.mean().item(), 3), tol=0.005)

# %% [markdown]
# And on a picture with twice as much background it would be half of that, though the ten are as wrong as before. So one
# divides by the number of objects, or by the sum of their weights: the **average factor**.

# %%
for anchors in (336, 672, 8400):
    costs = torch.zeros(anchors)
    costs[:10] = 1.0
    print(f"{anchors:>5} anchors: mean {costs.mean():.4f}, sum / 10 = {costs.sum() / 10:.1f}")

# %% [markdown]
# **Exercise `weighted_loss`.** Every loss needs the same three things after it: weights, a reduction, an average
# factor. Write them once, as a decorator: a function that takes a loss and gives back one that can do more.
#
# Two losses below the decorator are given. They use it, and the check calls them. An image without objects has no rows:
# the mean of nothing is NaN in PyTorch, and here it is to be 0.


# %% exercise="weighted_loss" minutes=15 difficulty=2
def weighted_loss(function):
    """Give an elementwise loss weights, a reduction and an average factor.

    The loss is called `function(pred, target, **options)`, the new function
    `(pred, target, weight=None, reduction="mean", avg_factor=None, **options)`.

    - `weight` multiplies each element's cost and broadcasts to it.
    - `reduction` is "none", "sum" or "mean". The mean is over all elements, however they are
      weighted. The mean of no elements is 0.
    - `avg_factor` takes the place of the number of elements in the mean. If it is below 1, the sum
      is divided by 1.
    - Any other reduction, and an `avg_factor` with "none" or "sum", raise a ValueError.
    - Further options go to `function`.
    """
    ### BEGIN SOLUTION

    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted
    ### END SOLUTION


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% [markdown] hints="weighted_loss"
# 1. A decorator defines a function inside of itself and returns it. The inner one calls `function` first.
# 2. `**options` in the inner function's signature catches what it does not know; `function(pred, target,
#    **options)` hands it on.
# 3. A mean is a sum divided by something. Which number is it, with and without an average factor, and how do you
#    keep it from being 0?

# %% check="weighted_loss" points=3
with check("weighted_loss") as c:
    pred, target = torch.tensor([[1.0, 2, 3], [4, 5, 6]]), torch.zeros(2, 3)
    weight = torch.tensor([[1.0, 0, 2], [0, 0, 1]])
    made = weighted_loss(lambda pred, target: (pred - target).abs())
    c.true(made is not None, "`weighted_loss` gives None: return the function that you define inside of it")
    c.true(callable(made), "`weighted_loss` gives a value: it is to return a function, which is called later")
    found = l1(pred, target)
    c.close(
        found,
        3.5,
        {
            lambda found: (
                tuple(getattr(found, "shape", ())) == (2, 3)
            ): "without a word about it, the reduction is the mean",
            near(21): "the default reduction is the mean, this is the sum",
            otherwise: "without weights the mean of the costs is expected",
        },
    )
    c.shape(l1(pred, target), (), "a mean is one number")
    c.close(l1(pred, target, reduction="none"), pred, 'reduction="none" leaves each element its cost')
    c.close(l1(pred, target, reduction="sum"), 21, 'reduction="sum" adds up all costs')
    c.close(l1(pred, target, weight, "none"), pred * weight, "the weights have no effect on the costs they belong to")
    c.close(
        l1(pred, target, weight, "sum"),
        13,
        {near(21): "the weights have no effect on the sum", otherwise: "the weighted sum is wrong"},
    )
    c.close(
        l1(pred, target, weight),
        13 / 6,
        {
            near(3.5): "the weights have no effect on the mean",
            near(
                13 / 4
            ): "the mean is divided by the sum of the weights; it is to be divided by the number of elements",
            near(13 / 3): "the mean is divided by how many weights are not 0; all elements count",
            near(3.5 * 4 / 6): "cost and weight are averaged apart: multiply element by element first",
            otherwise: "the weighted mean is wrong",
        },
    )
    c.close(
        l1(pred, target, torch.tensor([[1.0], [10]]), "sum"), 156, "a weight for each row, shape (2, 1), must broadcast"
    )
    c.close(
        l1(pred, target, weight, avg_factor=2),
        6.5,
        {
            near(13 / 6): "avg_factor has no effect",
            near(13 / 12): "avg_factor takes the place of the number of elements; you divide by both",
            near(13 / 6 * 2, 26): "avg_factor multiplies; it is to divide",
            otherwise: "with an average factor the sum of the costs is divided by it",
        },
    )
    c.close(l1(pred, target, avg_factor=torch.tensor(2.0)), 10.5, "an avg_factor that is a tensor must work too")
    c.close(
        l1(pred, target, weight * 0, avg_factor=0), 0, "without an object the average factor is 0, and 0 / 0 is NaN"
    )
    c.close(
        l1(pred, target, weight, avg_factor=0),
        13,
        {
            near(13 / 6): "an avg_factor of 0 is a number: `if avg_factor` takes it for none given",
            otherwise: "an average factor of 0 counts as 1",
        },
    )
    c.close(
        l1(pred, target, avg_factor=0.5),
        21,
        "an average factor below 1 counts as 1: a single doubtful object would shout",
    )
    found = cross_entropy(torch.tensor([2.0]), torch.tensor([0.0]))
    c.close(found, math.log(1 + math.exp(2)), "prediction and target have changed places on their way to the loss")
    found = cross_entropy(torch.zeros(2), torch.tensor([0.0, 1]), reduction="none", ones=3.0)
    c.close(found / math.log(2), [1.0, 3], "an option, `ones` of the second loss, does not arrive at the loss")
    nothing = torch.zeros(0, 4, requires_grad=True)
    found = l1(nothing, torch.zeros(0, 4))
    c.close(found, 0, "the mean of no elements must be 0, here it is NaN")
    c.true(
        getattr(found, "requires_grad", False),
        "the 0 of an empty batch is cut off from the graph: backward() would fail",
    )
    refused = "must be refused with a ValueError"
    c.raises(ValueError, partial(l1, reduction="average"), pred, target, hint=f"an unknown reduction {refused}")
    c.raises(
        ValueError,
        partial(l1, reduction="sum", avg_factor=2),
        pred,
        target,
        hint=f"a sum with an average factor {refused}",
    )
    c.raises(
        ValueError,
        partial(l1, reduction="none", avg_factor=2),
        pred,
        target,
        hint=f'"none" with an average factor {refused}',
    )
    ### BEGIN HIDDEN TESTS
    for seed, shape in enumerate([(7,), (3, 4), (2, 1, 5), ()]):
        generator = torch.Generator().manual_seed(seed)
        pred, target, weight = (torch.randn(shape, generator=generator, dtype=torch.float64) for _ in range(3))
        target = target.sigmoid()
        plain = F.binary_cross_entropy_with_logits(pred, target, reduction="none")
        kept = weight.clone()
        c.close(cross_entropy(pred, target, reduction="none"), plain, "another loss comes out changed")
        for reduction, oracle in (
            ("none", plain * weight),
            ("sum", (plain * weight).sum()),
            ("mean", (plain * weight).mean()),
        ):
            found = cross_entropy(pred, target, weight, reduction)
            c.close(found, oracle, f'reduction="{reduction}" is wrong for another loss')
        for factor in (1, 2, 3.5):
            found = cross_entropy(pred, target, weight, avg_factor=factor)
            c.close(found, (plain * weight).sum() / factor, f"the average factor {factor} gives another number")
            found = cross_entropy(pred, target, avg_factor=factor)
            c.close(found, plain.sum() / factor, f"the average factor {factor} needs weights to work")
        c.close(l1(pred, target, reduction="sum"), (pred - target).abs().sum(), "a distance is not what it was")
        c.close(weight, kept, "your function changes the weights it was given")
    c.close(l1(torch.zeros(0), torch.zeros(0), reduction="sum"), 0, "the sum of no elements must be 0")
    c.shape(l1(torch.zeros(0, 4), torch.zeros(0, 4), reduction="none"), (0, 4), "no elements, not reduced, stay none")
    pred = torch.randn(6, requires_grad=True)
    l1(pred, torch.zeros(6), torch.full((6,), 2.0)).backward()
    c.close(pred.grad.abs(), 2 / 6, "the gradient of a weighted mean is wrong")
    for reduction in ("none", "sum"):
        found = l1(pred, torch.zeros(6), reduction=reduction)
        c.true(found.requires_grad, f'reduction="{reduction}" is cut off from the graph')
    ### END HIDDEN TESTS

# %% [markdown]
# MMDetection made this decorator popular, and `yolo_course.losses.weighted_loss` is one, too. Your `giou`, your
# `dfl` and your focal loss fit under it as they are.

# %% [markdown]
# ## 8 · Who answers for an object?
#
# 336 anchors, a few objects. The **assigner** decides who answers for what, anew in each batch. Ultralytics' way is
# called *task-aligned*:
#
# 1. An anchor may answer for an object if it lies inside of its box.
# 2. It scores √s · CIoU⁶: how sure it is of the class (s), and above all how well its box fits.
# 3. The ten best of each object answer for it. If one is wanted by two objects, the better fit decides.
# 4. The best is told to say what its CIoU is, the others less, in proportion.
#
# We need a detector for this. Five epochs make a mediocre one; it will also be what section 10 compares with.

# %%
shapes = data.ensure("shapes")
stock_run = train_pico(shapes, epochs=5, out="runs/stock")

# %% [markdown]
# Now a picture with three objects, and a detector that has not learned anything yet.


# %%
def answer_for(net, image, labels):
    """Who answers for what: points in pixels, the object of each or -1, the score it is to give."""
    height, width = image.shape[:2]
    # (H, W, 3) -> (1, 3, H, W)
    pixels = torch.tensor(image.copy()).permute(2, 0, 1)[None].float() / 255
    with torch.no_grad():
        # found: (1, 4 + classes, anchors), xywh in pixels and scores
        found, raw = net.eval()(pixels)
    points, strides = make_anchors(raw["feats"], net.stride, 0.5)
    truth = yolo_course.boxes.convert(torch.tensor(labels[:, 1:]).float(), "xywhn", "xyxy", size=(height, width))
    boxes = yolo_course.boxes.xywh_to_xyxy(found[:, :4].transpose(1, 2))  # (1, 4, A) -> (1, A, 4)
    assigner = TaskAlignedAssigner(topk=10, num_classes=3, alpha=0.5, beta=6.0, stride=net.stride.tolist())
    _, _, told, answers, whose = assigner(
        found[:, 4:].transpose(1, 2), boxes, points * strides, torch.tensor(labels[None, :, :1]), truth[None],
        torch.ones(1, len(labels), 1),
    )  # fmt: skip
    return (points * strides).numpy(), np.where(answers[0], whose[0], -1), told[0].amax(-1).numpy(), truth.numpy()


dataset = data.load(shapes)
pictures = [data.read_labelled(dataset, file) for file in dataset.images("val")]
image, labels = next(each for each in pictures if len(each[1]) == 3)
torch.manual_seed(0)
fresh = yolo_course.build("pico", nc=3).model

# %% predict="answering"
answering = 30  # its 336 anchors: how many of them answer for one of the three?
predict("anchors that answer", answering, lambda: int((answer_for(fresh, image, labels)[1] >= 0).sum()))

# %%
figure, axes = plt.subplots(1, 2, figsize=(10, 5))
for axis, (name, net) in zip(axes, {"fresh": fresh, "after 5 epochs": stock_run.model.model}.items(), strict=True):
    points, whose, told, truth = answer_for(net, image, labels)
    axis.imshow(image, alpha=0.6)
    axis.scatter(*points.T, s=3, color="0.5")
    for number, (colour, box) in enumerate(zip(("#1d4ed8", "#c2410c", "#15803d"), truth, strict=False)):
        mine = whose == number
        axis.scatter(*points[mine].T, s=15 + 150 * told[mine], color=colour, alpha=0.8)
        show(axis, box, colour)
    mine = whose >= 0
    axis.set_title(f"{name}: {mine.sum()} anchors answer, told {told[mine].mean():.2f} on average", fontsize=9)
    axis.axis("off")
plt.show()

# %% [markdown]
# Grey: all anchors. Coloured: those that answer, larger where they are told to give a higher score. Most scores are
# told to be far below 1.
#
# To the fresh detector a few anchors fit by chance, and are told so. Five epochs later many fit. Nobody has changed the
# labels: what an anchor has to learn depends on what it says already. So a class loss of two epochs can't be compared
# without a thought, and a mistake in the box loss also spoils the classes.
#
# `losses.TaskAlignedAssigner` does the same and is written to be read and changed.

# %% [markdown]
# ## 9 · What a criterion returns
#
# The trainer knows nothing of boxes. It calls the model, the model calls its criterion, and the trainer sums what comes
# back. This is what goes in.


# %% setup=true
def tiny_model(dual: bool = False) -> nn.Module:
    """A fresh detector of two levels and two classes, as a trainer hands it to a criterion.

    With `dual` it has two heads, as YOLO26 has: one with many answers an object, one with a single
    one.
    """
    layers = [[-1, 1, "Conv", [8, 3, 2]], [-1, 1, "Conv", [8, 3, 2]], [-1, 1, "Conv", [8, 3, 2]]]
    config = {"nc": 2, "backbone": layers, "head": [[[1, 2], 1, "Detect", ["nc"]]], "end2end": dual}
    torch.manual_seed(0)
    model = tasks.DetectionModel(config, verbose=False)
    # outside of a trainer they are a dict, and the criterion wants attributes
    model.args = get_cfg()
    return model


def problem(seed: int, images: int = 2, objects: int = 3) -> tuple[dict, dict]:
    """What a criterion gets: predictions of `tiny_model` for images of 64 px, and random objects.

    Shape:
        predictions: boxes (images, 64, 320), scores (images, 2, 320), two feature maps; objects: as
            a batch has them.
    """
    generator = torch.Generator().manual_seed(seed)
    preds = {
        "boxes": torch.randn(images, 64, 320, generator=generator).requires_grad_(),
        "scores": (torch.randn(images, 2, 320, generator=generator) - 2).requires_grad_(),
        "feats": [torch.zeros(images, 8, 16, 16), torch.zeros(images, 8, 8, 8)],
    }
    size = torch.rand(images * objects, 2, generator=generator) * 0.4 + 0.2
    centre = size / 2 + torch.rand(images * objects, 2, generator=generator) * (1 - size)
    batch = {
        "batch_idx": torch.arange(images * objects) // max(objects, 1),
        "cls": torch.randint(2, (images * objects, 1), generator=generator).float(),
        "bboxes": torch.cat((centre, size), 1),
    }
    return preds, batch


def corner_term(found: Tensor, true: Tensor) -> Tensor:
    """How far the corners of boxes are from where they should be: a mean, 0 if there is no box.

    Shape:
        found and true: (N, 4), left, top, right, bottom in strides; to ()
    """
    return F.smooth_l1_loss(found, true, reduction="sum") / max(found.numel(), 1)


# %%
model = tiny_model()
preds, batch = problem(seed=0, images=4)
for name, value in preds.items():
    print(f"{name:<10}", [tuple(each.shape) for each in value] if isinstance(value, list) else tuple(value.shape))
for name, value in batch.items():
    print(f"{name:<10}", tuple(value.shape))

# %% [markdown]
# The predictions are a *dict*. Guides unpack two tensors, or write `preds[0]`: both fail. YOLO26 has two heads and
# a dict of two such dicts; and a model in `eval` mode returns a tuple whose second half is the dict. Now what comes
# out, for this batch of four.

# %%
vector, items = v8DetectionLoss(model)(preds, batch)
print("vector:", vector.detach())
print("items: ", items)

# %% predict="times_batch"
times_batch = 4  # the vector, divided by the items: what is the factor?
predict("vector / items", times_batch, lambda: round((vector / torch.stack(list(items.values()))).mean().item(), 3))

# %% [markdown]
# Two things, with a job each.
#
# - **The vector** is learned from. The trainer sums it. It is multiplied by the number of images.
# - **The items** are for the eyes: a dict of single numbers, detached, not multiplied. The progress bar, `results.csv`
#   and `results.png` take their names from its keys.
#
# Now a guide adds a term of its own: `loss += 0.5 * extra`. It is one line, and it runs.

# %% predict="three_times"
three_times = 1.5  # extra is 1.0 and its weight 0.5. By how much does the sum of the vector grow?
predict("growth of the sum", three_times, ((torch.zeros(3) + 0.5 * torch.tensor(1.0)).sum()).item())

# %% [markdown]
# A number added to a vector is added to each of its entries. The term counts three times. It is also not multiplied by
# the batch, as the others are: with 16 images a sixteenth of what it should be, times three. And it shows nowhere.
#
# The guide then appends the term to the items, with `torch.cat`. There was a time when the items were a tensor.
# Today the trainer says this:


# %%
class TensorItems(v8DetectionLoss):
    """A criterion as guides write it: its items are a tensor."""

    def loss(self, preds, batch):
        vector, items = super().loss(preds, batch)
        return vector, torch.stack(list(items.values()))


few = data.make("shapes", out=shapes.parent.parent / "few", images=40)  # 32 to train on


def try_out(**settings):
    """One epoch on a few pictures. Tells how it ended."""
    pico = yolo_course.build("pico", nc=3)
    place = {"project": str(Path("runs").resolve()), "name": "try", "exist_ok": True}
    basic = {"epochs": 1, "imgsz": 64, "batch": 16, "workers": 0, "plots": False, "pretrained": False}
    try:
        with quiet():
            pico.train(data=str(few), **basic, **place, **settings)
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
    else:
        print("one epoch, no error")


with mock.patch.object(tasks.DetectionModel, "init_criterion", lambda model: TensorItems(model)):
    try_out()

# %% [markdown]
# Nothing about a dict, nothing about a criterion. The trainer calls `items.values()`, and a tensor has a method of that
# name: it belongs to sparse tensors. Remember the sentence; you will search for it one day.
#
# **Clinic `add_term`.** This is the guide's code, in a function. Mend it, so that the term counts once and shows up.


# %% clinic="add_term" minutes=8 difficulty=2
def add_term(vector: Tensor, items: dict, name: str, term: Tensor, weight: float, images: int) -> tuple[Tensor, dict]:
    """Add one more term to what a criterion returns.

    Args:
        vector: What is learned from, one number a term, each weighted and multiplied by the number
            of images.
        items: What is shown, one detached number a term, weighted and not multiplied.
        name: What the new term is called in the progress bar.
        term: Its value for this batch, a tensor without dimensions, neither weighted nor
            multiplied.
        weight: Its weight.
        images: How many images the batch has.

    Returns:
        The vector and the items, each with the new term at its end. What was given is left as it
        is.
    """
    ### BEGIN SOLUTION
    weighted = weight * term
    # (n,) to (n + 1,)
    return torch.cat([vector, (weighted * images).view(1)]), {**items, name: weighted.detach()}
    ### STUB
    # vector = vector + weight * term
    # items = torch.cat([torch.stack(list(items.values())), (weight * term).detach().view(1)])
    # return vector, items
    ### END SOLUTION


# %% [markdown] hints="add_term"
# 1. Three entries go in. How many must come out, if the new term is to be seen and counted by itself?
# 2. Which of the two results is multiplied by the number of images, and which is not? The docstring says it for the old
#    terms; the new one is no exception.
# 3. `{**items, name: value}` is a copy of a dict with one more entry. `tensor.view(1)` gives a number a dimension,
#    so that `torch.cat` takes it.

# %% check="add_term" points=3
with check("add_term") as c:
    given, shown = torch.tensor([8.0, 4.0, 12.0]), {"box_loss": torch.tensor(2.0), "cls_loss": torch.tensor(1.0)}
    shown["dfl_loss"] = torch.tensor(3.0)
    term = torch.tensor(1.0, requires_grad=True)
    vector, items = add_term(given.clone(), dict(shown), "mine", term, 0.5, 4)
    grown = float(vector.sum()) - 24
    c.close(
        grown,
        2,
        {
            near(1.5): "the term is added to each of three entries: it counts three times, and never times the images",
            near(6): "the term is added to each of three entries: it counts three times",
            near(0.5): "the other terms are multiplied by the number of images, the new one is not",
            near(4): "the weight of the new term has no effect on what is learned",
            near(1): "neither weight nor number of images has an effect on what is learned",
            near(0): "the sum of the vector stays the same: the new term is shown and not learned",
            near(8): "the new term is multiplied by the number of images twice",
            lambda found: found > 8: "the old terms have changed: they are multiplied already",
            otherwise: "the sum of the vector grows by the wrong amount",
        },
    )
    c.shape(vector, (4,), "the new term counts once, but hides in an entry of another term")
    c.close(vector, [8.0, 4, 12, 2], "the new term belongs at the end, and the others stay as they are")
    c.instance(items, dict, "items that are no dict end in `values expected sparse tensor layout`")
    c.equal(
        list(items),
        [*shown, "mine"],
        "the progress bar takes its columns from the keys: the new name belongs at the end",
    )
    c.close(
        items["mine"],
        0.5,
        {
            near(2): "what is shown is not multiplied by the number of images",
            near(1): "what is shown is weighted, as the others are",
            otherwise: "the new term shows another value than it has",
        },
    )
    c.true(
        not getattr(items["mine"], "requires_grad", False),
        "the shown value drags the graph of every batch along: detach it",
    )
    vector[3].backward()
    c.true(term.grad is not None, "the new term is cut off from the graph: it is counted and never learned")
    c.close(term.grad, 2, "the gradient of the new term is not its weight times the number of images")
    c.close(given, [8.0, 4, 12], "the vector that was given has changed")
    ### BEGIN HIDDEN TESTS
    for seed in range(4):
        generator = torch.Generator().manual_seed(seed)
        old = torch.randn(seed + 1, generator=generator, dtype=torch.float64)
        names = {f"t{k}": value for k, value in enumerate(old / 3)}
        kept, value = dict(names), torch.randn((), generator=generator, dtype=torch.float64)
        vector, items = add_term(old, names, "late", value, 2.5 + seed, 3)
        c.close(vector, torch.cat([old, (value * (2.5 + seed) * 3).view(1)]), "with other terms the vector is wrong")
        c.close(torch.stack(list(items.values())), torch.cat([old / 3, (value * (2.5 + seed)).view(1)]), "other items")
        c.equal(list(names), list(kept), "the dict that was given has changed")
    ### END HIDDEN TESTS

# %% [markdown]
# ### Who calls it, and how
#
# Some guides override the model instead: `def loss(self, batch)`. Watch.


# %%
def loss_without_preds(self, batch):
    """The loss of a model, as a guide writes it."""
    self.criterion = getattr(self, "criterion", None) or self.init_criterion()
    return self.criterion(self.forward(batch["img"]), batch)


with mock.patch.object(tasks.BaseModel, "loss", loss_without_preds):
    try_out()

# %% [markdown]
# A whole epoch went well. Then came the validation. It has predictions already, and hands them over:
# `model.loss(batch, preds)`. On a large dataset that is hours later. The signature is `loss(self, batch,
# preds=None)`; try a new criterion on ten pictures first.
#
# Four more facts, each measured on this version:
#
# - A criterion that is set on the *instance* is ignored in silence: the trainer builds its model anew.
# - A learnable weight, an `nn.Parameter` of the criterion, never learns: a criterion is no module, so the optimizer
#   does not hear of it. It has to stand on the model.
# - YOLO26 has two heads. Its criterion is `E2ELoss`, which makes **two** of yours, by `YourLoss(model,
#   tal_topk=10)` and `YourLoss(model, tal_topk=7, tal_topk2=1)`. A constructor that takes the model alone fails.
# - `E2ELoss` never calls yours. It calls `yours.loss(preds, batch)`. Who overrides `__call__` has no effect there. So
#   override `loss`.
#
# **Exercise `corner_criterion`.** A criterion with four terms. The fourth pulls the corners of each answering anchor's
# box to those of its object: `corner_term`, which is given above. Ultralytics' class prepares everything:
#
# - `self.get_assigned_targets_and_loss(preds, batch)` returns three things. First a tuple: which anchors answer
#   `(B, A)`, the number of each one's object, the true boxes `(B, A, 4)` in pixels, the anchors' points `(A, 2)` in
#   strides, the strides `(A, 1)`. Second the three losses, weighted, *not* multiplied by the images. Third the items.
# - `self.bbox_decode(points, sides)` makes boxes in strides of `preds["boxes"]`, once that has the shape `(B, A, 64)`.


# %% exercise="corner_criterion" minutes=25 difficulty=3
class CornerCriterion(v8DetectionLoss):
    """A detector's loss with a fourth term, `corner_loss`.

    It is `gain` times the corner term of all anchors that answer. Predicted and true boxes are
    compared in strides. The term counts once, is multiplied by the number of images as the others
    are, and 0 where no anchor answers. It works for one head, for two heads, in training and in
    validation.
    """

    def __init__(self, model, tal_topk=10, tal_topk2=None, gain=0.5):
        # E2ELoss makes two criteria and gives each its topk
        super().__init__(model, tal_topk, tal_topk2)
        self.gain = gain

    def loss(self, preds, batch):
        ### BEGIN SOLUTION
        (answers, _, true, points, strides), losses_of, items = self.get_assigned_targets_and_loss(preds, batch)
        # (B, 64, A) -> (B, A, 64)
        boxes = self.bbox_decode(points, preds["boxes"].permute(0, 2, 1).contiguous())
        corner = self.gain * corner_term(boxes[answers], (true / strides)[answers])
        vector = torch.cat([losses_of, corner.view(1)])  # (4,)
        return vector * len(boxes), {**items, "corner_loss": corner.detach()}
        ### END SOLUTION


# %% [markdown] hints="corner_criterion"
# 1. Call `get_assigned_targets_and_loss`, unpack it, and return the stock result from there. When that equals
#    Ultralytics' own, add the fourth.
# 2. `preds["boxes"]` is `(B, 64, A)`: swap the last two, make it contiguous, decode it. The true boxes come in
#    pixels, the decoded ones in strides.
# 3. `boxes[answers]` picks the rows of all answering anchors of all images: `(N, 4)`. The rest is your clinic.

# %% check="corner_criterion" points=5
with check("corner_criterion") as c:
    model = tiny_model()

    def expected(preds, batch, gain):
        """Ultralytics' own three losses, not multiplied, and the fourth from its assignment."""
        (answers, _, true, points, strides), stock, _ = v8DetectionLoss(model).get_assigned_targets_and_loss(
            preds, batch
        )
        bins = preds["boxes"].unflatten(1, (4, 16)).softmax(2)  # (B, 64, A) -> (B, 4, 16, A)
        # (B, 4, 16, A) -> (B, A, 4)
        sides = (bins * torch.arange(16.0)[:, None]).sum(2).transpose(1, 2)
        boxes = torch.cat((points - sides[..., :2], points + sides[..., 2:]), -1)
        return stock.detach(), gain * corner_term(boxes[answers], (true / strides)[answers])

    def is_about(value):
        """Is the number found this one, within rounding?"""
        return lambda found: abs(float(found) - float(value)) <= 1e-4 * abs(float(value))

    preds, batch = problem(seed=1, images=3)
    stock, fourth = expected(preds, batch, 0.5)
    fair = float(fourth)
    answer = CornerCriterion(model)(preds, batch)
    c.true(isinstance(answer, tuple) and len(answer) == 2, "two things come back: the vector and the items")
    vector, items = answer
    c.shape(
        vector,
        (4,),
        {
            lambda found: (
                tuple(found.shape) == (3,)
            ): "the vector has three entries: the fourth term is missing, or in all",
            lambda found: found.ndim == 0: "one sum comes out: the trainer wants a number for each term",
            otherwise: "the vector has one entry for each of four terms",
        },
    )
    c.close(
        vector[:3].sum(),
        stock.sum() * 3,
        {
            is_about(stock.sum()): "the vector is to be multiplied by the number of images, yours is not",
            is_about(stock.sum() * 9): "the vector is multiplied by the number of images twice",
            otherwise: "the first three terms are not Ultralytics' own any more",
        },
        tol=1e-4,
    )
    c.close(
        vector[3],
        3 * fair,
        {
            is_about(fair): "the fourth term is not multiplied by the number of images, the others are",
            is_about(9 * fair): "the fourth term is multiplied by the number of images twice",
            is_about(6 * fair): "`gain` has no effect on the fourth term",
            is_about(1.5 * fair): "`gain` counts twice",
            near(0): "the fourth term is 0: are the answering anchors picked?",
            otherwise: "the fourth term has another value: are boxes of the same anchors compared, both in strides?",
        },
        tol=1e-4,
    )
    c.close(vector[:3], stock * 3, "the sum of the first three terms is right, but they have changed places", tol=1e-4)
    c.instance(items, dict, "items that are no dict end in `values expected sparse tensor layout`")
    wanted = ["box_loss", "cls_loss", "dfl_loss", "corner_loss"]
    c.equal(list(items), wanted, "the columns of results.csv take their names from the keys of the items")
    c.close(items["corner_loss"], fair, "what is shown is weighted, and not multiplied by the images", tol=1e-4)
    c.true(not items["corner_loss"].requires_grad, "the shown value drags the graph along: detach it")

    slopes = torch.autograd.grad(vector[3], preds["boxes"], retain_graph=True, allow_unused=True)[0]
    c.true(
        slopes is not None and slopes.any(),
        "the fourth term is cut off from the graph: it is counted and never learned",
    )
    oracle = torch.autograd.grad(3 * fourth, preds["boxes"])[0]
    c.close(slopes, oracle, "the value of the fourth term is right, its gradient is not", tol=1e-4)

    found = CornerCriterion(model, gain=2.0)(preds, batch)[1]["corner_loss"]
    c.close(found, 4 * fair, "`gain` was 2.0 here, and the fourth term did not follow", tol=1e-4)
    in_validation = CornerCriterion(model)((torch.zeros(3, 6, 320), preds), batch)
    c.close(in_validation[0], vector, "in validation the predictions are a tuple, and another loss comes out")

    empty_preds, empty = problem(seed=2, objects=0)
    vector, items = CornerCriterion(model)(empty_preds, empty)
    c.close(vector[3], 0, "a batch without objects has no corner to compare: its fourth term must be 0")
    vector.sum().backward()
    c.true(torch.isfinite(empty_preds["scores"].grad).all(), "a batch without objects breaks the backward pass")

    two_heads = E2ELoss(tiny_model(dual=True), CornerCriterion)
    other, _ = problem(seed=3, images=3)
    vector, items = two_heads({"one2many": preds, "one2one": other}, batch)
    c.shape(vector, (4,), "with two heads the fourth term is lost: `E2ELoss` calls `loss`, and never `__call__`")
    c.equal(list(items), wanted, "with two heads the fourth term is shown nowhere")
    ### BEGIN HIDDEN TESTS
    for seed, images, objects, gain in ((4, 1, 5, 1.0), (5, 3, 1, 0.1), (6, 5, 4, 3.0)):
        preds, batch = problem(seed, images, objects)
        stock, fourth = expected(preds, batch, gain)
        vector, items = CornerCriterion(model, gain=gain)(preds, batch)
        c.close(
            vector,
            torch.cat([stock, fourth.view(1)]) * images,
            "another batch gives another loss than it should",
            tol=1e-4,
        )
        c.close(
            torch.stack(list(items.values())),
            torch.cat([stock, fourth.view(1)]),
            "another batch shows wrong items",
            tol=1e-4,
        )
    lone = CornerCriterion(tiny_model(dual=True), tal_topk=7, tal_topk2=1).loss(other, problem(seed=3, images=3)[1])[1]
    c.true(float(lone["corner_loss"]) > 0, "with tal_topk2=1 the fourth term vanishes")
    ### END HIDDEN TESTS

# %% [markdown]
# ## 10 · Train with four terms
#
# `yolo_course.use_criterion` puts a criterion into a training run, whatever the number of heads, so that it
# survives what the trainer does: it builds the model anew, copies it, saves it, resumes it. A term is a function of
# three things. It returns one number, and neither weights nor multiplies it.


# %%
def corner(predictions, targets, assignment):
    """How far the corners are from where they should be, in strides; sure anchors count more."""
    strides = predictions.strides[assignment.index[1]]
    found, true = (boxes[assignment.index] / strides for boxes in (predictions.boxes, assignment.boxes))
    each = losses.smooth_l1_loss(found, true, reduction="none").mean(-1)  # (P, 4) -> (P,)
    return (each * assignment.weight).sum() / assignment.total


four = use_criterion(yolo_course.build("pico", nc=3), {"corner": corner}, {"corner": 0.5})
four.add_callback("on_fit_epoch_end", epoch_lines(print))
with quiet():
    four.train(
        data=str(shapes.resolve()),
        project=str(Path("runs").resolve()),
        name="corner",
        exist_ok=True,
        pretrained=False,
        **recipe(epochs=5, imgsz=128, batch=16, seed=0, overrides={}),
    )

# %% [markdown]
# The fourth number stands in each line. Below is what Ultralytics shows: the head of its progress bar, where a
# column is eleven letters wide and two long names touch, and the columns of `results.csv`.

# %%
print(four.trainer.progress_string())
print([column for column in Path(four.trainer.csv).read_text().splitlines()[0].split(",") if "loss" in column])
training_curves(four.trainer.csv)

# %%
score = four.trainer.validator.metrics.box.map50
print(f"mAP50 with three terms {stock_run.map50:.3f}, with four {score:.3f}")

# %% [markdown]
# Is the fourth term worth it? One run each cannot say. Change the `seed` of both and look again. Three seeds and 24
# epochs are the least: `benchmarks/loss_variants.py` measures its variants so.
#
# The checkpoint names Ultralytics' own class only. Who gets your `best.pt` needs neither your term nor this library.

# %% [markdown]
# ## 11 · Two more mistakes without an error
#
# ### The class that never occurs
#
# Ninety circles, ten squares, no star. A rare class is to count more, so one divides by how often it occurs.

# %% predict="nan_weight"
nan_weight = 0  # how many of the three weights are usable numbers?
counts = torch.tensor([90.0, 10, 0])
weights = (1 / counts) / (1 / counts).sum()
predict("usable weights", nan_weight, int((torch.isfinite(weights) & (weights > 0)).sum()))

# %%
print("1 / counts:", 1 / counts)
print("weights:   ", weights)

# %% [markdown]
# One class without a sample, and *all* weights are lost: 1/0 is infinite, divided by infinity the others are 0, and
# ∞/∞ is NaN. A NaN in the loss is a NaN in the gradients, and one step with those ends the model.
#
# There is a second mistake in such code, and this one can stay silent for good: it counts with `torch.bincount` alone.
# What does that say if the *last* class is the one that does not occur?
#
# **Clinic `class_weights`.** Mend both.


# %% clinic="class_weights" minutes=8 difficulty=2
def class_weights(labels: Tensor, nc: int) -> Tensor:
    """Weigh classes by the inverse of how often they occur.

    Args:
        labels: The class of each object, whole numbers from 0 to nc - 1.
        nc: How many classes there are.

    Returns:
        A positive, finite weight for each class. Among the classes that occur, one that is k times
        rarer weighs k times more, and their mean is 1. A class that does not occur weighs 1.

    Shape:
        (N,) to (nc,), float32
    """
    ### BEGIN SOLUTION
    counts = torch.bincount(labels, minlength=nc)
    occurs = counts > 0
    weights = torch.ones(nc)
    if occurs.any():
        inverse = 1 / counts[occurs].float()
        weights[occurs] = inverse / inverse.mean()
    return weights
    ### STUB
    # counts = torch.bincount(labels).float()
    # weights = 1 / counts
    # return weights / weights.mean()
    ### END SOLUTION


# %% [markdown] hints="class_weights"
# 1. Run the clinic on `torch.tensor([0, 0, 1])` with `nc=2`, then with `nc=3`, then on `torch.tensor([0, 0, 2])`. Two
#    different things go wrong.
# 2. `torch.bincount` has an argument for the smallest length of its answer.
# 3. Compute with the classes that occur, `counts > 0`, and fill the others in. `weights[mask] = …` writes to a part
#    of a tensor.

# %% check="class_weights" points=3
with check("class_weights") as c:

    def of(counts):
        """Weights for so many samples of each class, and one class more for each 0."""
        return class_weights(torch.repeat_interleave(torch.arange(len(counts)), torch.tensor(counts)), len(counts))

    found = of([10, 30])
    c.shape(found, (2,), "one weight for each class")
    c.close(
        found,
        [1.5, 0.5],
        {
            lambda w: abs(float(w.sum()) - 1) < 1e-4: "the weights sum to 1; their mean is to be 1",
            lambda w: w[0] < w[1]: "the rare class weighs less: it should weigh more",
            lambda w: (
                abs(float(w[0] / w[1]) - 3) > 1e-3
            ): "a class that is three times rarer must weigh three times more",
            otherwise: "the mean of the weights is to be 1",
        },
    )
    found = of([10, 30, 0])
    c.shape(
        found,
        (3,),
        "the last class does not occur, and so it gets no weight at all: how long is what `bincount` returns?",
    )
    found = of([10, 0, 30])
    c.true(not torch.isnan(found).any(), "a class that does not occur makes a weight NaN")
    c.true(torch.isfinite(found).all(), "a class that does not occur gets an infinite weight")
    c.true(
        (found > 0).all(), "a weight is 0: such a class is never learned, in this run or in the next one with more data"
    )
    c.close(
        found[[0, 2]],
        [1.5, 0.5],
        {
            lambda w: (
                float(w.sum()) < 0.1
            ): "the class that does not occur takes all the weight: the others are left with nothing",
            otherwise: "the mean is over the classes that occur; the absent one disturbs the others",
        },
    )
    c.close(found[1], 1, "a class that does not occur weighs 1")
    c.close(of([0, 0]), [1.0, 1], "without any sample all classes weigh 1")
    ### BEGIN HIDDEN TESTS
    for seed, (many, nc) in enumerate([(50, 4), (3, 10), (1, 1), (400, 80), (7, 8)]):
        classes_of = torch.randint(nc, (many,), generator=torch.Generator().manual_seed(seed))
        kept, found = classes_of.clone(), class_weights(classes_of, nc)
        present = classes_of.unique()
        balanced = torch.tensor(compute_class_weight("balanced", classes=present.numpy(), y=classes_of.numpy())).float()
        oracle = torch.ones(nc)
        oracle[present] = balanced / balanced.mean()
        c.close(found, oracle, "other labels get other weights than they should")
        c.true(found.dtype == torch.float32, "weights are float32, as the model is")
        c.close(classes_of, kept, "your function changes the labels it was given")
    ### END HIDDEN TESTS

# %% [markdown]
# Ultralytics does this by itself: the training option `cls_pw` is the power, 0 for no weights and 1 for yours.
# `losses.inverse_frequency` is the function.
#
# ### The teacher that goes to school
#
# *Distillation*: a small student imitates a large, trained teacher. Guides write `self.teacher = teacher` into the
# student and are done. Look at what the student is now.


# %%
def teacher_of(seed: int) -> nn.Module:
    """A small network that stands for a trained teacher."""
    torch.manual_seed(seed)
    return nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 4, 1)).eval()


student = nn.Conv2d(3, 4, 3)
own = sum(each.numel() for each in student.parameters())
student.teacher = teacher_of(seed=1)

# %% predict="trained_by_mistake"
trained_by_mistake = 276  # the student had 112 parameters. How many more does the optimizer get?
trained_now = sum(each.numel() for each in student.parameters())
predict("parameters of the teacher", trained_by_mistake, trained_now - own)

# %%
before = student.teacher[1].running_mean.clone()
student.train()  # the trainer does this at each epoch
student.teacher(torch.randn(8, 3, 16, 16))
print("is the teacher in train mode?", student.teacher.training)
print("its batch norm has moved by", round((student.teacher[1].running_mean - before).abs().max().item(), 3))
print("in the checkpoint:", [name for name in student.state_dict() if name.startswith("teacher")][:3], "…")

# %% [markdown]
# A module that is an attribute of a module is a part of it. So the teacher is trained along, its batch norm
# forgets, and the checkpoint carries it. You can freeze it with `requires_grad = False`: Ultralytics' trainer
# switches it on again, and says so in one line of its log.
#
# **Clinic `distilled`.** Mend it. A student must not own its teacher: what holds a module without registering it?


# %% clinic="distilled" minutes=10 difficulty=2
class Distilled(nn.Module):
    """A student that learns to give what its teacher gives.

    The teacher is no part of it: not of its parameters, not of its `state_dict`. It teaches in eval
    mode whatever the student does, nothing about it changes, and no gradient reaches it.
    `copy.deepcopy` makes a working copy.

    Args:
        student: The module that learns.
        teacher: A trained module with the same input and output.
    """

    def __init__(self, student: nn.Module, teacher: nn.Module):
        super().__init__()
        self.student = student
        ### BEGIN SOLUTION
        self.teachers = (teacher,)  # a tuple is no module: nothing in it is registered
        ### STUB
        # self.teacher = teacher
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        """What the student says."""
        return self.student(x)

    def loss(self, x: Tensor) -> Tensor:
        """Mean squared difference of what student and teacher say: one number."""
        ### BEGIN SOLUTION
        with torch.no_grad():
            wanted = self.teachers[0].eval()(x)
        return F.mse_loss(self.student(x), wanted)
        ### STUB
        # return F.mse_loss(self.student(x), self.teacher(x))
        ### END SOLUTION


# %% [markdown] hints="distilled"
# 1. `nn.Module` notices modules and parameters that become attributes. It does not look into a list, a tuple or a
#    function.
# 2. The teacher's batch norm has two modes. Which one does it need, and who may have switched it since?
# 3. `torch.no_grad()` around the teacher's answer keeps gradients away and saves memory.

# %% check="distilled" points=3
with check("distilled") as c:

    def make(seed):
        """A student and its teacher, two small networks with batch norms."""
        torch.manual_seed(seed)
        networks = [nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Conv2d(4, 2, 1)) for _ in range(2)]
        networks[1][1].running_mean.normal_()
        return networks

    student, teacher = make(seed=0)
    teacher.eval()
    mine = Distilled(student, teacher)
    x = torch.randn(6, 3, 8, 8)
    c.equal(
        sum(each.numel() for each in mine.parameters()),
        sum(each.numel() for each in student.parameters()),
        "the optimizer gets the teacher's parameters, too",
    )
    c.equal(
        sorted(mine.state_dict()),
        sorted(f"student.{name}" for name in student.state_dict()),
        "the checkpoint holds more, or less, than the student",
    )
    with torch.no_grad():
        wanted = teacher(x)
        c.close(mine.eval()(x), student(x), "`forward` is to give what the student says")
        c.close(
            mine.loss(x), F.mse_loss(student(x), wanted), "the loss is the mean squared difference of the two answers"
        )
    kept = {name: value.clone() for name, value in teacher.state_dict().items()}
    mine.train()
    mine.loss(x)
    c.close(
        teacher[1].running_mean,
        kept["1.running_mean"],
        "`train()` on the student reaches the teacher: its batch norm forgets what it knew",
    )
    student.eval()
    teacher.train()
    with torch.no_grad():
        found = mine.loss(x)
        teacher.eval()
        c.close(found, F.mse_loss(student(x), wanted), "somebody left the teacher in train mode, and it teaches noise")
    c.close(
        teacher[1].running_mean, kept["1.running_mean"], "the teacher was asked while in train mode, and has changed"
    )
    mine.train()
    for each in mine.parameters():
        each.requires_grad = True  # Ultralytics' trainer does this
    for each in teacher.parameters():
        each.requires_grad = True
    found = mine.loss(x)
    c.shape(found, (), "the loss is one number")
    found.backward()
    c.true(all(each.grad is None for each in teacher.parameters()), "a gradient arrives at the teacher")
    c.gradients(list(student.parameters())[-2:], "no gradient arrives at the student: it learns nothing")

    copied = copy.deepcopy(mine).eval()
    with torch.no_grad():
        c.close(
            copied.loss(x),
            F.mse_loss(student.eval()(x), wanted),
            "a copy, as the moving average of the weights is one, has another loss",
        )
    ### BEGIN HIDDEN TESTS
    for seed in (1, 2):
        student, teacher = make(seed)
        kept = {name: value.clone() for name, value in teacher.state_dict().items()}
        # this teacher comes in train mode
        mine, x = Distilled(student, teacher), torch.randn(5, 3, 6, 9)
        optimizer = torch.optim.SGD(mine.parameters(), 0.1)
        for _ in range(3):
            mine.train()
            optimizer.zero_grad()
            mine.loss(x).backward()
            optimizer.step()
        for name, value in teacher.state_dict().items():
            c.close(value, kept[name], f"after three steps of training the teacher's {name} is another")
        wanted = teacher.eval()(x).detach()
        c.close(mine.eval().loss(x), F.mse_loss(student.eval()(x), wanted), "two teachers get mixed up")
    ### END HIDDEN TESTS

# %% [markdown]
# In your own project take `losses.Teacher(model)`: it is such a holder, and it keeps its own, frozen copy.
# Ultralytics has distillation built in, too: `distill_model="teacher.pt"`. Unit 08 trains with both.
#
# One more habit of guides: they divide the teacher's logits by a temperature, and choose 0.1. That sharpens. What
# the teacher finds merely unlikely becomes nothing, and that was all it had to add to the labels. A temperature is
# 1 or more. And no softmax here either: the classes are questions of their own.

# %% [markdown]
# ## Recap
#
# - 1 − IoU is flat where boxes miss. GIoU, DIoU and CIoU subtract something that knows the way.
# - Background drowns objects. A focal loss turns easy answers down. A softmax cannot say "none".
# - Divide by the objects, not by the anchors. The mean of nothing is NaN; say what it should be.
# - The assigner decides in each batch who answers for what, and what score is right.
# - A criterion returns a vector, times the images, and a dict of items. One more term is one more entry of both.
# - Count a new term once, show it, and try it on ten pictures before you train for hours.

# %%
progress()

# %% [markdown]
# ## Use it in your own project

# %%
boxes, others = random_boxes(6, seed=1), random_boxes(6, seed=2)
print(losses.iou(boxes, others, kind="ciou"))
print(losses.iou_loss(boxes, others, kind="giou", avg_factor=4))
print(losses.inverse_frequency([90, 10, 0]))

# model = YOLO("yolo11n.pt")
# yolo_course.use_criterion(model, {"corner": corner}, {"corner": 0.5})
# model.train(data="my_data.yaml")

# %% [markdown]
# ## Further reading
#
# - Rezatofighi et al., *Generalized Intersection over Union*, CVPR 2019, arXiv:1902.09630
# - Zheng et al., *Distance-IoU Loss*, AAAI 2020, arXiv:1911.08287: DIoU and CIoU
# - Lin et al., *Focal Loss for Dense Object Detection*, ICCV 2017, arXiv:1708.02002
# - Li et al., *Generalized Focal Loss*, NeurIPS 2020, arXiv:2006.04388: sides as distributions
# - Feng et al., *TOOD: Task-aligned One-stage Object Detection*, ICCV 2021, arXiv:2108.07755: the assigner
# - Zhang et al., *VarifocalNet*, CVPR 2021, arXiv:2008.13367
# - The docstrings in `yolo_course/losses/`: each names its paper
#
# Next: unit 07, what a training run does with the loss.
