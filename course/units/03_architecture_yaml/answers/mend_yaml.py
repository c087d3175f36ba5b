# %% right="another block that halves, a limit just high enough"
MENDED = """
nc: 3
scales: # [depth, width, max_channels]
  n: [0.33, 0.25, 512]
  s: [0.33, 0.50, 512]

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

  - [-1, 1, DualPathDownsample, [128]] # 15
  - [[-1, 11], 1, Concat, [1]] # 16 with the way up
  - [-1, 3, CSPBlock, [256, False]] # 17-P4/16 medium objects

  - [-1, 1, Conv, [256, 3, 2]] # 18
  - [[-1, 8], 1, Concat, [1]] # 19 with backbone P5
  - [-1, 3, CSPBlock, [512, False]] # 20-P5/32 large objects

  - [[14, 17, 20], 1, Detect, [nc]] # 21 small, medium, large
"""

# %% right="row numbers instead of -1"
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
  - [[9, 6], 1, Concat, [1]] # 10 with backbone P4
  - [-1, 3, CSPBlock, [256, False]] # 11

  - [-1, 1, nn.Upsample, [None, 2, nearest]] # 12
  - [[12, 4], 1, Concat, [1]] # 13 with backbone P3
  - [-1, 3, CSPBlock, [128, False]] # 14-P3/8 small objects

  - [-1, 1, Conv, [128, 3, 2]] # 15
  - [[-1, 11], 1, Concat, [1]] # 16 with the way up
  - [-1, 3, CSPBlock, [256, False]] # 17-P4/16 medium objects

  - [-1, 1, Conv, [256, 3, 2]] # 18
  - [[-1, 8], 1, Concat, [1]] # 19 with backbone P5
  - [-1, 3, CSPBlock, [512, False]] # 20-P5/32 large objects

  - [[14, 17, 20], 1, Detect, [nc]] # 21 small, medium, large
"""

# %% right="without comments"
MENDED = """
nc: 3
scales:
  n: [0.33, 0.25, 1024]
  s: [0.33, 0.50, 1024]

backbone:
  - [-1, 1, Conv, [64, 3, 2]]
  - [-1, 1, Conv, [128, 3, 2]]
  - [-1, 3, CSPBlock, [128]]
  - [-1, 1, Conv, [256, 3, 2]]
  - [-1, 3, CSPBlock, [256]]
  - [-1, 1, Conv, [512, 3, 2]]
  - [-1, 3, CSPBlock, [512]]
  - [-1, 1, Conv, [512, 3, 2]]
  - [-1, 1, SPPF, [512, 5]]

head:
  - [-1, 1, nn.Upsample, [None, 2, nearest]]
  - [[-1, 6], 1, Concat, [1]]
  - [-1, 3, CSPBlock, [256, False]]

  - [-1, 1, nn.Upsample, [None, 2, nearest]]
  - [[-1, 4], 1, Concat, [1]]
  - [-1, 3, CSPBlock, [128, False]]

  - [-1, 1, Conv, [128, 3, 2]]
  - [[-1, 11], 1, Concat, [1]]
  - [-1, 3, CSPBlock, [256, False]]

  - [-1, 1, Conv, [256, 3, 2]]
  - [[-1, 8], 1, Concat, [1]]
  - [-1, 3, CSPBlock, [512, False]]

  - [[14, 17, 20], 1, Detect, [nc]]
"""

# %% wrong="overlooks the misspelt block" hint="row 6"
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
  - [-1, 3, CSPBlok, [512]] # 6 to the neck
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

# %% wrong="overlooks the module without its nn." hint="row 9"
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
  - [-1, 1, Upsample, [None, 2, nearest]] # 9
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

# %% wrong="overlooks the first Concat" hint="row 10 (Concat) cannot join"
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
  - [[-1, 4], 1, Concat, [1]] # 10 with backbone P4
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

# %% wrong="overlooks the stride that is missing" hint="row 16 (Concat) cannot join"
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

  - [-1, 1, Conv, [128, 3, 1]] # 15
  - [[-1, 11], 1, Concat, [1]] # 16 with the way up
  - [-1, 3, CSPBlock, [256, False]] # 17-P4/16 medium objects

  - [-1, 1, Conv, [256, 3, 2]] # 18
  - [[-1, 8], 1, Concat, [1]] # 19 with backbone P5
  - [-1, 3, CSPBlock, [512, False]] # 20-P5/32 large objects

  - [[14, 17, 20], 1, Detect, [nc]] # 21 small, medium, large
"""

# %% wrong="mends the second Concat instead of the row before it" hint="row 19 (Concat) cannot join"
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

  - [-1, 1, Conv, [128, 3, 1]] # 15
  - [[-1, 14], 1, Concat, [1]] # 16 with the way up
  - [-1, 3, CSPBlock, [256, False]] # 17-P4/16 medium objects

  - [-1, 1, Conv, [256, 3, 2]] # 18
  - [[-1, 8], 1, Concat, [1]] # 19 with backbone P5
  - [-1, 3, CSPBlock, [512, False]] # 20-P5/32 large objects

  - [[14, 17, 20], 1, Detect, [nc]] # 21 small, medium, large
"""

# %% wrong="overlooks the head" hint="in another order"
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

  - [[11, 14, 20], 1, Detect, [nc]] # 21 small, medium, large
"""

# %% wrong="has the head read a row too early" hint="whose comment says"
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

  - [[14, 17, 18], 1, Detect, [nc]] # 21 small, medium, large
"""

# %% wrong="has the head read a Concat" hint="maps of three sizes"
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

  - [[14, 17, 17], 1, Detect, [nc]] # 21 small, medium, large
"""

# %% wrong="overlooks the limit" hint="it builds, and row 8"
MENDED = """
nc: 3
scales: # [depth, width, max_channels]
  n: [0.33, 0.25, 2.0]
  s: [0.33, 0.50, 2.0]

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

# %% wrong="raises the limit, not far enough" hint="something else is built"
MENDED = """
nc: 3
scales: # [depth, width, max_channels]
  n: [0.33, 0.25, 256]
  s: [0.33, 0.50, 256]

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

# %% wrong="deletes the limit with its scale" hint="their width were right"
MENDED = """
nc: 3
scales: # [depth, width, max_channels]
  n: [0.33, 0.25, 1024]

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

# %% wrong="deletes the row that stands in the way" hint="a row is gone"
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

# %% wrong="puts a block of Ultralytics in its place" hint="replaced by another one"
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
  - [-1, 3, C2f, [512]] # 6 to the neck
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

# %% wrong="reads backbone P4 before its block" hint="behind its block"
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
  - [[-1, 5], 1, Concat, [1]] # 10 with backbone P4
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

# %% wrong="loses a bracket" hint="no YAML any more"
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
  - [[-1, 6], 1, Concat, [1] # 10 with backbone P4
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
