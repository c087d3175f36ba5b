# ---
# jupyter:
#   yolo_course:
#     title: Architectures in YAML
#     promise: You read any model YAML row by row, know its channels and strides before it is built, and write your own.
#     goals:
#       - say what each row of a model YAML builds, reads and gives
#       - work out channels, strides and repeats by hand, at any scale
#       - choose the scale of a model file, and notice when the choice was ignored
#       - find what is wrong with a YAML by linting it, and mend it
#       - read YOLO12 and YOLO26, and five architectures that use blocks of your own
#       - design a detector under a parameter budget
#     minutes: 130
#     budget: 90
#     measured: 20
#     prerequisites: [00_first_detector, 01_modules, 02_registration]
# ---

# %% [markdown]
# # Architectures in YAML
#
# You read any model YAML row by row, know its channels and strides before it is built, and write your own.
#
# **After this unit you can**
#
# - say what each row of a model YAML builds, reads and gives;
# - work out channels, strides and repeats by hand, at any scale;
# - choose the scale of a model file, and notice when the choice was ignored;
# - find what is wrong with a YAML by linting it, and mend it;
# - read YOLO12 and YOLO26, and five architectures that use blocks of your own;
# - design a detector under a parameter budget.
#
# **Time** about 130 minutes, of which the computer needs less than one. **You need** unit 01 for the blocks and unit 02
# for how a name in a YAML becomes a class. Nothing is trained here: a model's shape is known before its first weight.

# %% setup=true
import copy
import math
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import torch
import yaml
from torch import nn
from ultralytics import YOLO
from ultralytics.nn import tasks
from ultralytics.utils import LOGGER, ROOT

import yolo_course
from yolo_course.errors import ModelError
from yolo_course.explorers.architecture_graph import architecture_graph
from yolo_course.grading import check, hint, predict, progress, start, there
from yolo_course.models.names import ZOO
from yolo_course.models.quiet import quiet
from yolo_course.models.walk import walk
from yolo_course.visual.architecture import draw_architecture

LOGGER.setLevel("WARNING")  # Ultralytics prints a table for every model otherwise
start("03_architecture_yaml")


# %% setup=true
def rows_of(model):
    """The rows of a model YAML (a path, a text or its content), backbone and head together."""
    text = model.read_text() if isinstance(model, Path) else model
    content = yaml.safe_load(text) if isinstance(text, str) else text
    return [*content["backbone"], *content["head"]]


def built(rows, depth=1.0, width=1.0, max_channels=1024, image=(3, 256, 256)):
    """What Ultralytics' own parser makes of rows: a step each: channels and sizes, no weights."""
    scales = {"n": [depth, width, max_channels]}
    return walk({"nc": 3, "scales": scales, "backbone": copy.deepcopy(rows), "head": []}, "n", image)


def lint_text(text, scale=None):
    """Lint a YAML that is no file yet."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.yaml"
        file.write_text(text)
        return yolo_course.lint(file, scale=scale)


# %% [markdown]
# ## 1 · A row is a call
#
# Here is a small detector, whole, a sister of the one you have trained in unit 00. It is a list of rows, and a few
# facts above them.

# %% setup=true
SMALL = """
nc: 3 # classes
reg_max: 1 # section 10 says what this is
scales: # [depth, width, max_channels]
  n: [1.00, 1.00, 256]
  s: [1.00, 2.00, 256]

backbone:
  # [from, repeats, module, arguments]
  - [-1, 1, Conv, [16, 3, 2]] # 0-P1/2
  - [-1, 1, Conv, [24, 3, 2]] # 1-P2/4
  - [-1, 1, Conv, [48, 3, 2]] # 2-P3/8
  - [-1, 1, C2f, [48, True]] # 3
  - [-1, 1, Conv, [64, 3, 2]] # 4-P4/16
  - [-1, 1, C2f, [64, True]] # 5
  - [-1, 1, Conv, [96, 3, 2]] # 6-P5/32
  - [-1, 1, SPPF, [96, 5]] # 7

head:
  - [-1, 1, nn.Upsample, [None, 2, nearest]] # 8
  - [[-1, 5], 1, Concat, [1]] # 9
  - [-1, 1, C2f, [64]] # 10-P4/16

  - [-1, 1, nn.Upsample, [None, 2, nearest]] # 11
  - [[-1, 3], 1, Concat, [1]] # 12
  - [-1, 1, C2f, [32]] # 13-P3/8

  - [[13, 10, 7], 1, Detect, [nc]] # 14
