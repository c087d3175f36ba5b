# ---
# jupyter:
#   yolo_course:
#     title: The modules of a detector
#     promise: You build the blocks of a detector, know what each one costs, and catch bugs that raise no error.
#     goals:
#     - predict the shape, the parameters and the reach of a block before you run it
#     - fold a batch norm into the convolution before it
#     - build a CSP block, an inverted residual and a downsampling that survive odd sizes and tiny widths
#     - build channel and spatial attention, and say what a gate sees
#     - test a block for what it must do (depend on its input, keep images apart), not only for its output shape
#     minutes: 150
#     budget: 90
#     measured: 57
#     prerequisites: [00_first_detector]
# ---

# %% setup=true
import copy
import math
import pickle
import pickletools

import matplotlib.pyplot as plt
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from ultralytics.nn.modules import Bottleneck, Conv, DWConv
from ultralytics.nn.modules.transformer import TransformerLayer

from yolo_course import blocks
from yolo_course.grading import check, hint, predict, progress, start

start("01_modules")


# %% setup=true
def equals(*values: float):
    """For the hints of a check: is the number found one of these?"""
    return lambda found: found in values


def near(*values: Tensor):
    """For the hints of a check: is the tensor found one of these?"""
    return lambda found: any(torch.allclose(found, value, atol=1e-4) for value in values)


def otherwise(found: object) -> bool:
    """For the hints of a check: whatever was found."""
    return True


# %% [markdown]
# A detector is a pile of blocks. Each block takes a map of shape `(B, c1, H, W)`: batch, channels, height, width.
# Each gives a map with `c2` channels. The art is in what happens between.
#
# Every section asks for a number first. Put your guess in place of `None` and run the cell. A wrong guess costs
# nothing. It tells you where to look.
#
# The demonstrations use the blocks of `yolo_course.blocks`, so they run before you have solved anything. You
# write your own versions in the exercises.

# %% [markdown]
# ## 1 · One convolution
#
# First a picture. Seven pixels lie in a row, with one zero of padding on each side. A kernel of length 3 jumps by
# 2.

# %%
figure, axes = plt.subplots(figsize=(8, 2.4))
axes.scatter(range(-1, 8), [0] * 9, s=260, c=["white"] + ["#1f77b4"] * 7 + ["white"], edgecolors="#1f77b4")
for output, middle in enumerate(range(0, 7, 2)):
    axes.scatter(middle, 1, s=260, c="#ff7f0e")
    axes.text(middle, 1.28, f"output {output}", ha="center", fontsize=8)
    for source in (middle - 1, middle, middle + 1):
        axes.plot([source, middle], [0.13, 0.87], color="#ff7f0e", lw=1)
axes.text(-1, -0.35, "padding", ha="center", fontsize=8)
axes.text(7, -0.35, "padding", ha="center", fontsize=8)
axes.set(ylim=(-0.6, 1.6), title="7 pixels, kernel 3, stride 2, padding 1: 4 outputs")
axes.axis("off")
plt.show()

# %% [markdown]
# Seven pixels give four outputs. The last window hangs over the edge and still counts.

# %% predict="stride_two"
side = 17  # how many pixels wide is a 33-pixel map after a 3×3 Conv with stride 2?
predict("width after stride 2", side, lambda: Conv(3, 16, 3, 2)(torch.zeros(1, 3, 33, 33)).shape[-1], "px")

# %%
for size in (32, 33, 34, 35):
    print(size, "→", Conv(3, 16, 3, 2)(torch.zeros(1, 3, size, size)).shape[-1])

# %% [markdown]
# Ultralytics' `Conv` pads by `k // 2` when you give no padding. It calls that autopad. With an odd kernel the
# rule is short:
#
# **a convolution with stride `s` gives `ceil(H / s)`.** It rounds *up*. Remember the word; section 6 turns on it.
#
# Autopad keeps the size for odd kernels only. Look at kernel 4:

# %%
for k in (1, 3, 4, 5):
    print(f"kernel {k}, stride 1: 32 →", Conv(3, 8, k)(torch.zeros(1, 3, 32, 32)).shape[-1])

# %% [markdown]
# `Conv` is three things in a row: a convolution without bias, a batch norm, an activation. This is all of it:


