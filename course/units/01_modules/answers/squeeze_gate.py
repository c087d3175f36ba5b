# %% right="at least one hidden channel, by a conditional"
class SqueezeGate(nn.Module):
    def __init__(self, c, reduction=16):
        super().__init__()
        hidden = c // reduction if c >= reduction else 1
        self.squeeze, self.widen = nn.Linear(c, hidden), nn.Linear(hidden, c)

    def forward(self, x):
        gates = self.widen(self.squeeze(x.mean((2, 3))).relu()).sigmoid()
        return x * gates[..., None, None]


# %% right="rounds up"
class SqueezeGate(nn.Module):
    def __init__(self, c, reduction=16):
        super().__init__()
        hidden = math.ceil(c / reduction)
        self.squeeze, self.widen = nn.Linear(c, hidden), nn.Linear(hidden, c)

    def forward(self, x):
        gates = self.widen(self.squeeze(x.mean((2, 3))).relu()).sigmoid()
        return x * gates[..., None, None]


# %% right="eight hidden channels where there are as many, with 1×1 convolutions"
class SqueezeGate(nn.Module):
    def __init__(self, c, reduction=16):
        super().__init__()
        hidden = max(c // reduction, min(c, 8))
        self.mlp = nn.Sequential(nn.Conv2d(c, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c, 1), nn.Sigmoid())

    def forward(self, x):
        return x * self.mlp(F.adaptive_avg_pool2d(x, 1))


# %% wrong="takes the smaller instead of the larger" hint="at 12 channels a dark and a bright image"
class SqueezeGate(nn.Module):
    def __init__(self, c, reduction=16):
        super().__init__()
        hidden = min(c // reduction, 1)
        self.squeeze, self.widen = nn.Linear(c, hidden), nn.Linear(hidden, c)

    def forward(self, x):
        gates = self.widen(self.squeeze(x.mean((2, 3))).relu()).sigmoid()
        return x * gates[..., None, None]


# %% wrong="rounds to the nearest" hint="at 8 they do not"
class SqueezeGate(nn.Module):
    def __init__(self, c, reduction=16):
        super().__init__()
        hidden = round(c / reduction)
        self.squeeze, self.widen = nn.Linear(c, hidden), nn.Linear(hidden, c)

    def forward(self, x):
        gates = self.widen(self.squeeze(x.mean((2, 3))).relu()).sigmoid()
        return x * gates[..., None, None]


# %% wrong="gives narrow maps back untouched" hint="there is no gate any more"
class SqueezeGate(nn.Module):
    def __init__(self, c, reduction=16):
        super().__init__()
        hidden = c // reduction
        self.narrow = hidden == 0
        self.squeeze, self.widen = nn.Linear(c, hidden), nn.Linear(hidden, c)

    def forward(self, x):
        if self.narrow:
            return x
        gates = self.widen(self.squeeze(x.mean((2, 3))).relu()).sigmoid()
        return x * gates[..., None, None]


# %% wrong="refuses narrow maps" hint="ValueError: too narrow" outcome="raised"
class SqueezeGate(nn.Module):
    def __init__(self, c, reduction=16):
        super().__init__()
        if c < reduction:
            raise ValueError("too narrow")
        hidden = c // reduction
        self.squeeze, self.widen = nn.Linear(c, hidden), nn.Linear(hidden, c)

    def forward(self, x):
        gates = self.widen(self.squeeze(x.mean((2, 3))).relu()).sigmoid()
        return x * gates[..., None, None]


# %% wrong="drops the reduction" hint="`reduction` has no effect"
class SqueezeGate(nn.Module):
    def __init__(self, c, reduction=16):
        super().__init__()
        self.squeeze, self.widen = nn.Linear(c, c), nn.Linear(c, c)

    def forward(self, x):
        gates = self.widen(self.squeeze(x.mean((2, 3))).relu()).sigmoid()
        return x * gates[..., None, None]


# %% wrong="one hidden channel everywhere" hint="a single channel"
class SqueezeGate(nn.Module):
    def __init__(self, c, reduction=16):
        super().__init__()
        self.squeeze, self.widen = nn.Linear(c, 1), nn.Linear(1, c)

    def forward(self, x):
        gates = self.widen(self.squeeze(x.mean((2, 3))).relu()).sigmoid()
        return x * gates[..., None, None]


# %% wrong="adds one everywhere" hint="one channel more than before"
class SqueezeGate(nn.Module):
    def __init__(self, c, reduction=16):
        super().__init__()
        hidden = c // reduction + 1
        self.squeeze, self.widen = nn.Linear(c, hidden), nn.Linear(hidden, c)

    def forward(self, x):
        gates = self.widen(self.squeeze(x.mean((2, 3))).relu()).sigmoid()
        return x * gates[..., None, None]


# %% wrong="lowers the default" hint="wide gates cost more now"
class SqueezeGate(nn.Module):
    def __init__(self, c, reduction=4):
        super().__init__()
        hidden = max(c // reduction, 1)
        self.squeeze, self.widen = nn.Linear(c, hidden), nn.Linear(hidden, c)

    def forward(self, x):
        gates = self.widen(self.squeeze(x.mean((2, 3))).relu()).sigmoid()
        return x * gates[..., None, None]


# %% wrong="drops the biases" hint="lost their biases"
class SqueezeGate(nn.Module):
    def __init__(self, c, reduction=16):
        super().__init__()
        hidden = max(c // reduction, 1)
        self.squeeze, self.widen = nn.Linear(c, hidden, bias=False), nn.Linear(hidden, c, bias=False)

    def forward(self, x):
        gates = self.widen(self.squeeze(x.mean((2, 3))).relu()).sigmoid()
        return x * gates[..., None, None]


# %% wrong="eight hidden channels everywhere" hint="widths that were right must stay"
class SqueezeGate(nn.Module):
    def __init__(self, c, reduction=16):
        super().__init__()
        hidden = min(c, 8)
        self.squeeze, self.widen = nn.Linear(c, hidden), nn.Linear(hidden, c)

    def forward(self, x):
        gates = self.widen(self.squeeze(x.mean((2, 3))).relu()).sigmoid()
        return x * gates[..., None, None]


# %% wrong="a special case for width 8" hint="another width or reduction"
class SqueezeGate(nn.Module):
    def __init__(self, c, reduction=16):
        super().__init__()
        hidden = 1 if 8 <= c < reduction else c // reduction
        self.squeeze, self.widen = nn.Linear(c, hidden), nn.Linear(hidden, c)

    def forward(self, x):
        gates = self.widen(self.squeeze(x.mean((2, 3))).relu()).sigmoid()
        return x * gates[..., None, None]


# %% wrong="raises the default" hint="squeezed harder than before"
class SqueezeGate(nn.Module):
    def __init__(self, c, reduction=32):
        super().__init__()
        hidden = max(c // reduction, 1)
        self.squeeze, self.widen = nn.Linear(c, hidden), nn.Linear(hidden, c)

    def forward(self, x):
        gates = self.widen(self.squeeze(x.mean((2, 3))).relu()).sigmoid()
        return x * gates[..., None, None]


# %% wrong="puts a SiLU in the place of the ReLU" hint="a SiLU has taken the place"
class SqueezeGate(nn.Module):
    def __init__(self, c, reduction=16):
        super().__init__()
        hidden = max(c // reduction, 1)
        self.squeeze, self.widen = nn.Linear(c, hidden), nn.Linear(hidden, c)

    def forward(self, x):
        gates = self.widen(F.silu(self.squeeze(x.mean((2, 3))))).sigmoid()
        return x * gates[..., None, None]


# %% wrong="puts a sigmoid in the place of the ReLU" hint="the ReLU has become a sigmoid"
class SqueezeGate(nn.Module):
    def __init__(self, c, reduction=16):
        super().__init__()
        hidden = max(c // reduction, 1)
        self.squeeze, self.widen = nn.Linear(c, hidden), nn.Linear(hidden, c)

    def forward(self, x):
        gates = self.widen(self.squeeze(x.mean((2, 3))).sigmoid()).sigmoid()
        return x * gates[..., None, None]


# %% wrong="drops the ReLU" hint="the ReLU is gone"
class SqueezeGate(nn.Module):
    def __init__(self, c, reduction=16):
        super().__init__()
        hidden = max(c // reduction, 1)
        self.squeeze, self.widen = nn.Linear(c, hidden), nn.Linear(hidden, c)

    def forward(self, x):
        gates = self.widen(self.squeeze(x.mean((2, 3)))).sigmoid()
        return x * gates[..., None, None]


# %% wrong="reads the maximum of each channel" hint="the gates are others than before"
class SqueezeGate(nn.Module):
    def __init__(self, c, reduction=16):
        super().__init__()
        hidden = max(c // reduction, 1)
        self.squeeze, self.widen = nn.Linear(c, hidden), nn.Linear(hidden, c)

    def forward(self, x):
        gates = self.widen(self.squeeze(x.amax((2, 3))).relu()).sigmoid()
        return x * gates[..., None, None]


# %% wrong="takes the gates for constants" hint="the gates are cut off"
class SqueezeGate(nn.Module):
    def __init__(self, c, reduction=16):
        super().__init__()
        hidden = max(c // reduction, 1)
        self.squeeze, self.widen = nn.Linear(c, hidden), nn.Linear(hidden, c)

    def forward(self, x):
        gates = self.widen(self.squeeze(x.mean((2, 3))).relu()).sigmoid().detach()
        return x * gates[..., None, None]