"""

# %% [markdown]
# Each row has four parts:
#
# | part | says | example |
# |---|---|---|
# | from | which rows it reads: `-1` is the row before, `5` is row 5, a list is several | `[-1, 5]` |
# | repeats | how many of it, before the scale's depth is applied | `1` |
# | module | which class; unit 02 has shown where the name is looked up | `C2f` |
# | arguments | what the constructor gets; the parser puts the channels *in* before them | `[48, True]` |
#
# Rows are counted from 0, through backbone and head without a break. The two words are for people. The parser glues
# both lists together.
#
# Row 9 is `[[-1, 5], 1, Concat, [1]]`.

# %% predict="relative"
relative = 8  # row 9 reads two rows. One is row 5. Which number has the other?
predict("the other row that row 9 reads", relative, 9 - 1)

# %% [markdown]
# A graph says more than a list. Each row below is a line. Its box stands in the column of its **stride**: how many
# pixels of the image make one pixel of the map. The number in the box is the **channels** of what it gives. Bends are
# rows that read further back.

# %%
draw_architecture(lint_text(SMALL))

# %% [markdown]
# Follow it from the top. The backbone goes down in size and up in channels, to the right. Then the way turns:
# `Upsample` doubles the map, `Concat` lays it beside the map of the same size from the way down, a block mixes the two.
# The head reads one map a column.
#
# `P3` means: halved three times, so one pixel stands for 8 × 8 pixels of the image. Small objects are found there,
# large ones at P5.
#
# Two numbers a row, then: channels and stride. Get both right for every row and the model builds and runs. The next
# three sections are about nothing else.

# %% [markdown]
# ## 2 · Channels
#
# The `64` in `[-1, 1, Conv, [64, 3, 2]]` is not what is built. It is a wish, and the **scale** has a say:
#
# `scales: {n: [depth, width, max_channels]}`
#
# The parser takes the wish, cuts it to `max_channels`, multiplies by `width`, and rounds **up** to a multiple of 8:
#
# $$ c_2 = 8 \left\lceil \frac{\min(c,\ \text{max\_channels}) \cdot \text{width}}{8} \right\rceil $$
#
# Up, never down, so that no width is rounded to nothing.

# %% predict="narrow"
narrow = 8  # a row says 24 channels, the scale's width is 0.25. How many are built?
predict("channels of a 24 at width 0.25", narrow, lambda: built([[-1, 1, "Conv", [24, 3, 2]]], width=0.25)[0].shape[0])

# %%
written = (16, 24, 32, 64, 96, 160)
print("written   ", *(f"{c:>5}" for c in written))
for width in (0.25, 0.5, 0.75, 1.0):
    steps = built([[-1, 1, "Conv", [c, 1]] for c in written], width=width)
    print(f"width {width:<4}", *(f"{step.shape[0]:>5}" for step in steps))

# %% [markdown]
# At width 0.25 the first three are all 8. A guide's MobileNet has stages of 16, 24 and 32 channels and a scale `n` of
# width 0.25: three stages that were meant to grow do not. Nothing warns.

# %% predict="cut"
cut = 256  # a row says 1024; width 0.5, max_channels 512. How many are built?
predict("channels of a 1024", cut, lambda: built([[-1, 1, "Conv", [1024]]], width=0.5, max_channels=512)[0].shape[0])

# %% [markdown]
# First the cut, then the width. `max_channels` is a limit on what is *written*.
#
# Which modules have their first argument scaled? Those that the parser knows to give `c2` channels. Of the others,
#
# - `Concat` gives the sum of what it reads;
# - everything else gives as many channels as it reads, whatever its arguments say: `nn.Upsample`, `nn.MaxPool2d`,
#   `nn.Identity`.

# %% setup=true
# modules whose first argument is the channels that they give, before the scale has its say
SCALED = {"Conv", "DWConv", "C2f", "C3k2", "A2C2f", "C2PSA", "SPPF"}  # Ultralytics' own
SCALED |= {"CSPBlock", "ChannelSpatialAttention", "DualPathDownsample", "ECA", "InvertedResidual", "NeckBlock"}
SCALED |= {"ResidualBlock", "ResNetStage", "TransformerStage"}

# %% [markdown]
# **Exercise `channel_table`.** The channels of every row, without building anything.


# %% exercise="channel_table" minutes=15 difficulty=2
def channel_table(rows, width, max_channels, image=3):
    """Say how many channels each row gives.

    Args:
        rows: list of [from, repeats, module, arguments], without the head's last row. It is left as
            it is.
        width: Factor of the scale.
        max_channels: Limit of the scale.
        image: Channels of what row 0 reads.

    Returns:
        list of int, one for each row.
    """
    ### BEGIN SOLUTION
    given = []
    for source, _, module, args in rows:
        sources = source if isinstance(source, list) else [source]
        read = [given[each] if given else image for each in sources]
        if module == "Concat":
            given.append(sum(read))
        elif module in SCALED:
            given.append(8 * math.ceil(min(args[0], max_channels) * width / 8))
        else:
            given.append(read[0])
    return given
    ### END SOLUTION


# %% check="channel_table" points=3
with check("channel_table") as c:
    conv = [[-1, 1, "Conv", [64, 3, 2]]]
    found = channel_table(copy.deepcopy(conv), 0.5, 1024)
    c.true(found is not None, "your function gives None: is a `return` missing?")
    c.equal(len(found), 1, "one row goes in, one number must come out")
    c.equal(
        found,
        [32],
        {
            lambda table: table[0] == 64: "the width of the scale changes nothing",
            lambda table: table[0] == 3: "a Conv gives what its arguments say, not what it reads",
            lambda table: table[0] == 128: "half of the width gives twice the channels",
            lambda table: True: "64 channels at width 0.5",
        },
    )
    c.equal(
        channel_table([[-1, 1, "Conv", [72, 3, 2]]], 0.25, 1024),
        [24],
        {
            lambda table: table[0] == 18: "18 channels: not every number of channels is allowed",
            lambda table: table[0] == 16: "18 was rounded the wrong way: a quarter of 72 has lost channels",
            lambda table: True: "a quarter of 72 is 18, which is no multiple of 8",
        },
    )
    c.equal(channel_table([[-1, 1, "Conv", [64]]], 0.25, 1024), [16], "a multiple of 8 was rounded to the next one")
    c.equal(
        channel_table([[-1, 1, "Conv", [1024]]], 0.75, 512),
        [384],
        {
            lambda table: table[0] == 768: "max_channels changes nothing",
            lambda table: table[0] == 512: "max_channels was applied to what is built; it limits what is written",
            lambda table: True: "1024 channels are written, 512 are allowed, and the width is 0.75",
        },
    )
    pool = [[-1, 1, "Conv", [64]], [-1, 1, "nn.MaxPool2d", [3, 2, 1]]]
    c.equal(
        channel_table(pool, 1.0, 1024),
        [64, 64],
        {
            lambda table: table[1] in (3, 8): "3 is the kernel of a pooling: it has no channels among its arguments",
            lambda table: True: "pooling changes the size of a map and nothing else",
        },
    )
    ladder = [[-1, 1, "Conv", [16]], [-1, 1, "Conv", [32]], [-1, 1, "Conv", [64]]]
    c.equal(
        channel_table([*ladder, [[-1, 0], 1, "Concat", [1]]], 1.0, 1024)[-1],
        80,
        {
            lambda last: last == 64: "Concat lays maps side by side: the second one is lost",
            lambda last: last in (1, 8): "1 is the dimension along which Concat joins",
            lambda last: last == 112: "row 3 reads two rows, not all rows before it",
            lambda last: last in (96, 128): "`from` 0 is row 0, not the row before",
            lambda last: True: "row 3 reads the rows 2 and 0, of 64 and 16 channels",
        },
    )
    c.equal(
        channel_table([*ladder, [-3, 1, "nn.Identity", []]], 1.0, 1024)[-1],
        16,
        {
            lambda last: last == 64: "`from` -3 is not the row before",
            lambda last: True: "`from` -3 in row 3 is three rows back",
        },
    )
    c.equal(channel_table([[-1, 1, "nn.Identity", []]], 0.25, 1024, image=1), [1], "a grey image has one channel")
    given = [*ladder, [[-1, 0], 1, "Concat", [1]]]
    before = copy.deepcopy(given)
    channel_table(given, 0.5, 1024)
    c.equal(given, before, "your function changes the rows it was given")
    ### BEGIN HIDDEN TESTS
    file = ZOO / "mobilenet.yaml"
    _, width, limit = yaml.safe_load(file.read_text())["scales"]["l"]
    truth = [step.shape[0] for step in walk(file, "l")[:-1]]
    c.equal(channel_table(rows_of(file)[:-1], width, limit), truth, "some rows of the zoo's mobilenet, scale l, differ")
    odd = [[-1, 1, "Conv", [40]], [-1, 2, "nn.Identity", []], [0, 3, "C2f", [88]], [[-1, -2, 0], 1, "Concat", [1]]]
    truth = [step.shape[0] for step in built(odd, width=0.625, max_channels=80)]
    c.equal(channel_table(odd, 0.625, 80), truth, "with other rows, a narrow scale and a low limit some rows differ")
    ### END HIDDEN TESTS

# %% [markdown] hints="channel_table"
# 1. Walk through the rows and keep a list of what each of them gives. What a row reads stands in that list already.
# 2. A `from` of -1 or 5 is an index into that list as it is: Python counts from the end, too. Only row 0 reads nothing
#    that is in it.
# 3. Three kinds of rows: those in `SCALED`, `Concat`, and all others. Take a list of sources always, also for one.

# %% [markdown]
# ## 3 · Strides
#
# The second number. Every module with a stride of 2 doubles the stride of its map, `Upsample` halves it, all else keeps
# it.

# %% predict="deepest"
deepest = 32  # five convolutions of stride 2: how many image pixels make one of the last map?
predict("the stride after five of them", deepest, 2**5, "px")

# %% [markdown]
# Where in the arguments the stride stands is up to the module. `Conv, [64, 3, 2]` has it third, after the kernel.
# `ResidualBlock, [64, 2]` has it second. Write one the way of the other and you build something else:

# %%
for module, args in (("Conv", [64, 3, 2]), ("ResidualBlock", [64, 2]), ("Conv", [64, 2])):
    step = built([[-1, 1, module, args]])[0]
    print(f"{step.written_row:<32}{step.call:<28}{step.shape[1]} px of 256")

# %% [markdown]
# The last one is a convolution with *kernel* 2 and stride 1. It even gives one pixel more than it got.
#
# Strides must meet. `Concat` lays maps side by side, so they need the same height and width. This is what happens if
# they have not. The row is from a popular guide, which reads row 2 and means row 1:

# %%
guide = [[-1, 1, "Conv", [16, 3, 2]], [-1, 1, "Conv", [32, 3, 2]], [-1, 1, "Conv", [64, 3, 2]]]
guide += [[-1, 1, "nn.Upsample", [None, 2, "nearest"]], [[-1, 2], 1, "Concat", [1]]]
layers, _ = tasks.parse_model({"nc": 3, "backbone": copy.deepcopy(guide), "head": []}, 3, verbose=False)
print("built:", len(layers), "layers, no complaint")
try:
    built(guide)
except ModelError as error:
    print("run:  ", error)

# %% [markdown]
# The parser adds channels up and never looks at sizes. It builds anything. The mistake shows only when a picture is
# pushed through. With a `Detect` row at the end Ultralytics does push one, to measure the strides. Without one you
# learn of it in training.

# %% setup=true
# where the stride stands among a module's arguments, counted from 0; left out, it is 1. Modules
# not in here keep it.
STRIDE_AT = {"Conv": 2, "InvertedResidual": 1, "ResidualBlock": 1, "ResNetStage": 1, "nn.MaxPool2d": 1}

# %% [markdown]
# **Exercise `stride_table`.** The stride of every row, and a word where two cannot meet. `DualPathDownsample` has no
# argument for it: it always halves the map. `nn.Upsample, [None, 2, nearest]` has its factor second.


# %% exercise="stride_table" minutes=12 difficulty=2
def stride_table(rows):
    """Say how many pixels of the image make one pixel of each row's map.

    Args:
        rows: list of [from, repeats, module, arguments], without the head's last row. No row with a
            stride repeats.

    Returns:
        list of numbers, one for each row. The image itself has stride 1.

    Raises:
        ValueError: A Concat reads maps of different strides.
    """
    ### BEGIN SOLUTION
    strides = []
    for source, _, module, args in rows:
        read = [strides[each] if strides else 1 for each in (source if isinstance(source, list) else [source])]
        if len(set(read)) > 1:
            raise ValueError(f"row {len(strides)} cannot join maps of strides {read}")
        factor = 2 if module == "DualPathDownsample" else 1
        if module == "nn.Upsample":
            factor = 1 / args[1]
        elif module in STRIDE_AT and len(args) > STRIDE_AT[module]:
            factor = args[STRIDE_AT[module]]
        strides.append(read[0] * factor)
    return strides
    ### END SOLUTION


# %% check="stride_table" points=3
with check("stride_table") as c:
    down = [[-1, 1, "Conv", [16, 3, 2]], [-1, 1, "Conv", [32, 3, 2]], [-1, 1, "Conv", [64, 3, 2]]]
    found = stride_table(copy.deepcopy(down))
    c.true(found is not None and len(found) == 3, "three rows go in, three strides must come out")
    c.close(
        torch.tensor(found, dtype=torch.float64),
        [2, 4, 8],
        {
            lambda table: list(table) == [2, 2, 2]: "each row's own stride: the rows before it have halved the map too",
            lambda table: list(table) == [2, 4, 6]: "halving three times leaves an eighth, not a sixth",
            lambda table: list(table) == [3, 9, 27]: "you read the kernel",
            lambda table: list(table) == [1, 2, 4]: "row 0 halves the image already",
            lambda table: table[0] < 1: "a share of the image's size: the stride is its inverse",
            lambda table: True: "three convolutions, each of which halves the map",
        },
    )
    mixed = [[-1, 1, "nn.MaxPool2d", [3, 2, 1]], [-1, 1, "ResidualBlock", [64, 2]]]
    c.close(
        stride_table(mixed)[0], 2, "a pooling of kernel 3, stride 2, padding 1: its stride is not where a Conv has it"
    )
    c.close(stride_table(mixed)[1], 4, "a ResidualBlock has its stride elsewhere than a Conv")
    c.close(
        stride_table([[-1, 1, "Conv", [64]], [-1, 1, "C2f", [64, True]]])[1], 1, "no stride given: nothing is halved"
    )
    c.close(stride_table([[-1, 1, "DualPathDownsample", [64]]])[0], 2, "DualPathDownsample halves without being told")
    back = [*down, [-1, 1, "nn.Upsample", [None, 2, "nearest"]]]
    c.close(
        stride_table(back)[3],
        4,
        {
            lambda stride: stride == 8: "Upsample changes the size of the map",
            lambda stride: stride == 16: "after Upsample the map is larger, so one of its pixels is less of the image",
            lambda stride: True: "Upsample doubles the map",
        },
    )
    back.append([[-1, 1], 1, "Concat", [1]])
    c.close(stride_table(back)[4], 4, "Concat of two maps of stride 4: they lie side by side, none gets smaller")
    c.raises(
        ValueError, stride_table, [*back[:4], [[-1, 2], 1, "Concat", [1]]], hint="maps of stride 4 and 8 were joined"
    )
    c.close(stride_table([*down, [0, 1, "Conv", [64, 1]]])[3], 2, "`from` 0 reads row 0, not the row before")
    ### BEGIN HIDDEN TESTS
    truth = [256 / step.shape[1] for step in walk(ZOO / "resnet.yaml", image=(3, 256, 256))[:-1]]
    c.close(stride_table(rows_of(ZOO / "resnet.yaml")[:-1]), truth, "some rows of the zoo's resnet differ")
    up = [[-1, 1, "nn.Upsample", [None, 4, "nearest"]], [-1, 1, "Conv", [8, 3, 2]], [-1, 1, "Conv", [8, 5, 4]]]
    c.close(stride_table(up), [0.25, 0.5, 2], "with factors other than 2 the strides differ")
    late = [*down, [[-1, 2, 1], 1, "Concat", [1]]]
    c.raises(ValueError, stride_table, late, hint="three maps were joined, one of which is twice as large")
    ### END HIDDEN TESTS

# %% [markdown] hints="stride_table"
# 1. The same walk as before: a list of what the rows so far have, and each new row looks into it.
# 2. A row multiplies the stride of what it reads by a factor. For most rows the factor is 1. Which rows have another,
#    and where do you find it?
# 3. An argument that is not there cannot be read: compare the number of arguments with the place of the stride.

# %% [markdown]
# ## 4 · Depth
#
# The third thing that a scale changes: repeats. `[-1, 6, C2f, [256]]` at depth 0.33 has not six and not two point
# something. It has `max(round(6 × 0.33), 1)`, and a row that says 1 keeps its 1 at any depth.

# %% predict="repeats"
repeats = 1  # a row says 3, the depth is 0.33. How many are built?
predict("repeats of a 3 at depth 0.33", repeats, max(round(3 * 0.33), 1))

# %%
depths = [step / 100 for step in range(10, 126)]
figure, axis = plt.subplots(figsize=(7.5, 3.2))
for written in (2, 3, 4, 6):
    repeats_built = [max(round(written * depth), 1) for depth in depths]
    # apart, to see them all
    (line,) = axis.step(depths, [n + written / 50 for n in repeats_built], where="mid")
    axis.text(1.27, repeats_built[-1], f"{written} written", va="center", fontsize=9, color=line.get_color())
for name, depth in {"n, s": 0.33, "m": 0.67, "l, x": 1.0}.items():
    axis.axvline(depth, color="0.8", lw=1, zorder=0)
    axis.text(depth, 8.6, f"{name}: {depth}", ha="center", fontsize=8)
axis.set(xlabel="depth", ylabel="repeats built", xlim=(0.1, 1.42), ylim=(0, 9.2))
plt.show()

# %% [markdown]
# Look at 0.33. Two, three and four all become one. Between them the file says "deeper here" and the model does not hear
# it. If no row of your YAML says more than 4, then depth 0.33 and depth 0.2 are the same model.
#
# One more thing about `round`. Python rounds a half to the *even* neighbour.

# %% predict="half"
half = 2  # a row says 5, the depth is 0.5. How many are built?
predict("repeats of a 5 at depth 0.5", half, lambda: built([[-1, 5, "nn.Identity", []]], depth=0.5)[0].n)

# %% [markdown]
# **Exercise `repeats_table`.** A short one.


# %% exercise="repeats_table" minutes=6 difficulty=1
def repeats_table(rows, depth):
    """Say how often each row's module is built.

    Args:
        rows: list of [from, repeats, module, arguments].
        depth: Factor of the scale, above 0.

    Returns:
        list of int, one for each row.
    """
    ### BEGIN SOLUTION
    return [max(round(repeats * depth), 1) if repeats > 1 else repeats for _, repeats, _, _ in rows]
    ### END SOLUTION


# %% check="repeats_table" points=2
with check("repeats_table") as c:

    def repeating(*numbers):
        """Rows that differ in their repeats alone."""
        return [[-1, number, "nn.Identity", []] for number in numbers]

    found = repeats_table(repeating(6), 0.5)
    c.true(found is not None and hasattr(found, "__len__"), "a list was asked for, one number for each row")
    c.equal(len(found), 1, "one row goes in, one number must come out")
    c.equal(found, [3], "half of 6")
    c.equal(
        repeats_table(repeating(3), 0.6),
        [2],
        {
            lambda table: table[0] == 1: "1.8 repeats became 1: the rest was thrown away",
            lambda table: table[0] != int(table[0]): "nobody can build a share of a block",
            lambda table: True: "3 × 0.6 is 1.8, which is nearest to another number",
        },
    )
    c.equal(repeats_table(repeating(6), 0.2), [1], "1.2 repeats became 2")
    c.equal(repeats_table(repeating(2), 0.2), [1], "a row has vanished: the next one would read what is not there")
    c.equal(repeats_table(repeating(1), 2.0), [1], "a row that says 1 keeps its 1, at a depth above 1 too")
    c.equal(repeats_table(repeating(5), 0.5), [2], "a half is rounded to the even neighbour, as Python does it")
    c.equal(repeats_table(repeating(3, 1, 6), 1.0), [3, 1, 6], "at depth 1 nothing changes")
    counted = repeats_table(repeating(4, 1), 0.5)
    c.true(not any(isinstance(number, float) for number in counted), "repeats are counted: int, not float")
    ### BEGIN HIDDEN TESTS
    for depth in (0.1, 0.33, 0.5, 0.67, 1.0, 1.5):
        rows = repeating(*range(1, 12))
        truth = [step.n for step in built(rows, depth=depth, image=(3, 8, 8))]
        c.equal(repeats_table(rows, depth), truth, f"at depth {depth} some rows differ from what Ultralytics builds")
    ### END HIDDEN TESTS

# %% [markdown] hints="repeats_table"
# 1. Two sentences stand above: one for rows that say 1, one for all others.
# 2. Python's own `round` does what Ultralytics does, because Ultralytics calls it.

# %% [markdown]
# ### Who repeats?
#
# Six repeats of a `C2f` are not six `C2f` in a row. The parser hands the number to the constructor, and the block
# repeats its *inside*. That is the rule `stacked` of unit 02. All other modules are copied, and each copy gets the same
# arguments:

# %%
for module, args in (("C2f", [64]), ("Conv", [64, 3])):
    step = built([[-1, 1, "Conv", [64, 3, 2]], [-1, 3, module, args]])[1]
    print(f"{step.written_row:<26} → {step.n} × {step.call}")

# %% [markdown]
# The same arguments. The stride, too.
#
# ### Clinic: a stride that repeats
#
# A backbone after a guide's MobileNet. Five stages, and each but the first halves the map once. It is tried at scale
# `n` first, depth 0.33 and width 0.25, and works.

# %% clinic="mobile_stages" minutes=12 difficulty=3
# The stages of the backbone: rows 0 to the last, without neck and head. Every stage but the first
# halves the map once, at any depth and width. At depth 1 and width 1 they are 16, 24, 32, 64 and
# 128 channels wide and have 1, 2, 3, 1 and 1 blocks; a smaller depth makes the stages of several
# blocks shorter. The image has been halved once before the first stage.
### BEGIN SOLUTION
STAGES = [
    [-1, 1, "Conv", [32, 3, 2]],  # P1/2
    [-1, 1, "ResidualBlock", [16]],
    [-1, 2, "InvertedResidual", [24, 2]],  # P2/4
    [-1, 3, "InvertedResidual", [32, 2]],  # P3/8
    [-1, 1, "ResidualBlock", [64, 2]],  # P4/16
    [-1, 1, "ResidualBlock", [128, 2]],  # P5/32
]
### STUB
# STAGES = [
#     [-1, 1, "Conv", [32, 3, 2]],  # P1/2
#     [-1, 1, "ResidualBlock", [16]],
#     [-1, 2, "ResidualBlock", [24, 2]],  # P2/4
#     [-1, 3, "ResidualBlock", [32, 2]],  # P3/8
#     [-1, 1, "ResidualBlock", [64, 2]],  # P4/16
#     [-1, 1, "ResidualBlock", [128, 2]],  # P5/32
# ]
### END SOLUTION

# %% [markdown]
# Now somebody wants it deeper. What was depth 0.33 becomes depth 1, still narrow:

# %%
for depth in (0.33, 1.0):
    steps = built(STAGES, depth=depth, width=0.25, image=(3, 640, 640))
    sizes = ", ".join(f"{step.shape[1]}" for step in steps)
    print(f"depth {depth:<5} {sum(step.parameters for step in steps):>7,} parameters, maps of {sizes} px")

# %% [markdown]
# On the untouched notebook the second line ends with a map of 3 px, of an image of 640. No error. So put the beginning
# of a neck behind it, and push images of two sizes through:

# %%
neck = [[-1, 1, "nn.Upsample", [None, 2, "nearest"]], [[-1, -3], 1, "Concat", [1]]]
for side in (512, 640):
    try:
        steps = built([*STAGES, *neck], depth=1.0, width=0.25, image=(3, side, side))
        print(f"{side} px: runs; the neck's first map has {steps[-1].shape[1]} px")
    except ModelError as error:
        print(f"{side} px: {error}")

# %% [markdown]
# At 512 px the untouched rows run, and a detector on top of them would see strides of 64 and more: nothing small is
# within its reach. At 640 px there is an error at last. It names a `Concat` in the neck, four and five rows after
# the causes, and there is nothing wrong with that `Concat`.
#
# At width 1 the same rows cannot be built: a copy that takes 16 channels and gives 24 does not fit behind itself. At
# width 0.25 both round to 8, and it fits. That is how the mistake got through.

# %% check="mobile_stages" points=3
with check("mobile_stages") as c:
    c.true(isinstance(STAGES, list) and all(len(row) == 4 for row in STAGES), "rows of four parts were asked for")

    def sides(depth, width, side=640):
        """Widths of the maps in pixels and channels, those of the same size told once."""
        try:
            steps = built(STAGES, depth, width, image=(3, side, side))
        except (ModelError, KeyError, TypeError) as error:
            place = getattr(error, "where", None) or getattr(error, "message", "a row with an unknown module")
            c.true(
                False, f"at depth {depth:g} and width {width:g} it cannot be built: {str(place).split(' cannot')[0]}"
            )
        return {step.shape[1]: step.shape[0] for step in steps}

    c.equal(
        list(sides(0.33, 0.25)),
        [320, 160, 80, 40, 20],
        "at depth 0.33 the maps of an image of 640 px have other sizes than before",
    )
    c.equal(
        list(sides(1.0, 0.25)),
        [320, 160, 80, 40, 20],
        {
            lambda found: len(found) > 5: "a stage halves the map more than once, or a map is halved between stages",
            lambda found: (
                found[-1] < 20
            ): "at depth 1 the last map is far too small: some stage halves it once per block",
            lambda found: True: "at depth 1 some stage does not halve the map",
        },
    )
    wide = sides(1.0, 1.0)
    c.equal(list(wide), [320, 160, 80, 40, 20], "at depth 1 and width 1 a map has another size than at width 0.25")
    c.equal(list(wide.values()), [16, 24, 32, 64, 128], "at width 1 a stage has other channels than its comment says")
    blocks_at = {
        depth: sum(step.parameters for step in built(STAGES, depth, 1.0, image=(3, 64, 64))) for depth in (0.33, 1.0)
    }
    grows = blocks_at[1.0] > blocks_at[0.33]
    c.true(grows or len(STAGES) < 9, "a row for each block: the depth of the scale has nothing left to work on")
    c.true(grows, "the depth of the scale changes nothing any more: every stage is as short")
    ### BEGIN HIDDEN TESTS
    for depth, width in ((0.5, 0.375), (2.0, 0.5)):
        sizes = list(sides(depth, width))
        c.equal(sizes, [320, 160, 80, 40, 20], f"depth {depth}, width {width}: a map has another size")
    ### END HIDDEN TESTS

# %% [markdown] hints="mobile_stages"
# 1. Print `step.call` and `step.n` for the rows of `built(STAGES, 1.0, 0.25)`. How many modules have a stride of 2?
# 2. There are two ways out. A block that takes its repeats itself can give the stride to the first of them. Or a stage
#    is two rows.
# 3. For the first way, look at the zoo's `mobilenet.yaml`. For the second, at its `transformer.yaml`.

# %% [markdown]
# ## 5 · Choose the scale
#
# A file with five scales is five models. Which one do you get? Save a model under a name of your own, and ask for
# scale `s` as its author would: write it into the file.

# %%
folder = Path(tempfile.mkdtemp())
mine = folder / "my-detector.yaml"
mine.write_text(SMALL)
asked = folder / "my-detector-asked.yaml"
asked.write_text("scale: s" + SMALL)


def weights(model):
    """Parameters of a model."""
    return sum(each.numel() for each in model.parameters())


print(f"without a word  {weights(YOLO(mine, task='detect').model):>9,}")
print(f"`scale: s`      {weights(YOLO(asked, task='detect').model):>9,}")

# %% [markdown]
# Ultralytics warns that it assumes `n`, once for each. Both times. The key in the file does nothing: it is overwritten
# with what the *file name* says, and the file name says nothing. Only names of one kind say something: `yolo`, a
# number, a letter.

# %% predict="scale_name"
scale_name = "s"  # "yolo8s-mine.yaml": which scale is that?
predict("the scale of yolo8s-mine.yaml", scale_name, tasks.guess_model_scale("yolo8s-mine.yaml"))

# %%
for name in ("yolo8s-mine.yaml", "yolo26x.yaml", "my-yolo11m.yaml", "detector-s.yaml", "yolo-s.yaml", "resnet50s.yaml"):
    print(f"{name:<20} → {tasks.guess_model_scale(name) or 'the first scale in the file'}")

# %% [markdown]
# And there need not be a file of that name: `yolo8s-mine.yaml` opens `yolo8-mine.yaml` at scale `s`.
#
# ### Clinic: a scale nobody hears
#
# The function below is how many people do it. You have just seen what it is worth.


# %% clinic="build_at" minutes=10 difficulty=2
def build_at(path, scale):
    """Build the network that a model YAML describes, at one of its scales.

    Args:
        path: pathlib.Path of the YAML, whatever its name. The file is left as it is.
        scale: "n", "s", "m", "l" or "x"; a key of its `scales`.

    Returns:
        The network: a torch.nn.Module with fresh weights.
    """
    ### BEGIN SOLUTION
    config = yaml.safe_load(path.read_text())
    config["scale"] = scale
    return tasks.DetectionModel(config, verbose=False)
    ### STUB
    # config = yaml.safe_load(path.read_text())
    # config["scale"] = scale
    # chosen = path.with_name(f"chosen-{path.stem}.yaml")
    # chosen.write_text(yaml.safe_dump(config))
    # return YOLO(chosen, task="detect").model
    ### END SOLUTION


# %%
for scale in ("n", "s"):
    print(scale, f"{weights(build_at(mine, scale)):>9,}")

# %% check="build_at" points=2
with check("build_at") as c, there(tempfile.TemporaryDirectory)() as place, quiet():
    text = """
