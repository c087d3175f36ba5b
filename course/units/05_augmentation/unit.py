# ---
# jupyter:
#   yolo_course:
#     title: Augmentation
#     promise: You bend pictures and their boxes together, put a transform of your own into training, and measure it.
#     goals:
#       - mirror, recolour, turn and mix pictures so that their boxes stay right
#       - say what becomes of a box that leaves the picture
#       - choose augmentations that are true for your data, and leave out those that lie
#       - put a transform of your own into Ultralytics' training, at the right place, on the train split, in every epoch
#       - run an ablation in which the thing you compare was really switched on
#     minutes: 130
#     budget: 120
#     measured: 81
#     prerequisites: [00_first_detector]
# ---

# %% [markdown]
# # Augmentation
#
# You bend pictures and their boxes together, put a transform of your own into training, and measure it.
#
# **After this unit you can**
#
# - mirror, recolour, turn and mix pictures so that their boxes stay right;
# - say what becomes of a box that leaves the picture;
# - choose augmentations that are true for your data, and leave out those that lie;
# - put a transform of your own into Ultralytics' training, at the right place, on the train split, in every epoch;
# - run an ablation in which the thing you compare was really switched on.
#
# **Time** about 130 minutes, of which the computer needs one or two. **You need** unit 00, and NumPy: slicing an array,
# broadcasting.

# %% setup=true
import io
import os
import random
import tempfile
from pathlib import Path

os.environ["YOLO_VERBOSE"] = "false"  # Ultralytics logs page after page otherwise

import cv2
import matplotlib.pyplot as plt
import numpy as np
import torch
from PIL import Image
from torchvision import tv_tensors
from torchvision.transforms import v2
from ultralytics.cfg import get_cfg
from ultralytics.data.dataset import YOLODataset
from ultralytics.models.yolo.detect import DetectionTrainer

import yolo_course
from yolo_course import data
from yolo_course.augment import HSV, Affine, Compose, Cutout, Flip, Mosaic, Sample
from yolo_course.augment.affine import affine_matrix, warp
from yolo_course.explorers.augmentation import augmentation
from yolo_course.grading import check, hint, predict, progress, start, there
from yolo_course.models.quiet import quiet
from yolo_course.train.recipe import recipe
from yolo_course.train.recorder import record
from yolo_course.train.transforms import with_transforms
from yolo_course.visual.images import colour_of, draw_boxes

start("05_augmentation")