# %%
class PlainConv(nn.Module):
    """Convolution, batch norm and SiLU: (B, c1, H, W) to (B, c2, ceil(H / s), ceil(W / s))."""

    def __init__(self, c1, c2, k=1, s=1):
        super().__init__()
        # the norm brings a bias of its own
        self.conv = nn.Conv2d(c1, c2, k, s, padding=k // 2, bias=False)
        self.bn = nn.BatchNorm2d(c2)

    def forward(self, x):
        return F.silu(self.bn(self.conv(x)))


# %% predict="conv_parameters"
parameters = 4672  # how many parameters has Conv(16, 32, 3)? The norm has two for each channel
predict("parameters of Conv(16, 32, 3)", parameters, lambda: sum(p.numel() for p in PlainConv(16, 32, 3).parameters()))

# %%
ours, theirs = PlainConv(16, 32, 3).eval(), Conv(16, 32, 3).eval()
theirs.load_state_dict(ours.state_dict())
picture = torch.randn(1, 16, 20, 20)
print("16·32·3·3 + 2·32 =", 16 * 32 * 3 * 3 + 2 * 32)
print("ours and Ultralytics' differ by", (ours(picture) - theirs(picture)).abs().max().item())

# %% [markdown]
# Here is a real photograph after one such `Conv`. The weights are random: nothing has been learned. Even so each
# channel answers to something else, an edge, a colour, a brightness. Learning chooses which.

# %%
from sklearn.datasets import load_sample_image

# (H, W, 3) -> (1, 3, H, W)
photo = torch.tensor(load_sample_image("flower.jpg").copy()).permute(2, 0, 1)[None] / 255
photo = F.interpolate(photo, size=(161, 241), mode="area")
torch.manual_seed(2)
stem = Conv(3, 16, 3, 2).eval()
with torch.no_grad():
    features = stem(photo)

figure, axes = plt.subplots(1, 5, figsize=(13, 2.2))
axes[0].imshow(photo[0].permute(1, 2, 0))  # (3, H, W) -> (H, W, 3)
axes[0].set_title(f"photo {tuple(photo.shape[1:])}", fontsize=9)
for channel, ax in enumerate(axes[1:]):
    ax.imshow(features[0, channel], cmap="gray")
    ax.set_title(f"channel {channel} of {tuple(features.shape[1:])}", fontsize=9)
for ax in axes:
    ax.axis("off")
plt.show()

# %% [markdown]
# ### Folding the norm away
#
# In training the batch norm uses the statistics of the batch. In `eval` mode it uses stored ones, and then it is
# only a multiplication and an addition for each channel:
#
# $$y = \frac{x - \text{running mean}}{\sqrt{\text{running var} + \varepsilon}} \cdot \text{weight} + \text{bias}$$
#
# The convolution before it multiplies and adds too. So the two can become one. `model.fuse()` does this before
# prediction and export: one layer less at each of a hundred places.

# %% predict="fused_parameters"
left = 4640  # Conv(16, 32, 3): 4672 parameters. How many once its norm is folded away, with a bias?
predict("parameters after folding", left, 16 * 32 * 3 * 3 + 32)


# %% exercise="fold_batch_norm" minutes=10 difficulty=2
def fold_batch_norm(conv: nn.Conv2d, bn: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Fold a batch norm, as it computes in eval mode, into the convolution before it.

    Args:
        conv: Any 2-D convolution, with or without bias, with any number of groups.
        bn: The norm of its output, with stored statistics, weight and bias.

    Returns:
        The weight and the bias of one convolution that gives what `bn(conv(x))` gives in eval mode.
        The weight has the shape of `conv.weight`, the bias the shape (c2,). Neither module is
        changed.
    """
    ### BEGIN SOLUTION
    scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
    before = torch.zeros_like(bn.running_mean) if conv.bias is None else conv.bias
    return conv.weight * scale[:, None, None, None], (before - bn.running_mean) * scale + bn.bias
    ### END SOLUTION


# %% [markdown] hints="fold_batch_norm"
# 1. Write the norm's formula with the convolution's output in place of x. Collect what multiplies the pixels and
#    what is added.
# 2. What multiplies is one number for each output channel. Which dimension of `conv.weight` counts the output
#    channels?
# 3. The convolution's own bias, if it has one, goes through the norm like everything else: it is shifted and
#    scaled as well.

# %% check="fold_batch_norm" points=3
with check("fold_batch_norm") as c, torch.no_grad():
    names = ("fuse_conv_bn_weights", "fuse_conv_bn_eval", "fuse_conv_and_bn")
    c.without(fold_batch_norm, *names, hint="the library's own folding is not the exercise: write the arithmetic")

    torch.manual_seed(1)
    conv = nn.Conv2d(4, 4, 3, bias=False)
    steps = torch.tensor([0.5, 1.0, 2.0, 3.0])
    plain = conv.weight.clone()

    def norm(eps=0.0, **stored):
        made = nn.BatchNorm2d(4, eps=eps).eval()
        for name, value in stored.items():
            getattr(made, name).copy_(value)
        return made

    both = fold_batch_norm(conv, norm())
    c.true(isinstance(both, (tuple, list)) and len(both) == 2, "give two things back: the weight, then the bias")
    c.shape(both[0], (4, 4, 3, 3), "the folded weight must keep the shape of the convolution's weight")
    c.shape(both[1], (4,), "the folded bias is one number for each output channel")
    by_output, by_input = steps[:, None, None, None], steps[None, :, None, None]
    c.close(
        fold_batch_norm(conv, norm(weight=steps))[0],
        plain * by_output,
        {
            near(plain): "the norm's own `weight` has no effect: it scales each channel",
            near(plain * by_input): "the scale lands on the input channels, but the norm stands behind the convolution",
        },
    )
    c.close(conv.weight, plain, "the convolution you were given has changed: compute new tensors, leave it alone")
    c.close(
        fold_batch_norm(conv, norm(running_var=steps))[0],
        plain / by_output.sqrt(),
        {
            near(plain): "`running_var` has no effect: the norm divides by the spread of each channel",
            near(plain / by_output): "you divide by the variance; a norm divides by the standard deviation",
            near(plain * by_output.sqrt()): "a channel with a large variance must become smaller, yours becomes larger",
        },
    )
    c.close(
        fold_batch_norm(conv, norm(eps=1.0))[0],
        plain / 2**0.5,
        {
            near(
                plain
            ): "`bn.eps` has no effect, or you use a number of your own: a norm with another eps comes out wrong",
            near(plain / 2): "`bn.eps` is added in the wrong place: before the root, not after it",
        },
    )
    c.close(
        fold_batch_norm(conv, norm(bias=steps, weight=torch.full((4,), 2.0)))[1],
        steps,
        {
            near(torch.zeros(4)): "the norm's own `bias` is lost",
            near(2 * steps): "the norm adds its `bias` last: nothing scales it any more",
        },
    )
    c.close(
        fold_batch_norm(conv, norm(running_mean=steps, weight=torch.full((4,), 2.0)))[1],
        -2 * steps,
        {
            near(torch.zeros(4)): "`running_mean` is lost: the norm subtracts it from the convolution's output",
            near(2 * steps): "`running_mean` has the wrong sign: the norm subtracts it",
            near(-steps): "`running_mean` is subtracted before the scaling, so it must be scaled too",
        },
    )
    biased, own = nn.Conv2d(4, 4, 3), torch.tensor([1.0, -1.0, 2.0, -2.0])
    biased.bias.copy_(own)
    c.close(
        fold_batch_norm(biased, norm(weight=torch.full((4,), 3.0)))[1],
        3 * own,
        {
            near(torch.zeros(4)): "the convolution's own bias is lost",
            near(own): "the convolution's own bias goes through the norm: it is scaled with the rest",
        },
    )
    c.close(biased.bias, own, "the bias of the convolution you were given has changed: leave it alone")
    # it multiplies by 1
    learning = norm(0.04, weight=steps, running_mean=own, running_var=steps**2 - 0.04).train()
    before = copy.deepcopy(learning.state_dict())
    weight, bias = fold_batch_norm(conv, learning)
    c.true(
        torch.allclose(weight, plain, atol=1e-5) and torch.allclose(bias, -own, atol=1e-5),
        "a norm in training mode is folded otherwise: its stored statistics count, whatever mode it is in",
    )
    c.true(learning.training, "the norm you were given was in training mode and no longer is: leave it as it is")
    c.true(
        all(value.equal(before[name]) for name, value in learning.state_dict().items()),
        "what the norm you were given has stored has changed: compute new tensors, leave it alone",
    )
    ### BEGIN HIDDEN TESTS
    for seed, (c1, c2, k, groups, bias) in enumerate(
        [(3, 8, 3, 1, True), (6, 4, 1, 2, False), (5, 5, 3, 5, True), (2, 7, 5, 1, False)]
    ):
        torch.manual_seed(seed)
        conv, bn = nn.Conv2d(c1, c2, k, padding=k // 2, groups=groups, bias=bias), nn.BatchNorm2d(c2, eps=10.0**-seed)
        for values in (bn.weight, bn.bias, bn.running_mean):
            values.normal_()
        bn.running_var.uniform_(0.2, 3)
        bn.train(seed % 2 == 1)
        given = nn.Sequential(conv, bn)
        before, image = copy.deepcopy(given), torch.randn(2, c1, 6, 5)
        weight, bias = fold_batch_norm(conv, bn)
        c.close(
            F.conv2d(image, weight, bias, padding=k // 2, groups=groups),
            before.eval()(image),
            "one convolution with your weight and bias must give what the norm gives in eval mode",
            tol=1e-4,
        )
        was, now = before.state_dict(), given.state_dict()
        c.true(all(now[name].equal(value) for name, value in was.items()), "a module you were given has changed")
        c.true(bn.training == (seed % 2 == 1), "the norm you were given is in another mode than before")
    ### END HIDDEN TESTS

# %% [markdown]
# `model.fuse()` looks for Ultralytics' own `Conv`, `DWConv` and their kin. A block that ends in a bare `nn.Conv2d` and
# `nn.BatchNorm2d` keeps its norm for ever. So build from `Conv`, with `act=False` where you want no activation.

# %%
from ultralytics.utils.torch_utils import fuse_conv_and_bn

with torch.no_grad():
    one = fuse_conv_and_bn(theirs.conv, theirs.bn)
    print("largest difference after folding:", (F.silu(one(picture)) - theirs(picture)).abs().max().item())

# %% [markdown]
# ## 2 · Bottleneck and shortcut
#
# A 3×3 convolution over many channels is expensive. A bottleneck first narrows the map with a 1×1. Guess how much
# that saves.

# %% predict="bottleneck_saving"
share = 0.06  # a ResNet bottleneck, 64 → 16 → 64: what share of the parameters of two 3×3 Convs?
dense = nn.Sequential(Conv(64, 64, 3), Conv(64, 64, 3))
ratio = sum(p.numel() for p in blocks.ResNetBottleneck(64, 64).parameters()) / sum(
    p.numel() for p in dense.parameters()
)
predict("share of the parameters", share, ratio, tol=0.03)

# %%
from yolo_course.explorers.block_anatomy import anatomy


def cost(block, c1=64, side=40):
    """Parameters and FLOPs of a block for one image of (c1, side, side)."""
    layers = anatomy(block, (c1, side, side))
    return sum(layer.parameters for layer in layers), sum(layer.flops for layer in layers)


print("layer kind  gives           parameters  MFLOP")
for layer in anatomy(blocks.ResNetBottleneck(64, 64), (64, 40, 40)):
    print(f"{layer.name:<6}{layer.kind:<6}{layer.shape!s:<14}{layer.parameters:>12,}{layer.flops / 1e6:>7.1f}")
print(f"bottleneck: {cost(blocks.ResNetBottleneck(64, 64))}")
print(f"two 3×3:    {cost(dense)}")

# %% [markdown]
# The 3×3 works on a quarter of the channels. A quarter in and a quarter out is a sixteenth of one dense 3×3, so a
# thirty-second of two. The two 1×1 cost about as much again.
#
# FLOPs count a multiplication and its addition as two.
#
# ### What the shortcut is for
#
# A residual block adds its input to what it computes. You write it in six lines:


# %%
class Residual(nn.Module):
    """Two 3×3 Convs that learn what to add to the input. Shape: (B, c, H, W) to the same."""

    def __init__(self, c):
        super().__init__()
        self.cv1, self.cv2 = Conv(c, c, 3), Conv(c, c, 3, act=False)

    def forward(self, x):
        return F.silu(x + self.cv2(self.cv1(x)))


class NoShortcut(Residual):
    """The same layers, without the addition."""

    def forward(self, x):
        return F.silu(self.cv2(self.cv1(x)))


# %% [markdown]
# Now a race. Sixteen blocks in a row, real handwriting, 40 steps, two seeds. The two networks have the same
# parameters. They differ by one addition in each block.

# %% predict="plain_accuracy"
accuracy = 0.2  # ten classes, 40 steps. With shortcuts it reads more than 0.8. And without?
# the answer comes below, under the curves

# %%
from sklearn.datasets import load_digits

torch.set_num_threads(1)  # maps this small are faster on one core than shared between two
# (N, 8, 8) -> (N, 1, 8, 8)
ink = torch.tensor(load_digits().images, dtype=torch.float32)[:, None] / 16
digit = torch.tensor(load_digits().target)
enlarged = F.interpolate(ink, size=16, mode="bilinear")


def fit(model, images, labels, steps, seed, lr=3e-3):
    """Train on random batches of 64 and return the loss of every step."""
    generator = torch.Generator().manual_seed(seed)
    optimizer, losses = torch.optim.AdamW(model.parameters(), lr), []
    for _ in range(steps):
        batch = torch.randint(len(images), (64,), generator=generator)
        loss = F.cross_entropy(model(images[batch]), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@torch.no_grad()
def read(model, images, labels):
    """The share of images that a classifier gets right."""
    return (model.eval()(images).argmax(1) == labels).float().mean().item()


scores, figure, axes = {}, *plt.subplots(figsize=(7, 3))
for colour, block in (("#1f77b4", Residual), ("#ff7f0e", NoShortcut)):
    for seed in (0, 1):
        torch.manual_seed(seed)
        body = [block(16) for _ in range(16)]
        model = nn.Sequential(Conv(1, 16, 3, 2), *body, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10))
        axes.plot(
            fit(model, enlarged[:1200], digit[:1200], 40, seed), color=colour, label=None if seed else block.__name__
        )
        scores[block.__name__, seed] = read(model, enlarged[1200:], digit[1200:])
axes.set(xlabel="step", ylabel="loss", ylim=(0, None))
axes.legend()
plt.show()
for (name, seed), score in scores.items():
    print(f"{name:<11} seed {seed}: {score:.2f} of the digits")
predict(
    "accuracy without shortcuts", accuracy, round((scores["NoShortcut", 0] + scores["NoShortcut", 1]) / 2, 2), tol=0.05
)

# %% [markdown]
# Without the addition, 32 layers hardly learn in 40 steps. Nothing is wrong with the layers: the signal and its
# gradient have to pass through all of them. With it there is always a path that skips them.
#
# Where the shapes differ, the input cannot be added as it is. `blocks.ResidualBlock` then sends it through a 1×1:

# %%
print(blocks.ResidualBlock(16, 16).shortcut)
print(blocks.ResidualBlock(16, 32, s=2).shortcut)

# %% [markdown]
# ## 3 · Cross-stage partial: half of it goes past
#
# A CSP block splits its work in two branches. One is refined by `n` bottlenecks. The other goes past them. A 1×1
# joins both.

# %%
figure, axes = plt.subplots(figsize=(9, 2.6))
places = {
    "x": (0, 1), "Conv 1×1": (2, 1.7), "bottleneck": (4, 1.7), "bottleneck ": (6, 1.7),
    "Conv 1×1 ": (4, 0.3), "concat": (8, 1), "Conv 1×1  ": (10, 1),
}  # fmt: skip
arrows = [
    ("x", "Conv 1×1"), ("Conv 1×1", "bottleneck"), ("bottleneck", "bottleneck "), ("bottleneck ", "concat"),
    ("x", "Conv 1×1 "), ("Conv 1×1 ", "concat"), ("concat", "Conv 1×1  "),
]  # fmt: skip
for start_of, end_of in arrows:
    axes.annotate("", places[end_of], places[start_of], arrowprops={"arrowstyle": "-|>", "shrinkA": 24, "shrinkB": 30})
for text, place in places.items():
    axes.text(
        *place, text.strip(), ha="center", va="center", bbox={"boxstyle": "round,pad=0.5", "fc": "#e8f0fe"}, fontsize=9
    )
axes.text(3, 2.15, "c2 · e channels, n bottlenecks", ha="center", fontsize=8)
axes.text(4, -0.2, "c2 · e channels", ha="center", fontsize=8)
axes.set(xlim=(-1, 11), ylim=(-0.4, 2.4))
axes.axis("off")
plt.show()

# %% [markdown]
# How far does such a block see? Ask the gradient. Take the middle pixel of the output, and see which input pixels
# it depends on. We will use this again and again.


# %% setup=true
def reach(block: nn.Module, channels: int, side: int = 33) -> Tensor:
    """How strongly the output's middle pixel depends on each input pixel: a map (side, side)."""
    generator = torch.Generator().manual_seed(0)
    # two images: with one, the batch norm of PyTorch 2.15 gets the gradient of a transposed map
    # wrong on the CPU
    image = torch.randn(2, channels, side, side, generator=generator).requires_grad_()
    output = block.eval()(image)
    middle = output[0, :, output.shape[2] // 2, output.shape[3] // 2]
    # a plain sum would be constant behind a LayerNorm
    mixed = middle @ torch.randn(len(middle), generator=generator)
    # (1, c, side, side) -> (side, side)
    return torch.autograd.grad(mixed, image)[0][0].abs().sum(0)


def count(module: nn.Module) -> int:
    """Parameters of a module."""
    return sum(parameter.numel() for parameter in module.parameters())


@torch.enable_grad()
def cut_off(block: nn.Module, x: Tensor) -> bool:
    """Whether autograd misses a way to the output: its slope beside that of two small steps."""
    generator, x = torch.Generator().manual_seed(0), x.double().requires_grad_()
    y = block.double().eval()(x)
    if not y.requires_grad:
        return True
    way, mix = (torch.randn(z.shape, generator=generator, dtype=torch.double) for z in (x, y))
    slope = (torch.autograd.grad((y * mix).sum(), x)[0] * way).sum()
    with torch.no_grad():
        measured = ((block(x + 1e-6 * way) - block(x - 1e-6 * way)) * mix).sum() / 2e-6
    return bool((slope - measured).abs() > 1e-4 * measured.abs().clamp(min=1))


def of_conv(c1: int, c2: int, k: int = 1, groups: int = 1) -> int:
    """Parameters of a Conv: a kernel for each pair of channels in a group, two for the norm."""
    return c1 // groups * c2 * k * k + 2 * c2


# %% predict="csp_reach"
pixels = 7  # a CSP block, three bottlenecks of one 3×3 each: how many pixels wide is its window?
predict("width of the window", pixels, lambda: int((reach(blocks.CSPBlock(16, 16, n=3), 16) > 0).any(0).sum()), "px")

# %%
torch.manual_seed(0)
seen = {
    "Conv 3×3": Conv(16, 16, 3),
    "CSPBlock n=1": blocks.CSPBlock(16, 16, 1),
    "CSPBlock n=3": blocks.CSPBlock(16, 16, 3),
    "four ResidualBlocks": nn.Sequential(*(blocks.ResidualBlock(16, 16) for _ in range(4))),
    "TransformerStage": blocks.TransformerStage(16, 16),
}
figure, axes = plt.subplots(1, 5, figsize=(13, 2.9))
for ax, (name, block) in zip(axes, seen.items(), strict=True):
    window = reach(block, 16)
    ax.imshow((window / window.max()).clamp(1e-4).log10(), cmap="magma", vmin=-4, vmax=0)
    ax.set_title(f"{name}\n{int((window > 0).any(0).sum())} px", fontsize=9)
    ax.axis("off")
plt.show()

# %% [markdown]
# Each 3×3 adds two pixels to the window. The edges of the window count little: the colours are powers of ten. The
# last picture is section 9.
#
# Now build it.


# %% exercise="csp_block" minutes=15 difficulty=2
class CSPBlock(nn.Module):
    """Two branches of `hidden` channels, one refined by n bottlenecks, joined by a 1×1 Conv.

    `hidden` is `c2 * e`, rounded down, but never less than one channel. The refined branch is a 1×1
    Conv from c1 to hidden and then n times `Bottleneck(hidden, hidden, shortcut, k=(1, 3), e=1.0)`
    in a row, each with weights of its own. The other branch is a 1×1 Conv from c1 to hidden. Both
    are concatenated and go through a 1×1 Conv to c2.

    Args:
        c1: Channels in.
        c2: Channels out.
        n: Number of bottlenecks, 0 or more.
        shortcut: Whether each bottleneck adds its input to its output.
        e: Width of a branch as a share of c2.

    Shape:
        (B, c1, H, W) to (B, c2, H, W)
    """

    def __init__(self, c1: int, c2: int, n: int = 1, shortcut: bool = True, e: float = 0.5):
        super().__init__()
        ### BEGIN SOLUTION
        hidden = max(int(c2 * e), 1)
        self.cv1 = Conv(c1, hidden)
        self.cv2 = Conv(c1, hidden)
        self.cv3 = Conv(2 * hidden, c2)
        self.m = nn.Sequential(*(Bottleneck(hidden, hidden, shortcut, k=(1, 3), e=1.0) for _ in range(n)))
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        ### BEGIN SOLUTION
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 1))
        ### END SOLUTION


# %% [markdown] hints="csp_block"
# 1. The picture above has three 1×1 Convs. Write down channels in and out for each of them; the last one reads
#    both branches.
# 2. `nn.Sequential(*(... for _ in range(n)))` builds n layers with weights of their own. Why not `[layer] * n`?
# 3. `torch.cat` takes a tuple of maps and the dimension to join. Channels are dimension 1.

# %% check="csp_block" points=4
with check("csp_block") as c:

    def rank(block, channels):
        """How many independent numbers of one pixel come through, with each 3×3 kernel zero."""
        block = block.double().eval()
        for layer in block.modules():
            if isinstance(layer, nn.Conv2d) and layer.kernel_size == (3, 3):
                nn.init.zeros_(layer.weight)
        pixels = torch.linspace(-1, 1, channels, dtype=torch.double).repeat(channels, 1)[..., None, None]
        # copy k of the pixel asks for output k
        numbers = block(pixels.requires_grad_()).flatten(1).diagonal().sum()
        (slopes,) = torch.autograd.grad(numbers, pixels, materialize_grads=True)
        return int(torch.linalg.matrix_rank(slopes.flatten(1)))

    def window(block, channels):
        return int((reach(block, channels) > 0).any(0).sum())

    torch.manual_seed(0)
    c.shape(
        CSPBlock(8, 12)(torch.randn(2, 8, 7, 5)),
        (2, 12, 7, 5),
        "a CSP block changes the channels to c2 and keeps height and width",
    )
    c.equal(
        count(CSPBlock(8, 12, 0)),
        of_conv(8, 6) + of_conv(8, 6) + of_conv(12, 12),
        {
            equals(2 * of_conv(8, 12) + of_conv(24, 12)): "each branch has c2 channels: `e` has no effect on the width",
            equals(
                2 * of_conv(8, 6) + of_conv(6, 12)
            ): "the last Conv reads one branch only: the branches are joined side by side, not added",
            equals(of_conv(8, 6) + of_conv(14, 12)): "the branch that goes past has no Conv of its own",
            equals(of_conv(8, 6) + of_conv(12, 12)): "both branches come out of one Conv; each has weights of its own",
            equals(2 * of_conv(8, 4) + of_conv(8, 12)): "the width of a branch follows c1; it is a share of c2",
            otherwise: "with n=0 there are three 1×1 Convs; their parameters do not add up",
        },
    )
    c.true(
        count(CSPBlock(8, 12, 3)) > count(CSPBlock(8, 12, 0)) or window(CSPBlock(8, 12, 3), 8) == 1,
        "the bottlenecks compute, but the block does not know their weights: PyTorch sees no modules in a plain list",
    )
    c.equal(
        window(CSPBlock(8, 12, 3), 8),
        7,
        {
            equals(1): "no bottleneck is in the path of the image",
            equals(3): "three bottlenecks see no further than one: `n` has no effect",
            equals(13): "both convolutions of your bottleneck are 3×3; the first is a 1×1",
            otherwise: "n bottlenecks in a row see 2·n + 1 pixels",
        },
    )
    c.equal(
        count(CSPBlock(8, 12, 3)) - count(CSPBlock(8, 12, 0)),
        3 * (of_conv(6, 6) + of_conv(6, 6, 3)),
        {
            equals(
                of_conv(6, 6) + of_conv(6, 6, 3)
            ): "the n bottlenecks are one and the same layer: they share their weights",
            equals(
                3 * (of_conv(6, 3) + of_conv(3, 6, 3))
            ): "the bottleneck narrows the branch a second time: it has an `e` of its own",
            otherwise: "three bottlenecks have the wrong number of parameters",
        },
    )
    c.equal(
        rank(CSPBlock(8, 8, 0), 8),
        8,
        "with n=0 both branches carry the same numbers: one of the three Convs is built and never used",
    )
    c.equal(
        rank(CSPBlock(8, 8, 1, shortcut=False), 8),
        4,
        {
            equals(
                0
            ): "nothing goes past the bottlenecks: with silent bottlenecks the output knows nothing of the input",
            lambda r: r > 4: "with shortcut=False a bottleneck still adds its input",
        },
    )
    c.equal(
        rank(CSPBlock(8, 8, 1, shortcut=True), 8), 8, "with shortcut=True a bottleneck must add its input to its output"
    )
    block = CSPBlock(8, 12, 1, shortcut=False).eval()
    for layer in block.modules():
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.ones_(layer.bias)
        elif isinstance(layer, nn.Conv2d) and layer.kernel_size == (3, 3):
            nn.init.zeros_(layer.weight)  # nothing that stands before it has an effect
    block(torch.ones(1, 8, 5, 5)).sum().backward()
    late = [p for p in block.parameters() if p.shape == (6, 6, 1, 1) and p.grad is not None and p.grad.any()]
    acts = [layer.act for layer in block.modules() if isinstance(layer, Conv)]
    c.true(all(isinstance(act, nn.SiLU) for act in acts), "a Conv of yours has lost the activation that it brings")
    c.true(not late, "in your bottleneck the 3×3 comes first and the 1×1 behind it: it is the other way round")
    narrow = CSPBlock(8, 1)
    c.true(
        all(p.numel() for p in narrow.parameters()),
        "with c2=1 a branch is left with no channel at all: look at how the width is rounded",
    )
    ### BEGIN HIDDEN TESTS
    c.equal(window(CSPBlock(4, 4, 2), 4), 5, "n bottlenecks in a row see 2·n + 1 pixels")
    c.equal(rank(CSPBlock(8, 8, 2, False), 8), 4, "with shortcut=False no bottleneck adds its input, whatever n is")
    c.equal(count(CSPBlock(8, 12)), count(CSPBlock(8, 12, 1)), "without n there is one bottleneck")
    c.equal(rank(CSPBlock(8, 8, 2), 8), 8, "with shortcut=True every bottleneck adds its input")
    for c1, c2, n, e, hidden in [
        (3, 7, 1, 0.5, 3),
        (5, 20, 2, 0.25, 5),
        (16, 6, 0, 1.0, 6),
        (2, 3, 1, 0.1, 1),
        (4, 11, 2, 0.9, 9),
    ]:
        block = CSPBlock(c1, c2, n, e=e)
        want = (
            2 * of_conv(c1, hidden)
            + of_conv(2 * hidden, c2)
            + n * (of_conv(hidden, hidden) + of_conv(hidden, hidden, 3))
        )
        c.equal(
            count(block),
            want,
            "with other widths and another `e` the parameters do not add up: is c2 * e rounded down?",
        )
        y = block(torch.randn(2, c1, 5, 8))
        c.shape(y, (2, c2, 5, 8), "other widths give another shape")
        (y * torch.randn(y.shape)).sum().backward()
        c.gradients(block, "a part of the block has no effect on the output: no gradient arrives there")
    ### END HIDDEN TESTS

# %% [markdown]
# Why half? The branch that goes past is cheap, and it carries the input on through a single 1×1. Compare at
# equal width:

# %%
for name, block in {
    "two 3×3 Convs": dense,
    "ResidualBlock": blocks.ResidualBlock(64, 64),
    "CSPBlock n=1": blocks.CSPBlock(64, 64),
    "CSPBlock n=3": blocks.CSPBlock(64, 64, 3),
}.items():
    parameters, flops = cost(block)
    print(f"{name:<15}{parameters:>8,} parameters{flops / 1e6:>8.1f} MFLOP")

# %% [markdown]
# ## 4 · Attention with two gates
#
# A gate is a number between 0 and 1 that a map is multiplied by. Channel attention has one gate for each channel:
# *what* matters. Spatial attention has one for each place: *where*. Both look at a summary first, the mean and
# the maximum.

# %%
with torch.no_grad():
    mean, peak = features.mean(1)[0], features.amax(1)[0]
figure, axes = plt.subplots(1, 3, figsize=(12, 2.6))
shown = ((photo[0].permute(1, 2, 0), "photo"), (mean, "mean over 16 channels"), (peak, "maximum over 16 channels"))
for ax, (picture_of, title) in zip(axes, shown, strict=True):
    ax.imshow(picture_of, cmap="gray")
    ax.set_title(title, fontsize=9)
    ax.axis("off")
plt.show()

# %% [markdown]
# This is all that a spatial gate sees: two pictures. A 7×7 convolution turns them into one, and a sigmoid makes
# it a gate.
#
# Now set every weight and bias of both gates to zero.

# %% predict="two_silent_gates"
factor = 0.25  # all weights of both gates are zero: what is each value of the map multiplied by?
silent = blocks.ChannelSpatialAttention(16, 16)
for parameter in silent.parameters():
    nn.init.zeros_(parameter)
predict("the factor", factor, (silent(torch.ones(1, 16, 4, 4))[0, 0, 0, 0]).item())

# %% [markdown]
# sigmoid(0) is one half, and there are two gates. A fresh attention block makes its input about four times
# smaller. Batch norms after it make up for that. A block without one would feel it.


# %% exercise="channel_spatial_attention" minutes=20 difficulty=3
class ChannelSpatialAttention(nn.Module):
    """A channel gate, then a spatial gate on what it let through.

    Channel gate: one small network, a 1×1 convolution c → hidden, ReLU, a 1×1 convolution
    hidden → c, both with bias. It reads the mean of each channel over the map, and with the same
    weights the maximum of each channel. The two answers are added and go through a sigmoid:
    c gates. `hidden` is `c // reduction`, but never less than the smaller of 8 and c.

    Spatial gate: the mean and the maximum over the channels, side by side, go through one k×k
    convolution without bias from 2 channels to 1, then through a sigmoid: one gate for each place.

    Args:
        c: Channels in and out.
        reduction: How much narrower the hidden layer is.
        k: Kernel of the spatial gate, odd.

    Shape:
        (B, c, H, W) to (B, c, H, W)
    """

    def __init__(self, c: int, reduction: int = 16, k: int = 7):
        super().__init__()
        ### BEGIN SOLUTION
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1))
        self.conv = nn.Conv2d(2, 1, k, padding=k // 2, bias=False)
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        ### BEGIN SOLUTION
        x = x * (self.mlp(x.mean((2, 3), keepdim=True)) + self.mlp(x.amax((2, 3), keepdim=True))).sigmoid()
        # (B, c, H, W) -> (B, 2, H, W)
        summary = torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), 1)
        return x * self.conv(summary).sigmoid()
        ### END SOLUTION