nc: 3
reg_max: 1
scales:
  n: [0.33, 0.25, 64]
  s: [0.33, 0.50, 64]
  x: [1.00, 0.75, 32]
backbone:
  - [-1, 1, Conv, [16, 3, 32]]
  - [-1, 3, C2f, [64, True]]
head:
  - [[1], 1, Detect, [nc]]
"""
    file = Path(place) / "my-detector.yaml"
    there(Path.write_text)(file, text)

    def count(scale):
        """Parameters of what the learner's function builds, head and all."""
        net = build_at(file, scale)
        c.true(
            not there(isinstance)(net, there(YOLO)), "a YOLO object wraps the network, and the network was asked for"
        )
        c.instance(net, nn.Module, "a network was asked for")
        return sum(each.numel() for each in net.parameters())

    truth = {scale: sum(step.parameters for step in walk(yaml.safe_load(text), scale)) for scale in ("n", "s", "x")}
    c.equal(count("n"), truth["n"], "scale n, the first one of the file, is not what comes out")
    c.equal(
        count("s"),
        truth["s"],
        {
            lambda found: found == truth["n"]: "scale s has exactly as many parameters as scale n",
            lambda found: found == truth["x"]: "the file's last scale comes out, not the one asked for",
            lambda found: True: "scale s has another number of parameters than Ultralytics' parser gives it",
        },
    )
    c.equal(
        count("x"),
        truth["x"],
        "scale x is built with a width or a depth of its own, and without the other or the limit",
    )
    c.equal(
        there(Path.read_text)(file),
        text,
        "the file was changed on the way: the next one who reads it gets another model",
    )
    ### BEGIN HIDDEN TESTS
    other = Path(place) / "yolo11n-tuned.yaml"
    wider = text.replace("[0.33, 0.50, 64]", "[0.33, 1.00, 48]")
    there(Path.write_text)(other, wider)
    net = build_at(other, "s")
    truth = sum(step.parameters for step in walk(yaml.safe_load(wider), "s"))
    c.equal(
        sum(each.numel() for each in net.parameters()),
        truth,
        "a file whose name says another scale gets that one",
    )
    ### END HIDDEN TESTS

