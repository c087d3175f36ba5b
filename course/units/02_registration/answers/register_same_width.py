# %% right="1×1 convolutions in place of linear layers"
@register("same")
class SqueezeGate(nn.Module):
    def __init__(self, c1, reduction=16):
        super().__init__()
        hidden = max(1, c1 // reduction)
        self.down, self.up = nn.Conv2d(c1, hidden, 1), nn.Conv2d(hidden, c1, 1)

    def forward(self, x):
        means = nn.functional.adaptive_avg_pool2d(x, 1)
        return self.up(self.down(means).relu()).sigmoid() * x


# %% right="matrices by hand, and an alias"
@register(rule="same", aliases=["SE"])
class SqueezeGate(nn.Module):
    def __init__(self, c1, reduction=16):
        super().__init__()
        hidden = c1 // reduction or 1
        self.w1, self.b1 = nn.Parameter(torch.randn(hidden, c1) / c1**0.5), nn.Parameter(torch.ones(hidden) * 0.1)
        self.w2, self.b2 = nn.Parameter(torch.randn(c1, hidden) / hidden**0.5), nn.Parameter(torch.zeros(c1))

    def forward(self, x):
        hidden = torch.einsum("hc,bcyx->bh", self.w1, x) / x[0, 0].numel() + self.b1
        return torch.einsum("bcyx,bc->bcyx", x, torch.sigmoid(hidden.clamp(min=0) @ self.w2.T + self.b2))


# %% wrong="forgets to register it" hint="no YAML knows"
class SqueezeGate(nn.Module):
    def __init__(self, c1, reduction=16):
        super().__init__()
        hidden = max(c1 // reduction, 1)
        self.weigh = nn.Sequential(nn.Linear(c1, hidden), nn.ReLU(), nn.Linear(hidden, c1), nn.Sigmoid())

    def forward(self, x):
        return x * self.weigh(x.mean((2, 3)))[..., None, None]


# %% wrong="registers it as a block with a width" hint="taken for a width"
@register("scaled")
class SqueezeGate(nn.Module):
    def __init__(self, c1, reduction=16):
        super().__init__()
        hidden = max(c1 // reduction, 1)
        self.weigh = nn.Sequential(nn.Linear(c1, hidden), nn.ReLU(), nn.Linear(hidden, c1), nn.Sigmoid())

    def forward(self, x):
        return x * self.weigh(x.mean((2, 3)))[..., None, None]


# %% wrong="registers it as a block with repeats" hint="takes from 2 to 3 positional arguments" outcome="raised"
@register("stacked")
class SqueezeGate(nn.Module):
    def __init__(self, c1, reduction=16):
        super().__init__()
        hidden = max(c1 // reduction, 1)
        self.weigh = nn.Sequential(nn.Linear(c1, hidden), nn.ReLU(), nn.Linear(hidden, c1), nn.Sigmoid())

    def forward(self, x):
        return x * self.weigh(x.mean((2, 3)))[..., None, None]


# %% wrong="registers another class, then defines the one" hint="stands for another class"
@register("same")
class SqueezeGate(nn.Module):
    pass


class SqueezeGate(nn.Module):
    def __init__(self, c1, reduction=16):
        super().__init__()
        hidden = max(c1 // reduction, 1)
        self.weigh = nn.Sequential(nn.Linear(c1, hidden), nn.ReLU(), nn.Linear(hidden, c1), nn.Sigmoid())

    def forward(self, x):
        return x * self.weigh(x.mean((2, 3)))[..., None, None]


# %% wrong="lets the middle vanish" hint="leave nothing in the middle"
@register("same")
class SqueezeGate(nn.Module):
    def __init__(self, c1, reduction=16):
        super().__init__()
        hidden = c1 // reduction
        self.weigh = nn.Sequential(nn.Linear(c1, hidden), nn.ReLU(), nn.Linear(hidden, c1), nn.Sigmoid())

    def forward(self, x):
        return x * self.weigh(x.mean((2, 3)))[..., None, None]


# %% wrong="ignores the reduction" hint="asked to reduce by 4"
@register("same")
class SqueezeGate(nn.Module):
    def __init__(self, c1, reduction=16):
        super().__init__()
        hidden = max(c1 // 16, 1)
        self.weigh = nn.Sequential(nn.Linear(c1, hidden), nn.ReLU(), nn.Linear(hidden, c1), nn.Sigmoid())

    def forward(self, x):
        return x * self.weigh(x.mean((2, 3)))[..., None, None]


# %% wrong="averages over the batch" hint="others in its batch"
@register("same")
class SqueezeGate(nn.Module):
    def __init__(self, c1, reduction=16):
        super().__init__()
        hidden = max(c1 // reduction, 1)
        self.weigh = nn.Sequential(nn.Linear(c1, hidden), nn.ReLU(), nn.Linear(hidden, c1), nn.Sigmoid())

    def forward(self, x):
        return x * self.weigh(x.mean((0, 2, 3)))[:, None, None]


# %% wrong="forgets the sigmoid" hint="not between 0 and 1"
@register("same")
class SqueezeGate(nn.Module):
    def __init__(self, c1, reduction=16):
        super().__init__()
        hidden = max(c1 // reduction, 1)
        self.weigh = nn.Sequential(nn.Linear(c1, hidden), nn.ReLU(), nn.Linear(hidden, c1))

    def forward(self, x):
        return x * self.weigh(x.mean((2, 3)))[..., None, None]


# %% wrong="never takes the mean" hint="one for each"
@register("same")
class SqueezeGate(nn.Module):
    def __init__(self, c1, reduction=16):
        super().__init__()
        hidden = max(c1 // reduction, 1)
        self.weigh = nn.Sequential(nn.Conv2d(c1, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, c1, 1), nn.Sigmoid())

    def forward(self, x):
        return x * self.weigh(x)


# %% wrong="looks at the maxima" hint="same means"
@register("same")
class SqueezeGate(nn.Module):
    def __init__(self, c1, reduction=16):
        super().__init__()
        hidden = max(c1 // reduction, 1)
        self.weigh = nn.Sequential(nn.Linear(c1, hidden), nn.ReLU(), nn.Linear(hidden, c1), nn.Sigmoid())

    def forward(self, x):
        return x * self.weigh(x.amax((2, 3)))[..., None, None]


# %% wrong="weighs every channel alone" hint="do not see each other"
@register("same")
class SqueezeGate(nn.Module):
    def __init__(self, c1, reduction=16):
        super().__init__()
        self.weigh = nn.Conv2d(c1, c1, 1, groups=c1)

    def forward(self, x):
        return x * self.weigh(x.mean((2, 3), keepdim=True)).sigmoid()


# %% wrong="leaves the biases out" hint="no bias"
@register("same")
class SqueezeGate(nn.Module):
    def __init__(self, c1, reduction=16):
        super().__init__()
        hidden = max(c1 // reduction, 1)
        self.down, self.up = nn.Linear(c1, hidden, bias=False), nn.Linear(hidden, c1, bias=False)

    def forward(self, x):
        return x * self.up(self.down(x.mean((2, 3))).relu()).sigmoid()[..., None, None]


# %% wrong="forgets the ReLU" hint="ReLU between"
@register("same")
class SqueezeGate(nn.Module):
    def __init__(self, c1, reduction=16):
        super().__init__()
        hidden = max(c1 // reduction, 1)
        self.weigh = nn.Sequential(nn.Linear(c1, hidden), nn.Linear(hidden, c1), nn.Sigmoid())

    def forward(self, x):
        return x * self.weigh(x.mean((2, 3)))[..., None, None]


# %% wrong="keeps a layer under the name `f`" hint="overwrites on every layer" outcome="raised"
@register("same")
class SqueezeGate(nn.Module):
    def __init__(self, c1, reduction=16):
        super().__init__()
        hidden = max(c1 // reduction, 1)
        self.f = nn.Sequential(nn.Linear(c1, hidden), nn.ReLU(), nn.Linear(hidden, c1), nn.Sigmoid())

    def forward(self, x):
        return x * self.f(x.mean((2, 3)))[..., None, None]
