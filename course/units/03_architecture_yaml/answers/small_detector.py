# %% right="SMALL with one block replaced"
def small_detector():
    return """
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
  - [-1, 1, CSPBlock, [64]] # 5
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


# %% right="rows made by a program, every block a residual one"
def small_detector():
    rows = [[-1, 1, "Conv", [16, 3, 2]]] + [[-1, 1, "ResidualBlock", [c2, 2]] for c2 in (16, 32, 48, 64)]
    head = [[2, 1, "ECA", [32]], [3, 1, "Conv", [48, 1]], [4, 1, "Conv", [64, 1]], [[5, 6, 7], 1, "Detect", ["nc"]]]
    return yaml.safe_dump({"nc": 3, "reg_max": 1, "backbone": rows, "head": head})


# %% right="inverted residuals at two scales, the first of which is small"
def small_detector():
    return """
nc: 3
reg_max: 1
scales:
  n: [0.50, 0.50, 256]
  s: [1.00, 1.00, 256]
backbone:
  - [-1, 1, Conv, [32, 3, 2]] # 0
  - [-1, 2, InvertedResidual, [48, 2, 4]] # 1
  - [-1, 2, InvertedResidual, [64, 2, 4]] # 2-P3
  - [-1, 4, InvertedResidual, [96, 2, 4]] # 3-P4
  - [-1, 2, InvertedResidual, [128, 2, 4]] # 4-P5
head:
  - [-1, 1, nn.Upsample, [None, 2, nearest]] # 5
  - [[-1, 3], 1, Concat, [1]] # 6
  - [-1, 1, NeckBlock, [96]] # 7
  - [-1, 1, nn.Upsample, [None, 2, nearest]] # 8
  - [[-1, 2], 1, Concat, [1]] # 9
  - [-1, 1, NeckBlock, [64]] # 10
  - [[10, 7, 4], 1, Detect, [nc]] # 11
"""


# %% wrong="spends too much on the head" hint="are more than 500,000"
def small_detector():
    return """
nc: 3
reg_max: 16

backbone:
  - [-1, 1, Conv, [16, 3, 2]] # 0-P1/2
  - [-1, 1, Conv, [32, 3, 2]] # 1-P2/4
  - [-1, 1, DualPathDownsample, [48]] # 2-P3/8
  - [-1, 1, C2f, [48]] # 3
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


# %% wrong="hands SMALL in as it is" hint="Ultralytics' or PyTorch's own"
def small_detector():
    return """
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


# %% wrong="hangs the block where nobody reads" hint="the head would see the same"
def small_detector():
    return """
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

  - [13, 1, CSPBlock, [32]]
  - [[13, 10, 7], 1, Detect, [nc]] # 14
"""


# %% wrong="gives the head its maps from coarse to fine" hint="in another order"
def small_detector():
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

  - [[7, 10, 13], 1, Detect, [nc]] # 14
"""


# %% wrong="does without the small objects" hint="does not look at three sizes"
def small_detector():
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

  - [[10, 7], 1, Detect, [nc]] # 14
"""


# %% wrong="reads one size twice" hint="have the same stride"
def small_detector():
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

  - [[13, 10, 5], 1, Detect, [nc]] # 14
"""


# %% wrong="stops at stride 16" hint="maps of other strides"
def small_detector():
    return """
nc: 3
reg_max: 1

backbone:
  - [-1, 1, Conv, [16, 3, 1]] # 0-P1/2
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


# %% wrong="writes the classes into the head" hint="would still know 3"
def small_detector():
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

  - [[13, 10, 7], 1, Detect, [3]] # 14
"""


# %% wrong="is for all of COCO" hint="another number of classes"
def small_detector():
    return """
nc: 80
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


# %% wrong="forgets the classes" hint="a model YAML needs"
def small_detector():
    return """
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


# %% wrong="misspells its block" hint="cannot be built or run: row 5"
def small_detector():
    return """
nc: 3
reg_max: 1

backbone:
  - [-1, 1, Conv, [16, 3, 2]] # 0-P1/2
  - [-1, 1, Conv, [32, 3, 2]] # 1-P2/4
  - [-1, 1, DualPathDownsample, [48]] # 2-P3/8
  - [-1, 1, C3k2, [48]] # 3; the light head comes with it
  - [-1, 1, DualPathDownsample, [96]] # 4-P4/16
  - [-1, 2, CSPBlok, [96]] # 5
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


# %% wrong="joins what does not fit" hint="row 9 (Concat) cannot take"
def small_detector():
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
  - [[-1, 3], 1, Concat, [1]] # 9
  - [-1, 1, NeckBlock, [96]] # 10-P4/16

  - [-1, 1, nn.Upsample, [None, 2, nearest]] # 11
  - [[-1, 3], 1, Concat, [1]] # 12
  - [-1, 1, NeckBlock, [48]] # 13-P3/8

  - [[13, 10, 7], 1, Detect, [nc]] # 14
"""


# %% wrong="has no head yet" hint="is no Detect"
def small_detector():
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

"""


# %% wrong="indents with a tab" hint="this is no YAML"
def small_detector():
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
\t- [-1, 1, SPPF, [128, 5]] # 7

head:
  - [-1, 1, nn.Upsample, [None, 2, nearest]] # 8
  - [[-1, 5], 1, Concat, [1]] # 9
  - [-1, 1, NeckBlock, [96]] # 10-P4/16

  - [-1, 1, nn.Upsample, [None, 2, nearest]] # 11
  - [[-1, 3], 1, Concat, [1]] # 12
  - [-1, 1, NeckBlock, [48]] # 13-P3/8

  - [[13, 10, 7], 1, Detect, [nc]] # 14
"""


# %% wrong="gives the content, not the text" hint="the text of a YAML"
def small_detector():
    return {"nc": 3, "backbone": [], "head": []}