# %% [markdown] hints="channel_spatial_attention"
# 1. `x.mean((2, 3), keepdim=True)` and `x.amax((2, 3), keepdim=True)` have the shape (B, c, 1, 1): a 1×1
#    convolution takes them as they are.
# 2. Two sums, two sigmoids, in this order: add the network's two answers, then one sigmoid, then multiply. The
#    spatial gate reads the product.
# 3. For the spatial gate the summary is over dimension 1. Join the two maps there and the convolution has two
#    channels in.

# %% check="channel_spatial_attention" points=5
with check("channel_spatial_attention") as c, torch.no_grad():

    def zeroed(block):
        for parameter in block.parameters():
            parameter.zero_()
        return block

    def twin(block, *arguments):
        """The library's two gates with the block's weights, told apart by their shapes."""
        made = blocks.ChannelSpatialAttention(*arguments)
        for ours in made.parameters():
            for theirs in block.parameters():
                if ours.squeeze().shape == theirs.squeeze().shape:
                    ours.copy_(theirs.reshape(ours.shape))
        return made.channel, made.spatial

    torch.manual_seed(0)
    x = torch.randn(2, 32, 9, 6) * 2 + 1
    c.shape(ChannelSpatialAttention(32)(x), (2, 32, 9, 6), "attention keeps the shape of its input")
    c.close(
        zeroed(ChannelSpatialAttention(32))(x),
        x / 4,
        {
            near(
                x / 2
            ): "with all weights zero the map is halved once; two gates halve it twice. Does each end in one sigmoid?",
            near(5 * x / 4, 3 * x / 2): "the input is added once more at the end: the gates only multiply",
            near(0 * x): "with all weights zero the map vanishes: a gate lacks its sigmoid",
            otherwise: "with all weights zero both gates are one half",
        },
    )
    c.equal(
        count(ChannelSpatialAttention(48, 2, 5)),
        48 * 24 + 24 + 24 * 48 + 48 + 2 * 25,
        {
            equals(
                2 * (48 * 24 + 24 + 24 * 48 + 48) + 50
            ): "the mean and the maximum each have a network of their own; they share one",
            equals(
                48 * 24 + 2 * 24 + 24 * 48 + 2 * 48 + 50
            ): "the channel gate has norms in it: its two convolutions are bare ones with a bias",
            equals(48 * 24 + 24 * 48 + 50): "the channel gate's two convolutions have no bias",
            equals(48 * 24 + 24 + 24 * 48 + 48 + 51): "the spatial gate's convolution has a bias",
            equals(48 * 24 + 24 + 24 * 48 + 48 + 98): "`k` has no effect: the spatial kernel is always the same size",
            equals(48 * 24 + 24 + 24 * 48 + 48 + 25): "the spatial gate reads one map; it has two to read",
            otherwise: "the number of parameters is off: count the hidden layer, its biases and the spatial kernel",
        },
    )
    block = ChannelSpatialAttention(32, 2, 5).eval()
    for parameter in block.parameters():
        parameter.normal_(0, 0.3)
    channel, spatial = twin(block, 32, 32, 2, 5)
    looks = [spatial, copy.deepcopy(spatial)]  # the mean or the maximum may come first
    looks[1].conv.weight.copy_(spatial.conv.weight.flip(1))
    levels = (x.mean((2, 3), keepdim=True), x.amax((2, 3), keepdim=True))
    mean, peak = (channel.mlp(level) for level in levels)
    y = block(x)
    wants = [look(channel(x)) for look in looks]

    def slip(answer):
        return near(*(look(x * answer.sigmoid()) for look in looks))

    def between(activation):
        """The two answers, with something else in the place of the network's ReLU."""
        first, _, last = channel.mlp
        return sum(last(activation(first(level))) for level in levels)

    c.close(
        y,
        wants[0] if torch.allclose(y, wants[0], atol=1e-4) else wants[1],
        {
            slip(mean): "the channel gate reads the mean only: the maximum of a channel has no effect",
            slip(peak): "the channel gate reads the maximum only: the mean of a channel has no effect",
            slip(mean * peak): "the two answers of the network are multiplied; they are added",
            slip((mean + peak) / 2): "the two answers of the network are averaged; they are added",
            slip(mean.maximum(peak)): "of the two answers of the network the larger is taken; they are added",
            slip(between(nn.Identity())): "nothing stands between the two convolutions of the channel gate's network",
            slip(between(F.silu)): "a SiLU stands between the two convolutions of the channel gate's network",
            slip(between(torch.sigmoid)): "a sigmoid stands between the two convolutions of the channel gate's network",
            near(
                *(channel(look(x)) for look in looks)
            ): "the spatial gate comes first; the channel gate goes before it",
            near(
                *(channel(x) * look(x) / x for look in looks)
            ): "the spatial gate reads the input, not what the channel gate let through",
            otherwise: "the library gives something else with your weights: go through the contract line by line",
        },
        tol=1e-4,
    )

    def gates_of(c_, hidden):
        return 2 * c_ * hidden + hidden + c_ + 98

    c.equal(
        count(ChannelSpatialAttention(64)),
        gates_of(64, 8),
        {
            equals(gates_of(64, 4)): "at 64 channels the hidden layer has 64 // 16 = 4: it keeps 8 channels",
            lambda n: n < gates_of(64, 8): "at 64 channels the hidden layer is too narrow: the least width is another",
            otherwise: "at 64 channels the hidden layer is too wide: 8 is the least width, and wide enough here",
        },
    )
    c.equal(
        count(ChannelSpatialAttention(4)),
        gates_of(4, 4),
        {
            equals(gates_of(4, 8)): "at 4 channels the hidden layer has 8: it is never wider than the map",
            otherwise: "at 4 channels the hidden layer has the wrong width: all 4 of them are kept",
        },
    )
    c.true(
        not cut_off(ChannelSpatialAttention(24, 2, 3), torch.randn(2, 24, 5, 4)),
        "a gate is cut off from the gradient: what it reads has an effect on the output that training never hears of",
    )
    ### BEGIN HIDDEN TESTS
    for c_, reduction, k, hidden in [(24, 2, 3, 12), (20, 4, 7, 8), (6, 3, 5, 6), (1, 16, 7, 1), (160, 16, 3, 10)]:
        c.equal(
            count(ChannelSpatialAttention(c_, reduction, k)),
            2 * c_ * hidden + hidden + c_ + 2 * k * k,
            "other widths or reductions give the wrong hidden layer",
        )
    wide = ChannelSpatialAttention(320)
    c.equal(count(wide), 2 * 320 * 20 + 20 + 320 + 98, "without reduction and k they are 16 and 7")
    block, x = ChannelSpatialAttention(24, 2, 3).eval(), torch.randn(3, 24, 4, 11)
    for parameter in block.parameters():
        parameter.normal_(0, 0.5)
    # every shape is there once
    w = {tuple(p.squeeze().shape): p.squeeze() for p in block.parameters()}
    told = [
        F.relu(F.linear(v, w[12, 24], w[12,])) @ w[24, 12].T + w[24,] for v in (x.mean((2, 3)), x.flatten(2).max(2)[0])
    ]
    gated = x / (1 + torch.exp(-told[0] - told[1]))[..., None, None]
    summaries = torch.stack((gated.mean(1), gated.max(1)[0]), 1)
    wants = [gated * F.conv2d(each, w[2, 3, 3][None], padding=1).sigmoid() for each in (summaries, summaries.flip(1))]
    y = block(x)
    want = min(wants, key=lambda each: (each - y).abs().max())
    c.close(y, want, "another width, kernel and map size gives something else", tol=1e-4)
    c.close(torch.cat([block(image) for image in x.split(1)]), y, "an image gets another answer alone than in a batch")
    c.close(block.train()(x), y, "the block computes something else in training mode: it has neither norm nor dropout")
    ### END HIDDEN TESTS