# %% [markdown] hints="build_at"
# 1. Who reads the file that the function writes, and what does it do to `config["scale"]`? The text above says it.
# 2. The overwriting happens when a *file* is loaded. A network can also be built from a dict: look at the first
#    argument of `tasks.DetectionModel`.
# 3. Another way: leave one scale in the dict, and there is nothing to choose.

# %% [markdown]
# With yolo_course you need none of this: `yolo_course.build(path, scale="s")`. And once it is imported,
# `YOLO("my-detector-s.yaml")` finds `my-detector.yaml` and takes scale `s` of it.

# %%
print(
    f"{weights(yolo_course.build(mine, scale='s').model):,}", f"{weights(YOLO(folder / 'my-detector-s.yaml').model):,}"
)

# %% [markdown]
# ## 6 · Ask before you build
#
# You have written half a linter: channels and strides without a single weight. The whole one is `yolo_course.lint`, on
# the command line `yolo-course lint MODEL.yaml`. It reads a YAML as the parser would, goes on after a mistake, and
# tells them all in one run, each with its line.
#
# Below is a detector that somebody typed late at night. Six mistakes.

# %% clinic="mend_yaml" minutes=15 difficulty=2
# A detector for 3 classes on strides 8, 16 and 32, at two scales, s twice as wide as n. The
# comments say what is meant, and they are right. Mend the rows; add none, remove none.
### BEGIN SOLUTION
MENDED = """
nc: 3
scales: # [depth, width, max_channels]
  n: [0.33, 0.25, 1024]
  s: [0.33, 0.50, 1024]

backbone:
  - [-1, 1, Conv, [64, 3, 2]] # 0-P1/2
  - [-1, 1, Conv, [128, 3, 2]] # 1-P2/4
  - [-1, 3, CSPBlock, [128]] # 2
  - [-1, 1, Conv, [256, 3, 2]] # 3-P3/8
  - [-1, 3, CSPBlock, [256]] # 4 to the neck
  - [-1, 1, Conv, [512, 3, 2]] # 5-P4/16
  - [-1, 3, CSPBlock, [512]] # 6 to the neck
  - [-1, 1, Conv, [512, 3, 2]] # 7-P5/32
  - [-1, 1, SPPF, [512, 5]] # 8 to the neck

head:
  - [-1, 1, nn.Upsample, [None, 2, nearest]] # 9
  - [[-1, 6], 1, Concat, [1]] # 10 with backbone P4
  - [-1, 3, CSPBlock, [256, False]] # 11

  - [-1, 1, nn.Upsample, [None, 2, nearest]] # 12
  - [[-1, 4], 1, Concat, [1]] # 13 with backbone P3
  - [-1, 3, CSPBlock, [128, False]] # 14-P3/8 small objects

  - [-1, 1, Conv, [128, 3, 2]] # 15
  - [[-1, 11], 1, Concat, [1]] # 16 with the way up
  - [-1, 3, CSPBlock, [256, False]] # 17-P4/16 medium objects

  - [-1, 1, Conv, [256, 3, 2]] # 18
  - [[-1, 8], 1, Concat, [1]] # 19 with backbone P5
  - [-1, 3, CSPBlock, [512, False]] # 20-P5/32 large objects

  - [[14, 17, 20], 1, Detect, [nc]] # 21 small, medium, large
"""
### STUB
# MENDED = """
# nc: 3
# scales: # [depth, width, max_channels]
#   n: [0.33, 0.25, 2.0]
#   s: [0.33, 0.50, 2.0]
#
# backbone:
#   - [-1, 1, Conv, [64, 3, 2]] # 0-P1/2
#   - [-1, 1, Conv, [128, 3, 2]] # 1-P2/4
#   - [-1, 3, CSPBlock, [128]] # 2
#   - [-1, 1, Conv, [256, 3, 2]] # 3-P3/8
#   - [-1, 3, CSPBlock, [256]] # 4 to the neck
#   - [-1, 1, Conv, [512, 3, 2]] # 5-P4/16
#   - [-1, 3, CSPBlok, [512]] # 6 to the neck
#   - [-1, 1, Conv, [512, 3, 2]] # 7-P5/32
#   - [-1, 1, SPPF, [512, 5]] # 8 to the neck
#
# head:
#   - [-1, 1, Upsample, [None, 2, nearest]] # 9
#   - [[-1, 4], 1, Concat, [1]] # 10 with backbone P4
#   - [-1, 3, CSPBlock, [256, False]] # 11
#
#   - [-1, 1, nn.Upsample, [None, 2, nearest]] # 12
#   - [[-1, 4], 1, Concat, [1]] # 13 with backbone P3
#   - [-1, 3, CSPBlock, [128, False]] # 14-P3/8 small objects
#
#   - [-1, 1, Conv, [128, 3, 1]] # 15
#   - [[-1, 11], 1, Concat, [1]] # 16 with the way up
#   - [-1, 3, CSPBlock, [256, False]] # 17-P4/16 medium objects
#
#   - [-1, 1, Conv, [256, 3, 2]] # 18
#   - [[-1, 8], 1, Concat, [1]] # 19 with backbone P5
#   - [-1, 3, CSPBlock, [512, False]] # 20-P5/32 large objects
#
#   - [[11, 14, 20], 1, Detect, [nc]] # 21 small, medium, large
# """
### END SOLUTION