# %% setup=true
def picture_of(height, width, seed):
    """Colourful noise. Shape: (height, width, 3) uint8."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def boxes_in(height, width, count, seed):
    """Boxes as left, top, right, bottom in pixels. Shape: (count, 4) float32."""
    rng = np.random.default_rng(seed)
    first = rng.uniform(0, 0.6, (count, 2)) * (width, height)
    return np.hstack((first, first + rng.uniform(0.1, 0.4, (count, 2)) * (width, height))).astype(np.float32)


def show(pictures, titles, size=2.6):
    """Pictures in a row, each with its boxes: (image, boxes, classes)."""
    _, axes = plt.subplots(1, len(pictures), figsize=(size * len(pictures), size + 0.3), layout="constrained")
    for axis, (image, boxes, classes), title in zip(np.atleast_1d(axes), pictures, titles, strict=True):
        axis.imshow(image, interpolation="nearest")
        axis.set_axis_off()
        axis.set_title(title, fontsize=9)
        draw_boxes(axis, boxes, [NAMES[int(each)] for each in classes], [colour_of(int(each)) for each in classes])
    plt.show()


NAMES = {0: "circle", 1: "square", 2: "triangle"}

# %% [markdown]
# ## 1 · More pictures than you have
#
# A detector has seen 320 pictures of shapes. In each of them the light is what it is and each circle is where it is.
# Nothing tells the detector that a circle a bit further left, in another light, is still a circle.
#
# You can tell it. Change the pictures, each time they are shown, in ways that do not change what they *mean*. That is
# **augmentation**.

# %%
shapes = data.ensure("shapes")
dataset = data.load(shapes)
samples = [Sample.from_labels(*data.read_labelled(dataset, image)) for image in dataset.images("train")]
first = next(sample for sample in samples if len(sample.boxes) == 3)

several = Compose(Flip(), HSV(0.3, 0.7, 0.5), Affine(degrees=20, translate=0.15, scale=0.4))
bent = [several(first, np.random.default_rng(seed)) for seed in range(1, 5)]
show(
    [(each.image, each.boxes, each.classes) for each in (first, *bent)],
    ["as it is", "seed 1", "seed 2", "seed 3", "seed 4"],
    size=2.1,
)

# %% [markdown]
# One label file, and pictures without end. Two things must go right:
#
# - The **boxes** have to move with the picture. If they do not, each shown picture is a wrong answer that the detector
#   is taught.
# - The change must be **true**: it may happen in the world that your detector will see. A mirrored 7 is no 7.
#
# This unit builds five transforms by hand. Each is ten lines and a trap or two. Then it puts one into a real training,
# which has traps of its own.

# %% [markdown]
# ## 2 · Mirror
#
# The simplest one. Left becomes right. The picture is easy, `image[:, ::-1]`. And the boxes?
#
# The picture below is 128 px wide. A box goes from x = 10 to x = 40.

# %% predict="mirrored_left"
mirrored_left = 88  # its left edge after the picture was mirrored
predict("the left edge of the mirrored box", mirrored_left, 128 - 40, unit="px")

# %% [markdown]
# The *right* edge has become the left one. Whoever mirrors each number for itself gets a box from 118 to 88, which ends
# before it begins. Some programs take its area for negative, some for zero. None complains.
#
# **Exercise `flip`.**


# %% exercise="flip" minutes=10 difficulty=1
def flip(image, boxes, direction="horizontal"):
    """Mirror a picture and its boxes.

    Args:
        image: uint8 array (h, w, 3). It is left as it is.
        boxes: float array (n, 4): left, top, right, bottom in pixels. The picture's edges lie at 0
            and at w or h. It is left as it is.
        direction: "horizontal" swaps left and right, "vertical" swaps top and bottom.

    Returns:
        tuple of the new image and the new boxes, of the same shapes.
    """
    ### BEGIN SOLUTION
    height, width = image.shape[:2]
    x1, y1, x2, y2 = boxes.T  # (n, 4) -> 4 of (n,)
    if direction == "horizontal":
        return image[:, ::-1], np.stack((width - x2, y1, width - x1, y2), axis=1)
    return image[::-1], np.stack((x1, height - y2, x2, height - y1), axis=1)
    ### END SOLUTION


# %% check="flip" points=2
with check("flip") as c:
    picture, boxes = picture_of(6, 10, seed=1), np.float32([[1, 2, 4, 3]])
    found = flip(picture.copy(), boxes.copy())
    c.true(found is not None, "your function gives None: is a `return` missing?")
    c.true(len(found) == 2, "two things come out: the picture and its boxes")
    image, moved = found
    c.shape(image, (6, 10, 3), "a mirrored picture is as large as before")
    c.close(
        image,
        picture[:, ::-1],
        {
            lambda image: np.array_equal(image, picture): "the picture has not changed",
            lambda image: np.array_equal(
                image, picture[::-1]
            ): "top and bottom have changed places, not left and right",
            lambda image: np.array_equal(image, picture[:, ::-1, ::-1]): "red and blue have changed places, too",
            lambda image: np.array_equal(image, picture[::-1, ::-1]): "this is half a turn: two mirrors at once",
            lambda image: True: "this is not the picture in a mirror",
        },
    )
    c.shape(moved, (1, 4), "one box goes in, one box must come out")
    c.close(
        moved[0],
        [6, 2, 9, 3],
        {
            lambda box: box[0] == 1 and box[1] == 2: "the picture is mirrored, but its boxes stand where they stood",
            lambda box: box[0] > box[2]: "the box ends before it begins: in a mirror the right edge is the left one",
            lambda box: (
                box[0] == 5
            ): "one pixel is lost: an edge at 0 goes to the width, not to the last pixel's number",
            lambda box: box[0] == 2 and box[2] == 5: "the width of the picture is not its height",
            lambda box: box[1] != 2: "left and right change places; top and bottom stay",
            lambda box: True: "the box is not where the mirror shows it",
        },
    )
    image, moved = flip(picture.copy(), boxes.copy(), "vertical")
    c.close(image, picture[::-1], "`direction` is ignored, or means something else, in the picture")
    c.close(moved[0], [1, 3, 4, 4], "with direction vertical the box is not where the mirror shows it")
    given = boxes.copy()
    flip(picture, given)
    c.close(given, boxes, "your function changes the boxes it was given: a caller may still need them")
    ### BEGIN HIDDEN TESTS
    for seed, (height, width, count) in enumerate([(20, 30, 5), (17, 9, 1), (8, 8, 0)]):
        picture, boxes = picture_of(height, width, seed), boxes_in(height, width, count, seed)
        tensor = torch.from_numpy(picture).permute(2, 0, 1)  # (h, w, 3) -> (3, h, w)
        other = tv_tensors.BoundingBoxes(boxes, format="XYXY", canvas_size=(height, width))
        for direction, oracle in (
            ("horizontal", v2.functional.horizontal_flip),
            ("vertical", v2.functional.vertical_flip),
        ):
            image, moved = flip(picture, boxes, direction)
            c.shape(moved, (count, 4), "with another number of boxes, or none, the shape is wrong")
            c.close(moved, oracle(other).numpy(), "other boxes come out wrong", tol=1e-4)
            c.close(image, oracle(tensor).permute(1, 2, 0).numpy(), "other pictures come out wrong")
            again = flip(*flip(picture, boxes, direction), direction)
            c.close(again[1], boxes, "mirrored twice, a box should be back where it was", tol=1e-4)
    ### END HIDDEN TESTS

# %% [markdown] hints="flip"
# 1. Draw a strip of 10 px and a box from 1 to 4. Hold it before a mirror. Which edge do you meet first now, and how far
#    is it from the left border?
# 2. Take the four columns apart: `x1, y1, x2, y2 = boxes.T`. For one direction only the two x change.
# 3. The new left edge is the width minus the old *right* edge. `np.stack((...), axis=1)` puts four columns together to
#    a new array.

# %% [markdown]
# See it on a picture. The box must sit on its shape.

# %%
try:
    mirrored = flip(first.image, first.boxes)
    show([(first.image, first.boxes, first.classes), (*mirrored, first.classes)], ["as it is", "in the mirror"])
except NotImplementedError:
    print("not written yet")

# %% [markdown]
# ## 3 · Colours
#
# Light changes more than anything else: morning, neon, another camera. It is changed in **HSV**, where the three
# numbers of a pixel mean something:
#
# - **hue**: which colour. An *angle* on the colour wheel. Red is at 0°, green at 120°, blue at 240°, and at 360° it is
#   red again;
# - **saturation**: how much of it. 0 is grey;
# - **value**: how bright.
#
# A byte ends at 255, an angle at 360. So OpenCV halves the angle: `cv2.cvtColor(image, cv2.COLOR_RGB2HSV)` gives hues
# from 0 to 179, and saturation and value from 0 to 255.
#
# A colour has hue 350°, a purplish red. You turn it by 20°.

# %% predict="turned"
turned = 10  # its new hue, in degrees
predict("the new hue", turned, (350 + 20) % 360, unit="°")

# %% [markdown]
# It goes on at 0. A popular guide writes `np.clip(hue + shift, 0, 179)` instead. Then all the purples of a picture pile
# up at 358°, and a colour at 4° turned back by 20° stays red where it should be purple. It looks fine on most
# pictures, which is why nobody sees it.

# %%
wheel = np.zeros((24, 360, 3), np.uint8)
wheel[..., 0], wheel[..., 1:] = np.arange(360) // 2, 255
clipped, wrapped = wheel.copy(), wheel.copy()
clipped[..., 0] = np.clip(wheel[..., 0].astype(int) - 30, 0, 179)
wrapped[..., 0] = (wheel[..., 0].astype(int) - 30) % 180
figure, axes = plt.subplots(3, 1, figsize=(7, 2.1), layout="constrained")
for axis, strip, title in zip(
    axes, (wheel, clipped, wrapped), ("all hues", "turned by −60°, clipped", "turned by −60°, wrapped"), strict=True
):
    axis.imshow(cv2.cvtColor(strip, cv2.COLOR_HSV2RGB), aspect="auto")
    axis.set_axis_off()
    axis.set_title(title, fontsize=8, loc="left")
plt.show()

# %% [markdown]
# **Exercise `recolour`.** Boxes stay where they are; this is about bytes. Mind that `200 * 2` does not fit into one.


# %% exercise="recolour" minutes=12 difficulty=2
def recolour(image, hue=0.0, saturation=1.0, value=1.0):
    """Change hue, saturation and value of a picture.

    Args:
        image: uint8 array (h, w, 3), RGB. It is left as it is.
        hue: Share of a full turn to add, from -1 to 1. A third turns red into green.
        saturation: Factor, 0 or more. 0 makes the picture grey.
        value: Factor, 0 or more.

    Returns:
        uint8 array (h, w, 3), RGB. What would be brighter than bytes allow is as bright as they
        allow.
    """
    ### BEGIN SOLUTION
    h, s, v = cv2.split(cv2.cvtColor(image, cv2.COLOR_RGB2HSV).astype(np.float64))
    h = (h + hue * 180) % 180
    s, v = np.clip(s * saturation, 0, 255), np.clip(v * value, 0, 255)
    return cv2.cvtColor(cv2.merge((h, s, v)).astype(np.uint8), cv2.COLOR_HSV2RGB)
    ### END SOLUTION


# %% check="recolour" points=3
with check("recolour") as c:

    def plain(*colour):
        return np.full((4, 4, 3), colour, np.uint8)

    def near(*colour):
        return lambda pixel: np.abs(255 * pixel - colour).max() < 25

    def pixel(image):
        """Red, green and blue, from 0 to 1."""
        return np.asarray(image, float)[0, 0] / 255

    red = plain(255, 0, 0)
    found = recolour(red.copy(), hue=0.5)
    c.shape(found, (4, 4, 3), "a picture of the same size must come out")
    c.true(str(found.dtype).endswith("uint8"), "a picture is made of bytes, from 0 to 255")
    c.close(
        pixel(found),
        [0, 1, 1],
        {
            near(255, 0, 0): "half a turn brings red back to red: OpenCV's full turn has 180 steps",
            near(90, 255, 255): "these three numbers are hue, saturation and value: the way back to RGB is missing",
            lambda pixel: True: "half a turn from red is cyan",
        },
        tol=0.05,
    )
    c.close(
        pixel(recolour(red.copy(), hue=1 / 3)),
        [0, 1, 0],
        {
            near(0, 0, 255): "red has become blue: your conversion takes the picture for BGR",
            near(255, 0, 0): "a third of a turn changes nothing",
            lambda pixel: True: "a third of a turn from red is green",
        },
        tol=0.05,
    )
    c.close(
        pixel(recolour(plain(255, 42, 0), hue=-20 / 360)),
        [1, 0, 42 / 255],
        {
            near(255, 0, 0): "10° turned back by 20° should be a purplish red; it stopped at red",
            lambda pixel: pixel[1] > 0.4: "10° turned back by 20° has become green: a byte has no minus sign",
            lambda pixel: True: "10° turned back by 20° is 350°",
        },
        tol=0.05,
    )
    c.close(
        pixel(recolour(plain(255, 0, 42), hue=0.9)),
        pixel(recolour(plain(255, 0, 42), hue=-0.1)),
        {
            near(255, 0, 4): "350° turned forth by 324° should not end at the last hue: there it goes on at 0",
            lambda pixel: True: "nine tenths of a turn forth are a tenth of a turn back",
        },
        tol=0.05,
    )
    c.close(
        pixel(recolour(red.copy(), hue=1.0)),
        [1, 0, 0],
        "a whole turn should bring red back: OpenCV's last hue is 179, so a turn has 180 steps",
        tol=0.02,
    )
    c.close(
        pixel(recolour(plain(200, 100, 100), value=2.0)),
        [1, 0.5, 0.5],
        {
            lambda pixel: pixel[0] < 0.75: "twice as bright has become darker: 400 does not fit into a byte",
            near(200, 100, 100): "`value` changes nothing",
            near(200, 0, 0): "`value` and `saturation` have changed places",
            lambda pixel: True: "twice the value of a light red is a pink as bright as can be",
        },
        tol=0.02,
    )
    c.close(
        pixel(recolour(plain(200, 50, 50), saturation=0.0)),
        [200 / 255] * 3,
        {
            near(200, 50, 50): "`saturation` changes nothing",
            lambda pixel: True: "without saturation a picture is grey, as bright as its brightest colour",
        },
        tol=0.02,
    )
    c.close(
        pixel(recolour(plain(200, 150, 150), saturation=6.0)),
        [200 / 255, 0, 0],
        "too much saturation should be full saturation: it does not fit into a byte",
        tol=0.02,
    )
    given = red.copy()
    recolour(given, hue=0.5)
    c.close(given, red, "your function changes the picture it was given")
    ### BEGIN HIDDEN TESTS
    for seed in range(3):
        picture = cv2.resize(picture_of(4, 4, seed), (16, 12), interpolation=cv2.INTER_CUBIC)
        tensor = torch.from_numpy(picture).permute(2, 0, 1)  # (h, w, 3) -> (3, h, w)
        for hue in (-0.45, -0.2, 0.1, 0.4):
            oracle = v2.functional.adjust_hue(tensor, hue).permute(1, 2, 0).numpy()
            gap = np.abs(np.asarray(recolour(picture, hue=hue), float) - oracle)
            c.true(gap.mean() < 4, "another picture gets other colours than it should")
        same = np.abs(np.asarray(recolour(picture), float) - picture)
        c.true(same.max() < 12, "without arguments the picture should stay nearly as it is")
        dark = np.asarray(recolour(picture, value=0.5), float)
        c.true(np.abs(dark - picture / 2).mean() < 2, "half of the value is half as bright, for each colour")
    ### END HIDDEN TESTS

# %% [markdown] hints="recolour"
# 1. There and back: `cv2.COLOR_RGB2HSV` first, `cv2.COLOR_HSV2RGB` last, and three channels to change in between.
# 2. Calculate in floats, where 400 and -5 exist, and become bytes again at the very end.
# 3. Two of the three channels have an end, the third is a circle. `np.clip` is for the one kind, `%` for the other.

# %%
try:
    settings = [{}, {"hue": 0.1}, {"hue": -0.3}, {"saturation": 0.2}, {"value": 0.5}]
    show(
        [(recolour(first.image, **each), first.boxes, first.classes) for each in settings],
        [", ".join(f"{key} {number}" for key, number in each.items()) or "as it is" for each in settings],
        size=2.1,
    )
except NotImplementedError:
    print("not written yet")

# %% [markdown]
# Ultralytics draws the three for each picture: `hsv_h=0.015`, `hsv_s=0.7`, `hsv_v=0.4`. The hue hardly moves, for a
# good reason: a tomato may be brighter or paler, but not blue.

# %% [markdown]
# ## 4 · Turn, scale, shear, move
#
# All four at once are one **matrix**. It takes a point (x, y, 1) to its new place:
#
# $$ \begin{pmatrix} x' \\ y' \\ 1 \end{pmatrix} =
# \begin{pmatrix} a & b & t_x \\ c & d & t_y \\ 0 & 0 & 1 \end{pmatrix}
# \begin{pmatrix} x \\ y \\ 1 \end{pmatrix} $$
#
# The two *t* move, the other four turn, scale and shear. Pixels are moved by `cv2.warpAffine`. Boxes are yours.
#
# A turned box would be a tilted box, and a detector has no tilted boxes. So the new box is the smallest **upright**
# one around the four moved corners. Say a square of 40 px is turned by 45°.

# %% predict="turned_side"
turned_side = 56  # the side of the new box, in pixels
predict("the side of the new box", turned_side, round(40 * 2**0.5, 1), unit="px", tol=2)

# %% [markdown]
# Its area has doubled, and the thing in it has not. Look at the circles:

# %%
angles = (0, 15, 30, 45)
turned_samples = [warp(first, affine_matrix(first.size, degrees)) for degrees in angles]
show(
    [(each.image, each.boxes, each.classes) for each in turned_samples],
    [f"turned by {degrees}°" for degrees in angles],
)

# %% [markdown]
# At 45° the boxes are loose. Nothing can be done about it if all you have is boxes: nobody knows what was in the
# corners. With polygons one moves those and draws the box after. Without them, turn little: Ultralytics' default is
# `degrees=0`.
#
# The second question: what if a box **leaves** the picture? There is no one truth. The rule of this course, close to
# Ultralytics' own:
#
# 1. Boxes are cut at the border.
# 2. One is dropped if less than a tenth of its area is left, or if what is left is not more than 2 px wide and high.
#
# A shape of which you see a tenth is a guess, and a detector should not be taught to guess.
#
# **Exercise `affine_boxes`.**


# %% exercise="affine_boxes" minutes=18 difficulty=3
def affine_boxes(boxes, matrix, size):
    """Move boxes by a matrix, cut them at the border, and say which of them stay.

    Args:
        boxes: float array (n, 4): left, top, right, bottom in pixels. It is left as it is.
        matrix: float array (3, 3). It takes (x, y, 1) to the new place.
        size: (height, width) of the new picture.

    Returns:
        tuple of
            float array (n, 4): the smallest upright boxes around the four moved corners, cut at the
            border;
            bool array (n,): True for a box that stays. It has at least a tenth of the area it had
            before it was cut,
                and what is left is wider and higher than 2 px.
    """
    ### BEGIN SOLUTION
    height, width = size
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)  # (n, 8) -> (n, 4, 2)
    moved = corners @ matrix[:2, :2].T + matrix[:2, 2]
    whole = np.concatenate((moved.min(1), moved.max(1)), axis=1)  # 2 of (n, 2) -> (n, 4)
    inside = np.clip(whole, 0, [width, height, width, height])
    sides, before = inside[:, 2:] - inside[:, :2], whole[:, 2:] - whole[:, :2]
    return inside, (sides > 2).all(1) & (sides.prod(1) >= 0.1 * before.prod(1))
    ### END SOLUTION


# %% check="affine_boxes" points=4
with check("affine_boxes") as c:
    one, size = np.float64([[10, 20, 30, 26]]), (60, 100)
    found = affine_boxes(one.copy(), np.eye(3), size)
    c.true(found is not None, "your function gives None: is a `return` missing?")
    c.true(len(found) == 2, "two things come out: the boxes, and which of them stay")
    c.shape(found[0], (1, 4), "one box goes in, one box must come out, whether it stays or not")
    c.shape(found[1], (1,), "one True or False for each box")
    c.close(found[0][0], one[0], "a matrix that moves nothing should not move a box")
    c.true(bool(found[1][0]), "a box in the middle of the picture should stay")
    shift = np.float64([[1, 0, 5], [0, 1, 7], [0, 0, 1]])
    c.close(
        affine_boxes(one.copy(), shift, size)[0][0],
        [15, 27, 35, 33],
        {
            lambda box: box[0] == 10 and box[1] == 20: "the last column of the matrix is missing: nothing has moved",
            lambda box: box[0] == 17: "x went down and y to the right: the first row of the matrix is for x",
            lambda box: True: "5 px to the right and 7 px down",
        },
    )
    quarter = np.float64([[0, -1, 70], [1, 0, 10], [0, 0, 1]])  # (x, y) -> (70 - y, 10 + x)
    c.close(
        affine_boxes(one.copy(), quarter, size)[0][0],
        [44, 20, 50, 40],
        {
            lambda box: box[0] > box[2] or box[1] > box[3]: "after a quarter turn the box ends before it begins",
            lambda box: box[1] == 0 or box[3] == 0: "the turn goes the other way round: is the matrix transposed?",
            lambda box: True: "after a quarter turn a wide box is a high one",
        },
    )
    slant = np.float64([[1, 1, 0], [0, 1, 0], [0, 0, 1]])  # (x, y) -> (x + y, y)
    c.close(
        affine_boxes(np.float64([[10, 20, 20, 30]]), slant, size)[0][0],
        [30, 20, 50, 30],
        {
            lambda box: box[0] == 40 or box[2] == 40: "two of the corners were forgotten: a box has four",
            lambda box: True: "a sheared box is as wide as it was, and as much more as it leans",
        },
    )
    leaning = np.float64([[1, -1, 40], [0, 1, 0], [0, 0, 1]])  # (x, y) -> (40 + x - y, y)
    c.close(
        affine_boxes(np.float64([[10, 20, 20, 30]]), leaning, size)[0][0],
        [20, 20, 40, 30],
        "a box that leans to the left lost two of its corners: not all boxes lean to the right",
    )
    right = affine_boxes(np.float64([[80, 40, 120, 90]]), np.eye(3), size)
    c.close(
        right[0][0],
        [80, 40, 100, 60],
        {
            lambda box: box[2] == 120: "the box reaches beyond the picture: it was not cut",
            lambda box: box[2] == 60 or box[0] == 60: "width and height of the picture have changed places",
            lambda box: box[2] == 99: "the border lies at the width, not at the number of the last pixel",
            lambda box: True: "a box is cut at the right and at the lower border",
        },
    )
    c.close(
        affine_boxes(np.float64([[-30, -5, 20, 50]]), np.eye(3), size)[0][0], [0, 0, 20, 50], "a box is cut at 0, too"
    )
    crowd = np.float64([[80, 40, 120, 90], [96, 5, 146, 25], [-50, 0, 5, 20], [40, 59, 60, 69], [130, 0, 150, 20]])
    c.equal(
        affine_boxes(crowd, np.eye(3), size)[1].tolist(),
        [True, False, False, False, False],
        {
            lambda kept: kept == [True] * 5: "all boxes stay, even the one that is quite outside",
            lambda kept: kept == [True, True, True, True, False]: "a box stays as soon as a corner of it is left",
            lambda kept: (
                kept == [True, True, True, False, False]
            ): "of two boxes less than a tenth is left: 8 % and 9 %",
            lambda kept: kept[3]: "what is left of one box is 1 px high: nobody can see it",
            lambda kept: not kept[0]: "a fifth of the first box is left, which is enough",
            lambda kept: True: "the wrong boxes stay",
        },
    )
    shrink = np.float64([[0.25, 0, 0], [0, 0.25, 0], [0, 0, 1]])
    c.equal(
        affine_boxes(np.float64([[40, 40, 80, 80]]), shrink, size)[1].tolist(),
        [True],
        "a box that shrinks with its picture is still whole: compare with its area *after* the matrix",
    )
    given = one.copy()
    affine_boxes(given, shift, size)
    c.close(given, one, "your function changes the boxes it was given")
    ### BEGIN HIDDEN TESTS
    for seed in range(6):
        rng = np.random.default_rng(seed)
        boxes, size = boxes_in(80, 120, 7, seed).astype(np.float64), (70, 110)
        matrix = affine_matrix((80, 120), rng.uniform(-90, 90), rng.uniform(0.5, 1.6), (10, -5), (0.1, 0.2))
        moved, stays = affine_boxes(boxes, matrix, size)
        points = np.float64([[[x, y] for x in (x1, x2) for y in (y1, y2)] for x1, y1, x2, y2 in boxes])
        corners = cv2.transform(points, matrix[:2])
        whole = np.hstack((corners.min(1), corners.max(1)))
        inside = tv_tensors.BoundingBoxes(whole, format="XYXY", canvas_size=size)
        inside = v2.functional.clamp_bounding_boxes(inside).numpy()
        c.close(moved, inside, "with other matrices some boxes come out wrong", tol=1e-4)
        share = (inside[:, 2:] - inside[:, :2]).prod(1) / (whole[:, 2:] - whole[:, :2]).prod(1)
        sides = (inside[:, 2:] - inside[:, :2]).min(1)
        sure = (np.abs(share - 0.1) > 1e-3) & (np.abs(sides - 2) > 1e-3)
        expected = (share >= 0.1) & (sides > 2)
        c.true((np.asarray(stays)[sure] == expected[sure]).all(), "with other matrices the wrong boxes stay")
    moved, stays = affine_boxes(np.zeros((0, 4)), np.eye(3), size)
    c.shape(moved, (0, 4), "a picture without boxes is a picture, too")
    c.shape(stays, (0,), "a picture without boxes is a picture, too")
    ### END HIDDEN TESTS

# %% [markdown] hints="affine_boxes"
# 1. Four steps, four lines: the corners, where they go, the upright box around them, the cut. Do the first two for one
#    box on paper.
# 2. All corners of all boxes: `boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)`. A matrix acts on points that are
#    rows as `points @ matrix[:2, :2].T`, and the last column is added.
# 3. `min` and `max` over the four corners give the box before it is cut, `np.clip` the box after. Keep both: the rule
#    compares their areas.

# %% [markdown]
# Yours beside the picture: the white boxes are what your function says, drawn over the turned picture.

# %%
try:
    matrix = affine_matrix(first.size, degrees=25, scale=1.3, shift=(0.1, -0.1))
    moved, stays = affine_boxes(first.boxes, matrix, first.size)
    picture = warp(first, matrix).image
    figure, axis = plt.subplots(figsize=(2.8, 2.8), layout="constrained")
    axis.imshow(picture, interpolation="nearest")
    axis.set_axis_off()
    draw_boxes(axis, moved[stays], colours="white")
    plt.show()
except NotImplementedError:
    print("not written yet")

# %% [markdown]
# ## 5 · Four in one
#
# **Mosaic** lays four pictures around a point. It shows the detector things smaller than any picture has them, beside
# neighbours they never had, cut where they were never cut. It came with YOLOv4, and Ultralytics trains with it by
# default.

# %%
mosaics = [Mosaic(samples)(first, np.random.default_rng(seed)) for seed in (1, 4)]
half = [Affine(translate=0.1, scale=0.5, size=first.size)(each, np.random.default_rng(2)) for each in mosaics]
show(
    [(each.image, each.boxes, each.classes) for each in (mosaics[0], half[0], mosaics[1], half[1])],
    ["a mosaic", "cut from its middle", "another one", "cut from its middle"],
)

# %% [markdown]
# The canvas is twice as wide and high. The four pictures touch at a random point near its middle, each with one corner.
# What reaches beyond is cut, what is not covered is grey, 114. Then an affine cuts out the size that is trained on.
#
# A picture is 128 px wide and high, the canvas 256 px. The four meet at x = 100, y = 150. The picture at the **top
# left** has its lower right corner there. In that picture a box begins at x = 60.

# %% predict="mosaic_left"
mosaic_left = 32  # where does this box begin on the canvas?
predict("the left edge of the box on the canvas", mosaic_left, 100 - 128 + 60, unit="px")

# %% [markdown]
# The picture begins at 100 − 128 = −28: its left edge is cut off. So each box moves by where its picture *begins*, and
# that may be a negative number.
#
# **Exercise `mosaic`.** Pictures may be of different sizes.


# %% exercise="mosaic" minutes=20 difficulty=3
def mosaic(pictures, size, centre):
    """Lay four pictures around a point.

    Args:
        pictures: four tuples of image (h, w, 3) uint8, boxes (n, 4) float as left, top, right,
            bottom in pixels, and classes (n,) int; at the top left, top right, bottom left and
            bottom right. They are left as they are.
        size: (height, width) of the canvas.
        centre: (x, y), whole numbers: there the four corners meet. It lies on the canvas.

    Returns:
        tuple of
            uint8 array (height, width, 3), 114 where no picture is;
            float array (m, 4): the boxes, cut at the border of the canvas; those without any area
            left are gone;
            int array (m,): their classes, in the order of the pictures.
    """
    ### BEGIN SOLUTION
    height, width = size
    canvas, all_boxes, all_classes = np.full((height, width, 3), 114, np.uint8), [], []
    for place, (image, boxes, classes) in enumerate(pictures):
        rows, columns = image.shape[:2]
        left = centre[0] if place % 2 else centre[0] - columns
        top = centre[1] if place > 1 else centre[1] - rows
        x1, y1, x2, y2 = max(left, 0), max(top, 0), min(left + columns, width), min(top + rows, height)
        canvas[y1:y2, x1:x2] = image[y1 - top : y2 - top, x1 - left : x2 - left]
        all_boxes.append(np.clip(boxes + np.array([left, top, left, top]), 0, [width, height, width, height]))
        all_classes.append(classes)
    boxes, classes = np.concatenate(all_boxes), np.concatenate(all_classes)
    stays = (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
    return canvas, boxes[stays], classes[stays]
    ### END SOLUTION


# %% check="mosaic" points=4
with check("mosaic") as c:

    def quarters(sizes, seed=0, count=2):
        return [
            (picture_of(h, w, seed + place) // 2, boxes_in(h, w, count, seed + place), np.arange(count) + 10 * place)
            for place, (h, w) in enumerate(sizes)
        ]

    four = quarters([(20, 30)] * 4)
    found = mosaic(four, (40, 60), (30, 20))
    c.true(found is not None, "your function gives None: is a `return` missing?")
    c.true(len(found) == 3, "three things come out: the canvas, the boxes and their classes")
    canvas, boxes, classes = found
    c.shape(canvas, (40, 60, 3), "the canvas has another size than it was given")
    c.true(str(canvas.dtype) == "uint8", "a picture is made of bytes, from 0 to 255")

    def place_of(region):
        return next((place for place, each in enumerate(four) if np.array_equal(np.asarray(region), each[0])), None)

    regions = [canvas[:20, :30], canvas[:20, 30:], canvas[20:, :30], canvas[20:, 30:]]
    c.equal(
        [place_of(region) for region in regions],
        [0, 1, 2, 3],
        {
            lambda order: order == [0, 2, 1, 3]: "top right and bottom left have changed places",
            lambda order: None not in order: "the four pictures are there, in other places",
            lambda order: True: "four pictures of equal size fill the four quarters exactly: at least one is not there",
        },
    )
    c.true(len(boxes) == 8, "eight boxes were on the four pictures; none of them leaves the canvas")
    c.equal(
        np.asarray(classes).tolist(),
        [0, 1, 10, 11, 20, 21, 30, 31],
        "the classes have lost their order: each stands beside its box",
    )
    offsets = np.repeat([[0, 0, 0, 0], [30, 0, 30, 0], [0, 20, 0, 20], [30, 20, 30, 20]], 2, axis=0)
    local = np.concatenate([each[1] for each in four])
    c.close(
        boxes,
        local + offsets,
        {
            lambda boxes: np.allclose(boxes, local): "the boxes have not moved with their pictures",
            lambda boxes: np.allclose(boxes, local + offsets[:, [1, 0, 3, 2]]): "x moved by the height, y by the width",
            lambda boxes: np.allclose(
                boxes[:, :2], (local + offsets)[:, :2]
            ): "the right and lower edges stayed behind",
            lambda boxes: True: "a box must move by where its picture begins on the canvas",
        },
        tol=1e-4,
    )
    canvas, boxes, classes = mosaic(four, (40, 60), (40, 26))
    c.close(
        canvas[:6, :10],
        114,
        {
            lambda grey: np.array_equal(np.asarray(grey), four[0][0][:6, :10]): "at the top left the picture's upper "
            "left corner is in the corner of the canvas: its *lower right* one belongs to the point",
            lambda grey: np.abs(np.asarray(grey, int)).max() == 0: "where no picture is, the canvas is 114, not black",
            lambda grey: True: "above and left of the first picture nothing should be",
        },
    )
    c.close(canvas[6:26, 10:40], four[0][0], "the first picture should end at the point where the four meet")
    c.close(
        canvas[26:, 40:],
        four[3][0][:14, :20],
        {
            lambda part: np.array_equal(np.asarray(part), four[3][0][-14:, -20:]): "the last picture shows its lower "
            "right part; its upper left corner belongs to the point",
            lambda part: True: "of the last picture the upper left part is on the canvas, and the rest is cut",
        },
    )
    limit = np.array([60, 40, 60, 40])
    c.true((np.asarray(boxes) <= limit).all(), "a box reaches beyond the canvas: its picture was cut, and it was not")
    canvas, boxes, classes = mosaic(four, (40, 60), (20, 12))
    c.close(
        canvas[:12, :20],
        four[0][0][8:, 10:],
        "a picture that begins left of and above the canvas: of it the lower right part should be seen",
    )
    c.true((np.asarray(boxes) >= 0).all(), "a box begins left of or above the canvas: it should be cut there")
    corner = np.float32([[0, 0, 5, 4], [20, 10, 28, 18]])
    canvas, boxes, classes = mosaic([(four[0][0], corner, np.array([7, 8])), *four[1:]], (40, 60), (20, 12))
    c.true(
        7 not in np.asarray(classes).tolist(),
        "a box that has left the canvas altogether is still there, without an area",
    )
    c.true(len(boxes) == len(classes), "a box is gone and its class is still there")
    kept = [(image.copy(), boxes.copy(), classes.copy()) for image, boxes, classes in four]
    mosaic(four, (40, 60), (25, 15))
    c.true(
        all(
            np.array_equal(a, b) for one, other in zip(four, kept, strict=True) for a, b in zip(one, other, strict=True)
        ),
        "your function changes the pictures or boxes it was given",
    )
    ### BEGIN HIDDEN TESTS
    for seed in range(5):
        rng = np.random.default_rng(seed)
        many = quarters([tuple(rng.integers(10, 50, 2).tolist()) for _ in range(4)], seed, count=4)
        size = tuple(rng.integers(50, 90, 2).tolist())
        centre = tuple(int(rng.integers(0, side + 1)) for side in size[::-1])
        canvas, boxes, classes = mosaic(many, size, centre)
        oracle = yolo_course.augment.mosaic.mosaic([Sample(*each) for each in many], size, centre)
        c.close(canvas, oracle.image, "with pictures of different sizes the canvas is wrong")
        expected, kinds = [], []
        for place, (image, own, names) in enumerate(many):
            shift = np.array(centre) - [0 if place % 2 else image.shape[1], 0 if place > 1 else image.shape[0]]
            moved = tv_tensors.BoundingBoxes(own + np.tile(shift, 2), format="XYXY", canvas_size=size)
            moved = v2.functional.clamp_bounding_boxes(moved).numpy()
            stays = (moved[:, 2:] > moved[:, :2]).all(1)
            expected.append(moved[stays])
            kinds += names[stays].tolist()
        c.equal(np.asarray(classes).tolist(), kinds, "with pictures of different sizes the wrong boxes are left")
        c.close(boxes, np.concatenate(expected), "with pictures of different sizes some boxes come out wrong", tol=1e-3)
    nothing = [(image, np.zeros((0, 4), np.float32), np.zeros(0, int)) for image, _, _ in four]
    c.shape(mosaic(nothing, (40, 60), (30, 20))[1], (0, 4), "four pictures without boxes make a mosaic, too")
    ### END HIDDEN TESTS

# %% [markdown] hints="mosaic"
# 1. For each of the four ask one question: where on the canvas is its upper left corner? It may lie outside. That pair
#    of numbers moves the boxes, too.
# 2. `place % 2` says whether a picture is at the right, `place > 1` whether it is at the bottom. At the left a picture
#    begins one width before the point, at the right it begins at the point.
# 3. On the canvas the visible part goes from `max(left, 0)` to `min(left + w, width)`. In the picture it is the same
#    part, with `left` subtracted.

# %% [markdown]
# ## 6 · Two at once
#
# **Mixup** adds two pictures, each with a weight: 0.5 and 0.5, or 0.3 and 0.7. In classification the label becomes
# "0.3 cat, 0.7 dog". A detector has boxes. What becomes of them?
#
# The first picture has 3 boxes, the second 2. The weights are 0.9 and 0.1.

# %% predict="mixed_boxes"
mixed_boxes = 5  # how many boxes has the mixture?
predict("boxes of the mixture", mixed_boxes, 3 + 2)

# %% [markdown]
# All of them, fully, even the faint ones. In Ultralytics, too. That asks for seeing a shape at a tenth of its strength,
# which is why it draws weights near a half and leaves mixup off (`mixup=0.0`) unless you ask for it.
#
# **Exercise `mixup`.**


# %% exercise="mixup" minutes=8 difficulty=1
def mixup(first, second, share):
    """Add two pictures, weighted.

    Args:
        first: tuple of image (h, w, 3) uint8, boxes (n, 4) and classes (n,). It is left as it is.
        second: another one, its image of the same size. It is left as it is.
        share: weight of the first picture, from 0 to 1. The second has the rest.

    Returns:
        tuple of uint8 array (h, w, 3), boxes (n + m, 4) and classes (n + m,): those of the first,
        then of the second.

    Raises:
        ValueError: The pictures have different sizes.
    """
    ### BEGIN SOLUTION
    if first[0].shape != second[0].shape:
        raise ValueError(f"sizes differ: {first[0].shape} and {second[0].shape}")
    image = share * first[0].astype(np.float32) + (1 - share) * second[0]
    boxes, classes = (np.concatenate(both) for both in zip(first[1:], second[1:], strict=True))
    return image.astype(np.uint8), boxes, classes
    ### END SOLUTION


# %% check="mixup" points=2
with check("mixup") as c:

    def plate(level, count, seed, size=(8, 10)):
        return np.full((*size, 3), level, np.uint8), boxes_in(*size, count, seed), np.arange(count) + 5 * seed

    light, dark = plate(200, 3, seed=1), plate(100, 2, seed=2)
    found = mixup(light, dark, 0.75)
    c.true(found is not None, "your function gives None: is a `return` missing?")
    c.true(len(found) == 3, "three things come out: the picture, the boxes and their classes")
    image, boxes, classes = found
    c.shape(image, (8, 10, 3), "the mixture is as large as each of the two")
    c.close(
        np.asarray(image, float)[0, 0],
        [175, 175, 175],
        {
            lambda pixel: abs(pixel[0] - 125) < 2: "the weights have changed places: `share` is that of the first",
            lambda pixel: abs(pixel[0] - 150) < 2: "`share` changes nothing: both pictures weigh the same",
            lambda pixel: pixel[0] in (44, 255): "the sum of two pictures does not fit into a byte",
            lambda pixel: abs(pixel[0] - 200) < 2 or abs(pixel[0] - 100) < 2: "one of the two pictures is missing",
            lambda pixel: pixel[0] > 230: "the two weights are more than 1 together",
            lambda pixel: True: "three quarters of 200 and a quarter of 100",
        },
        tol=0.011,
    )
    c.true(str(image.dtype) == "uint8", "a picture is made of bytes: yours has become a picture of floats")
    c.shape(
        boxes,
        (5, 4),
        {
            lambda boxes: len(boxes) == 3: "what was on the second picture is seen, and its boxes are missing",
            lambda boxes: True: "every box of both pictures is there once",
        },
    )
    c.close(boxes, np.concatenate((light[1], dark[1])), "the boxes are not those of the two pictures, in their order")
    c.equal(np.asarray(classes).tolist(), [5, 6, 7, 10, 11], "the classes are not those of the boxes beside them")
    c.raises(
        ValueError, mixup, light, plate(100, 2, 2, (10, 8)), 0.5, hint="two pictures of different sizes were mixed"
    )
    ### BEGIN HIDDEN TESTS
    for seed, share in enumerate((0.0, 0.3, 0.5, 1.0)):
        a, b = (picture_of(12, 9, seed + add) for add in (0, 50))
        image, boxes, classes = mixup((a, *plate(0, 2, 1)[1:]), (b, *plate(0, 0, 2)[1:]), share)
        gap = np.abs(np.asarray(image, float) - cv2.addWeighted(a, share, b, 1 - share, 0))
        c.true(gap.max() <= 1, "other pictures, mixed with other weights, come out wrong")
        c.shape(boxes, (2, 4), "a picture without boxes can be mixed in, too")
    ### END HIDDEN TESTS

# %% [markdown] hints="mixup"
# 1. `first[0] * share` with a float `share` is no longer a picture of bytes. Good: add first, and make bytes of the
#    sum.
# 2. `np.concatenate((a, b))` puts two arrays below each other. It works for boxes and for classes.

# %% [markdown]
# ## 7 · Explore
#
# All transforms of the library, on your pictures. Find out:
#
# - Which transform makes boxes larger without making the shapes larger?
# - At which strength of `affine` are boxes dropped? Try several seeds.
# - `colours (HSV)` at full strength: could you still tell what is what? Could a detector of ripe tomatoes?

# %%
augmentation([data.read_labelled(dataset, image) for image in dataset.images("train")[5:25]], dataset.names)

# %% [markdown]
# ### True, or a lie
#
# Whether a change is true depends on your data and on nothing else. A picture from scikit-learn's handwriting, and the
# same in the mirror:

# %%
from sklearn.datasets import load_digits

digits = load_digits()
figure, axes = plt.subplots(1, 8, figsize=(8, 1.4), layout="constrained")
for place, kind in enumerate((2, 3, 7, 6)):
    image = digits.images[digits.target == kind][1]
    for axis, shown, title in ((axes[2 * place], image, str(kind)), (axes[2 * place + 1], image[:, ::-1], "?")):
        axis.imshow(shown, cmap="gray_r")
        axis.set(title=title, xticks=[], yticks=[])
plt.show()

# %% [markdown]
# `fliplr=0.5` is Ultralytics' *default*. A detector of digits, letters or traffic signs is taught these, with the label
# of the true one, for half of its pictures. Switch it off there.
#
# **Written answer `true_or_lie`** (graded by a person). For each of the four detectors say which one augmentation of
# this unit helps most, which one would lie, and why: **a** blood cells under a microscope, **b** licence plates from a
# camera above a road, **c** ripe and unripe strawberries, **d** cars in pictures from the air.

# %% [markdown] manual="true_or_lie" points=2 minutes=10 difficulty=2
# ### BEGIN SOLUTION
# A model answer:
#
# - **a** A slide has no up and no left: mirrors both ways and any turn are true, and cost nothing (round cells keep
#   their boxes tight in quarter turns). Strong hues lie: the stain tells cell types apart.
# - **b** Light of day and night, blur of motion: value and blur help. A mirror lies, the letters are read; so does half
#   a turn.
# - **c** Value, scale and mosaic help: strawberries hang near and far, in sun and shade. A shift of hue lies: the
#   colour *is* the class.
# - **d** Any turn is true seen from above; with boxes alone quarter turns keep them tight. A large change of scale lies
#   where the height is fixed, since a car as long as a lorry is a lorry; strong perspective does, too.
#
# Marking: half a point for each detector whose helpful *and* lying augmentation are named with a reason that is about
# its data. Other choices are right if the reason is.
# ### END SOLUTION

# %% [markdown]
# ## 8 · Into the training
#
# Now a transform of your own shall go into a real training. Ultralytics builds a list of transforms for each dataset.
# Let us look at it.


# %% setup=true
def ultralytics_set(data_yaml, mode="train", kind=YOLODataset, size=128, **settings):
    """A split as Ultralytics' trainer builds it. `kind` is the class of the dataset."""
    described = data.load(data_yaml)
    hyp = get_cfg(overrides={"imgsz": size, **settings})
    with quiet():
        return kind(
            img_path=str(described.images(mode)[0].parent),
            imgsz=size,
            augment=mode == "train",
            hyp=hyp,
            data={"names": described.names, "nc": len(described.names), "channels": 3},
        )


