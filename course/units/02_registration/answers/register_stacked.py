# %% right="a Sequential of small blocks"
class Step(nn.Module):
    def __init__(self, c, shortcut):
        super().__init__()
        self.conv, self.weight = Conv(c, c, 3), float(shortcut)

    def forward(self, x):
        return self.conv(x) + self.weight * x


@register("stacked")
class ResidualStack(nn.Sequential):
    def __init__(self, c1, c2, n=1, shortcut=True):
        super().__init__(Conv(c1, c2, 1), *(Step(c2, shortcut) for _ in range(n)))


# %% right="adds modules by name and walks over them"
@register(rule="stacked", aliases=("RStack",))
class ResidualStack(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True):
        super().__init__()
        self.n, self.shortcut = n, shortcut
        self.add_module("enter", Conv(c1, c2))
        for number in range(n):
            self.add_module(f"step{number}", Conv(c2, c2, k=3))

    def forward(self, x):
        x = self.enter(x)
        for number in range(self.n):
            y = getattr(self, f"step{number}")(x)
            x = torch.add(x, y) if self.shortcut else y
        return x


# %% wrong="forgets to register it" hint="no YAML knows"
class ResidualStack(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True):
        super().__init__()
        self.enter, self.shortcut = Conv(c1, c2, 1), shortcut
        self.steps = nn.ModuleList(Conv(c2, c2, 3) for _ in range(n))

    def forward(self, x):
        x = self.enter(x)
        for step in self.steps:
            x = x + step(x) if self.shortcut else step(x)
        return x


# %% wrong="registers it as a block without repeats" hint="cannot each take 16 channels and give 32" outcome="raised"
@register("scaled")
class ResidualStack(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True):
        super().__init__()
        self.enter, self.shortcut = Conv(c1, c2, 1), shortcut
        self.steps = nn.ModuleList(Conv(c2, c2, 3) for _ in range(n))

    def forward(self, x):
        x = self.enter(x)
        for step in self.steps:
            x = x + step(x) if self.shortcut else step(x)
        return x


# %% wrong="takes the shortcut third" hint="arrive where `n` was expected"
@register("stacked")
class ResidualStack(nn.Module):
    def __init__(self, c1, c2, shortcut=True, n=1):
        super().__init__()
        self.enter, self.shortcut = Conv(c1, c2, 1), shortcut
        self.steps = nn.ModuleList(Conv(c2, c2, 3) for _ in range(n))

    def forward(self, x):
        x = self.enter(x)
        for step in self.steps:
            x = x + step(x) if self.shortcut else step(x)
        return x


# %% wrong="ignores n" hint="a single 3×3 Conv runs"
@register("stacked")
class ResidualStack(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True):
        super().__init__()
        self.enter, self.step, self.shortcut = Conv(c1, c2, 1), Conv(c2, c2, 3), shortcut

    def forward(self, x):
        x = self.enter(x)
        return x + self.step(x) if self.shortcut else self.step(x)


# %% wrong="repeats one module" hint="share their weights"
@register("stacked")
class ResidualStack(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True):
        super().__init__()
        self.enter, self.shortcut = Conv(c1, c2, 1), shortcut
        self.steps = nn.ModuleList([Conv(c2, c2, 3)] * n)

    def forward(self, x):
        x = self.enter(x)
        for step in self.steps:
            x = x + step(x) if self.shortcut else step(x)
        return x


# %% wrong="keeps the modules in a list" hint="no optimizer would train them"
@register("stacked")
class ResidualStack(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True):
        super().__init__()
        self.enter, self.shortcut = Conv(c1, c2, 1), shortcut
        self.steps = [Conv(c2, c2, 3) for _ in range(n)]

    def forward(self, x):
        x = self.enter(x)
        for step in self.steps:
            x = x + step(x) if self.shortcut else step(x)
        return x


# %% wrong="lets the convolutions stand side by side" hint="stand side by side"
@register("stacked")
class ResidualStack(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True):
        super().__init__()
        self.enter, self.shortcut = Conv(c1, c2, 1), shortcut
        self.steps = nn.ModuleList(Conv(c2, c2, 3) for _ in range(n))

    def forward(self, x):
        x = self.enter(x)
        return sum((step(x) for step in self.steps), x if self.shortcut else 0)


# %% wrong="leads one shortcut around all" hint="each of them is to have its own"
@register("stacked")
class ResidualStack(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True):
        super().__init__()
        self.enter, self.shortcut = Conv(c1, c2, 1), shortcut
        self.steps = nn.Sequential(*(Conv(c2, c2, 3) for _ in range(n)))

    def forward(self, x):
        x = self.enter(x)
        return x + self.steps(x) if self.shortcut else self.steps(x)


# %% wrong="always adds" hint="says no shortcut"
@register("stacked")
class ResidualStack(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True):
        super().__init__()
        self.enter = Conv(c1, c2, 1)
        self.steps = nn.ModuleList(Conv(c2, c2, 3) for _ in range(n))

    def forward(self, x):
        x = self.enter(x)
        for step in self.steps:
            x = x + step(x)
        return x


# %% wrong="never adds" hint="there is none"
@register("stacked")
class ResidualStack(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=False):
        super().__init__()
        self.enter, self.shortcut = Conv(c1, c2, 1), shortcut
        self.steps = nn.ModuleList(Conv(c2, c2, 3) for _ in range(n))

    def forward(self, x):
        x = self.enter(x)
        for step in self.steps:
            x = x + step(x) if self.shortcut else step(x)
        return x


# %% wrong="counts the first one in" hint="other parameters than its description"
@register("stacked")
class ResidualStack(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True):
        super().__init__()
        self.enter, self.shortcut = nn.Sequential(Conv(c1, c2, 1), Conv(c2, c2, 1)), shortcut
        self.steps = nn.ModuleList(Conv(c2, c2, 3) for _ in range(n))

    def forward(self, x):
        x = self.enter(x)
        for step in self.steps:
            x = x + step(x) if self.shortcut else step(x)
        return x


# %% wrong="uses plain convolutions" hint="yours not"
@register("stacked")
class ResidualStack(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True):
        super().__init__()
        self.enter, self.shortcut = nn.Conv2d(c1, c2, 1), shortcut
        self.steps = nn.ModuleList(nn.Conv2d(c2, c2, 3, padding=1) for _ in range(n))

    def forward(self, x):
        x = self.enter(x)
        for step in self.steps:
            x = x + step(x) if self.shortcut else step(x)
        return x
