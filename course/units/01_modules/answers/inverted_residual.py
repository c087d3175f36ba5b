# %% right="a list of Convs with explicit groups"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        w = max(1, round(e * c1))
        steps = [Conv(w, w, 3, s, g=w), Conv(w, c2, 1, 1, act=False)]
        self.steps = nn.Sequential(*([Conv(c1, w, 1, 1)] if w != c1 else []), *steps)
        self.shortcut = c1 == c2 and s == 1

    def forward(self, x):
        return self.steps(x) + x if self.shortcut else self.steps(x)


# %% right="a shortcut that is a number"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        middle = int(c1 * e + 0.5) or 1
        self.expand = Conv(c1, middle) if middle != c1 else None
        self.each = DWConv(middle, middle, k=3, s=s)
        self.project = Conv(middle, c2, act=nn.Identity())
        self.keep = float(s == 1 and c1 == c2)

    def forward(self, x):
        y = x if self.expand is None else self.expand(x)
        y = self.project(self.each(y))
        return torch.add(y, x, alpha=self.keep) if self.keep else y


# %% wrong="keeps the width" hint="only the channels change"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = max(round(c1 * e), 1)
        self.widen, self.filter, self.narrow = (
            Conv(c1, hidden),
            DWConv(hidden, hidden, 3, s),
            Conv(hidden, c1, act=False),
        )
        self.add = s == 1

    def forward(self, x):
        y = self.narrow(self.filter(self.widen(x)))
        return x + y if self.add else y


# %% wrong="ignores the stride" hint="halved, rounding up"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = max(round(c1 * e), 1)
        self.widen, self.filter, self.narrow = Conv(c1, hidden), DWConv(hidden, hidden, 3), Conv(hidden, c2, act=False)
        self.add = s == 1 and c1 == c2

    def forward(self, x):
        y = self.narrow(self.filter(self.widen(x)))
        return x + y if self.add else y


# %% wrong="a dense 3×3" hint="the 3×3 is dense"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = max(round(c1 * e), 1)
        self.widen, self.filter, self.narrow = Conv(c1, hidden), Conv(hidden, hidden, 3, s), Conv(hidden, c2, act=False)
        self.add = s == 1 and c1 == c2

    def forward(self, x):
        y = self.narrow(self.filter(self.widen(x)))
        return x + y if self.add else y


# %% wrong="takes the middle from c2" hint="follows c2"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = max(round(c2 * e), 1)
        self.widen, self.filter, self.narrow = (
            Conv(c1, hidden),
            DWConv(hidden, hidden, 3, s),
            Conv(hidden, c2, act=False),
        )
        self.add = s == 1 and c1 == c2

    def forward(self, x):
        y = self.narrow(self.filter(self.widen(x)))
        return x + y if self.add else y


# %% wrong="widens and filters in one depthwise Conv" hint="one of the three convolutions is missing"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = max(round(c1 * e), 1)
        self.filter, self.narrow = Conv(c1, hidden, 3, s, g=c1), Conv(hidden, c2, act=False)
        self.add = s == 1 and c1 == c2

    def forward(self, x):
        y = self.narrow(self.filter(x))
        return x + y if self.add else y


# %% wrong="narrows with a 3×3" hint="it is a 1×1"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = max(round(c1 * e), 1)
        self.widen, self.filter, self.narrow = (
            Conv(c1, hidden),
            DWConv(hidden, hidden, 3, s),
            Conv(hidden, c2, 3, act=False),
        )
        self.add = s == 1 and c1 == c2

    def forward(self, x):
        y = self.narrow(self.filter(self.widen(x)))
        return x + y if self.add else y


# %% wrong="an activation at the end" hint="never far below zero"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = max(round(c1 * e), 1)
        self.widen, self.filter, self.narrow = Conv(c1, hidden), DWConv(hidden, hidden, 3, s), Conv(hidden, c2)
        self.add = s == 1 and c1 == c2

    def forward(self, x):
        y = self.narrow(self.filter(self.widen(x)))
        return x + y if self.add else y


# %% wrong="no shortcut" hint="the input is not added"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = max(round(c1 * e), 1)
        self.widen = nn.Identity() if hidden == c1 else Conv(c1, hidden)
        self.filter, self.narrow = DWConv(hidden, hidden, 3, s), Conv(hidden, c2, act=False)

    def forward(self, x):
        return self.narrow(self.filter(self.widen(x)))


# %% wrong="an activation after the addition" hint="follows the addition"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = max(round(c1 * e), 1)
        self.widen = nn.Identity() if hidden == c1 else Conv(c1, hidden)
        self.filter, self.narrow = DWConv(hidden, hidden, 3, s), Conv(hidden, c2, act=False)
        self.add = s == 1 and c1 == c2

    def forward(self, x):
        y = self.narrow(self.filter(self.widen(x)))
        return F.silu(x + y) if self.add else y


# %% wrong="adds a slice where the widths differ" hint="no other path"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = max(round(c1 * e), 1)
        self.widen = nn.Identity() if hidden == c1 else Conv(c1, hidden)
        self.filter, self.narrow = DWConv(hidden, hidden, 3, s), Conv(hidden, c2, act=False)
        self.add, self.c1, self.c2 = s == 1, c1, c2

    def forward(self, x):
        y = self.narrow(self.filter(self.widen(x)))
        return y + F.pad(x, (0, 0, 0, 0, 0, max(self.c2 - self.c1, 0)))[:, : self.c2] if self.add else y