def paint(labels):
    """A transform that can't be overlooked: all pixels white. It takes a dict and gives it."""
    return labels | {"img": np.full_like(labels["img"], 255)}


def white_share(dataset, count=None):
    """How much of a dataset's pictures is white, as the model gets them, from 0 to 1."""
    random.seed(0)
    shares = [float((dataset[index]["img"] == 255).float().mean()) for index in range(count or len(dataset))]
    return sum(shares) / len(shares)


# %%
train_set = ultralytics_set(shapes)
for place, transform in enumerate(train_set.transforms.transforms):
    inside = getattr(transform, "transforms", None)
    print(place, type(transform).__name__, [type(each).__name__ for each in inside] if inside else "")

# %% [markdown]
# Each takes a dict of labels and gives one. `Compose` at place 0 is mosaic and affine; `Format` at the end makes
# tensors, and after it nothing is a picture any more. The `transforms` of the dataset have an `insert`, so a popular
# guide writes
#
# ```python
# dataset.transforms.insert(0, my_transform)
# ```
#
# Test it with `paint`, which makes a picture white. How much of what the model gets will be white?

# %% predict="white_at_the_front"
white_at_the_front = 0.22  # share of the pixels, from 0 to 1, with `paint` at place 0


def painted_at(place):
    painted = ultralytics_set(shapes, hsv_v=0.0)
    painted.transforms.insert(place, paint)
    return white_share(painted, 60)