# %% [markdown]
# Ask the linter, mend a row, run both cells again. It tells you what is wrong, not what was meant: that is in the
# comments.

# %%
for finding in lint_text(MENDED).findings:
    print(f"line {finding.line}: {finding.message}")

# %% check="mend_yaml" points=3
with check("mend_yaml") as c:
    try:
        config = yaml.safe_load(MENDED)
    except (yaml.YAMLError, AttributeError):
        config = None
    c.instance(config, dict, "this is no YAML any more: mind brackets, commas and the two blanks before each dash")
    c.equal(config.get("nc"), 3, "the detector is for three classes")
    factors = {name: list(scale[:2]) for name, scale in (config.get("scales") or {}).items()}
    c.equal(factors, {"n": [0.33, 0.25], "s": [0.33, 0.5]}, "the two scales, their depth and their width were right")
    rows = rows_of(config)
    c.equal(len(rows), 22, "a row is gone or a row has come: all numbers after it mean other rows now")

    def steps_at(scale):
        """The rows as built; if they cannot be, the check ends with the place."""
        try:
            return walk(copy.deepcopy(config), scale, (3, 256, 256))
        except ModelError as error:
            place = str(error.where or error.message).split(" cannot")[0]
            sizes = " and ".join(f"{shape[1]} px" for shape in error.found) if isinstance(error.found, list) else ""
            line = f"the parser stops at {place}" if error.where else f"{place} cannot join maps of {sizes}"
            c.true(False, line)

    small, large = steps_at("n"), steps_at("s")
    head = rows[-1]
    c.true(head[2] == "Detect" and isinstance(head[0], list), "the last row was a Detect over several rows")
    strides = [256 / small[row].shape[1] for row in head[0]]
    c.equal(
        strides,
        [8, 16, 32],
        {
            lambda found: sorted(found) == [8, 16, 32]: "small, medium, large: the head gets its maps in another order",
            lambda found: True: "the head was meant to see maps of three sizes",
        },
    )
    c.equal(head[0], [14, 17, 20], "the head leaves out a row whose comment says that it is for the head")
    c.true(
        large[8].shape[0] > small[8].shape[0],
        f"it builds, and row 8 has {small[8].shape[0]} channels at scale n and {large[8].shape[0]} at scale s",
    )
    c.equal(large[8].shape[0], 256, "row 8 says 512, scale s is half as wide, and something else is built")
    blocks = [number for number, row in enumerate(rows) if row[2] == "CSPBlock"]
    c.equal(blocks, [2, 4, 6, 11, 14, 17, 20], "a block was replaced by another one: mend its row instead")
    joined = sorted(each if each >= 0 else 10 + each for each in rows[10][0])
    c.equal(joined, [6, 9], "row 10 was to read backbone P4, behind its block")
    ### BEGIN HIDDEN TESTS
    c.equal(
        [step.shape[0] for step in large[:9]],
        [32, 64, 64, 128, 128, 256, 256, 256, 256],
        "the backbone has other widths",
    )
    c.equal([step.n for step in large[:5]], [1, 1, 1, 1, 1], "a row has other repeats than before")
    c.true(lint_text(MENDED, "s").ok, "it builds, and the linter still finds a mistake")
    ### END HIDDEN TESTS