# %% wrong="adds a pooled input at stride 2" hint="with stride 2 there is no shortcut"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = max(round(c1 * e), 1)
        self.widen = nn.Identity() if hidden == c1 else Conv(c1, hidden)
        self.filter, self.narrow = DWConv(hidden, hidden, 3, s), Conv(hidden, c2, act=False)
        self.add, self.s = c1 == c2, s

    def forward(self, x):
        y = self.narrow(self.filter(self.widen(x)))
        return y + x[..., :: self.s, :: self.s] if self.add else y


# %% wrong="the stride is on the first 1×1" hint="the stride is not on the 3×3"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = max(round(c1 * e), 1)
        self.widen, self.filter, self.narrow = (
            Conv(c1, hidden, 1, s),
            DWConv(hidden, hidden, 3),
            Conv(hidden, c2, act=False),
        )
        self.add = s == 1 and c1 == c2

    def forward(self, x):
        y = self.narrow(self.filter(self.widen(x)))
        return x + y if self.add else y


# %% wrong="widens also with e=1" hint="has nothing to do"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = max(round(c1 * e), 1)
        self.widen, self.filter, self.narrow = (
            Conv(c1, hidden),
            DWConv(hidden, hidden, 3, s),
            Conv(hidden, c2, act=False),
        )
        self.add = s == 1 and c1 == c2

    def forward(self, x):
        y = self.narrow(self.filter(self.widen(x)))
        return x + y if self.add else y


# %% wrong="a bare convolution and norm at the end" hint="`model.fuse()` would leave it"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = max(round(c1 * e), 1)
        self.widen = nn.Identity() if hidden == c1 else Conv(c1, hidden)
        self.filter = DWConv(hidden, hidden, 3, s)
        self.narrow = nn.Sequential(nn.Conv2d(hidden, c2, 1, bias=False), nn.BatchNorm2d(c2))
        self.add = s == 1 and c1 == c2

    def forward(self, x):
        y = self.narrow(self.filter(self.widen(x)))
        return x + y if self.add else y


# %% wrong="the middle can vanish" hint="groups must be a positive" outcome="raised"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = round(c1 * e)
        self.widen = nn.Identity() if hidden == c1 else Conv(c1, hidden)
        self.filter, self.narrow = DWConv(hidden, hidden, 3, s), Conv(hidden, c2, act=False)
        self.add = s == 1 and c1 == c2

    def forward(self, x):
        y = self.narrow(self.filter(self.widen(x)))
        return x + y if self.add else y


# %% wrong="cuts the fraction off" hint="rounded or cut off"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = max(int(c1 * e), 1)
        self.widen = nn.Identity() if hidden == c1 else Conv(c1, hidden)
        self.filter, self.narrow = DWConv(hidden, hidden, 3, s), Conv(hidden, c2, act=False)
        self.add = s == 1 and c1 == c2

    def forward(self, x):
        y = self.narrow(self.filter(self.widen(x)))
        return x + y if self.add else y


# %% wrong="no activation after the depthwise Conv" hint="only the last has no activation"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = max(round(c1 * e), 1)
        self.widen = nn.Identity() if hidden == c1 else Conv(c1, hidden)
        self.filter, self.narrow = DWConv(hidden, hidden, 3, s, act=False), Conv(hidden, c2, act=False)
        self.add = s == 1 and c1 == c2

    def forward(self, x):
        y = self.narrow(self.filter(self.widen(x)))
        return x + y if self.add else y


# %% wrong="the stride is on the last 1×1" hint="which layer halves the map"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = max(round(c1 * e), 1)
        self.widen = nn.Identity() if hidden == c1 else Conv(c1, hidden)
        self.filter, self.narrow = DWConv(hidden, hidden, 3), Conv(hidden, c2, 1, s, act=False)
        self.add = s == 1 and c1 == c2

    def forward(self, x):
        y = self.narrow(self.filter(self.widen(x)))
        return x + y if self.add else y


# %% wrong="rounds the middle to a multiple of 8" hint="is rounded to the nearest"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = max(round(c1 * e / 8) * 8, 8)
        self.widen = nn.Identity() if hidden == c1 else Conv(c1, hidden)
        self.filter, self.narrow = DWConv(hidden, hidden, 3, s), Conv(hidden, c2, act=False)
        self.add = s == 1 and c1 == c2

    def forward(self, x):
        y = self.narrow(self.filter(self.widen(x)))
        return x + y if self.add else y


# %% wrong="brings the paper's ReLU6" hint="have another activation"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = max(round(c1 * e), 1)
        self.widen = nn.Identity() if hidden == c1 else Conv(c1, hidden, act=nn.ReLU6())
        self.filter, self.narrow = DWConv(hidden, hidden, 3, s, act=nn.ReLU6()), Conv(hidden, c2, act=False)
        self.add = s == 1 and c1 == c2

    def forward(self, x):
        y = self.narrow(self.filter(self.widen(x)))
        return x + y if self.add else y


# %% wrong="activates the input where nothing is widened" hint="does not reach the 3×3 as it is"
class InvertedResidual(nn.Module):
    def __init__(self, c1, c2, s=1, e=6):
        super().__init__()
        hidden = max(round(c1 * e), 1)
        self.widen = nn.SiLU() if hidden == c1 else Conv(c1, hidden)
        self.filter, self.narrow = DWConv(hidden, hidden, 3, s), Conv(hidden, c2, act=False)
        self.add = s == 1 and c1 == c2

    def forward(self, x):
        y = self.narrow(self.filter(self.widen(x)))
        return x + y if self.add else y