front = painted_at(0)
predict("the share that is white", white_at_the_front, round(front, 2), tol=0.05)

# %% [markdown]
# Place 0 is before the mosaic. Your transform sees one picture. The mosaic then fetches **three others** and lays them
# beside it, and those went past your transform. No error, no warning, and a quarter of the effect.

# %%
for place in (0, 1, 6, 7):
    print(f"place {place}: {painted_at(place):6.1%} white")

# %% [markdown]
# Anywhere between the mosaic and `Format` it sees everything. Two more traps come with the same line:
#
# - the **val split** has such a list, too. Change it, and your scores are those of other pictures;
# - **`close_mosaic`**: for the last ten epochs Ultralytics switches mosaic off. It does that by building the list
#   *anew*. What you had inserted is gone, without a word.

# %%
painted = ultralytics_set(shapes, hsv_v=0.0)
painted.transforms.insert(1, paint)
print(f"before close_mosaic: {white_share(painted, 20):6.1%} white")
painted.close_mosaic(get_cfg())
print(f"after close_mosaic:  {white_share(painted, 20):6.1%} white")

# %% [markdown]
# In a run of ten epochs, that is the whole run.
#
# There is one place that is asked each time: the method `build_transforms(self, hyp)`, which makes the list, for every
# split, at the start and again after `close_mosaic`. So put your transform in **there**. It wants a dataset of your
# own, made from Ultralytics'.
#
# **Exercise `own_dataset`.** The constructor is written. `self.augment` says whether this is a split to train on.