# %% [markdown] hints="mend_yaml"
# 1. The names first: two rows name a module that is not there. What would the parser have to look up?
# 2. Then the sizes. Write the stride beside each row, as in `stride_table`. Which `Concat` does not get two equal ones?
#    Is the `Concat` itself wrong, or a row before it?
# 3. Now it builds. Compare the channels of both scales. What limits them?

# %% [markdown]
# One of the six never raises an error anywhere. A guide prints `n: [0.33, 0.25, 2.0]`, where the last number is
# `max_channels`. So every row is cut to 2 channels before the width is applied:

# %%
limits = {"guide": 2.0, "meant": 1024}
for name, limit in limits.items():
    steps = built(rows_of(ZOO / "csp-attention.yaml")[:-1], 0.33, 0.25, limit)
    print(f"{name}: {sum(step.parameters for step in steps):>9,} parameters,", [step.shape[0] for step in steps][:12])

# %% [markdown]
# Each map eight channels wide, and less than a hundredth of the parameters. It builds, it trains, nobody warns.

# %% [markdown]
# ## 7 · Five architectures
#
# The zoo of yolo_course holds five models, each around an idea of unit 01. Their files are written to be read:
# `yolo_course/models/yaml/`.
#
# | file | backbone | neck |
# |---|---|---|
# | `csp-attention` | CSP stages, each followed by channel and spatial attention | CSP, top down and bottom up |
# | `custom-neck` | YOLOv8's own | `NeckBlock`; the middle level reads the backbone twice |
# | `mobilenet` | inverted residuals | the same, slim |
# | `resnet` | the stages of ResNet-50 | one width for all levels |
# | `transformer` | residual blocks, a transformer at stride 32 | CSP |

# %%
five = ("csp-attention", "custom-neck", "mobilenet", "resnet", "transformer")
reports = {(name, scale): yolo_course.lint(ZOO / f"{name}.yaml", scale=scale) for name in five for scale in "ns"}
print(f"{'':<15}{'n: parameters':>15}{'GFLOP':>7}{'s: parameters':>15}{'GFLOP':>7}   findings")
for name in five:
    n, s = reports[name, "n"], reports[name, "s"]
    told = f"{n.params:>15,}{n.flops / 1e9:>7.1f}{s.params:>15,}{s.flops / 1e9:>7.1f}"
    print(f"{name:<15}{told}{len(n.findings) + len(s.findings):>7}")

# %% [markdown]
# Look at the graph of one with your two tables in mind.

# %%
draw_architecture(reports["resnet", "n"])

