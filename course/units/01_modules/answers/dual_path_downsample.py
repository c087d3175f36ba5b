# %% right="pads below everything before it pools"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        if c2 < 2:
            raise ValueError("two channels at least")
        self.slow, self.fast = Conv(c1, c2 // 2, 3, 2), Conv(c1, (c2 + 1) // 2, 1)

    def forward(self, x):
        h, w = x.shape[2:]
        padded = F.pad(x, (0, w % 2, 0, h % 2), value=float("-inf"))
        return torch.cat([self.fast(F.max_pool2d(padded, 2)), self.slow(x)], dim=1)


# %% right="repeats the last row and column, maximum of four shifted copies"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        if not c2 >= 2:
            raise ValueError(c2)
        self.learned, self.strongest = Conv(c1, c2 // 2, 3, 2), Conv(c1, c2 - c2 // 2, 1)

    def forward(self, x):
        padded = F.pad(x, (0, x.shape[3] % 2, 0, x.shape[2] % 2), mode="replicate")
        corners = torch.stack([padded[..., i::2, j::2] for i in (0, 1) for j in (0, 1)])
        return torch.cat((self.learned(x), self.strongest(corners.amax(0))), 1)


# %% wrong="forgets the channels" hint="the channels become c2"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        if c2 < 2:
            raise ValueError("two channels at least")
        self.cv1, self.pool = Conv(c1, c2 // 2, 3, 2), nn.MaxPool2d(2, ceil_mode=True)
        self.cv2 = Conv(c1, c1, 1)

    def forward(self, x):
        return torch.cat((self.cv1(x), self.pool(x), self.cv2(self.pool(x))), 1)


# %% wrong="pools rounding down" hint="differ in size and cannot be joined"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        if c2 < 2:
            raise ValueError("two channels at least")
        self.cv1, self.pool, self.cv2 = Conv(c1, c2 // 2, 3, 2), nn.MaxPool2d(2), Conv(c1, c2 - c2 // 2)

    def forward(self, x):
        return torch.cat((self.cv1(x), self.cv2(self.pool(x))), 1)


# %% wrong="crops the odd edge" hint="is rounded down"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        if c2 < 2:
            raise ValueError("two channels at least")
        self.cv1, self.pool, self.cv2 = Conv(c1, c2 // 2, 3, 2), nn.MaxPool2d(2), Conv(c1, c2 - c2 // 2)

    def forward(self, x):
        b = self.cv2(self.pool(x))
        return torch.cat((self.cv1(x)[..., : b.shape[2], : b.shape[3]], b), 1)


# %% wrong="halves the channels twice" hint="one is lost in the division"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        if c2 < 2:
            raise ValueError("two channels at least")
        self.cv1, self.cv2 = Conv(c1, c2 // 2, 3, 2), Conv(c1, c2 // 2)
        self.pool = nn.MaxPool2d(2, ceil_mode=True)

    def forward(self, x):
        return torch.cat((self.cv1(x), self.cv2(self.pool(x))), 1)


# %% wrong="rounds both halves up" hint="both paths have taken the odd one"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        if c2 < 2:
            raise ValueError("two channels at least")
        self.cv1, self.cv2 = Conv(c1, (c2 + 1) // 2, 3, 2), Conv(c1, (c2 + 1) // 2)
        self.pool = nn.MaxPool2d(2, ceil_mode=True)

    def forward(self, x):
        return torch.cat((self.cv1(x), self.cv2(self.pool(x))), 1)


# %% wrong="does not refuse one channel" hint="cannot be shared"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        self.cv1, self.cv2 = Conv(c1, c2 // 2, 3, 2), Conv(c1, c2 - c2 // 2)
        self.pool = nn.MaxPool2d(2, ceil_mode=True)

    def forward(self, x):
        return torch.cat((self.cv1(x), self.cv2(self.pool(x))), 1)


# %% wrong="gives the odd channel to the convolution" hint="odd channel went to the 3×3"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        if c2 < 2:
            raise ValueError("two channels at least")
        self.cv1, self.cv2 = Conv(c1, c2 - c2 // 2, 3, 2), Conv(c1, c2 // 2)
        self.pool = nn.MaxPool2d(2, ceil_mode=True)

    def forward(self, x):
        return torch.cat((self.cv1(x), self.cv2(self.pool(x))), 1)


# %% wrong="a 3×3 behind the pooling too" hint="has a 3×3 too"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        if c2 < 2:
            raise ValueError("two channels at least")
        self.cv1, self.cv2 = Conv(c1, c2 // 2, 3, 2), Conv(c1, c2 - c2 // 2, 3)
        self.pool = nn.MaxPool2d(2, ceil_mode=True)

    def forward(self, x):
        return torch.cat((self.cv1(x), self.cv2(self.pool(x))), 1)


# %% wrong="splits the input in two" hint="each path reads half"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        if c2 < 2:
            raise ValueError("two channels at least")
        self.cv1, self.cv2 = Conv(c1 // 2, c2 // 2, 3, 2), Conv(c1 - c1 // 2, c2 - c2 // 2)
        self.pool = nn.MaxPool2d(2, ceil_mode=True)

    def forward(self, x):
        a, b = x.tensor_split(2, 1)
        return torch.cat((self.cv1(a), self.cv2(self.pool(b))), 1)


# %% wrong="takes the mean" hint="takes the mean"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        if c2 < 2:
            raise ValueError("two channels at least")
        self.cv1, self.cv2 = Conv(c1, c2 // 2, 3, 2), Conv(c1, c2 - c2 // 2)
        self.pool = nn.AvgPool2d(2, ceil_mode=True)

    def forward(self, x):
        return torch.cat((self.cv1(x), self.cv2(self.pool(x))), 1)


# %% wrong="a 1×1 with a stride in place of the pooling" hint="does not take the maximum"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        if c2 < 2:
            raise ValueError("two channels at least")
        self.cv1, self.cv2 = Conv(c1, c2 // 2, 3, 2), Conv(c1, c2 - c2 // 2, 1, 2)

    def forward(self, x):
        return torch.cat((self.cv1(x), self.cv2(x)), 1)


# %% wrong="pads with zeros" hint="beyond the edge wins the maximum"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        if c2 < 2:
            raise ValueError("two channels at least")
        self.cv1, self.cv2 = Conv(c1, c2 // 2, 3, 2), Conv(c1, c2 - c2 // 2)

    def forward(self, x):
        padded = F.pad(x, (0, x.shape[3] % 2, 0, x.shape[2] % 2))
        return torch.cat((self.cv1(x), self.cv2(F.max_pool2d(padded, 2))), 1)


# %% wrong="windows of three that overlap" hint="belong to the window before"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        if c2 < 2:
            raise ValueError("two channels at least")
        self.cv1, self.cv2 = Conv(c1, c2 // 2, 3, 2), Conv(c1, c2 - c2 // 2)
        self.pool = nn.MaxPool2d(3, 2, padding=1)

    def forward(self, x):
        return torch.cat((self.cv1(x), self.cv2(self.pool(x))), 1)


# %% wrong="no activation on the pooled path" hint="other values on another size"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        if c2 < 2:
            raise ValueError("two channels at least")
        self.cv1, self.cv2 = Conv(c1, c2 // 2, 3, 2), Conv(c1, c2 - c2 // 2, act=False)
        self.pool = nn.MaxPool2d(2, ceil_mode=True)

    def forward(self, x):
        return torch.cat((self.cv1(x), self.cv2(self.pool(x))), 1)


# %% wrong="pools rounding down and stretches the map to fit" hint="does not see the last row and column"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        if c2 < 2:
            raise ValueError("two channels at least")
        self.cv1, self.pool, self.cv2 = Conv(c1, c2 // 2, 3, 2), nn.MaxPool2d(2), Conv(c1, c2 - c2 // 2)

    def forward(self, x):
        a = self.cv1(x)
        return torch.cat((a, self.cv2(F.interpolate(self.pool(x), size=a.shape[2:]))), 1)


# %% wrong="forgets the width of the pooled path" hint="expected input" outcome="raised"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        if c2 < 2:
            raise ValueError("two channels at least")
        self.cv1, self.cv2 = Conv(c1, c2 // 2, 3, 2), Conv(c2, c2 - c2 // 2)
        self.pool = nn.MaxPool2d(2, ceil_mode=True)

    def forward(self, x):
        return torch.cat((self.cv1(x), self.cv2(self.pool(x))), 1)


# %% wrong="no activation on the 3×3 path" hint="the 3×3 path has no activation"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        if c2 < 2:
            raise ValueError("two channels at least")
        self.cv1, self.cv2 = Conv(c1, c2 // 2, 3, 2, act=False), Conv(c1, c2 - c2 // 2)
        self.pool = nn.MaxPool2d(2, ceil_mode=True)

    def forward(self, x):
        return torch.cat((self.cv1(x), self.cv2(self.pool(x))), 1)


# %% wrong="a ReLU on the 3×3 path" hint="has another activation"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        if c2 < 2:
            raise ValueError("two channels at least")
        self.cv1, self.cv2 = Conv(c1, c2 // 2, 3, 2, act=nn.ReLU()), Conv(c1, c2 - c2 // 2)
        self.pool = nn.MaxPool2d(2, ceil_mode=True)

    def forward(self, x):
        return torch.cat((self.cv1(x), self.cv2(self.pool(x))), 1)


# %% wrong="a 3×3 with holes" hint="neither path is a 3×3"
class DualPathDownsample(nn.Module):
    def __init__(self, c1, c2):
        super().__init__()
        if c2 < 2:
            raise ValueError("two channels at least")
        self.cv1, self.cv2 = Conv(c1, c2 // 2, 3, 2, d=2), Conv(c1, c2 - c2 // 2)
        self.pool = nn.MaxPool2d(2, ceil_mode=True)

    def forward(self, x):
        return torch.cat((self.cv1(x), self.cv2(self.pool(x))), 1)