# %% setup=true
def write_tiny(place):
    """Write a dataset where your code runs: 6 dark pictures of 64 px for each split, a box each."""
    for split in ("train", "val"):
        for part in ("images", "labels"):
            there(os.makedirs)(f"{place}/{part}/{split}")
        for number in range(6):
            png = io.BytesIO()
            Image.fromarray(picture_of(64, 64, number) // 2).save(png, "png")
            there(Path.write_bytes)(Path(f"{place}/images/{split}/{number}.png"), png.getvalue())
            there(Path.write_text)(Path(f"{place}/labels/{split}/{number}.txt"), "0 0.5 0.5 0.4 0.4\n")


def tiny_set(kind, place, mode="train", settings=None, **more):
    """A split of that dataset, as Ultralytics' trainer builds it.

    `kind` is its class, `more` what this class wants.
    """
    facts = {"names": {0: "thing"}, "nc": 1, "channels": 3}
    hyp = get_cfg(overrides={"imgsz": 64, "hsv_v": 0.0, **(settings or {})})
    with quiet():
        return kind(img_path=f"{place}/images/{mode}", imgsz=64, augment=mode == "train", hyp=hyp, data=facts, **more)


def kinds_of(dataset):
    """The kinds of a dataset's transforms, in their order."""
    return [there(type)(each).__name__ for each in dataset.transforms.transforms]


# %% exercise="own_dataset" minutes=15 difficulty=2
class OwnDataset(YOLODataset):
    """Ultralytics' dataset, whose training pictures pass through a transform of your own.

    Each of them passes once, as a whole: after mosaic, affine and mixup, and while it is still an
    array (BGR). Pictures of a split that is not trained on do not pass. All of Ultralytics' own
    transforms stay, in their order.
    """

    def __init__(self, *args, own, **settings):
        """`own` takes labels, a dict, and returns labels."""
        self.own = own
        super().__init__(*args, **settings)

    ### BEGIN SOLUTION
    def build_transforms(self, hyp):
        transforms = super().build_transforms(hyp)
        if self.augment:
            transforms.insert(len(transforms.transforms) - 1, self.own)
        return transforms

    ### STUB
    # def build_transforms(self, hyp):
    #     """Return the transforms: a Compose with `insert(place, transform)`, `transforms`."""
    #     # YOUR CODE HERE
    #     raise NotImplementedError()
    ### END SOLUTION


# %% check="own_dataset" points=4
with check("own_dataset") as c, there(tempfile.TemporaryDirectory)() as place:
    write_tiny(place)

    def examined(mode="train", **settings):
        """A dataset of the learner's, and what its own transform gets to see."""
        seen = []

        def own(labels):
            seen.append((type(labels["img"]).__name__, tuple(labels["img"].shape)))
            return paint(labels) if isinstance(labels["img"], np.ndarray) else labels

        return tiny_set(OwnDataset, place, mode, settings, own=own), seen

    found, seen = examined(mosaic=1.0)
    c.true(hasattr(found.transforms, "transforms"), "`build_transforms` must return the Compose that it has changed")
    stock, kinds = kinds_of(tiny_set(there(YOLODataset), place)), kinds_of(found)
    c.true(all(kind in kinds for kind in stock), "one of Ultralytics' own transforms is gone from the list")
    [found[index] for index in range(6)]  # fills the buffer that mosaic draws from
    seen.clear()
    share = white_share(found)
    c.true(len(seen) > 0, "your own transform is never called")
    c.true(seen[0][0] == "ndarray", "your own transform gets a tensor: it comes after `Format`")
    c.true(len(seen) < 24, "for one training picture your transform is called four times: once for each in the mosaic")
    c.true(
        share > 0.99,
        f"with mosaic only {share:.0%} of the pixels went through your transform: what comes after it?",
    )
    c.true(len(seen) == 6, "for one training picture your transform is called more than once")
    left = [kind for kind in kinds if kind in stock]
    c.equal(left, stock, "Ultralytics' own transforms have changed their order")
    val, seen = examined("val")
    c.true(white_share(val) < 0.5 and not seen, "the val split goes through your transform: its scores would be wrong")
    found.close_mosaic(get_cfg(overrides={"hsv_v": 0.0}))
    c.true(white_share(found) > 0.99, "after `close_mosaic` your transform is gone")
    c.true(found.transforms.transforms[0].transforms[0].p == 0, "after `close_mosaic` the mosaic is still on")
    ### BEGIN HIDDEN TESTS
    found.close_mosaic(get_cfg(overrides={"hsv_v": 0.0}))
    c.true(len(kinds_of(found)) == len(stock) + 1, "each time the list is built your transform is in it once more")
    mixed, seen = examined(mosaic=1.0, mixup=1.0)
    [mixed[index] for index in range(6)]
    seen.clear()
    c.true(
        white_share(mixed) > 0.99 and len(seen) == 6, "with mixup not all of the picture goes through your transform"
    )
    ### END HIDDEN TESTS

# %% [markdown] hints="own_dataset"
# 1. Let Ultralytics build its list first: `super().build_transforms(hyp)`. Then change that list and return it.
# 2. Which number has the place before the last one? The lists of the two kinds of splits have different lengths.
# 3. Only one of the two kinds of splits augments.

# %% [markdown]
# A dataset class alone does nothing: the trainer must build it. In guides this half is often missing, and then the
# class is never used. A trainer of your own overrides `build_dataset`:


# %%
class OwnTrainer(DetectionTrainer):
    """Trains on OwnDataset."""

    def build_dataset(self, img_path, mode="train", batch=None):
        stock = super().build_dataset(img_path, mode, batch)
        if mode == "train":
            settings = {"imgsz": self.args.imgsz, "batch_size": batch, "hyp": self.args, "data": self.data}
            stock = OwnDataset(img_path=img_path, augment=True, cache="ram", own=paint, **settings)
        return stock


few = data.make("shapes", out=shapes.parent.parent / "few", images=40)  # 32 to train on
runs = Path("runs").resolve()
seen_by_the_model = []


class Watching(OwnTrainer):
    """Keeps how white each batch is."""

    def preprocess_batch(self, batch):
        seen_by_the_model.append(float((batch["img"] == 255).float().mean()))
        return super().preprocess_batch(batch)


try:
    model = yolo_course.build("pico", nc=3)
    with quiet():
        model.train(trainer=Watching, data=str(few), project=str(runs), name="white", exist_ok=True, val=False,
                    pretrained=False, **recipe(2, 128, 16, 0, {"plots": False}))  # fmt: skip
    print("white in each batch of 2 epochs:", seen_by_the_model)
except NotImplementedError:
    print("not written yet")

# %% [markdown]
# Every batch, also the last ones, after the mosaic was closed. (Nobody learns from white pictures. This was a test.)
#
# ### When somebody else builds the dataset
#
# Often you cannot choose the class: a segmentation trainer, a trainer of a colleague. Then the dataset is there
# already, and you have to put your transform into *it*, in a way that lasts.
#
# **Clinic `add_to`.** The guide's line, as a function. You have seen its three faults. Mend them.


# %% clinic="add_to" minutes=12 difficulty=3
def add_to(dataset, own):
    """Have the training pictures of a dataset pass through a transform, from now on.

    Each passes once and as a whole, also after `close_mosaic`. A dataset that does not augment
    stays as it is.

    Args:
        dataset: One of Ultralytics', of whatever class.
        own: Takes labels, a dict, and returns labels.

    Returns:
        The same dataset.
    """
    ### BEGIN SOLUTION
    if not dataset.augment:
        return dataset
    stock = dataset.build_transforms

    def build_transforms(hyp):
        transforms = stock(hyp)
        transforms.insert(len(transforms.transforms) - 1, own)
        return transforms

    dataset.build_transforms = build_transforms
    dataset.transforms.insert(len(dataset.transforms.transforms) - 1, own)
    return dataset
    ### STUB
    # dataset.transforms.insert(0, own)
    # return dataset
    ### END SOLUTION


# %% check="add_to" points=3
with check("add_to") as c, there(tempfile.TemporaryDirectory)() as place:
    write_tiny(place)

    def observed(mode="train", **settings):
        """A dataset with a transform added, and a list that grows with each call of it."""
        calls = []

        def own(labels):
            calls.append(type(labels["img"]).__name__)
            return paint(labels) if isinstance(labels["img"], np.ndarray) else labels

        stock = tiny_set(there(YOLODataset), place, mode, settings)
        kinds = kinds_of(stock)
        return stock, add_to(stock, own), calls, kinds

    stock, found, calls, kinds = observed(mosaic=1.0)
    c.true(found is stock, "the function should return the dataset it was given")
    [found[index] for index in range(6)]  # fills the buffer that mosaic draws from
    calls.clear()
    share = white_share(found)
    c.true(len(calls) > 0, "the transform is never called")
    c.true(calls[0] == "ndarray", "the transform gets a tensor: it comes after `Format`")
    c.true(share > 0.99, f"only {share:.0%} of the pixels went through the transform: the mosaic comes after it")
    c.true(len(calls) == 6, "for one picture the transform is called more than once")
    c.equal(
        [kind for kind in kinds_of(found) if kind in kinds],
        kinds,
        "one of Ultralytics' own transforms is gone or misplaced",
    )
    found.close_mosaic(get_cfg(overrides={"hsv_v": 0.0}))
    share = white_share(found)
    c.true(share > 0.99, "after `close_mosaic` the transform is gone: the list was built anew")
    mosaic_is_off = found.transforms.transforms[0].transforms[0].p == 0
    c.true(mosaic_is_off, "after `close_mosaic` the mosaic is still on: the old list was put back")
    stock, found, calls, kinds = observed("val")
    c.true(found is stock, "for the val split, too, the function should return the dataset")
    share = white_share(found)
    c.true(not calls and share < 0.5, "the pictures of the val split go through the transform")
    ### BEGIN HIDDEN TESTS
    stock, found, calls, kinds = observed(mosaic=1.0, mixup=1.0)
    for _ in range(2):
        found.close_mosaic(get_cfg(overrides={"hsv_v": 0.0}))
    calls.clear()
    c.true(
        white_share(found) > 0.99 and len(calls) == 6, "each time the list is built the transform is in it once more"
    )
    colleague = tiny_set(there(type)("Colleague", (there(YOLODataset),), {}), place)
    c.true(white_share(add_to(colleague, paint)) > 0.99, "with a dataset of another class it does not work")
    again = tiny_set(there(YOLODataset), place)
    c.true(white_share(again) < 0.5, "datasets that were built later go through the transform, too, unasked")
    ### END HIDDEN TESTS

# %% [markdown] hints="add_to"
# 1. Three faults, three lines of the contract: "as a whole", "also after `close_mosaic`", "one that does not augment".
# 2. `close_mosaic` calls `self.build_transforms(hyp)`. An object's own attribute is found before its class's method:
#    you can hang a function of yours on this one dataset.
# 3. That function must call the old one, or there would be no list. Keep it under another name before you replace it.

# %% [markdown]
# In the library this is one line, `with_transforms`. It also gives you a `Sample` with RGB and pixels in place of
# labels and BGR, and a random generator that differs from worker to worker.


# %%
def stripes(sample, rng):
    """A transform of your own: what a broken scanner does."""
    image = sample.image.copy()
    image[rng.integers(0, 8) :: 8] //= 2
    return sample.replace(image=image)


model = with_transforms(yolo_course.build("pico", nc=3), stripes, Cutout(p=0.5))
batches = []
model.add_callback("on_train_start", lambda trainer: batches.append(next(iter(trainer.train_loader))["img"][:4]))
with quiet():
    model.train(data=str(few), project=str(runs), name="stripes", exist_ok=True, val=False, pretrained=False,
                **recipe(1, 128, 16, 0, {"plots": False}))  # fmt: skip
nothing = np.zeros((0, 4)), np.zeros(0)
show([(image.permute(1, 2, 0).numpy(), *nothing) for image in batches[0]], ["what the model sees"] * 4)

# %% [markdown]
# If what you want is in the library Albumentations (blur, rain, JPEG artefacts), you need none of this:
# `model.train(augmentations=[A.GaussianBlur(p=0.5)])` puts it in at the right place. It *replaces* the few that
# Ultralytics adds by itself when Albumentations is installed. Two look-alikes do something else:
#
# - `model.train(augment=True)` is about *predicting*, on several versions of a picture. In training it changes nothing
#   but the final validation, whose score is then another one.
# - a list `custom_transforms = A.Compose([...])` that is never given to anybody. It is in more than one guide.
#
# Guides also name things as they once were. `Mosaic(prob=0.8)` is `Mosaic(dataset, p=0.8)` now, `RandomPerspective` has
# `size` in place of `border`, and a class of your own in Ultralytics' style needs `apply_image(self, labels,
# params=None)`. These raise an error, so they cost you minutes, not weeks.

# %% [markdown]
# ## 9 · Does it help?
#
# A claim such as "mosaic makes it better" is tested by an **ablation**: train twice, with it and without it, and leave
# everything else as it is. Here is a popular one: 120 small pictures to train on, 10 epochs, mosaic on or off.

# %% setup=true
EPOCHS = 10


# %%
# 120 to train on
small = data.make("shapes", out=shapes.parent.parent / "small", images=150, size=64, seed=5)
trials = small.parent / "trials.yaml"
splits = {"train": small.parent / "images" / "train", "val": shapes.parent / "images" / "val"}
trials.write_text(
    "\n".join([f"{split}: {folder}" for split, folder in splits.items()] + [f"names: {list(NAMES.values())}"])
)


def trial(seed, **settings):
    """Train pico from scratch; return mAP50 and a record of what the run did."""
    model = yolo_course.build("pico", nc=3)
    done = record(model)
    # measured and saved once, after the last epoch
    plan = recipe(EPOCHS, 64, 16, seed, {"val": False, "save": False, **settings})
    with quiet():
        model.train(data=str(trials), project=str(runs), name="trial", exist_ok=True, pretrained=False, **plan)
    return model.metrics.box.map50, done


with_it, done_with = trial(seed=0, mosaic=1.0, close_mosaic=10)
without_it, done_without = trial(seed=0, mosaic=0.0, close_mosaic=10)

# %% predict="guide_gain"
guide_gain = 0.0  # mAP50 with mosaic minus mAP50 without
predict("what mosaic gains", guide_gain, with_it - without_it, tol=0.02)

# %%
print(f"mosaic=1.0: mAP50 {with_it:.6f}, epochs with mosaic: {done_with.mosaic_epochs}")
print(f"mosaic=0.0: mAP50 {without_it:.6f}, epochs with mosaic: {done_without.mosaic_epochs}")

# %% [markdown]
# Equal to the last digit. That is never a result. It is a switch that is not connected. `close_mosaic=10` is the
# default: off for the *last* ten epochs. This run has no others. Mosaic was never on, and the guide's conclusion
# ("mosaic has no effect on small data") is about nothing.
#
# So the first rule: ask the run what it did, before you read its score.
#
# **Clinic `arm`.** Settings for one arm of an ablation, as guides have them. Mend them.


# %% clinic="arm" minutes=10 difficulty=2
def arm(epochs, mosaic):
    """Augmentation settings for one arm of an ablation about mosaic.

    - In the arm with mosaic it is on in at least two thirds of the epochs, however few there are
      (3 or more), and off in the last one.
    - In the other arm it is never on.
    - Nothing else differs between the two arms.
    - The size of the pictures varies from half to one and a half of `imgsz`.
    - The final score is that of the model on each picture as it is, in one size.

    Args:
        epochs: How many.
        mosaic: True for the arm with mosaic.

    Returns:
        dict of arguments for Ultralytics' `model.train`.
    """
    ### BEGIN SOLUTION
    return {
        "epochs": epochs,
        "mosaic": 1.0 if mosaic else 0.0,
        "close_mosaic": max(1, epochs // 3),
        "multi_scale": 0.5,
    }
    ### STUB
    # return {"epochs": epochs, "mosaic": float(mosaic), "multi_scale": True, "augment": True}
    ### END SOLUTION


# %% check="arm" points=3
with check("arm") as c:

    def both(epochs):
        arms = [arm(epochs, True), arm(epochs, False)]
        for settings in arms:
            c.instance(settings, dict, "`model.train(**settings)` needs a dict")
            for name in settings:
                c.true(name in vars(get_cfg()), f"`{name}` is no setting of Ultralytics: it would refuse to train")
        try:
            return [get_cfg(overrides=settings) for settings in arms]
        except (ValueError, TypeError) as error:
            c.true(False, f"Ultralytics refuses to train: {str(error).splitlines()[0]}")

    def examine(epochs):
        on, off = both(epochs)
        c.true(on.epochs == off.epochs == epochs, "the run has another length than it was asked to have")
        c.true(not off.mosaic, "mosaic is on in the arm that should be without it")
        c.true(on.mosaic == 1.0, "mosaic is not on for every picture in the arm that should have it")
        shown = max(0, epochs - on.close_mosaic) if on.close_mosaic else epochs
        c.true(shown > 0, "the two arms would score the same to the last digit: in neither is mosaic ever on")
        c.true(3 * shown >= 2 * epochs, "mosaic is on in less than two thirds of the epochs")
        c.true(shown < epochs, "mosaic is still on in the last epoch")
        other = {name for name in vars(on) if getattr(on, name) != getattr(off, name)} - {"mosaic"}
        c.true(
            not other, f"the two arms differ in `{min(other, default='')}`, too: which of the two made the difference?"
        )
        for settings in (on, off):
            c.true(
                settings.multi_scale is not True and settings.multi_scale != 1, "sizes vary from nothing to the double"
            )
            c.true(settings.multi_scale, "the size of the pictures does not vary")
            c.true(settings.multi_scale == 0.5, "the size of the pictures varies by another share than it should")
            c.true(not settings.augment, "the final score is that of several versions of each picture: `augment`")

    examine(9)
    examine(10)
    examine(3)
    ### BEGIN HIDDEN TESTS
    for epochs in (4, 5, 8, 30, 300):
        examine(epochs)
    ### END HIDDEN TESTS

# %% [markdown] hints="arm"
# 1. Go through the contract line by line, and ask of each line which setting decides it. `vars(get_cfg())` shows them
#    all with their defaults.
# 2. `close_mosaic` counts epochs from the end, and has to follow `epochs`. `multi_scale` is a share since version 8.4:
#    `True` is a share of 1, so a picture of 128 px is shown with 0 to 256 px, or 32 at the least.
# 3. One of the given settings is about predicting, not about training.

# %% [markdown]
# Now with the switch connected. And with a second rule: one run each is no ablation. Another seed gives other first
# weights and another order of the pictures, and so another score, with nothing else changed. Three seeds an arm, then.

# %%
arms = {"without mosaic": 0.0, "with mosaic": 1.0}
scores = {name: [trial(seed, mosaic=mosaic, close_mosaic=2)[0] for seed in range(3)] for name, mosaic in arms.items()}
for name, values in scores.items():
    print(f"{name:<16} mean {np.mean(values):.3f}   runs {', '.join(f'{value:.3f}' for value in values)}")

# %% predict="seed_spread"
seed_spread = 0.1  # three runs without mosaic, other seeds: the best minus the worst
predict("what the seed alone makes", seed_spread, np.ptp(scores["without mosaic"]), tol=0.03)

# %%
figure, axis = plt.subplots(figsize=(4.8, 1.9), layout="constrained")
for place, values in enumerate(scores.values()):
    axis.plot(values, [place] * 3, "o", color=colour_of(place), markeredgecolor="black")
    axis.plot(np.mean(values), place, "|", color="black", markersize=22)
limits = {"xlim": (0, max(0.1, 1.1 * max(map(max, scores.values())))), "ylim": (-0.6, 1.6)}
axis.set(yticks=[0, 1], yticklabels=list(scores), xlabel="mAP50; bar: mean of the arm", **limits)
plt.show()
gain = np.mean(scores["with mosaic"]) - np.mean(scores["without mosaic"])
error = np.sqrt(sum(np.var(values, ddof=1) / 3 for values in scores.values()))
print(f"mosaic gains {gain:+.3f} ± {error:.3f}")
print("more than twice the error" if abs(gain) > 2 * error else "within twice the error: not known yet")

# %% [markdown]
# Read the last two lines, not the means. The ± is the standard error of the difference. A gain that is smaller than
# twice that can be luck, however nice it looks, and with three seeds even "twice" is generous. Then you need more
# seeds, or longer runs, or you say that you don't know. "Not known yet" is a result.
#
# In a run this short, a loss would be no surprise either: a mosaic is harder to learn, and after ten epochs nobody has
# learned anything by heart. It is made for long runs. That is why Ultralytics has it on for the first 90 of 100
# epochs, and off for the last 10: then the detector sees pictures as they will be.

# %% [markdown]
# ## Recap
#
# - Augmentation shows each picture in ways that do not change what it means. Which ways those are depends on your data.
# - Boxes move with the picture. In a mirror the edges change places; a turned box is the upright box around four moved
#   corners; on a mosaic a box moves by where its picture begins.
# - A hue is an angle: it wraps. Bytes end at 255: they are clipped. Not the other way round.
# - A box that leaves is cut, and dropped when hardly anything is left.
# - A transform of yours belongs between the mosaic and `Format`, on the train split, into `build_transforms`. Elsewhere
#   it is seen by a quarter of the pixels, or scores another val split, or is gone after `close_mosaic`. Paint a picture
#   white and count.
# - Before you read a score, ask the run what it did. Before you believe a difference, look at the spread.

# %%
progress()

# %% [markdown]
# ## Use it in your own project

# %%
from yolo_course.augment import Blur, Noise, Perspective

mine = Compose(Flip(), HSV(), Perspective(0.1), Blur(), Noise())  # your choice, for your data
bent = [mine(first, np.random.default_rng(seed)) for seed in range(3)]
print([f"{len(each.boxes)} of {len(first.boxes)} boxes" for each in bent])

# any model of Ultralytics
model = with_transforms(yolo_course.build("pico", nc=3), Cutout(), Noise(p=0.3))
done = record(model)  # after model.train(...): what did the run really do?

# Ultralytics' own, set for your data, and those of Albumentations:
# model.train(data="my_data.yaml", epochs=100, fliplr=0.0, degrees=5, hsv_h=0.0)
# model.train(data="my_data.yaml", augmentations=[A.RandomRain(p=0.2)])

# %% [markdown]
# ## Further reading
#
# - Bochkovskiy, Wang, Liao, *YOLOv4: Optimal Speed and Accuracy of Object Detection*, 2020, arXiv:2004.10934: where
#   mosaic comes from, with an ablation that has it on.
# - Zhang, Cissé, Dauphin, Lopez-Paz, *mixup: Beyond Empirical Risk Minimization*, 2017, arXiv:1710.09412.
# - DeVries, Taylor, *Improved Regularization of Convolutional Neural Networks with Cutout*, 2017, arXiv:1708.04552.
# - Zoph et al., *Learning Data Augmentation Strategies for Object Detection*, 2019, arXiv:1906.11172: which transforms
#   of boxes help, searched for by a machine.
# - Ge et al., *YOLOX*, 2021, arXiv:2107.08430: mosaic and mixup switched off for the last epochs.
# - Ultralytics documentation, *Data Augmentation*: every setting and its default.
#
# Next: unit 06, what the detector is told after it has looked: the losses.