# %% [markdown]
# ### What a gate learns
#
# Real handwriting lies on crops of a real photograph. A small classifier has one attention block in its middle.
# We train it for 150 steps and look at its spatial gate. Then we train it without the block, on the same batches.

# %% predict="attention_gain"
gain = 0.0  # how much accuracy does the attention block add, on average over three seeds?
# the answer comes below

# %%
grey = torch.tensor(load_sample_image("china.jpg").copy()).float().mean(2) / 255


def scene(index, generator, side=32):
    """A digit of 16 px, light, somewhere on a crop of the photograph, and where it is."""
    row, column = (int(torch.randint(0, length - side, (1,), generator=generator)) for length in grey.shape)
    image = grey[row : row + side, column : column + side].clone()
    top, left = torch.randint(0, side - 16, (2,), generator=generator).tolist()
    spot, light = image[top : top + 16, left : left + 16], enlarged[index, 0]
    spot.copy_(spot * (1 - light) + light)
    return image[None], (top, left)


generator = torch.Generator().manual_seed(0)
images, corners = zip(*(scene(index, generator) for index in range(len(digit))), strict=True)
scenes = torch.stack(images)  # (N, 1, 32, 32)
results = {}  # six small trainings, half a minute
for middle in (lambda: blocks.ChannelSpatialAttention(16, 16), nn.Identity):
    for seed in (0, 1, 2):
        torch.manual_seed(seed)
        body = [
            Conv(1, 16, 3, 2),
            blocks.ResidualBlock(16, 16),
            middle(),
            Conv(16, 32, 3, 2),
            blocks.ResidualBlock(32, 32),
        ]
        model = nn.Sequential(*body, nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(32, 10))
        fit(model, scenes[:1400], digit[:1400], 150, seed, lr=5e-3)
        name = "without" if middle is nn.Identity else "with"
        results.setdefault(name, []).append(read(model, scenes[1400:], digit[1400:]))
        looked = model if (name, seed) == ("with", 0) else looked

# %%
gates = {}
handle = looked[2].spatial.conv.register_forward_hook(lambda layer, inputs, output: gates.update(map=output.sigmoid()))
with torch.no_grad():
    looked(scenes[1400:])
handle.remove()
figure, axes = plt.subplots(2, 8, figsize=(13, 3.4))
for column in range(8):
    axes[0, column].imshow(scenes[1400 + column, 0], cmap="gray")
    drawn = axes[1, column].imshow(gates["map"][column, 0], cmap="magma", vmin=0.4, vmax=1)
    for ax in axes[:, column]:
        ax.axis("off")
figure.colorbar(drawn, ax=axes, label="gate", pad=0.01)
plt.show()

