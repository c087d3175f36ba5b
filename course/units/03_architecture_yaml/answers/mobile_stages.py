# %% right="two rows a stage: the stride once, then the repeats"
STAGES = [
    [-1, 1, "Conv", [32, 3, 2]],
    [-1, 1, "ResidualBlock", [16]],
    [-1, 1, "ResidualBlock", [24, 2]],
    [-1, 1, "ResidualBlock", [24]],
    [-1, 1, "ResidualBlock", [32, 2]],
    [-1, 2, "ResidualBlock", [32]],
    [-1, 1, "ResidualBlock", [64, 2]],
    [-1, 1, "ResidualBlock", [128, 2]],
]

# %% right="another block that repeats inside, in every stage"
STAGES = [[-1, 1, "Conv", [32, 3, 2]], [-1, 1, "ResNetStage", [16, 1]]]
STAGES += [[-1, n, "ResNetStage", [c2, 2]] for n, c2 in ((2, 24), (3, 32), (1, 64), (1, 128))]

# %% right="a downsampling row before each stage"
STAGES = [[-1, 1, "Conv", [32, 3, 2]], [-1, 1, "ResidualBlock", [16]]]
for n, c2 in ((2, 24), (3, 32), (1, 64), (1, 128)):
    STAGES += [[-1, 1, "DualPathDownsample", [c2]], [-1, n, "CSPBlock", [c2]]]

# %% wrong="renames the problem" hint="it cannot be built: row"
STAGES = [
    [-1, 1, "Conv", [32, 3, 2]],
    [-1, 1, "ResidualBlock", [16]],
    [-1, 2, "StridedResidualBlock", [24, 2]],
    [-1, 3, "StridedResidualBlock", [32, 2]],
    [-1, 1, "ResidualBlock", [64, 2]],
    [-1, 1, "ResidualBlock", [128, 2]],
]

# %% wrong="mends one of the two rows" hint="at depth 1 the last map is far too small"
STAGES = [
    [-1, 1, "Conv", [32, 3, 2]],
    [-1, 1, "ResidualBlock", [16]],
    [-1, 2, "InvertedResidual", [24, 2]],
    [-1, 3, "ResidualBlock", [32, 2]],
    [-1, 1, "ResidualBlock", [64, 2]],
    [-1, 1, "ResidualBlock", [128, 2]],
]

# %% wrong="halves in a row of its own and in the stage" hint="other sizes than before"
STAGES = [
    [-1, 1, "Conv", [32, 3, 2]],
    [-1, 1, "ResidualBlock", [16]],
    [-1, 1, "nn.MaxPool2d", [2, 2]],
    [-1, 2, "InvertedResidual", [24, 2]],
    [-1, 3, "InvertedResidual", [32, 2]],
    [-1, 1, "ResidualBlock", [64, 2]],
    [-1, 1, "ResidualBlock", [128, 2]],
]

# %% wrong="takes the repeats away" hint="every stage is as short"
STAGES = [
    [-1, 1, "Conv", [32, 3, 2]],
    [-1, 1, "ResidualBlock", [16]],
    [-1, 1, "ResidualBlock", [24, 2]],
    [-1, 1, "ResidualBlock", [32, 2]],
    [-1, 1, "ResidualBlock", [64, 2]],
    [-1, 1, "ResidualBlock", [128, 2]],
]

# %% wrong="changes the width in the repeated row" hint="at depth 1 and width 1 it cannot be built"
STAGES = [
    [-1, 1, "Conv", [32, 3, 2]],
    [-1, 1, "ResidualBlock", [16]],
    [-1, 1, "ResidualBlock", [16, 2]],
    [-1, 2, "ResidualBlock", [24]],
    [-1, 1, "ResidualBlock", [24, 2]],
    [-1, 3, "ResidualBlock", [32]],
    [-1, 1, "ResidualBlock", [64, 2]],
    [-1, 1, "ResidualBlock", [128, 2]],
]

# %% wrong="evens the widths out, so that they may repeat" hint="other channels than its comment says"
STAGES = [
    [-1, 1, "Conv", [32, 3, 2]],
    [-1, 1, "ResidualBlock", [32]],
    [-1, 1, "ResidualBlock", [32, 2]],
    [-1, 2, "ResidualBlock", [32]],
    [-1, 1, "ResidualBlock", [32, 2]],
    [-1, 3, "ResidualBlock", [32]],
    [-1, 1, "ResidualBlock", [64, 2]],
    [-1, 1, "ResidualBlock", [128, 2]],
]

# %% wrong="a row for each block" hint="nothing left to work on"
STAGES = [[-1, 1, "Conv", [32, 3, 2]]]
for n, c2, s in ((1, 16, 1), (2, 24, 2), (3, 32, 2), (1, 64, 2), (1, 128, 2)):
    STAGES += [[-1, 1, "ResidualBlock", [c2, s]]] + [[-1, 1, "ResidualBlock", [c2]]] * (n - 1)