# %% [markdown]
# Three details to copy into your own files.
#
# **The stride stands where it is applied once.** `ResNetStage` and `InvertedResidual` take the repeats themselves.
# `transformer.yaml` repeats a plain `ResidualBlock`, so each stride has a row of its own.
#
# **The limit fits the widths.** ResNet's last stage is 2048 wide, so its `max_channels` is 2048. The usual 1024 would
# halve that stage in silence.
#
# **Attention stands where the map is small.** Its work grows with the square of the number of places.

# %% predict="places"
places = 256  # how many times the work has attention between all places at P3, compared with P5?
predict("times the work at P3", places, ((640 // 8) ** 2 / (640 // 32) ** 2) ** 2)

# %% [markdown]
# ## 8 · YOLO12 and YOLO26, row by row
#
# Two recent detectors of Ultralytics. Their files have the four columns that you know. First YOLO12.

# %%
yolo12, yolo26 = ROOT / "cfg/models/12/yolo12.yaml", ROOT / "cfg/models/26/yolo26.yaml"


def table(report):
    """Print a report's rows."""
    print(f"{'row':>3}  {'module':<14}{'arguments':<26}{'gives':>7}{'stride':>8}{'parameters':>12}")
    for row in report.rows:
        module = f"{row.module}{f' ×{row.repeats}' if row.repeats > 1 else ''}"
        given, stride = row.c_out or "", row.stride or ""
        print(f"{row.row:>3}  {module:<14}{row.args!s:<26}{given:>7}{stride:>8}{row.params:>12,}")


table(yolo_course.lint(yolo12, scale="n"))

# %% [markdown]
# The skeleton is the one you know. Five rows halve the map (0, 1, 3, 5, 7), two go up, two go down again, `Detect`
# reads rows 14, 17 and 20. New are the blocks.
#
# **`C3k2, [256, False, 0.25]`.** A CSP block. The second argument says whether its inside is a small CSP block again,
# the third how wide its branches are.
#
# **`A2C2f, [512, True, 4]`.** Area attention. `True` means attention, `4` that the map is cut into four areas and
# each looks at itself only: less work than all places with all. With `False` the block has no attention at all, and
# the area is written as -1.

# %% predict="attention_rows"
attention_rows = 2  # in how many rows of YOLO12 is there attention?
predict("rows with attention", attention_rows, sum(row[2] == "A2C2f" and row[3][1] for row in rows_of(yolo12)))

# %% [markdown]
# Both at the end of the backbone, at strides 16 and 32. The same place as in our `transformer.yaml`, for the same
# reason.
#
# The last row of the backbone says 1024 channels. At scale `m` the width is 1.0, and `max_channels` is 512.

# %% predict="twelve_m"
twelve_m = 512  # channels of row 8 of YOLO12 at scale m?
predict("channels of row 8, scale m", twelve_m, lambda: walk(yolo12, "m")[8].shape[0])

# %%
for scale in "nsmlx":
    depth, width, limit = yaml.safe_load(yolo12.read_text())["scales"][scale]
    steps = walk(yolo12, scale)
    gives = [steps[row].shape[0] for row in (0, 4, 6, 8)]
    print(f"{scale}: depth {depth}, width {width}, limit {limit:>4} → rows 0, 4, 6, 8: {gives}, row 6 × {steps[6].n}")

# %% [markdown]
# From `s` to `m` the early rows double and row 8 does not grow. From `m` to `l` only the depth changes, of the three.
#
# And there is a thing that no YAML says. Compare what row 2 *calls* at two scales:

# %%
for scale in "nm":
    step = walk(yolo12, scale)[2]
    print(scale, step.written_row, "→", step.call)

# %% [markdown]
# The file says `False`, the model gets `True`. For `C3k2` the parser sets it at scales m, l and x whatever is written.
# It goes by the *letter* of the scale. A scale of yours that is called `big` does not get it.
#
# Now YOLO26, side by side.

# %%
print(f"{'row':>3}  {'YOLO12':<38}YOLO26")
for row in range(24):
    left, right = (model[row] if row < len(model) else None for model in (rows_of(yolo12), rows_of(yolo26)))
    shown = [f"{each[2]} {each[3]}" if each else "" for each in (left, right)]
    print(f"{row:>3}  {shown[0]:<38}{shown[1]}")

# %% [markdown]
# - Rows 6 and 8 are `C3k2` again. The attention has moved behind them, into `C2PSA` (row 10), and into the last block
#   of the head: the fourth argument of row 22.
# - `SPPF` is back (row 9). Its third argument makes it pool three times, its fourth adds a shortcut.
# - Two rows more in the backbone, so rows of the head have numbers 2 higher, wherever they are read. That is the price
#   of absolute numbers: insert a row, and every `from` behind it has to follow. Count twice.
# - Above the rows stand `end2end: True` and `reg_max: 1`.
#
# `reg_max` is how many numbers describe one side of a box. `1` means: the side itself. `16`, the default, means a
# distribution over 16 distances. `end2end` gives the model a second head, which is trained to propose each object once,
# so that no NMS is needed.

# %% predict="head_share"
head_share = 0.67  # YOLO26's Detect has two heads: how many times YOLO12's parameters (scale n)?
heads = {file.stem: yolo_course.lint(file, scale="n").rows[-1].params for file in (yolo12, yolo26)}
predict("YOLO26's head against YOLO12's", head_share, heads["yolo26"] / heads["yolo12"], "times", tol=0.05)

# %% [markdown]
# Two heads, and together smaller than one: `reg_max: 1` saves more than the second head costs.

# %% [markdown]
# ## 9 · Explore
#
# Choose a model and a scale. Three things to find out:
#
# - Which of the models gives its head maps that were mixed on the way up only, and never on the way down?
# - In which model does a row read three others? What are their strides?
# - Between which two scales of YOLO12 does no number of channels change? What does?
#
# Your `MENDED` is the first of the list. If it is not mended yet, its mistakes are marked.

# %%
(folder / "mended.yaml").write_text(MENDED)
architecture_graph(folder / "mended.yaml")

# %% [markdown]
# ## 10 · Design under a budget
#
# Where does a small detector spend its parameters? Here is `SMALL`, row by row.

# %%
small = lint_text(SMALL)
figure, axis = plt.subplots(figsize=(8, 3.2))
names = [f"{row.row}\n{row.module.removeprefix('nn.')[:8]}" for row in small.rows]
axis.bar(names, [row.params / 1000 for row in small.rows])
axis.set(ylabel="thousand parameters", title=f"{small.params:,} parameters")
axis.tick_params(axis="x", labelsize=6)
plt.show()

# %% [markdown]
# The head is the largest, with 36 % of all. It is three small networks, one a stride. Two facts about it are worth
# thousands of parameters each.
#
# **`reg_max`.** It says 1 here. What if that line were not there?

# %% predict="default_head"
default_head = 318_000  # at reg_max 1 the head has 118,581 parameters. How many at 16, the default?
full = yaml.safe_load(SMALL) | {"reg_max": 16}
predict("parameters of the head", default_head, lambda: walk(full)[-1].parameters, tol=5_000)

# %% [markdown]
# **One word in another row.** Ultralytics has two kinds of head: an old one with full 3×3 convolutions for the classes,
# and a light one with depthwise convolutions. No key in the YAML chooses between them. The parser takes the light one
# if there is a `C3k2` or an `A2C2f` *anywhere* in the file.

# %%
for block in ("C2f", "C3k2"):
    steps = walk(yaml.safe_load(SMALL.replace("C2f, [48, True]", f"{block}, [48, True]")))
    print(f"{block:<5} in row 3: {steps[3].parameters:>7,}   head: {steps[-1].parameters:>8,}")

# %% [markdown]
# **Exercise `small_detector`.** Write a model YAML of your own. The check lints it, builds it and follows its rows.
# Start from any file you have seen, or from nothing.


# %% exercise="small_detector" minutes=25 difficulty=3
def small_detector():
    """A detector of your own.

    - It is for 3 classes; training may change `nc`, and the head must follow.
    - It has at most 500,000 parameters, head included, at its first scale (or without `scales`).
    - It ends with Detect, over maps of strides 8, 16 and 32, in this order.
    - At least one block of yolo_course.blocks is in it, and the head depends on what that block
      gives.

    Returns:
        str, a model YAML without findings that the linter calls errors.
    """
    ### BEGIN SOLUTION
    return """
nc: 3
reg_max: 1

backbone:
  - [-1, 1, Conv, [16, 3, 2]] # 0-P1/2
  - [-1, 1, Conv, [32, 3, 2]] # 1-P2/4
  - [-1, 1, DualPathDownsample, [48]] # 2-P3/8
  - [-1, 1, C3k2, [48]] # 3; the light head comes with it
  - [-1, 1, DualPathDownsample, [96]] # 4-P4/16
  - [-1, 2, CSPBlock, [96]] # 5
  - [-1, 1, DualPathDownsample, [128]] # 6-P5/32
  - [-1, 1, SPPF, [128, 5]] # 7

head:
  - [-1, 1, nn.Upsample, [None, 2, nearest]] # 8
  - [[-1, 5], 1, Concat, [1]] # 9
  - [-1, 1, NeckBlock, [96]] # 10-P4/16

  - [-1, 1, nn.Upsample, [None, 2, nearest]] # 11
  - [[-1, 3], 1, Concat, [1]] # 12
  - [-1, 1, NeckBlock, [48]] # 13-P3/8

  - [[13, 10, 7], 1, Detect, [nc]] # 14
"""
    ### END SOLUTION


# %% check="small_detector" points=4
with check("small_detector") as c:
    text = small_detector()
    c.instance(text, str, "the text of a YAML was asked for")
    try:
        config = yaml.safe_load(text)
    except yaml.YAMLError as error:
        config = f"line {error.problem_mark.line + 1}: {error.problem}" if hasattr(error, "problem_mark") else None
    c.instance(config, dict, "this is no YAML")
    missing = [key for key in ("nc", "backbone", "head") if key not in config]
    c.true(not missing, f"a model YAML needs `{missing[0] if missing else ''}`")

    def steps_of(model, image=(3, 256, 256)):
        """The rows as built; if they cannot be, the check ends with the reason."""
        try:
            return walk(copy.deepcopy(model), None, image)
        except ModelError as error:
            c.true(False, f"it cannot be built or run: {error.where or ''} {error.message}".replace(":  ", ": "))

    steps = steps_of(config)
    head = steps[-1]
    c.true(head.name == "Detect", "the last row is no Detect")
    sources = head.source if isinstance(head.source, list) else [head.source]
    read = [each if each >= 0 else len(steps) - 1 + each for each in sources]
    strides = [256 / steps[row].shape[1] for row in read]
    c.equal(
        strides,
        [8, 16, 32],
        {
            lambda found: sorted(found) == [8, 16, 32]: "the three strides are there, in another order",
            lambda found: len(found) < 3: "the head does not look at three sizes of maps",
            lambda found: len(set(found)) < len(found): "two of the maps that the head reads have the same stride",
            lambda found: True: "the head reads maps of other strides",
        },
    )
    own = [step.number for step in steps if step.entry and step.entry.cls.__module__.startswith("yolo_course.blocks")]
    c.true(own, "all of its modules are Ultralytics' or PyTorch's own")
    used, waiting = set(), [len(steps) - 1]
    while waiting:
        row = waiting.pop()
        source = steps[row].source
        before = [each if each >= 0 else row + each for each in (source if isinstance(source, list) else [source])]
        waiting += [each for each in before if each >= 0 and each not in used]
        used.update(before)
    c.true(used & set(own), "the head would see the same without your block: nothing on the way to it reads it")
    total = sum(step.parameters for step in steps)
    c.true(total <= 500_000, f"{total:,} parameters are more than 500,000")
    c.equal(config["nc"], 3, "it is for another number of classes")
    c.equal(rows_of(config)[-1][3][:1], ["nc"], "with 20 classes in the data the head would still know 3")
    findings = [finding for finding in lint_text(text).findings if finding.severity == "error"]
    c.true(not findings, f"the linter objects to line {findings[0].line - 1 if findings else 0} of your text")
    ### BEGIN HIDDEN TESTS
    torch.manual_seed(0)
    with quiet():
        layers, _ = tasks.parse_model(copy.deepcopy(config), 3, verbose=False)
    maps = []
    for layer in layers[:-1]:
        sources = layer.f if isinstance(layer.f, list) else [layer.f]
        x = [maps[each] if maps else torch.randn(2, 3, 64, 96) for each in sources]
        maps.append(layer(x if isinstance(layer.f, list) else x[0]))
    sizes = [tuple(maps[row].shape[2:]) for row in read]
    c.equal(sizes, [(8, 12), (4, 6), (2, 3)], "with weights, on an image of 64 × 96 px, the head gets other maps")
    sum(maps[row].square().mean() for row in read).backward()
    learning = [each for row in own for each in layers[row].parameters()]
    c.true(any(each.grad is not None and bool(each.grad.any()) for each in learning), "no gradient reaches your block")
    ### END HIDDEN TESTS

# %% [markdown] hints="small_detector"
# 1. Copy `SMALL` into the string and count: it has 330,197 parameters, all three strides, and no block of yours. What
#    is the cheapest change that brings one in?
# 2. Lint it after each change and look at `report.params` and `report.rows`. The head counts: `reg_max` and the
#    channels of the maps it reads make most of its size.
# 3. A row inserted in the middle moves all rows behind it. Replace a row rather than insert one.

# %% [markdown]
# Run this when your check passes. It builds the detector for real, with weights, and shows its graph. From here on
# `train` would do what it did in unit 00.

# %%
try:
    (folder / "small.yaml").write_text(small_detector())
    detector = yolo_course.build(folder / "small.yaml")
    print("strides", detector.model.stride.tolist(), f"{weights(detector.model):,} parameters")
    display(draw_architecture(yolo_course.lint(folder / "small.yaml")))
except (NotImplementedError, ModelError) as error:
    print("not yet:", str(error) or "nothing is written")

# %% [markdown]
# ## Recap
#
# - A row is a call: from, repeats, module, arguments. Rows are counted through, from 0.
# - Channels: cut to `max_channels`, times width, up to a multiple of 8. `Concat` adds, all else keeps.
# - Strides multiply. `Concat` needs equal ones; the parser does not look.
# - Repeats: times depth, rounded, at least 1; a 1 stays 1. A copied module repeats its stride, a stacked one does not.
# - The scale comes from the file name, if it is of Ultralytics' kind. A `scale:` in the file is not read.
# - What raises no error: rounded widths that hide a repeated stride, a limit that squashes, a scale that is ignored.
#   Ask the linter, look at the graph, count the parameters.

# %%
progress()

# %% [markdown]
# ## Use it in your own project

# %%
report = yolo_course.lint(ZOO / "csp-attention.yaml", scale="s", imgsz=320)  # your own file here
print("ok" if report.ok else report.findings, f"{report.params:,} parameters, {report.flops / 1e9:.1f} GFLOP")
print([(row.row, row.c_out, row.stride) for row in report.rows if row.module == "Concat"])

model = yolo_course.build("csp-attention", scale="s", nc=3)  # or the path of your YAML
print(type(model).__name__, model.model.stride.tolist())

# draw_architecture(report)                                  # the graph
# yolo-course lint my-detector.yaml --scale s --imgsz 320    # the same; exits with 2 on an error

# %% [markdown]
# ## Further reading
#
# - Tan, Le, *EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks*, 2019, arXiv:1905.11946: why
#   depth and width are scaled together.
# - Lin et al., *Feature Pyramid Networks for Object Detection*, 2016, arXiv:1612.03144, and Liu et al., *Path
#   Aggregation Network for Instance Segmentation*, 2018, arXiv:1803.01534: the way up and the way down.
# - Tan, Pang, Le, *EfficientDet*, 2019, arXiv:1911.09070: levels that read the backbone twice.
# - Tian, Ye, Doermann, *YOLOv12: Attention-Centric Real-Time Object Detectors*, 2025, arXiv:2502.12524.
# - Sandler et al., *MobileNetV2*, 2018, arXiv:1801.04381.
# - Ultralytics documentation, *Model YAML configuration*.
#
# Next: unit 04, the data that such a detector learns from.