# (N, 1, 16, 16), the map has half the size of the image
on = torch.zeros_like(gates["map"], dtype=torch.bool)
for mask, (top, left) in zip(on, corners[1400:], strict=True):
    mask[:, top // 2 : top // 2 + 8, left // 2 : left // 2 + 8] = True
others = gates["map"].roll(1, 0)  # each image gets the gate that was made for another one
print(f"its own gate:      on the digit {gates['map'][on].mean():.2f}, elsewhere {gates['map'][~on].mean():.2f}")
print(f"a stranger's gate: on the digit {others[on].mean():.2f}, elsewhere {others[~on].mean():.2f}")

# %%
for name, values in results.items():
    print(f"{name:<8} attention: " + "  ".join(f"{value:.2f}" for value in values) + f"   mean {sum(values) / 3:.2f}")
predict("gain", gain, round((sum(results["with"]) - sum(results["without"])) / 3, 2), tol=0.05)

# %% [markdown]
# Look at all the results. The gate is brighter on the digit, and nobody told it where the digit is. But most of that
# stays when each image gets a stranger's gate: the digits cover the middle, and the gate has learned the middle. Nor
# does the accuracy show a gain: the spread between seeds is larger than the difference. A beautiful gate is no proof
# that a block pays. Unit 11 shows how to test such a claim.
#
# ### Clinic: a gate that says the same to everyone
#
# This channel gate runs, it trains, its shapes are right. Run the next two cells: the block as you find it, and what
# it says to two different images, at 64 channels and at 8.
#
# Then find the bug and mend it. Leave the linear layers' biases, the ReLU and the sigmoid as they are. The pictures
# always show your block: run them again afterwards.


# %% clinic="squeeze_gate" minutes=8 difficulty=1
class SqueezeGate(nn.Module):
    """One gate for each channel, drawn from the means of all channels by two linear layers.

    The hidden layer is about `reduction` times narrower than c. However few channels there are, the
    gates must depend on the image.

    Args:
        c: Channels in and out, 1 or more.
        reduction: How much narrower the hidden layer is.

    Shape:
        (B, c, H, W) to (B, c, H, W)
    """

    def __init__(self, c: int, reduction: int = 16):
        super().__init__()
        ### BEGIN SOLUTION
        hidden = max(c // reduction, 1)
        ### STUB
        # hidden = c // reduction
        ### END SOLUTION
        self.squeeze = nn.Linear(c, hidden)
        self.widen = nn.Linear(hidden, c)

    def forward(self, x: Tensor) -> Tensor:
        means = x.mean((2, 3))  # (B, c, H, W) -> (B, c)
        gates = self.widen(self.squeeze(means).relu()).sigmoid()
        return x * gates[..., None, None]


# %%
import warnings

with warnings.catch_warnings(), torch.no_grad():
    # PyTorch does warn: "Initializing zero-element tensors is a no-op". Who reads it?
    warnings.simplefilter("ignore")
    figure, axes = plt.subplots(1, 2, figsize=(11, 2.2), sharey=True)
    for ax, width in zip(axes, (64, 8), strict=True):
        torch.manual_seed(0)
        gate, two = SqueezeGate(width), 4 * torch.randn(2, width, 1, 1).expand(-1, -1, 5, 5)
        for image, colour in zip((gate(two) / two)[:, :, 0, 0], ("#1f77b4", "#ff7f0e"), strict=True):
            ax.plot(image, "o-", ms=3, color=colour)
        ax.set(title=f"{width} channels: the gates of two images", xlabel="channel", ylim=(0, 1))
plt.show()

# %% [markdown] hints="squeeze_gate"
# 1. Print `SqueezeGate(8)`. How many features has the hidden layer?
# 2. A linear layer with no inputs gives its bias, whatever the image is. Which widths are affected, and what does
#    the rounding do there?

# %% check="squeeze_gate" points=2
with check("squeeze_gate") as c:

    def told(width, reduction=16):
        """The gates of two very different images, one row each."""
        torch.manual_seed(0)
        block = SqueezeGate(width, reduction) if reduction != 16 else SqueezeGate(width)
        with torch.no_grad():
            for parameter in block.parameters():
                parameter.abs_().add_(0.1)  # no ReLU is silent by chance
        two = torch.stack((torch.full((width, 3, 4), 0.1), torch.full((width, 3, 4), 4.0)))
        found = block(two)
        c.shape(found, (2, width, 3, 4), "the gate must keep the shape of its input")
        return (found / two)[:, :, 0, 0]

    def dead(width, reduction=16):
        gates = told(width, reduction)
        return bool((gates[0] - gates[1]).abs().max() < 1e-6)

    c.true(
        not bool((told(12) == 1).all()),
        "at 12 channels the block gives the image back as it is: there is no gate any more",
    )
    c.true(not dead(12), "at 12 channels a dark and a bright image get the same gates: they do not depend on the image")
    c.true(not dead(8), "at 12 channels the gates depend on the image, at 8 they do not")
    c.equal(
        count(SqueezeGate(256)),
        count(SqueezeGate(256, 16)),
        {
            lambda n: (
                n > count(SqueezeGate(256, 16))
            ): "the default of `reduction` has changed: wide gates cost more now",
            otherwise: "the default of `reduction` has changed: wide gates are squeezed harder than before",
        },
    )
    c.equal(
        count(SqueezeGate(256)),
        2 * 256 * 16 + 16 + 256,
        {
            equals(
                2 * 256 * 256 + 512
            ): "at 256 channels the hidden layer is as wide as the input: `reduction` has no effect",
            equals(
                2 * 256 + 1 + 256
            ): "at 256 channels the hidden layer has a single channel: widths that were right have become worse",
            equals(
                2 * 256 * 17 + 17 + 256
            ): "at 256 channels the hidden layer has one channel more than before: widths that were right must stay",
            equals(2 * 256 * 16): "the linear layers have lost their biases",
            otherwise: "at 256 channels the number of parameters has changed: widths that were right must stay",
        },
    )

    def by_hand(block, image, between):
        """The gates of a block of 64 channels, from its own weights, told apart by their shapes."""
        # (o, i, 1, 1) -> (o, i)
        flat = [p if p.ndim == 1 else p.flatten(1) for p in block.parameters()]
        w = {tuple(p.shape): p for p in flat}
        hidden = next(len(p) for p in flat if p.shape[1:] == (64,))
        squeezed = F.linear(image.mean((2, 3)), w[hidden, 64], w[hidden,])
        return F.linear(between(squeezed), w[64, hidden], w[64,]).sigmoid()

    torch.manual_seed(2)
    block, image = SqueezeGate(64), torch.rand(4, 64, 3, 3) + 0.5
    with torch.no_grad():
        for parameter in block.parameters():
            parameter.normal_()
        c.close(
            (block(image) / image)[:, :, 0, 0],
            by_hand(block, image, torch.relu),
            {
                near(by_hand(block, image, F.silu)): "a SiLU has taken the place of the ReLU: it was not the bug",
                near(by_hand(block, image, torch.sigmoid)): "the ReLU has become a sigmoid: it was not the bug",
                near(by_hand(block, image, nn.Identity())): "the ReLU is gone: it was not the bug",
                otherwise: "at 64 channels, where nothing was wrong, the gates are others than before",
            },
            tol=1e-4,
        )
    block = SqueezeGate(8)
    with torch.no_grad():
        for parameter in block.parameters():
            parameter.abs_()  # no ReLU is silent by chance
    c.true(not cut_off(block, image[:, :8]), "the gates are cut off from the gradient: they would never learn")
    ### BEGIN HIDDEN TESTS
    for width, reduction in [(1, 16), (3, 4), (5, 2), (15, 16), (16, 16), (40, 64), (7, 8)]:
        c.true(not dead(width, reduction), "at another width or reduction the gates still do not depend on the image")
    c.equal(
        count(SqueezeGate(128, 4)), 2 * 128 * 32 + 32 + 128, "another reduction gives another hidden layer than before"
    )
    torch.manual_seed(1)
    block, image = SqueezeGate(20), torch.rand(3, 20, 4, 6)
    flat = image.mean((2, 3), keepdim=True).expand_as(image)
    c.close(block(image)[0] / image[0], block(flat)[0] / flat[0], "the gates depend on more than the means", tol=1e-4)
    gates = (block(image) / image).detach()
    c.close(
        gates,
        gates.mean((2, 3), keepdim=True).expand_as(gates),
        "the gates of a channel differ from place to place",
        tol=1e-4,
    )
    c.true(gates.min() > 0 and gates.max() < 1, "a gate is not between 0 and 1")
    ### END HIDDEN TESTS

# %% [markdown]
# Width 8 is no exotic case. A YAML row that says 32 becomes 8 when the model's width is 0.25.
#
# The same rounding with 1×1 convolutions at least raises an error, but late, when the first image comes. The
# builder notices nothing:

# %%
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    built = nn.Sequential(nn.Conv2d(8, 8 // 16, 1), nn.ReLU(), nn.Conv2d(8 // 16, 8, 1))
print("built,", sum(p.numel() for p in built.parameters()), "parameters")
try:
    built(torch.zeros(1, 8, 1, 1))
except RuntimeError as error:
    print("RuntimeError:", error)

# %% [markdown]
# ## 5 · ECA: attention for a handful of numbers
#
# Efficient channel attention drops the hidden layer. Line the channel means up in a row and run one short
# convolution along it: each channel's gate looks at a few neighbours. The kernel is all the block learns.

# %% predict="eca_parameters"
weights = 5  # how many parameters has ECA at 256 channels? Its one kernel has no bias
predict("parameters of ECA(256)", weights, lambda: sum(p.numel() for p in blocks.ECA(256).parameters()))

# %%
for width in (16, 64, 128, 256, 1024):
    both = (blocks.ECA(width), blocks.ChannelSpatialAttention(width, width))
    print(f"{width:>5} channels: ECA {count(both[0])}, channel and spatial attention {count(both[1]):,}")

# %% [markdown]
# Wider maps get longer kernels, but slowly, with the logarithm of the width. A kernel must be odd: it needs a
# middle.


# %% exercise="eca_kernel" minutes=6 difficulty=1
def eca_kernel(channels: int, gamma: float = 2, b: float = 1) -> int:
    """The length of ECA's kernel.

    It is (log2(channels) + b) / gamma, with the fraction cut off; where that is even, the next odd
    number above it.

    Args:
        channels: Width of the map, 1 or more.
        gamma: Divides the length, above 0.
        b: Added to the logarithm, 0 or more.

    Returns:
        A whole number, odd, at least 1.
    """
    ### BEGIN SOLUTION
    length = int((math.log2(channels) + b) / gamma)
    return length if length % 2 else length + 1
    ### END SOLUTION


# %% [markdown] hints="eca_kernel"
# 1. Do it on paper for 64 channels: logarithm, plus b, divided by gamma. Cut the fraction off, do not round.
# 2. `%` tells odd from even. An even length grows by one; an odd one stays.

# %% check="eca_kernel" points=2
with check("eca_kernel") as c:

    def shortest(channels, gamma=2, b=1):
        """Try odd lengths in turn: k is enough once 2^(gamma·(k + 1) - b) exceeds the channels."""
        k = 1
        while 2 ** (gamma * (k + 1) - b) <= channels:
            k += 2
        return k

    c.instance(eca_kernel(256), int, "a kernel's length is a whole number of type int")
    c.equal(
        eca_kernel(512),
        shortest(512),
        {
            equals(3): "at 512 channels the kernel is too short: does it grow with log2 of the width?",
            equals(7): "at 512 channels the kernel is too long: an odd length stays as it is",
            lambda k: k > 8: "at 512 channels the kernel is far too long: is it divided by gamma?",
        },
    )
    c.equal(
        eca_kernel(256),
        shortest(256),
        {
            equals(4): "at 256 channels the kernel is even: it has no middle",
            equals(3): "at 256 channels the kernel is too short: an even length becomes longer, not shorter",
        },
    )
    c.equal(
        eca_kernel(128),
        shortest(128),
        "at 128 channels the kernel has the wrong length: is `b` in it?",
    )
    c.equal(
        eca_kernel(64, b=3),
        shortest(64, 2, 3),
        {
            equals(3): "`b` has no effect",
            equals(7): "`b` is not divided by gamma: it belongs to the logarithm",
        },
    )
    c.equal(
        eca_kernel(1024),
        shortest(1024),
        "at 1024 channels the kernel is too long or too short: the fraction is cut off, not rounded",
    )
    c.equal(
        eca_kernel(4),
        shortest(4),
        "at 4 channels the kernel has the wrong length: 1 is allowed, there is no other least length",
    )
    c.equal(eca_kernel(64, gamma=1), shortest(64, 1), "`gamma` has no effect")
    ### BEGIN HIDDEN TESTS
    # the lengths change at powers of 2 and, with gamma = 0.5, half-way between two of them
    steps = sorted({int(2 ** (half / 2)) + more for half in range(25) for more in (-1, 0, 1)} - {0})
    for gamma, b in [(2, 1), (1, 0), (3, 2), (1, 1), (4, 1), (0.5, 0)]:
        for channels in steps:
            c.equal(
                eca_kernel(channels, gamma, b),
                shortest(channels, gamma, b),
                "other widths, gamma or b give another length",
            )
    ### END HIDDEN TESTS

# %%
widths = [2**power for power in range(1, 13)]
figure, axes = plt.subplots(figsize=(7, 2.4))
axes.step(widths, [blocks.ECA(width).conv.kernel_size[0] for width in widths], where="post")
axes.set(xscale="log", xticks=widths, xticklabels=widths, yticks=(1, 3, 5, 7), xlabel="channels", ylabel="kernel")
axes.minorticks_off()
plt.show()

# %% [markdown]
# ### Clinic: called with two numbers
#
# Ultralytics builds most blocks as `Block(c1, c2, …)`, channels in, channels out. This ECA was written for
# `ECA(channels)`. It builds all the same. The model summary shows one harmless row. Training runs. What does the
# second number do?


# %% setup=true
def length_of(channels: int, gamma: float, b: float) -> int:
    """The library's kernel length, so that this clinic does not wait for your `eca_kernel`."""
    return blocks.ECA(channels, gamma=gamma, b=b).conv.kernel_size[0]


# %% clinic="eca_from_yaml" minutes=8 difficulty=2
class ECA(nn.Module):
    """Gates drawn from neighbouring channels, for a builder that calls `ECA(c1, c2)`.

    `ECA(c)`, `ECA(c, c)` and `ECA(c, c, gamma, b)` must all work, gamma and b also by keyword. The
    kernel's length follows from c, gamma and b by `length_of`.

    Args:
        c1: Channels in.
        c2: Channels out: the same as c1, or left out.
        gamma: Divides the kernel's length.
        b: Added to the logarithm of the width.

    Raises:
        ValueError: c2 is given and is not c1.

    Shape:
        (B, c1, H, W) to (B, c1, H, W)
    """

    ### BEGIN SOLUTION
    def __init__(self, c1: int, c2: int | None = None, gamma: float = 2, b: float = 1):
        super().__init__()
        if c2 not in (None, c1):
            raise ValueError(f"ECA keeps its {c1} channels, it cannot give {c2}")
        k = length_of(c1, gamma, b)
        self.conv = nn.Conv1d(1, 1, k, padding=k // 2, bias=False)

    ### STUB
    # def __init__(self, channels: int, gamma: float = 2, b: float = 1):
    #     super().__init__()
    #     k = length_of(channels, gamma, b)
    #     self.conv = nn.Conv1d(1, 1, k, padding=k // 2, bias=False)
    #
    ### END SOLUTION
    def forward(self, x: Tensor) -> Tensor:
        means = x.mean((2, 3))[:, None]  # (B, c, H, W) -> (B, 1, c)
        gates = self.conv(means).sigmoid()[:, 0]  # (B, 1, c) -> (B, c)
        return x * gates[..., None, None]


# %% setup=true
def influence(block: nn.Module, channels: int, gate: int) -> Tensor:
    """How much the mean of each channel moves the gate of one channel: (channels,)."""
    level = torch.linspace(0.5, 1.5, channels)

    def opened(means: Tensor) -> Tensor:
        x = means[None, :, None, None].expand(1, -1, 3, 3)  # (c,) -> (1, c, 3, 3)
        # the division leaves the own channel's slope alone
        return block(x)[0, gate].mean() / level[gate]

    slopes = torch.autograd.functional.jacobian(opened, level)
    with torch.no_grad():
        # x itself is in the product: take that part off
        slopes[gate] -= opened(level) / level[gate]
    return slopes


# %%
figure, axes = plt.subplots(1, 2, figsize=(7.5, 3.2))
torch.manual_seed(0)
for ax, (name, block) in zip(
    axes,
    {"the clinic's ECA(64, 64)": ECA(64, 64), "the library's ECA(64, 64)": blocks.ECA(64, 64)}.items(),
    strict=True,
):
    rows = torch.stack([influence(block, 64, gate)[:20] for gate in range(20)])
    ax.imshow(rows.abs() > 1e-6, cmap="gray_r")
    ax.set(title=f"{name}\n{count(block)} parameters", xlabel="mean of channel", ylabel="gate of channel")
figure.tight_layout()
plt.show()

# %% [markdown] hints="eca_from_yaml"
# 1. Write down which argument gets which value in `ECA(64, 64)`. What is the kernel's length then?
# 2. The second place belongs to the channels out. Give it a name, and a value for callers that leave it out.
# 3. A c2 that is not c1 asks for something that ECA cannot do. Say so at once instead of giving a wrong width.

# %% check="eca_from_yaml" points=3
with check("eca_from_yaml") as c:

    def neighbours(block, channels):
        torch.manual_seed(0)
        nn.init.uniform_(next(block.parameters()), 0.01, 0.1)
        return int((influence(block, channels, channels // 2).abs() > 1e-6).sum())

    c.equal(
        neighbours(ECA(64, 64), 64),
        3,
        {
            equals(1): "built as ECA(64, 64) each gate depends on its own channel alone: no channel looks at another",
            lambda n: n > 7: "each gate depends on almost every channel: ECA looks at a few neighbours",
        },
    )
    c.equal(
        neighbours(ECA(256, 256), 256),
        5,
        {
            equals(
                3
            ): "ECA(256, 256) looks at 3 channels as ECA(64, 64) does: the kernel no longer grows with the width",
            equals(1): "ECA(64, 64) works, ECA(256, 256) has no neighbours: the second number still changes the kernel",
        },
    )
    c.equal(neighbours(ECA(64), 64), 3, "ECA(64), without channels out, has another kernel than ECA(64, 64)")
    c.equal(
        neighbours(ECA(64, 64, gamma=1), 64),
        7,
        "ECA(64, 64, gamma=1) has the kernel of gamma=2: gamma has no effect any more",
    )
    c.equal(neighbours(ECA(64, 64, 1, 3), 64), 9, "ECA(64, 64, 1, 3), gamma and b by position, has the wrong kernel")
    x = torch.rand(2, 64, 5, 7)
    c.shape(ECA(64, 64)(x), (2, 64, 5, 7), "the shape of the map must stay as it is")
    c.raises(
        ValueError,
        ECA,
        64,
        128,
        hint="ECA(64, 128) promises 128 channels and gives 64: it must refuse with a ValueError",
    )
    ### BEGIN HIDDEN TESTS
    for channels, k in [(16, 3), (128, 5), (40, 3), (8, 3)]:
        c.equal(neighbours(ECA(channels, channels), channels), k, "other widths have the wrong kernel")
    c.equal(
        neighbours(ECA(32, gamma=1, b=2), 32), 7, "gamma and b by keyword, without channels out, give the wrong kernel"
    )
    c.equal(neighbours(ECA(32, 32, b=5), 32), 5, "b by keyword gives the wrong kernel")
    c.raises(ValueError, ECA, 8, 4, hint="fewer channels out than in must be refused too")
    c.equal(count(ECA(64, 64)), 3, "the kernel is all that ECA learns")
    block, image = ECA(20, 20), torch.rand(3, 20, 4, 6)
    flat = image.mean((2, 3), keepdim=True).expand_as(image)
    c.close(block(image)[0] / image[0], block(flat)[0] / flat[0], "the gates depend on more than the means", tol=1e-4)
    tiled = image.repeat(1, 1, 2, 3)
    c.close(
        block(tiled), block(image).repeat(1, 1, 2, 3), "a larger map with the same means gets other gates", tol=1e-4
    )
    c.close(influence(block, 20, 0)[10:], 0, "the first channel looks at the last ones: the channels are no ring")
    nn.init.zeros_(next(block.parameters()))
    x = torch.randn(2, 20, 4, 4)
    c.close(block(x), x / 2, "with a kernel of zeros every gate is one half")
    torch.manual_seed(0)
    block = ECA(20, 20)
    c.close(
        torch.cat([block(image) for image in x.split(1)]),
        block(x),
        "an image gets another answer alone than in a batch",
    )
    ### END HIDDEN TESTS

# %% [markdown]
# ## 6 · Downsampling on two paths
#
# Halve the map: a convolution with stride 2 learns what to keep, a maximum keeps what is strongest. Take half of
# the channels from each. On an even map both give the same size. And on an odd one?

# %% predict="pool_of_eleven"
pooled = 5  # an 11-pixel map: the convolution gives 6 (it rounds up). And nn.MaxPool2d(2)?
predict("width after the pooling", pooled, lambda: nn.MaxPool2d(2)(torch.zeros(1, 1, 11, 11)).shape[-1], "px")

# %%
sizes = list(range(4, 17))
by_conv = [Conv(1, 1, 3, 2)(torch.zeros(1, 1, n, n)).shape[-1] for n in sizes]
by_pool = [nn.MaxPool2d(2)(torch.zeros(1, 1, n, n)).shape[-1] for n in sizes]
figure, axes = plt.subplots(figsize=(7, 2.6))
axes.step(sizes, by_conv, "o-", where="mid", label="3×3 convolution, stride 2")
axes.step(sizes, by_pool, "x--", where="mid", label="2×2 pooling")
axes.set(xlabel="width in", ylabel="width out", xticks=sizes)
axes.legend()
plt.show()
try:
    torch.cat((torch.zeros(1, 4, 6, 6), torch.zeros(1, 4, 5, 5)), 1)
except RuntimeError as error:
    print("RuntimeError:", error)

# %% [markdown]
# You will not see this in training: images of 640 px stay even through five halvings. It waits for the first
# image of another size.


# %% exercise="dual_path_downsample" minutes=12 difficulty=2
class DualPathDownsample(nn.Module):
    """Halve height and width, rounding up, by a convolution and a maximum side by side.

    One path is a 3×3 Conv with stride 2 and c2 // 2 channels out. The other takes the maximum of
    each 2×2 window, windows side by side from the top left corner, and then a 1×1 Conv gives the
    remaining channels. A window that hangs over the edge takes the maximum of the pixels it has.
    The order of the two paths in the output is yours.

    Args:
        c1: Channels in.
        c2: Channels out, 2 or more, odd ones too.

    Shape:
        (B, c1, H, W) to (B, c2, ceil(H / 2), ceil(W / 2))

    Raises:
        ValueError: c2 is below 2.
    """

    def __init__(self, c1: int, c2: int):
        super().__init__()
        ### BEGIN SOLUTION
        if c2 < 2:
            raise ValueError(f"two paths cannot share {c2} channels")
        self.cv1 = Conv(c1, c2 // 2, 3, 2)
        self.pool = nn.MaxPool2d(2, ceil_mode=True)
        self.cv2 = Conv(c1, c2 - c2 // 2)
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        ### BEGIN SOLUTION
        return torch.cat((self.cv1(x), self.cv2(self.pool(x))), 1)
        ### END SOLUTION


# %% [markdown] hints="dual_path_downsample"
# 1. The convolution rounds up. Look through the arguments of `nn.MaxPool2d` for one that decides how it rounds.
# 2. c2 // 2 and what is left of c2: with 65 channels, how many does each path give?
# 3. Whatever you put beyond the edge must never win the maximum, not even on a map of negative numbers.

# %% check="dual_path_downsample" points=4
with check("dual_path_downsample") as c:

    def pooled_path(c1, c2):
        """The block with a silent convolution path: its 3×3 kernels are zero."""
        torch.manual_seed(0)
        block = DualPathDownsample(c1, c2).eval()
        for layer in block.modules():
            if isinstance(layer, nn.Conv2d) and layer.kernel_size == (3, 3):
                nn.init.zeros_(layer.weight)
        return block

    def touched(block, image, y, x):
        """The pixels that output pixel (y, x) depends on."""
        image = image.clone().requires_grad_()
        return torch.autograd.grad(block(image)[0, :, y, x].sum(), image)[0][0].abs().sum(0).nonzero().tolist()

    torch.manual_seed(0)
    c.shape(
        DualPathDownsample(8, 16)(torch.randn(2, 8, 6, 10)),
        (2, 16, 3, 5),
        "height and width are halved, the channels become c2",
    )
    try:
        odd = DualPathDownsample(8, 16)(torch.randn(2, 8, 7, 11))
    except RuntimeError as error:
        c.true(
            "Sizes of tensors must match" not in str(error),
            "on a map of 7 × 11 the two paths differ in size and cannot be joined: how does each of them round?",
        )
        raise
    c.shape(
        odd,
        (2, 16, 4, 6),
        {
            lambda y: (
                tuple(y.shape[2:]) == (3, 5)
            ): "an odd size is rounded down: the last row and column are thrown away",
            otherwise: "odd sizes give the wrong shape",
        },
    )
    c.shape(
        DualPathDownsample(8, 15)(torch.randn(1, 8, 6, 6)),
        (1, 15, 3, 3),
        {
            lambda y: y.shape[1] == 14: "of 15 channels 14 come out: one is lost in the division",
            lambda y: y.shape[1] == 16: "of 15 channels 16 come out: both paths have taken the odd one",
        },
    )
    c.raises(
        ValueError,
        DualPathDownsample,
        8,
        1,
        hint="one channel cannot be shared by two paths: refuse it with a ValueError",
    )
    c.equal(
        count(DualPathDownsample(8, 15)),
        of_conv(8, 7, 3) + of_conv(8, 8),
        {
            equals(of_conv(8, 8, 3) + of_conv(8, 7)): "the odd channel went to the 3×3 path: it has c2 // 2",
            equals(of_conv(8, 7, 3) + of_conv(8, 8, 3)): "the pooled path has a 3×3 too; it needs a 1×1",
            equals(of_conv(4, 7, 3) + of_conv(4, 8)): "each path reads half of the input; both read all of it",
            otherwise: "the number of parameters is off: one 3×3 Conv and one 1×1 Conv, both from c1",
        },
    )
    block, image = pooled_path(3, 8), torch.zeros(1, 3, 6, 6)
    image[:, :, 3, 5] = 2.0
    image[:, :, 2:4, 4:] += torch.tensor([[0.1, 0.3], [0.2, 0.0]])
    found = touched(block, image, 1, 2)
    c.true(found, "nothing but the 3×3 reaches the output: the pooled path does not see the image")
    c.true(len(found) < 4, "the second path takes the mean of its window; the maximum keeps the strongest pixel alone")
    c.equal(
        found,
        [[3, 5]],
        "the second path does not take the maximum: it reads a fixed pixel of the window, or comes after its 1×1",
    )
    image = torch.zeros(1, 3, 7, 7)
    image[:, :, 6, 6] = 2.0
    c.equal(
        touched(block, image, 3, 3),
        [[6, 6]],
        "the pooled path does not see the last row and column of an odd map: it was made to fit after it had lost them",
    )
    image = torch.zeros(1, 3, 7, 7)
    image[:, :, 1, 1], image[:, :, 3, 3] = 2.0, 1.0
    c.equal(
        touched(block, image, 1, 1),
        [[3, 3]],
        "a window reads pixels that belong to the window before it: they lie side by side, two pixels each",
    )
    with torch.no_grad():
        level = block(torch.full((1, 3, 5, 5), -1.0))
    c.close(
        level,
        level[..., :1, :1].expand_as(level),
        "on a map of -1 everywhere the edge of an odd map differs: something beyond the edge wins the maximum",
    )
    with torch.no_grad():
        block, image = DualPathDownsample(3, 8).eval(), torch.randn(2, 3, 7, 6)
        kernel = next(p for p in block.parameters() if p.shape == (4, 3, 3, 3))
        # a fresh norm changes nothing in eval mode
        learned = F.conv2d(image, kernel, stride=2, padding=1)
        paths = block(image).split(4, 1)

    def either(value):
        """Does one of the two paths give this? They may come in any order."""
        return any(torch.allclose(path, value, atol=1e-2) for path in paths)

    c.true(not either(learned), "the 3×3 path has no activation; a Conv brings one")
    c.true(not either(learned.relu()), "the 3×3 path has another activation than the one that Conv brings")
    c.true(
        either(F.silu(learned)), "neither path is a 3×3 Conv with stride 2: with your weights they give something else"
    )
    block = pooled_path(3, 8)
    ### BEGIN HIDDEN TESTS
    image = torch.zeros(1, 3, 7, 7)
    image[:, :, 2, 2], image[:, :, 0, 0] = 2.0, 1.0
    c.equal(touched(block, image, 0, 0), [[0, 0]], "a window reads pixels that belong to the window after it")
    weights = next(p for p in block.parameters() if p.ndim == 4 and p.shape[-1] == 1)
    for seed, (h, w) in enumerate([(1, 1), (5, 2), (9, 4), (3, 3)]):
        x = torch.randn(2, 3, h, w, generator=torch.Generator().manual_seed(seed)) - 1
        windows = (
            F.pad(x, (0, w % 2, 0, h % 2), value=-math.inf).unfold(2, 2, 2).unfold(3, 2, 2)
        )  # -> (2, 3, h', w', 2, 2)
        want = F.silu(
            F.conv2d(windows.amax((4, 5)), weights) / (1 + 1e-3) ** 0.5
        )  # a fresh norm divides by sqrt(1 + its eps)
        with torch.no_grad():
            y = block(x)
            part = y[:, 4:] if (y[:, :4].abs().max() < 1e-6) else y[:, :4]
        c.close(part, want, "the pooled path gives other values on another size", tol=1e-2)
    for c1, c2 in [(1, 2), (5, 3), (16, 65)]:
        block = DualPathDownsample(c1, c2)
        y = block(torch.randn(3, c1, 9, 5))
        c.shape(y, (3, c2, 5, 3), "other widths give another shape")
        c.equal(
            count(block),
            of_conv(c1, c2 // 2, 3) + of_conv(c1, c2 - c2 // 2),
            "other widths share the channels otherwise",
        )
        (y * torch.randn(y.shape)).sum().backward()
        c.gradients(block, "a part of the block has no effect on the output: no gradient arrives there")
    c.raises(ValueError, DualPathDownsample, 8, 0, hint="no channels at all must be refused too")
    ### END HIDDEN TESTS

# %% [markdown]
# The library's block, on a map of any size:

# %%
for size in (8, 9, 11):
    print(size, "→", tuple(blocks.DualPathDownsample(16, 65)(torch.zeros(1, 16, size, size)).shape))

# %% [markdown]
# ## 7 · Inverted residual: wide in the middle
#
# A bottleneck is narrow in the middle. An inverted residual is wide there, and affords it with a *depthwise*
# convolution: each channel is filtered on its own.

# %% predict="depthwise_share"
times = 64  # 64 channels, 3×3: a dense convolution has how many times the depthwise weights?
predict(
    "times fewer weights",
    times,
    lambda: nn.Conv2d(64, 64, 3, bias=False).weight.numel() / DWConv(64, 64, 3).conv.weight.numel(),
)

# %%
figure, axes = plt.subplots(1, 2, figsize=(10, 2.4), sharey=True)
shapes = {"ResNet bottleneck": [64, 16, 16, 64], "inverted residual, e=6": [64, 384, 384, 64]}
for ax, (name, channels), layers in zip(
    axes, shapes.items(), (("1×1", "3×3", "1×1"), ("1×1", "3×3 depthwise", "1×1")), strict=True
):
    ax.bar(range(4), channels, width=0.25, color="#1f77b4")
    for place, layer in enumerate(layers):
        ax.text(place + 0.5, 415, layer, ha="center", fontsize=8)
    ax.set(title=name, xticks=range(4), xticklabels=channels, xlabel="channels", ylim=(0, 460))
plt.show()
print("inverted residual:", cost(blocks.InvertedResidual(64, 64)))
print("ResNet bottleneck:", cost(blocks.ResNetBottleneck(64, 64)))
print("two 3×3:          ", cost(dense))

# %% [markdown]
# It costs more than the bottleneck all the same: its two 1×1 work on 384 channels. But a dense 3×3 that wide would
# have 1.3 million weights.
#
# Two things are easy to miss. The last 1×1 has **no activation**: in the narrow map an activation would wipe out
# information that no later layer gets back. And the shortcut joins the narrow ends, so it exists only where both
# have the same shape.


# %% exercise="inverted_residual" minutes=12 difficulty=2
class InvertedResidual(nn.Module):
    """Widen with a 1×1, filter each channel with a 3×3, narrow with a 1×1 that has no activation.

    The middle has `hidden` channels: c1 * e, rounded to the nearest whole number, but at least one.
    The widening Conv is left out where hidden is c1. The depthwise Conv has the stride. Where the
    stride is 1 and c1 is c2, the input is added at the end, and nothing follows the addition. All
    convolutions are Ultralytics' `Conv` or `DWConv`, so that `model.fuse()` can fold their norms;
    all but the last keep the activation that these bring, SiLU.

    Args:
        c1: Channels in.
        c2: Channels out.
        s: Stride.
        e: Width of the middle as a multiple of c1.

    Shape:
        (B, c1, H, W) to (B, c2, ceil(H / s), ceil(W / s))
    """

    def __init__(self, c1: int, c2: int, s: int = 1, e: float = 6):
        super().__init__()
        ### BEGIN SOLUTION
        hidden = max(round(c1 * e), 1)
        self.widen = nn.Identity() if hidden == c1 else Conv(c1, hidden)
        self.filter = DWConv(hidden, hidden, 3, s)
        self.narrow = Conv(hidden, c2, act=False)
        self.add = s == 1 and c1 == c2
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        ### BEGIN SOLUTION
        y = self.narrow(self.filter(self.widen(x)))
        return x + y if self.add else y
        ### END SOLUTION


# %% [markdown] hints="inverted_residual"
# 1. Three Convs in a row. Write channels in, channels out, kernel, stride and groups for each before you type.
# 2. Depthwise means as many groups as channels. Ultralytics has a class for it, imported in the first cell.
# 3. Set all weights of your block to zero in your head. What comes out with a shortcut, and what without?

# %% check="inverted_residual" points=4
with check("inverted_residual") as c:

    def silenced(block):
        with torch.no_grad():
            for parameter in block.parameters():
                parameter.zero_()
        return block.eval()

    def layers_of(c1, hidden, c2):
        return of_conv(c1, hidden), of_conv(hidden, hidden, 3, hidden), of_conv(hidden, c2)

    torch.manual_seed(0)
    x = torch.randn(4, 8, 9, 6)
    c.shape(InvertedResidual(8, 12)(x), (4, 12, 9, 6), "with stride 1 only the channels change")
    c.shape(InvertedResidual(8, 12, 2)(x), (4, 12, 5, 3), "with stride 2 height and width are halved, rounding up")
    widen, middle, narrow = layers_of(8, 48, 12)
    c.equal(
        count(InvertedResidual(8, 12)),
        widen + middle + narrow,
        {
            equals(
                widen + of_conv(48, 48, 3) + narrow
            ): "the 3×3 is dense: it mixes channels, and most of the parameters are in it",
            equals(sum(layers_of(8, 72, 12))): "the width of the middle follows c2; it is a multiple of c1",
            equals(middle + narrow, widen + narrow): "one of the three convolutions is missing",
            equals(widen + middle + of_conv(48, 12, 3)): "the last convolution is a 3×3; it is a 1×1",
            equals(sum(layers_of(8, 6, 12))): "the middle is narrower than the ends: `e` has no effect, or divides",
            otherwise: "the parameters of a 1×1, a depthwise 3×3 and a 1×1 do not add up to yours",
        },
    )
    y = InvertedResidual(8, 12).train()(x)
    c.true(y.min() < -0.5, "the output is never far below zero: an activation follows the last convolution")
    c.close(
        silenced(InvertedResidual(8, 8))(x),
        x,
        {
            lambda y: not y.any(): "with all weights zero nothing comes out: the input is not added",
            lambda y: (
                torch.allclose(y, F.silu(x)) or torch.allclose(y, F.relu(x))
            ): "an activation follows the addition: the input must come through as it is",
            otherwise: "with all weights zero the input must come out as it is",
        },
    )
    c.close(
        silenced(InvertedResidual(8, 12))(x),
        0,
        "with c1 ≠ c2 there is no shortcut: no other path may lead past the convolutions",
    )
    c.close(silenced(InvertedResidual(8, 8, 2))(x), 0, "with stride 2 there is no shortcut")
    c.equal(
        (reach(InvertedResidual(8, 12, 2), 8, 9) > 0).any(0).nonzero().flatten().tolist(),
        [3, 4, 5],
        {
            lambda columns: (
                len(columns) > 1 and columns[1] - columns[0] > 1
            ): "the stride is not on the 3×3: it leaves out pixels that nobody looks at",
            otherwise: "the middle output pixel depends on other columns than those of one 3×3 window",
        },
    )
    c.equal(
        count(InvertedResidual(8, 12, 1, 1)),
        sum(layers_of(8, 8, 12)[1:]),
        "with e=1 the middle is as wide as the input: the widening Conv has nothing to do",
    )
    block = InvertedResidual(8, 12)
    held = [layer.bn for layer in block.modules() if isinstance(layer, Conv)]
    loose = [
        layer for layer in block.modules() if isinstance(layer, nn.BatchNorm2d) and not any(layer is bn for bn in held)
    ]
    c.true(not loose, "a batch norm does not belong to a `Conv`: `model.fuse()` would leave it there")
    c.equal(
        count(InvertedResidual(5, 8, 1, 0.75)),
        sum(layers_of(5, 4, 8)),
        {
            equals(sum(layers_of(5, 3, 8))): "5 · 0.75 = 3.75 gives a middle of 3 channels: is it rounded or cut off?",
            otherwise: "with c1=5 and e=0.75 the middle has the wrong width: 3.75 is rounded to the nearest",
        },
    )
    acts = [layer.act for layer in block.modules() if isinstance(layer, Conv)]
    active = [act for act in acts if not isinstance(act, nn.Identity)]
    c.equal(len(active), 2, "of the three convolutions only the last has no activation")
    c.true(
        all(isinstance(act, nn.SiLU) for act in active),
        "the first two convolutions have another activation than the one that `Conv` brings",
    )
    ### BEGIN HIDDEN TESTS
    middles = [
        layer for layer in InvertedResidual(8, 12, 2).modules() if isinstance(layer, nn.Conv2d) and layer.groups > 1
    ]
    c.equal(
        [tuple(layer.stride) for layer in middles],
        [(2, 2)],
        "with stride 2 the block does more work than it must: which layer halves the map?",
    )
    for c1, c2, s, e, hidden in [
        (5, 5, 1, 2, 10),
        (4, 6, 2, 1.5, 6),
        (3, 3, 1, 0.6, 2),
        (2, 3, 1, 0.1, 1),
        (1, 4, 2, 1, 1),
        (6, 6, 3, 4, 24),
    ]:
        block = InvertedResidual(c1, c2, s, e)
        parts = layers_of(c1, hidden, c2)
        c.equal(
            count(block),
            sum(parts[1:] if hidden == c1 else parts),
            "with other widths or another `e` the parameters do not add up: is c1 * e rounded to the nearest?",
        )
        x = torch.randn(2, c1, 10, 7)
        y = block(x)
        c.shape(y, (2, c2, -(-10 // s), -(-7 // s)), "other widths or strides give another shape")
        (y * torch.randn(y.shape)).sum().backward()
        c.gradients(block, "a part of the block has no effect on the output: no gradient arrives there")
        c.close(
            silenced(block)(x),
            x if s == 1 and c1 == c2 else 0,
            "the shortcut is there where it should not be, or missing",
        )
    block, x = silenced(InvertedResidual(6, 6)), torch.randn(1, 6, 4, 4)
    last = [layer.bn for layer in block.modules() if isinstance(layer, Conv) and layer.bn.num_features == 6]
    nn.init.ones_(last[-1].bias)
    c.close(block(x), x + 1, "what the last convolution gives is not added to the input as it is")
    for e, told in (
        (1, "with e=1 the input does not reach the 3×3 as it is"),
        (3, "with your weights the three convolutions give something else"),
    ):
        block, x = InvertedResidual(5, 7, 1, e).eval(), torch.randn(2, 5, 6, 4)
        # every shape is there once
        w = {tuple(p.shape): p for p in block.parameters() if p.ndim == 4}
        with torch.no_grad():
            wide = x if e == 1 else F.silu(F.conv2d(x, w[15, 5, 1, 1]))
            filtered = F.silu(F.conv2d(wide, w[5 * e, 1, 3, 3], padding=1, groups=5 * e))
            c.close(block(x), F.conv2d(filtered, w[7, 5 * e, 1, 1]), told, tol=1e-2)
    for wide in (InvertedResidual(6, 6), InvertedResidual(6, 6, 1, 1)):
        acts = [layer for layer in wide.modules() if isinstance(layer, Conv) and not isinstance(layer.act, nn.Identity)]
        c.equal(
            len(acts),
            sum(isinstance(layer, Conv) for layer in wide.modules()) - 1,
            "of the convolutions only the last has no activation",
        )
    ### END HIDDEN TESTS

# %% [markdown]
# Few FLOPs are not the same as little time. A depthwise convolution does little with each number it loads.
# Measure on the machine that will run your model, always.

# %%
import time


@torch.no_grad()
def milliseconds(block, side=40, runs=7):
    """The median time of a forward pass, one image of (64, side, side)."""
    image, taken = torch.randn(1, 64, side, side), []
    block.eval()
    for _ in range(runs):
        begun = time.perf_counter()
        block(image)
        taken.append(1000 * (time.perf_counter() - begun))
    return sorted(taken)[runs // 2]


for name, block in {"two 3×3 Convs": dense, "inverted residual": blocks.InvertedResidual(64, 64)}.items():
    print(f"{name:<18}{cost(block)[1] / 1e6:>6.0f} MFLOP {milliseconds(block):>6.2f} ms on this machine")

# %% [markdown]
# ## 8 · Blocks that join, blocks that repeat
#
# The neck of a detector lays two maps side by side and mixes them. `NeckBlock` is a CSP block whose
# bottlenecks have no shortcuts.
#
# Its trap is small. Two branches of `c2 // 2` channels are not always `c2` channels.

# %% predict="branches_of_65"
joined = 64  # c2 is 65. Two branches of int(65 * 0.5) channels, concatenated: how many channels?
predict("channels after the concat", joined, 2 * int(65 * 0.5))

# %%
fine, coarse = torch.randn(1, 64, 20, 20), torch.randn(1, 128, 10, 10)
both = torch.cat((fine, F.interpolate(coarse, scale_factor=2)), 1)  # (1, 64 + 128, 20, 20)
print("neck:", tuple(both.shape), "→", tuple(blocks.NeckBlock(192, 65)(both).shape))

# %% [markdown]
# A last Conv that counts on `c2` inputs works for every even width and fails at 65. YAML widths are rounded to
# multiples of 8, so such a block fails only in the hands of the one who uses it directly. The library's block
# counts on twice the branch, as your `CSPBlock` does.
#
# ### Whose width is c2?
#
# ResNet's bottleneck has two widths: the narrow middle and the output, four times as wide. Ultralytics' own
# `ResNetLayer` takes the *middle*.

# %% predict="resnet_width"
out = 256  # how many channels does ResNetLayer(64, 64, n=3) give?
from ultralytics.nn.modules.block import ResNetLayer

predict("channels out", out, lambda: ResNetLayer(64, 64, n=3).eval()(torch.zeros(1, 64, 8, 8)).shape[1])

# %%
stage = blocks.ResNetStage(64, 128, n=3, s=2)
print("blocks.ResNetStage(64, 128, n=3, s=2):", tuple(stage(torch.zeros(2, 64, 20, 20)).shape))

# %% [markdown]
# `blocks.ResNetStage` takes the *output*. For a block that a YAML builds, that is the only way: the builder tells
# the next row that `c2` channels come. If four times as many come, the next row breaks.
#
# The same holds for repeats. A stage whose first block changes the width takes `n` itself. Repeated from outside,
# every copy would expect `c1`:

# %%
copies = nn.Sequential(*(blocks.ResNetBottleneck(64, 128) for _ in range(2)))
try:
    copies(torch.zeros(1, 64, 8, 8))
except RuntimeError as error:
    print("RuntimeError:", error)

# %% [markdown]
# ## 9 · A transformer stage
#
# In a convolution a pixel sees its neighbours. In attention every place sees every place: H · W of them, so (H ·
# W)² pairs.

# %% predict="attention_cost"
more = 16  # twice the height and twice the width: how many times the work of the attention?
per_side = [
    next(layer.flops for layer in anatomy(blocks.TransformerStage(64, 64), (64, n, n)) if layer.kind == "attention")
    for n in (10, 20)
]
predict("times the work", more, per_side[1] / per_side[0])

# %%
sides, work = (5, 10, 20, 40, 80), {}
for name, block in {
    "TransformerStage": blocks.TransformerStage(64, 64).to("meta"),
    "CSPBlock n=1": blocks.CSPBlock(64, 64).to("meta"),
}.items():
    work[name] = [cost(block, 64, side)[1] for side in sides]
figure, axes = plt.subplots(figsize=(7, 2.8))
for name, flops in work.items():
    axes.loglog(sides, flops, "o-", label=name)
axes.set(xticks=sides, xticklabels=sides, xlabel="height and width of the map", ylabel="FLOPs")
axes.minorticks_off()
axes.legend()
plt.show()

# %% [markdown]
# So it stands at the end of a backbone, where the map is 20 × 20 and smaller.
#
# Two shapes are in use. Convolutions want `(B, c, H, W)`, attention wants tokens. Three mistakes wait on the way
# between.
#
# **Heads.** The width must be divisible by their number. `blocks.TransformerStage` takes the largest number that
# fits.

# %%
try:
    nn.MultiheadAttention(20, num_heads=8)
except AssertionError as error:
    print("AssertionError:", error)
print("TransformerStage(20, 20, heads=8) takes", blocks.TransformerStage(20, 20, heads=8).layers[0].heads, "heads")

# %% [markdown]
# **LayerNorm.** It norms the *last* dimension. On `(B, H·W, c)` these are the channels. On `(B, c, H, W)` it is
# the width of the map: an error, unless the map is as wide as the channels are many. Then it is silently wrong:

# %%
norm, map_of_8 = nn.LayerNorm(8), torch.randn(1, 8, 8, 8) * torch.arange(1, 9)[:, None, None]
# (B, c, H, W) -> (B, H, W, c) -> (B, c, H, W)
right = norm(map_of_8.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
wrong = norm(map_of_8)
for name, normed in {"right": right, "silently wrong": wrong}.items():
    print(f"{name:<15} mean over the channels of one place: {normed[0, :, 3, 3].mean():+.3f}")

# %% [markdown]
# **The batch.** That one is the clinic.
#
# ### Clinic: two images in a batch
#
# This block puts Ultralytics' `TransformerLayer` on a map. Shapes fit, training runs. Look at what comes out for
# image 0: once beside image 1, once beside a black image.


# %% clinic="place_attention" minutes=10 difficulty=2
class PlaceAttention(nn.Module):
    """Every place of a map looks at every place of the same image, and at no other image.

    All places are treated alike: there is no encoding of positions. Any height and width will do.

    Args:
        c: Channels in and out.
        heads: Attention heads; divides c.

    Shape:
        (B, c, H, W) to (B, c, H, W)
    """

    def __init__(self, c: int, heads: int = 4):
        super().__init__()
        self.layer = TransformerLayer(c, heads)

    def forward(self, x: Tensor) -> Tensor:
        b, c, h, w = x.shape
        ### BEGIN SOLUTION
        tokens = self.layer(x.flatten(2).permute(2, 0, 1))  # (B, c, H, W) -> (H*W, B, c)
        return tokens.permute(1, 2, 0).reshape(b, c, h, w)  # (H*W, B, c) -> (B, c, H, W)
        ### STUB
        # tokens = self.layer(x.flatten(2).transpose(1, 2))  # (B, c, H, W) -> (B, H*W, c)
        # return tokens.transpose(1, 2).reshape(b, c, h, w)  # (B, H*W, c) -> (B, c, H, W)
        ### END SOLUTION


# %%
torch.manual_seed(0)
attention, pair = PlaceAttention(16).eval(), torch.randn(2, 16, 8, 8)
blacked = pair.clone()
blacked[1] = 0
with torch.no_grad():
    before, after = attention(pair)[0], attention(blacked)[0]
figure, axes = plt.subplots(1, 3, figsize=(9, 2.8))
shown = {"image 0": before[0], "image 0, image 1 black": after[0], "difference": (after - before).abs().amax(0)}
for ax, (title, picture_of) in zip(axes, shown.items(), strict=True):
    drawn = ax.imshow(picture_of, cmap="magma", **({"vmin": 0, "vmax": 0.6} if title == "difference" else {}))
    figure.colorbar(drawn, ax=ax, shrink=0.8)
    ax.set_title(title, fontsize=9)
    ax.axis("off")
plt.show()
print("image 0 changed by up to", round((after - before).abs().max().item(), 3))

# %% [markdown] hints="place_attention"
# 1. Read the docstring of `TransformerLayer.forward`. Which dimension does it take for the sequence, which for
#    the batch?
# 2. Attention mixes along the sequence. Which dimension of your tokens counts the places of one image?
# 3. Change the order on the way in, and undo it on the way out. `reshape` does not reorder: it only cuts anew.

# %% check="place_attention" points=4
with check("place_attention") as c, torch.no_grad():
    torch.manual_seed(0)
    block = PlaceAttention(16).eval()
    x = torch.randn(3, 16, 5, 4)
    c.shape(
        block(x),
        (3, 16, 5, 4),
        {
            lambda y: y.ndim == 3: "tokens come out; the next block wants a map again",
            lambda y: tuple(y.shape) == (3, 16, 4, 5): "height and width have changed places",
        },
    )
    rows, columns = torch.randperm(5)[:, None], torch.randperm(4)
    c.close(
        block(x[:1, :, rows, columns]),
        block(x[:1])[:, :, rows, columns],
        "rows and columns in another order must only reorder the output: a reshape mixes places and channels up",
        tol=1e-4,
    )
    other = x.clone()
    other[1:] = 0
    c.close(
        block(other)[0],
        block(x)[0],
        "blacking out image 1 changes what comes out for image 0: the images of a batch look at each other",
        tol=1e-4,
    )
    c.close(
        torch.cat([block(image) for image in x.split(1)]),
        block(x),
        "the second image of a batch gets another answer than it gets alone",
        tol=1e-4,
    )
    touched = x[:1].clone()
    touched[0, :, 2, 1] += 3
    moved = (block(touched) - block(x[:1])).abs().amax(1)[0] > 1e-6
    c.true(
        moved.sum() > 1,
        "a change at one place moves nothing at any other place of the image: the places do not look at each other",
    )
    c.true(moved.any(0).sum() > 1, "a place looks at its own column only")
    c.true(moved.any(1).sum() > 1, "a place looks at its own row only")
    c.true(moved.all(), "some places do not see a change elsewhere in their image")
    c.true(not cut_off(PlaceAttention(16), x), "the attention is cut off from the gradient: it would never learn")
    ### BEGIN HIDDEN TESTS
    for seed, (b, width, heads, h, w) in enumerate(
        [(2, 8, 2, 3, 7), (4, 12, 3, 1, 1), (1, 8, 1, 6, 6), (16, 16, 4, 4, 4), (4, 4, 4, 2, 2)]
    ):
        torch.manual_seed(seed)
        block, x = PlaceAttention(width, heads).eval(), torch.randn(b, width, h, w)
        y = block(x)
        c.shape(y, (b, width, h, w), "another batch, width or size gives another shape")
        c.close(
            torch.cat([block(image) for image in x.split(1)]),
            y,
            "with another batch size the images still see each other",
            tol=1e-4,
        )
        order = torch.randperm(h * w)
        shuffled = x.flatten(2)[..., order].reshape(x.shape)
        c.close(block(shuffled), y.flatten(2)[..., order].reshape(x.shape), "places are not treated alike", tol=1e-4)
        if h * w > 1:
            changed = x.clone()
            changed[:, :, 0, 0] += 2
            c.true(
                bool(((block(changed) - y).abs().amax(1) > 1e-7).all()),
                "on another size some places do not see a change elsewhere",
            )
    block = PlaceAttention(8, 2).eval()
    c.shape(block(torch.randn(2, 8, 3, 5)), (2, 8, 3, 5), "the same block on another size gives another shape")
    c.shape(block(torch.randn(2, 8, 6, 2)), (2, 8, 6, 2), "the same block on another size gives another shape")
    ### END HIDDEN TESTS

# %% [markdown]
# As you found it, the block let image 0 change by 0.52 when image 1 went black.
#
# The test is worth more than the fix: **black out one image, look at another.** It is two lines long and works for
# any block. Keep it.

# %%
with torch.no_grad():
    stage = blocks.TransformerStage(16, 16).eval()
    print("leak of blocks.TransformerStage:", (stage(pair)[0] - stage(blacked)[0]).abs().max().item())

# %% [markdown]
# ## 10 · Explore
#
# Choose a block. Move its width. Watch where the parameters and the FLOPs sit. Three questions to try:
#
# - In `TransformerStage`, at which map size does the attention itself cost more than everything else?
# - In `InvertedResidual`, which layer has the fewest parameters? Which the most?
# - In `ChannelSpatialAttention` with `c1 = c2`, what do FLOPs depend on?

# %%
from yolo_course.explorers.block_anatomy import block_anatomy

block_anatomy()

# %% [markdown]
# ## 11 · Before others build your block
#
# Soon a YAML will build your blocks. Three habits save you hours.
#
# **Keep the class in a package of your own.** A checkpoint stores no code. It stores an address, and looks the
# class up there when it is loaded. A class pasted into the installed `ultralytics` has an address that exists on
# your machine only, until the next update:

# %%
stored = pickle.dumps(blocks.ECA(8), protocol=2)
addresses = {argument for code, argument, _ in pickletools.genops(stored) if code.name == "GLOBAL"}
print(sorted(address for address in addresses if address.startswith("yolo_course")))

# %% [markdown]
# **Take `(c1, c2, n, …)` in this order**, with c2 the channels that really come out. You have seen two that
# did not: the clinic's ECA and `ResNetLayer`.
#
# **Leave four names alone: `i`, `f`, `type`, `np`.** Ultralytics writes them on every layer after your
# constructor has run. Here is a block that keeps a function in `self.f`, built by Ultralytics' own parser:

# %%
from ultralytics.nn import tasks


class Squash(nn.Module):
    """Applies a function that it keeps in an attribute."""

    def __init__(self):
        super().__init__()
        self.f = torch.sigmoid

    def forward(self, x):
        return self.f(x)


tasks.Squash = Squash
try:
    layers, _ = tasks.parse_model({"nc": 1, "backbone": [[-1, 1, "Squash", []]], "head": []}, 3, verbose=False)
    print("alone:   ", Squash()(torch.zeros(1)))
    print("in model: self.f =", layers[0].f)
    layers[0](torch.zeros(1))
except TypeError as error:
    print("TypeError:", error)
finally:
    del tasks.Squash

# %% [markdown]
# ## Recap
#
# - A convolution gives `ceil(H / s)`. Pooling rounds down unless you tell it otherwise.
# - `Conv` is convolution, norm and activation. The norm can be folded away, if it belongs to a `Conv`.
# - A shortcut makes depth trainable. A branch that goes past makes it cheap.
# - Widths that are divided can reach zero. Some layers then go on in silence.
# - A gate is a summary, a small network and a sigmoid. A gate that looks right is not yet worth its cost.
# - Shapes that fit prove little. Test that the output depends on what it should, and on nothing else.

# %%
progress()

# %% [markdown]
# ## Use it in your own project
#
# Every block of this unit stands ready in `yolo_course.blocks`, tested for odd sizes, tiny widths, `fuse()`,
# TorchScript and ONNX.

# %%
backbone = nn.Sequential(
    Conv(3, 16, 3, 2),
    blocks.CSPBlock(16, 32, n=1),
    blocks.DualPathDownsample(32, 64),
    blocks.InvertedResidual(64, 64, n=2),
    blocks.ECA(64, 64),
    blocks.DualPathDownsample(64, 128),
    blocks.TransformerStage(128, 128, heads=4),
).eval()
with torch.no_grad():
    print(tuple(backbone(torch.zeros(1, 3, 127, 95)).shape), f"{count(backbone):,} parameters")
for layer in anatomy(backbone, (3, 128, 128))[:5]:
    print(f"{layer.name:<10}{layer.kind:<8}{layer.shape!s:<16}{layer.parameters:>6,}")

# %% [markdown]
# `yolo_course.explorers.block_anatomy.anatomy` lists the layers of any block of yours with shapes, parameters and
# FLOPs. Unit 02 makes your blocks known to Ultralytics, unit 03 writes whole models with them.
#
# ## Further reading
#
# - He et al., *Deep Residual Learning for Image Recognition*, 2015, arXiv:1512.03385
# - Wang et al., *CSPNet*, 2019, arXiv:1911.11929
# - Woo et al., *CBAM: Convolutional Block Attention Module*, 2018, arXiv:1807.06521
# - Wang et al., *ECA-Net*, 2019, arXiv:1910.03151
# - Sandler et al., *MobileNetV2: Inverted Residuals and Linear Bottlenecks*, 2018, arXiv:1801.04381
# - Dosovitskiy et al., *An Image is Worth 16x16 Words*, 2020, arXiv:2010.11929
# - The docstrings in `yolo_course/blocks/`: each names its paper
